"""Measures a set of assessments against gold labels, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vptnlp.corpus.records import Example
from vptnlp.evaluation.axes import AxisScores, read_axes
from vptnlp.evaluation.bootstrap import Array, Bootstrap, Estimate
from vptnlp.evaluation.headline import mean_of_macros, measure_headline
from vptnlp.evaluation.metrics import calibration_error, f1
from vptnlp.evaluation.slices import SLICED, members
from vptnlp.evaluation.spans import count_spans
from vptnlp.messages import Assessment

MIN_CALIBRATION = 50
"""Labels with fewer positives get no calibration error."""


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Figures of one label or span kind. `calibration_error` is None for spans and rare labels."""

    support: int
    precision: float
    recall: float
    f1: float
    calibration_error: float | None = None


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Everything measured on one set.

    Attributes:
        messages: Number of messages.
        hostile: Number of hostile ones.
        headline: The figures of the quality table, each with a 95% interval.
        labels: Axis or span group to label to its figures.
        slices: Slice (such as ``channel=email``) to number of messages and macro-F1 over axes.
        errors: Axis to ids of messages where it is wrong.
    """

    messages: int
    hostile: int
    headline: dict[str, Estimate]
    labels: dict[str, dict[str, LabelFigures]]
    slices: dict[str, tuple[int, float]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, ready for JSON; ids of errors are left out."""
        return {
            "messages": self.messages,
            "hostile": self.hostile,
            "headline": {key: found.to_dict() for key, found in self.headline.items()},
            "labels": {
                group: {
                    name: {
                        "support": figures.support,
                        "precision": figures.precision,
                        "recall": figures.recall,
                        "f1": figures.f1,
                        **(
                            {"calibration_error": figures.calibration_error}
                            if figures.calibration_error is not None
                            else {}
                        ),
                    }
                    for name, figures in members.items()
                }
                for group, members in self.labels.items()
            },
            "slices": {name: {"messages": n, "macro_f1": value} for name, (n, value) in self.slices.items()},
        }


def evaluate(examples: Sequence[Example], assessments: Sequence[Assessment], *, seed: int = 0) -> EvaluationReport:
    """Measure assessments against gold labels.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.
        seed: Seed of the bootstrap.

    Raises:
        CorpusError: There are no examples, or the numbers differ.
    """
    axes, spans = read_axes(examples, assessments), count_spans(examples, assessments)
    headline = measure_headline(
        examples, assessments, axes, spans, Bootstrap([e.scenario for e in examples], seed=seed)
    )
    return EvaluationReport(
        messages=len(examples),
        hostile=sum(e.labels.hostile for e in examples),
        headline={key: draws.estimate() for key, draws in headline.items()},
        labels={
            **{axis.name: _label_figures(axis.labels, axis.counts, axis.gold, axis.scores) for axis in axes},
            **{group: _label_figures(found.kinds, found.counts) for group, found in spans.items()},
        },
        slices=_slices(examples, axes),
        errors={axis.name: [e.id for e, wrong in zip(examples, axis.wrong, strict=True) if wrong] for axis in axes},
    )


def _label_figures(
    names: Sequence[str], counts: Array, gold: Array | None = None, scores: Array | None = None
) -> dict[str, LabelFigures]:
    sums = counts.sum(axis=0)
    out = {}
    for i, name in enumerate(names):
        hit, alarm, miss = (float(n) for n in sums[:, i])
        error = None
        if gold is not None and scores is not None and hit + miss >= MIN_CALIBRATION:
            error = round(calibration_error(gold[:, i], scores[:, i]), 4)
        out[str(name)] = LabelFigures(
            support=int(hit + miss),
            precision=round(hit / (hit + alarm), 4) if hit + alarm else 0.0,
            recall=round(hit / (hit + miss), 4) if hit + miss else 0.0,
            f1=round(float(f1(*(np.array([n]) for n in (hit, alarm, miss)))[0]), 4),
            calibration_error=error,
        )
    return out


def _slices(examples: Sequence[Example], axes: Sequence[AxisScores]) -> dict[str, tuple[int, float]]:
    counts = np.concatenate([axis.counts for axis in axes], axis=2)
    widths = [len(axis.labels) for axis in axes]
    return {
        f"{group}={value}": (len(rows), round(float(mean_of_macros(counts[rows].sum(axis=0)[None], widths)[0]), 4))
        for group in sorted(SLICED)
        for value, rows in members(examples, group).items()
    }
