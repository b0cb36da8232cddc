"""Percentile bootstrap over messages, or over groups of them that belong together (Efron & Tibshirani 1993).

Messages of one scenario resemble one another: drawn one by one they would feign more evidence than there is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Estimate(NamedTuple):
    """A figure with its 95% interval, whose ends are NaN where there is too little to draw from."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """The three as plain values; a figure that is not defined is None, which JSON can write."""
        return {key: None if math.isnan(number) else number for key, number in self._asdict().items()}


@dataclass(frozen=True, slots=True)
class Draws:
    """A figure and what it is in each resample, shape (draws,)."""

    value: float
    resampled: Array

    def estimate(self) -> Estimate:
        """The figure with its interval; the ends are NaN where it is defined in no resample."""
        if np.isnan(self.resampled).all():
            return Estimate(round(self.value, 4), math.nan, math.nan)
        low, high = np.nanpercentile(self.resampled, [2.5, 97.5])
        return Estimate(round(self.value, 4), round(float(low), 4), round(float(high), 4))

    def minus(self, other: Draws) -> Draws:
        """The paired difference: both must come from resamples of the same messages with the same seed."""
        return Draws(self.value - other.value, self.resampled - other.resampled)


_FEWEST_GROUPS = 5
"""Of fewer groups resamples are so much alike that they would feign certainty: there is no interval then."""


class Bootstrap:
    """Draws the same resamples for every figure, so that figures can be compared.

    Args:
        groups: The group of each message, whose members are drawn together; or the number of messages, each drawn by itself.
        draws: Number of resamples.
        seed: Seed of the draws.
    """

    def __init__(self, groups: Sequence[Hashable] | int, draws: int = 1000, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        members = range(groups) if isinstance(groups, int) else groups
        places = {group: i for i, group in enumerate(dict.fromkeys(members))}
        drawn = rng.multinomial(len(places), np.full(len(places), 1 / len(places)), size=draws).astype(np.float32)
        # How often each message is drawn: shape (draws, messages).
        self.counts = drawn[:, [places[group] for group in members]]
        self._too_few = len(places) < _FEWEST_GROUPS

    def of_sums(self, stats: Array, figure: Callable[[Array], Array]) -> Estimate:
        """A figure that depends on sums over messages; see `draws_of_sums`."""
        return self.draws_of_sums(stats, figure).estimate()

    def draws_of_sums(self, stats: Array, figure: Callable[[Array], Array]) -> Draws:
        """A figure that depends on sums over messages.

        Args:
            stats: What is summed, shape (messages, ...).
            figure: From sums of shape (draws, ...) to a figure for each draw.
        """
        flat = stats.reshape(len(stats), -1).astype(np.float32)
        sums = (self.counts @ flat).reshape(-1, *stats.shape[1:])
        value = figure(flat.sum(axis=0).reshape(1, *stats.shape[1:]))
        return self._draws(float(value[0]), figure(sums))

    def draws_of_weights(self, figure: Callable[[Array], float], draws: int = 300) -> Draws:
        """A figure computed with a weight for each message; slower, so from fewer resamples."""
        resampled = np.array([figure(row) for row in self.counts[:draws]])
        return self._draws(figure(np.ones(self.counts.shape[1], np.float32)), resampled)

    def _draws(self, value: float, resampled: Array) -> Draws:
        return Draws(value, np.full(len(resampled), np.nan) if self._too_few else resampled)
