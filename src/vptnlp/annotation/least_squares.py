"""A linear model that gives, in closed form, what it would have said of each message had it not learned from it.

Least squares on the n-grams of the linear model (ridge regression; Rifkin & Lippert 2007 for leaving out). It orders
messages as well as the logistic model of the bundle does, and one matrix inverse gives the scores of all messages out of
sample, where the logistic model would be fitted many times over. So annotation work can afford it: to doubt labels, to try
strategies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from vptnlp.classify.features import FeatureConfig, TextFeatures, weigh
from vptnlp.classify.outputs import OUTPUTS, slices, to_scores
from vptnlp.corpus import Example
from vptnlp.errors import ConfigError, MissingExtraError
from vptnlp.messages import Labels, Scores
from vptnlp.taxonomy import SINGLE_AXES, CueKind
from vptnlp.text import normalise

Array = np.ndarray[Any, np.dtype[Any]]

FEWEST = 20
"""Messages below which nothing can be learned that is worth saying."""

_PENALTY = 1.0  # on rows of length 1; 0.3 to 3 give the same average precision on dev within .016
_BATCH = 5000  # messages that are fitted at once: memory grows with the square, 100 MB at this size
_STEPS = 25  # of Newton's method, which needs under ten


def out_of_sample(examples: Sequence[Example]) -> dict[str, Scores]:
    """What a model says of each message that learned from the others, those of its scenario left out too.

    Above 5,000 messages these are divided into parts of one size, each with a model of its own.

    Args:
        examples: Labelled messages.

    Returns:
        Id to calibrated scores.

    Raises:
        ConfigError: There are fewer than `FEWEST` scenarios.
        MissingExtraError: scipy is not installed.
    """
    scenarios = list(dict.fromkeys(e.scenario for e in examples))
    if len(scenarios) < FEWEST:
        raise ConfigError(
            f"There are labelled messages of {len(scenarios)} scenarios, too few to learn from; "
            f"give {FEWEST} or more, or a model that was not trained on them."
        )
    # Scenarios are dealt out in turns, so that parts are alike where a corpus is sorted.
    parts = -(-len(examples) // _BATCH)
    part = {name: i % parts for i, name in enumerate(scenarios)}
    found: dict[str, Scores] = {}
    for number in range(parts):
        own = [e for e in examples if part[e.scenario] == number]
        rows = ngrams([e.text for e in own])
        kernel = np.asarray((rows @ rows.T).todense())
        fitted = LeastSquares(kernel, held_outputs(own), [e.scenario for e in own])
        found |= {e.id: to_scores(row) for e, row in zip(own, fitted.left_out.tolist(), strict=True)}
    return {e.id: found[e.id] for e in examples}


def ngrams(texts: Sequence[str]) -> Any:
    """Weighed n-grams of the linear model, a sparse matrix of shape (texts, features) with rows of length 1."""
    try:
        from scipy import sparse
    except ImportError:
        raise MissingExtraError("scipy", "annotate", "learn from labels") from None
    config = FeatureConfig()
    counted = TextFeatures(config).rows([normalise(text).text for text in texts])
    frequency = np.bincount(counted.columns, minlength=config.columns)
    rows = weigh(counted, (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32))
    return sparse.csr_matrix((rows.values, rows.columns, rows.starts), shape=(len(texts), config.columns))


def held_outputs(examples: Iterable[Example]) -> Array:
    """Which outputs of a classifier hold for each message, as 0 and 1: shape (examples, outputs)."""
    return np.array([_row(e.labels, any(cue.kind == CueKind.SELF_HARM for cue in e.cues)) for e in examples], np.int8)


class LeastSquares:
    """A model of all outputs.

    Args:
        kernel: How alike the messages learned from are, shape (messages, messages).
        gold: Which outputs hold, shape (messages, outputs).
        groups: Of each message; those of one group are left out together.
        inverse: What `inverse_of` gives for the kernel, where several models share it.
    """

    def __init__(self, kernel: Array, gold: Array, groups: Sequence[str], *, inverse: Array | None = None) -> None:
        held = gold.astype(np.float32)
        self._mean = held.mean(axis=0)
        inverse = inverse_of(kernel) if inverse is None else inverse
        self._dual = inverse @ (held - self._mean)
        raw = np.empty_like(held)
        members: dict[str, list[int]] = {}
        for i, group in enumerate(groups):
            members.setdefault(group, []).append(i)
        for own in members.values():
            raw[own] = held[own] - np.linalg.solve(inverse[np.ix_(own, own)], self._dual[own])
        self._calibrate = calibration(raw, held)
        self.left_out = to_one(self._calibrate(raw))
        """Calibrated probabilities of each message by a model without its group, shape (messages, outputs)."""

    def probabilities(self, kernel: Array) -> Array:
        """Of other messages, from how alike they are to those learned from: shape (others, messages) to (others, outputs)."""
        return to_one(self._calibrate((kernel + 1) @ self._dual + self._mean))


def inverse_of(kernel: Array) -> Array:
    """The inverse that a model needs, with a constant and the penalty added: all the work that does not depend on labels."""
    return np.linalg.inv(kernel.astype(np.float32) + 1 + _PENALTY * np.eye(len(kernel), dtype=np.float32))


def leave_one_out(x: Array, y: Array, penalty: float) -> Array:
    """Least squares from few features: what a model without the message says, shape of `y` (messages, outputs)."""
    x = np.column_stack([(x - x.mean(axis=0)) / (x.std(axis=0) + 1e-6), np.ones(len(x))])
    half = x @ np.linalg.inv(x.T @ x + penalty * np.eye(x.shape[1]))
    weight = (half * x).sum(axis=1, keepdims=True)
    return np.asarray(y - (y - half @ (x.T @ y)) / np.maximum(1 - weight, 1e-6))


def calibration(raw: Array, held: Array) -> Callable[[Array], Array]:
    """Logistic calibration (Platt 1999, with his smoothed targets), each output by itself, by Newton's method.

    Args:
        raw: Scores, shape (messages, outputs).
        held: 0 or 1, same shape.

    Returns:
        From scores to probabilities; a higher score is never a lower probability.
    """
    raw = raw.astype(np.float64)
    count, total = held.sum(axis=0, dtype=np.float64), len(held)
    target = np.where(held > 0, (count + 1) / (count + 2), 1 / (total - count + 2))
    middle, spread = raw.mean(axis=0), raw.std(axis=0) + 1e-6
    x = (raw - middle) / spread
    slope, shift = np.ones(raw.shape[1]), np.log((count + 1) / (total - count + 1))
    for _ in range(_STEPS):
        p = _logistic(slope * x + shift)
        error, weight = p - target, p * (1 - p)
        # The small terms pull the slope to 1 where an output holds for nearly no message.
        down, across = (error * x).sum(axis=0) + 0.1 * (slope - 1), error.sum(axis=0)
        a, b, c = (weight * x * x).sum(axis=0) + 0.1, (weight * x).sum(axis=0), weight.sum(axis=0) + 1e-3
        size = np.maximum(a * c - b * b, 1e-9)
        slope = slope - np.clip((c * down - b * across) / size, -2, 2)
        shift = shift - np.clip((a * across - b * down) / size, -2, 2)
    slope = np.maximum(slope, 0.05)
    return lambda scores: _logistic(slope * (scores - middle) / spread + shift)


def to_one(p: Array) -> Array:
    """Make the probabilities of an axis with one value add up to 1."""
    p = p.copy()
    where = slices()
    for axis in SINGLE_AXES:
        p[:, where[axis]] /= p[:, where[axis]].sum(axis=1, keepdims=True)
    return p


def _logistic(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))))


def _row(labels: Labels, self_harm: bool) -> list[bool]:
    row = []
    for axis, label in OUTPUTS:
        held = self_harm if axis == "self_harm" else getattr(labels, axis)
        row.append(held if isinstance(held, bool) else held == label if axis in SINGLE_AXES else label in held)
    return row
