"""Whether an annotator drifts away from the others in the course of the work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vptnlp.annotation.answers import AnswerTable, Coded
from vptnlp.annotation.judgements import Judgement


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one annotator's answers, in the order in which they were given.

    Attributes:
        first: Number of the first answer, from 1.
        last: Number of the last answer.
        shared: Answers among them to items that others answered too.
        agreement: Axis to agreement with the others on these: 1 where they are equal, 0 where they are as far apart as
            chance puts them over the whole set. Axes on which all answers of the whole set are equal are left out.
        hostile: Share of all answers in the block that call the message hostile.
    """

    first: int
    last: int
    shared: int
    agreement: dict[str, float]
    hostile: float


def measure_drift(
    judgements: Sequence[Judgement], table: AnswerTable, coded: Mapping[str, Coded], *, size: int, in_order: bool
) -> dict[str, tuple[Block, ...]]:
    """Agreement of each annotator with the others, by block of answers.

    Args:
        judgements: All answers, also those to items that nobody else answered.
        table: The shared ones.
        coded: Axis to its coded answers.
        size: Answers a block; the last one may be shorter.
        in_order: Whether `judgements` stand in the order of answering. Without it the order is that of
            `Judgement.answered_at`, and annotators with an answer that has none are left out.

    Returns:
        Annotator to blocks.
    """
    by_annotator: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        by_annotator[judgement.annotator].append(judgement)
    # Answers that stand so far apart as chance gives over the whole set, not the block, count 0: in a block of harmless
    # messages only, chance agreement is near 1 and a coefficient of the block itself says little.
    apart = {
        axis: answers.disagreement() / expected for axis, answers in coded.items() if (expected := answers.expected())
    }
    rows = {item: row for row, item in enumerate(table.items)}
    drift = {}
    for place, annotator in enumerate(table.annotators):
        ordered = by_annotator[annotator]
        if not in_order:
            timed = [(j.answered_at, i) for i, j in enumerate(ordered) if j.answered_at is not None]
            if len(timed) < len(ordered):
                continue
            ordered = [ordered[i] for _, i in sorted(timed)]
        blocks = []
        for start in range(0, len(ordered), size):
            block = ordered[start : start + size]
            shared = [rows[j.item] for j in block if j.item in rows]
            blocks.append(
                Block(
                    first=start + 1,
                    last=start + len(block),
                    shared=len(shared),
                    agreement={
                        axis: round(1 - float(values[shared, place].mean()), 4)
                        for axis, values in apart.items()
                        if shared
                    },
                    hostile=round(float(np.mean([j.labels.hostile for j in block])), 4),
                )
            )
        drift[annotator] = tuple(blocks)
    return drift
