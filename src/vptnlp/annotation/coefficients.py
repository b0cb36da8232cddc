"""Coefficients of agreement, each for many resamples at once.

All of them are functions of sums over items, so a bootstrap is one matrix product: a row of ``weights`` says how
often each item was drawn. A coefficient that is undefined, because only one value was ever given or because
nothing can be compared, is NaN, never 1: such data do not show that annotators agree when there is a choice.

Sources: K. Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011); J. Cohen, *A coefficient of agreement
for nominal scales* (1960); J. L. Fleiss, *Measuring nominal scale agreement among many raters* (1971), for unequal
numbers of answers as in K. L. Gwet, *Handbook of Inter-Rater Reliability* (2014); R. Passonneau, *Measuring Agreement
on Set-valued Items (MASI)* (2006).
"""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

MISSING: Final = -1
"""The code of an answer that was not given."""

ORDINAL: Final = "ordinal"
"""The ordinal distance, which depends on how often each value was given and so differs by resample."""


def value_counts(codes: Array, size: int) -> Array:
    """How often each value was given to each item.

    Args:
        codes: Values from 0 to `size` - 1, or `MISSING`; shape (items, annotators).
        size: Number of values.

    Returns:
        Counts of shape (items, size).
    """
    return np.asarray((codes[:, :, None] == np.arange(size)).sum(axis=1), float)


def nominal_distance(size: int) -> Array:
    """0 between equal values and 1 between others, shape (size, size)."""
    return 1.0 - np.eye(size)


def ordinal_distance(marginals: Array) -> Array:
    """Krippendorff's squared ordinal distance: the number of answers that lie between two values.

    Args:
        marginals: How often each value was given, in the order of the scale; shape (..., size).

    Returns:
        Shape (..., size, size).
    """
    middle = np.cumsum(marginals, axis=-1) - marginals / 2
    return np.asarray((middle[..., :, None] - middle[..., None, :]) ** 2)


def masi_distance(members: Array) -> Array:
    """Distance between sets: 1 minus the Jaccard index, times how the sets lie (Passonneau 2006).

    Equal sets count 1, a set within the other 2/3, sets that cross 1/3, sets apart 0. Two empty sets are equal.

    Args:
        members: Whether a set holds a label; shape (sets, labels).

    Returns:
        Shape (sets, sets).
    """
    held = members.astype(float)
    sizes = held.sum(axis=1)
    shared = held @ held.T
    union = sizes[:, None] + sizes[None, :] - shared
    smaller = np.minimum(sizes[:, None], sizes[None, :])
    equal = shared == union
    lie = np.select([equal, shared == smaller, shared > 0], [1.0, 2 / 3, 1 / 3], 0.0)
    jaccard = np.divide(shared, union, out=np.ones_like(union), where=union > 0)
    return np.asarray(1 - jaccard * lie)


def krippendorff_alpha(counts: Array, distance: Array | Literal["ordinal"], weights: Array | None = None) -> Array:
    """Krippendorff's alpha; items with fewer than two answers do not count.

    Args:
        counts: How often each value was given to each item, from `value_counts`; shape (items, size).
        distance: Squared distance between values, shape (size, size), 0 on the diagonal; or `ORDINAL`.
        weights: How often each item counts, shape (draws, items); without it each counts once.

    Returns:
        Alpha of each draw, shape (draws,); NaN where it is undefined.
    """
    weights = _weights(weights, len(counts))
    answers = counts.sum(axis=1, keepdims=True)
    counts = np.where(answers > 1, counts, 0.0)
    others = np.maximum(answers - 1, 1)
    marginals = weights @ counts
    if isinstance(distance, str):
        size = counts.shape[1]
        pairs = counts[:, :, None] * counts[:, None, :] / others[:, :, None]
        coincidences = (weights @ pairs.reshape(len(counts), size**2)).reshape(-1, size, size)
        by_draw = ordinal_distance(marginals)
        observed = (coincidences * by_draw).sum(axis=(1, 2))
        expected = np.einsum("dc,dck,dk->d", marginals, by_draw, marginals)
    else:
        observed = weights @ (((counts @ distance) * counts).sum(axis=1) / others[:, 0])
        expected = ((marginals @ distance) * marginals).sum(axis=1)
    return 1 - _ratio((marginals.sum(axis=1) - 1) * observed, expected)


def cohen_kappa(first: Array, second: Array, size: int, weights: Array | None = None) -> Array:
    """Cohen's kappa of two annotators, over the items that both answered.

    Args:
        first: Codes of the one, from 0 to `size` - 1, or `MISSING`; shape (items,).
        second: Codes of the other, shape (items,).
        size: Number of values.
        weights: How often each item counts, shape (draws, items); without it each counts once.

    Returns:
        Kappa of each draw, shape (draws,); NaN where it is undefined.
    """
    weights = _weights(weights, len(first))
    both = (first != MISSING) & (second != MISSING)
    of_first = (first[:, None] == np.arange(size)) & both[:, None]
    of_second = (second[:, None] == np.arange(size)) & both[:, None]
    total = weights @ both
    equal = weights @ (both & (first == second))
    by_chance = ((weights @ of_first) * (weights @ of_second)).sum(axis=1)
    return _ratio(total * equal - by_chance, total**2 - by_chance)


def fleiss_kappa(counts: Array, weights: Array | None = None) -> Array:
    """Fleiss' kappa; items with fewer than two answers do not count, and items may have different numbers of answers.

    Args:
        counts: How often each value was given to each item, from `value_counts`; shape (items, size).
        weights: How often each item counts, shape (draws, items); without it each counts once.

    Returns:
        Kappa of each draw, shape (draws,); NaN where it is undefined.
    """
    weights = _weights(weights, len(counts))
    answers = counts.sum(axis=1)
    paired = answers > 1
    equal = np.where(paired, (counts**2).sum(axis=1) - answers, 0.0) / np.maximum(answers * (answers - 1), 1)
    shares = np.where(paired[:, None], counts, 0.0) / np.maximum(answers, 1)[:, None]
    items = weights @ paired
    # One value only: the shares of a resample hold one number that is not 0, whatever rounding did to it.
    sums = weights @ shares
    by_chance = _ratio((sums**2).sum(axis=1), items**2)
    kappa = _ratio(_ratio(weights @ equal, items) - by_chance, 1 - by_chance)
    return np.where((sums > 0).sum(axis=1) > 1, kappa, np.nan)


def _weights(weights: Array | None, items: int) -> Array:
    return np.ones((1, items)) if weights is None else weights


def _ratio(numerator: Array, denominator: Array) -> Array:
    out = np.full(np.shape(denominator), np.nan)
    return np.asarray(np.divide(numerator, denominator, out=out, where=denominator > 0))
