"""What a developer looks at after the headline: curves, confusion, slices and the worst mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vptnlp.corpus.records import Example
from vptnlp.evaluation.axes import read_axes
from vptnlp.evaluation.curves import Curve, measure_confusion, measure_curves
from vptnlp.evaluation.mistakes import Mistake, label_mistakes, span_mistakes
from vptnlp.evaluation.slices import SliceFigures, measure_slices
from vptnlp.evaluation.spans import count_spans
from vptnlp.messages import Assessment


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """The second half of an evaluation, beside `EvaluationReport`. It holds ids of messages, never their text.

    Attributes:
        curves: Axis to label to precision-recall curve and reliability.
        confusion: Single axis to counts, gold label (row) against given label (column).
        slices: What the set is divided by, to value, to figures.
        mistakes: Axis or group of spans to what went wrong, the worst first.
        wrong: Axis or group of spans to number of messages on which it is wrong.
    """

    curves: dict[str, dict[str, Curve]]
    confusion: dict[str, list[list[int]]]
    slices: dict[str, dict[str, SliceFigures]]
    mistakes: dict[str, list[Mistake]]
    wrong: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, ready for JSON."""
        return {
            "curves": {a: {key: c.to_dict() for key, c in found.items()} for a, found in self.curves.items()},
            "confusion": self.confusion,
            "slices": {g: {key: s.to_dict() for key, s in found.items()} for g, found in self.slices.items()},
            "mistakes": {a: [m.to_dict() for m in found] for a, found in self.mistakes.items()},
            "wrong": self.wrong,
        }


def diagnose(
    examples: Sequence[Example], assessments: Sequence[Assessment], *, mistakes: int = 20, seed: int = 0
) -> Diagnostics:
    """Look into assessments beside gold labels.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.
        mistakes: How many mistakes to keep for each axis and group of spans.
        seed: Seed of the bootstrap.

    Raises:
        CorpusError: There are no examples, or the numbers differ.
    """
    axes, spans = read_axes(examples, assessments), count_spans(examples, assessments)
    found = {axis.name: label_mistakes(examples, axis) for axis in axes}
    found |= {group: span_mistakes(examples, counts) for group, counts in spans.items()}
    return Diagnostics(
        curves=measure_curves(examples, assessments, axes),
        confusion=measure_confusion(axes),
        slices=measure_slices(examples, assessments, axes, seed=seed),
        mistakes={name: listed[:mistakes] for name, listed in found.items()},
        wrong={name: len(listed) for name, listed in found.items()},
    )
