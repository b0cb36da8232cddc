"""Precision against recall, scores against what came true, and confusion, label by label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from vptnlp.corpus.records import Example
from vptnlp.evaluation.axes import AxisScores
from vptnlp.evaluation.bootstrap import Array
from vptnlp.evaluation.metrics import share_of
from vptnlp.messages import Assessment
from vptnlp.taxonomy import SINGLE_AXES

ANY = "any"
"""Stands for every label of a single axis but ``none``."""

HOSTILE = "hostile"
"""The gate that follows from the axes, with a score of its own."""

BINS = 10
"""Bins of a reliability diagram, of equal width."""

_STEPS = 100  # points of a curve are this far apart in recall at most: finer cannot be seen


class Point(NamedTuple):
    """A point of a precision-recall curve: what alarms from `threshold` on give."""

    recall: float
    precision: float
    threshold: float


class Bin(NamedTuple):
    """The messages with scores in one bin: their mean score, how many of them have the label, and a 95% interval of that."""

    messages: int
    score: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One label over a set of messages.

    Attributes:
        support: Number of messages that have it.
        average_precision: Area under the curve as a step function.
        given: Recall and precision of the labels as given, at the bundle's threshold; precision is None if never given.
        points: The curve from recall 0 to 1.
        bins: Reliability, for the bins that hold messages.
    """

    support: int
    average_precision: float
    given: tuple[float, float | None]
    points: tuple[Point, ...]
    bins: tuple[Bin, ...]

    def precision_at(self, recall: float) -> float:
        """The best precision at this recall or more."""
        return max(point.precision for point in self.points if point.recall >= recall)

    def to_dict(self) -> dict[str, Any]:
        """The curve as plain values."""
        return {
            "support": self.support,
            "average_precision": self.average_precision,
            "given": dict(zip(("recall", "precision"), self.given, strict=True)),
            "points": [point._asdict() for point in self.points],
            "bins": [found._asdict() for found in self.bins],
        }


def measure_curves(
    examples: Sequence[Example], assessments: Sequence[Assessment], axes: Sequence[AxisScores]
) -> dict[str, dict[str, Curve]]:
    """The curves of every label that some message has and some message has not.

    A single axis has `ANY` in place of ``none``; `HOSTILE` is an axis of its own with the label ``true``.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.
        axes: The same as matrices.

    Returns:
        Axis to label to curve.
    """
    gate = AxisScores(
        HOSTILE,
        ("true",),
        np.array([[e.labels.hostile] for e in examples], int),
        np.array([[a.labels.hostile] for a in assessments], int),
        np.array([[a.scores.hostile] for a in assessments]),
    )
    return {
        axis.name: {
            label: _curve(gold, given, scores)
            for label, gold, given, scores in _columns(axis)
            if 0 < gold.sum() < len(gold)
        }
        for axis in (gate, *axes)
    }


def measure_confusion(axes: Sequence[AxisScores]) -> dict[str, list[list[int]]]:
    """Single axis to counts: gold label (row) against given label (column), in taxonomy order."""
    from sklearn.metrics import confusion_matrix

    return {
        axis.name: confusion_matrix(
            axis.gold.argmax(axis=1), axis.given.argmax(axis=1), labels=range(len(axis.labels))
        ).tolist()
        for axis in axes
        if axis.name in SINGLE_AXES
    }


def _columns(axis: AxisScores) -> Iterator[tuple[str, Array, Array, Array]]:
    """Label, gold, given and scores, each of shape (messages,)."""
    start = 0
    if axis.name in SINGLE_AXES:
        yield ANY, 1 - axis.gold[:, 0], 1 - axis.given[:, 0], 1 - axis.scores[:, 0]
        start = 1
    for i in range(start, len(axis.labels)):
        yield axis.labels[i], axis.gold[:, i], axis.given[:, i], axis.scores[:, i]


def _curve(gold: Array, given: Array, scores: Array) -> Curve:
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(gold, scores, drop_intermediate=True)
    # The last point, recall 0, has no threshold of its own: nothing rings.
    points = [
        Point(round(float(r), 4), round(float(p), 4), round(float(t), 4))
        for p, r, t in zip(precision, recall, np.append(thresholds, 1.0), strict=True)
    ]
    hits, positives, alarms = float((gold * given).sum()), int(gold.sum()), int(given.sum())
    return Curve(
        support=positives,
        average_precision=round(float(average_precision_score(gold, scores)), 4),
        given=(round(hits / positives, 4), round(hits / alarms, 4) if alarms else None),
        points=tuple(_thinned(points[::-1])),
        bins=tuple(_bins(gold, scores)),
    )


def _thinned(points: Sequence[Point]) -> Iterator[Point]:
    """The first and last point of every step in recall, so that sudden falls of precision stay."""
    for i, point in enumerate(points):
        step = int(point.recall * _STEPS)
        first = i == 0 or int(points[i - 1].recall * _STEPS) != step
        last = i == len(points) - 1 or int(points[i + 1].recall * _STEPS) != step
        if first or last:
            yield point


def _bins(gold: Array, scores: Array) -> Iterator[Bin]:
    from sklearn.calibration import calibration_curve

    scores = scores.clip(0, 1)  # a sum of probabilities may exceed 1 in its last bit
    observed, mean = calibration_curve(gold, scores, n_bins=BINS)
    # The same edges as scikit-learn, which does not say how many fell in each.
    places = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], scores)
    sizes = [int(n) for n in np.bincount(places, minlength=BINS) if n]
    for size, share, score in zip(sizes, observed, mean, strict=True):
        yield Bin(size, round(float(score), 4), *share_of(round(float(share) * size), size))
