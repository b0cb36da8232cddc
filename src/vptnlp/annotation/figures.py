"""Figures with bootstrap intervals that may be undefined, from resamples that all figures share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vptnlp.annotation.coefficients import Array
from vptnlp.evaluation.bootstrap import Bootstrap

_MOST_UNDEFINED = 0.05


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95% interval over items.

    Attributes:
        value: The figure; None where it is undefined, as agreement is when only one value was ever given.
        low: Lower end; None where the value is, or where over 5% of the resamples have no value (a rare label).
        high: Upper end, likewise.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


def resamples(items: int, draws: int, seed: int) -> Array:
    """How often each item counts: once in the first row, then as drawn; shape (1 + draws, items)."""
    ones = np.ones((1, items))
    return np.concatenate([ones, Bootstrap(items, draws, seed).counts]) if draws else ones


def figure(values: Array) -> Figure:
    """A figure from its values over `resamples`, shape (1 + draws,); NaN is undefined."""
    value, drawn = float(values[0]), values[1:]
    if np.isnan(value):
        return Figure(None)
    defined = drawn[~np.isnan(drawn)]
    if len(defined) == 0 or len(defined) < (1 - _MOST_UNDEFINED) * len(drawn):
        return Figure(_rounded(value))
    low, high = np.percentile(defined, [2.5, 97.5])
    return Figure(_rounded(value), _rounded(low), _rounded(high))


def _rounded(value: float) -> float:
    # Twice: sums in another order may differ in the last bit, and 0.15625 must not become 0.1562 once and 0.1563 again.
    return round(round(float(value), 10), 4)
