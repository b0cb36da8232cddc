"""Gold by majority: what most of three or more annotators said, where that is clear on every axis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from vptnlp.annotation.adjudication import Case, proposal, to_example
from vptnlp.annotation.judgements import Judgement
from vptnlp.corpus import rules
from vptnlp.taxonomy import AXES, SINGLE_AXES

FEWEST = 3
"""Answers below which there is no majority: of two that differ, neither is the rule."""


def majority(case: Case) -> Judgement | None:
    """What most annotators said about a message, or None where that is not clear.

    A label holds that over half of the answers give; threat and doxing need a value that over half give. Spans are those that
    half of the answers have, to the character. Where these break a rule of the corpus, as when all marked a threat in other
    places, the spans are those of the answer whose labels are nearest.

    Args:
        case: A message on which answers differ.
    """
    answers = case.answers
    if len(answers) < FEWEST or not _clear(answers):
        return None
    held = proposal(answers)
    if _sound(case, held):
        return held
    for answer in sorted(answers, key=lambda a: _apart(a, held)):
        other = replace(held, details=answer.details, cues=answer.cues)
        if _sound(case, other):
            return other
    return None


def _clear(answers: Sequence[Judgement]) -> bool:
    half = len(answers) / 2
    for axis, kind in AXES.items():
        given = [getattr(a.labels, axis) for a in answers]
        if axis in SINGLE_AXES:
            if max(Counter(given).values()) <= half:
                return False
        elif any(sum(label in held for held in given) == half for label in kind):
            return False
    return sum(a.labels.organised_crime for a in answers) != half


def _apart(answer: Judgement, held: Judgement) -> int:
    return sum(getattr(answer.labels, axis) != getattr(held.labels, axis) for axis in (*AXES, "organised_crime"))


def _sound(case: Case, held: Judgement) -> bool:
    return not any(rules.errors(to_example(case.task, held)))
