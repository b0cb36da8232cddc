"""Percentile bootstrap over messages (Efron & Tibshirani 1993)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Estimate(NamedTuple):
    """A figure with its 95% interval."""

    value: float
    low: float
    high: float


class Bootstrap:
    """Draws the same resamples for every figure, so that figures can be compared.

    Args:
        size: Number of messages.
        draws: Number of resamples.
        seed: Seed of the draws.
    """

    def __init__(self, size: int, draws: int = 1000, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        # How often each message is drawn: shape (draws, size).
        self.counts = rng.multinomial(size, np.full(size, 1 / size), size=draws).astype(np.float32)

    def of_sums(self, stats: Array, figure: Callable[[Array], Array]) -> Estimate:
        """A figure that depends on sums over messages.

        Args:
            stats: What is summed, shape (messages, ...).
            figure: From sums of shape (draws, ...) to a figure for each draw.
        """
        flat = stats.reshape(len(stats), -1).astype(np.float32)
        sums = (self.counts @ flat).reshape(-1, *stats.shape[1:])
        value = figure(flat.sum(axis=0).reshape(1, *stats.shape[1:]))
        return _estimate(float(value[0]), figure(sums))

    def of_weights(self, figure: Callable[[Array], float], draws: int = 300) -> Estimate:
        """A figure computed with a weight for each message; slower, so from fewer resamples."""
        resampled = np.array([figure(row) for row in self.counts[:draws]])
        return _estimate(figure(np.ones(self.counts.shape[1], np.float32)), resampled)


def _estimate(value: float, resampled: Array) -> Estimate:
    low, high = np.nanpercentile(resampled, [2.5, 97.5])
    return Estimate(round(value, 4), round(float(low), 4), round(float(high), 4))
