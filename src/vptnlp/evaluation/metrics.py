"""Figures from gold labels and assigned ones. Metrics come from scikit-learn where it has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vptnlp.evaluation.bootstrap import Estimate
from vptnlp.messages import Span

Array = np.ndarray[Any, np.dtype[Any]]

MIN_OVERLAP = 0.5
"""A span is found when the kind is right and the overlap is at least this share of the longer of the two."""


def f1(true_positive: Array, false_positive: Array, false_negative: Array) -> Array:
    """F1 from counts of equal shape; 0 where nothing was there and nothing found."""
    denominator = 2 * true_positive + false_positive + false_negative
    found: Array = np.divide(
        2 * true_positive, denominator, out=np.zeros_like(denominator, float), where=denominator > 0
    )
    return found


def recall_at_false_alarms(gold: Array, scores: Array, share: float, weights: Array | None = None) -> float:
    """Recall at the lowest cut that alarms on at most `share` of the negatives.

    Args:
        gold: 0 or 1, shape (examples,).
        scores: Probabilities, shape (examples,).
        share: Largest share of negatives that may ring.
        weights: How often each example counts, shape (examples,).
    """
    weights = np.ones(len(gold)) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    gold, scores, weights = gold[order], scores[order], weights[order]
    alarms = np.cumsum(weights * (1 - gold))
    hits = np.cumsum(weights * gold)
    if not hits[-1]:
        return 0.0
    last_of_ties = np.append(scores[1:] != scores[:-1], True)
    allowed = last_of_ties & (alarms <= share * alarms[-1])
    return float(hits[allowed].max(initial=0.0) / hits[-1])


def calibration_error(gold: Array, scores: Array, bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015) over bins of equal width."""
    place = np.minimum((scores * bins).astype(int), bins - 1)
    error = 0.0
    for b in range(bins):
        inside = place == b
        if inside.any():
            error += inside.mean() * abs(gold[inside].mean() - scores[inside].mean())
    return float(error)


def share_of(part: int, whole: int) -> Estimate:
    """A share of messages with Wilson's (1927) 95% interval, which holds for small numbers and near 0 and 1."""
    from scipy.stats import binomtest

    interval = binomtest(part, whole).proportion_ci(method="wilson")
    return Estimate(*(round(float(v), 4) for v in (part / whole, interval.low, interval.high)))


def match_spans(gold: Sequence[Span], found: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Pair spans of one text: kind right, overlap at least `MIN_OVERLAP`, each used once, best overlaps first."""
    pairs = [
        (share, i, j)
        for i, g in enumerate(gold)
        for j, f in enumerate(found)
        if g.kind == f.kind and (share := _overlap(g, f)) >= MIN_OVERLAP
    ]
    used_gold: set[int] = set()
    used_found: set[int] = set()
    matched = []
    for _, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            matched.append((gold[i], found[j]))
    return matched


def _overlap(a: Span, b: Span) -> float:
    shared = min(a.end, b.end) - max(a.start, b.start)
    return max(shared, 0) / max(a.end - a.start, b.end - b.start)
