"""Figures of parts of a set: by channel, length, register, region, and by why a message is in the corpus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vptnlp.corpus.records import Example
from vptnlp.corpus.stats import LENGTHS, length_class
from vptnlp.evaluation.axes import AxisScores
from vptnlp.evaluation.bootstrap import Bootstrap, Estimate
from vptnlp.evaluation.headline import mean_of_macros, rings
from vptnlp.evaluation.metrics import share_of
from vptnlp.messages import Assessment
from vptnlp.taxonomy import Threat

SLICED = ("channel", "length", "register", "region")
"""What a set is divided by."""

CATEGORY = "category"
"""A further division, for what goes wrong in it: the labels of one category are too few for a macro-F1."""


@dataclass(frozen=True, slots=True)
class SliceFigures:
    """Figures of one slice; None where it has no message to measure them on.

    Attributes:
        messages: Number of messages.
        hostile: Number of hostile ones.
        macro_f1: Mean of the macro-F1 over axes; None in a category.
        threats_missed: Share of the messages with a threat that were given none.
        false_alarms: Share of the harmless messages that were given a threat or doxing.
    """

    messages: int
    hostile: int
    macro_f1: Estimate | None
    threats_missed: Estimate | None
    false_alarms: Estimate | None

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain values."""
        found = {"macro_f1": self.macro_f1, "threats_missed": self.threats_missed, "false_alarms": self.false_alarms}
        plain = {key: estimate.to_dict() for key, estimate in found.items() if estimate is not None}
        return {"messages": self.messages, "hostile": self.hostile, **plain}


def members(examples: Sequence[Example], group: str) -> dict[str, list[int]]:
    """The value of `group` to the places of the messages that have it, by name; lengths from short to long."""
    found: dict[str, list[int]] = {}
    for i, example in enumerate(examples):
        value = length_class(example.text) if group == "length" else getattr(example, group)
        found.setdefault(value, []).append(i)
    return {value: found[value] for value in sorted(found, key=lambda v: (LENGTHS.index(v) if v in LENGTHS else 0, v))}


def measure_slices(
    examples: Sequence[Example],
    assessments: Sequence[Assessment],
    axes: Sequence[AxisScores],
    *,
    draws: int = 1000,
    seed: int = 0,
) -> dict[str, dict[str, SliceFigures]]:
    """The figures of every slice, with intervals: bootstrap over its scenarios for the mean, Wilson for the two shares.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.
        axes: The same as matrices.
        draws: Number of resamples.
        seed: Seed of the bootstrap.

    Returns:
        What the set is divided by, to value, to figures.
    """
    counts = np.concatenate([axis.counts for axis in axes], axis=2)
    widths = [len(axis.labels) for axis in axes]
    harmless = np.array([not e.labels.hostile for e in examples], int)
    threat = np.array([e.labels.threat != Threat.NONE for e in examples], int)
    missed = threat * np.array([a.labels.threat == Threat.NONE for a in assessments], int)
    alarms = harmless * rings(assessments)

    def figures(group: str, rows: list[int]) -> SliceFigures:
        shares = [
            share_of(int(part[rows].sum()), int(whole[rows].sum())) if whole[rows].any() else None
            for part, whole in ((missed, threat), (alarms, harmless))
        ]
        macro = None
        if group in SLICED:
            bootstrap = Bootstrap([examples[i].scenario for i in rows], draws, seed)
            macro = bootstrap.of_sums(counts[rows], lambda s: mean_of_macros(s, widths))
        return SliceFigures(len(rows), sum(examples[i].labels.hostile for i in rows), macro, *shares)

    return {
        group: {value: figures(group, rows) for value, rows in members(examples, group).items()}
        for group in (*SLICED, CATEGORY)
    }
