"""Active learning: which messages to annotate next, from what a model says of them.

A message is worth its usefulness times its distance to the nearest message that is chosen or labelled already, so a
batch does not hold the same thing twice. Usefulness is one of:

- uncertainty: how little the model knows, as normalised entropy (Lewis & Gale 1994);
- rarity: how much the model expects to find of labels that are rare among the messages;
- disagreement: how far two models are apart, as Jensen-Shannon divergence (query by committee, McCallum & Nigam 1998);
- nothing: then distance alone decides (core-set, Sener & Savarese 2018).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from vptnlp.annotation.duplicates import group_duplicates
from vptnlp.annotation.least_squares import ngrams
from vptnlp.annotation.tasks import Task
from vptnlp.errors import ConfigError
from vptnlp.messages import Labels, Scores
from vptnlp.taxonomy import AXES, SINGLE_AXES

Array = np.ndarray[Any, np.dtype[np.float64]]

_FEWEST = 0.5  # a label that was never seen counts as if half a message had it


def uncertainty(scores: Sequence[Scores]) -> Array:
    """How little a model knows of each message, from 0 to 1: the mean over the axes of the entropy.

    On an axis with any number of values the least certain value counts, for the others are mostly surely absent.
    """
    found = []
    for one in scores:
        axes = [_entropy(_values(one, axis)) if axis in SINGLE_AXES else _least_certain(one, axis) for axis in AXES]
        found.append(float(np.mean([*axes, _binary_entropy(np.array([one.organised_crime])).max()])))
    return np.array(found)


def committee(scores: Sequence[Scores], others: Sequence[Scores]) -> Array:
    """How far two models are apart on each message, from 0 to 1: the mean over the axes of the divergence in bits."""
    found = []
    for one, other in zip(scores, others, strict=True):
        axes = []
        for axis in AXES:
            a, b = _values(one, axis), _values(other, axis)
            axes.append(_divergence(a, b) if axis in SINGLE_AXES else _widest(a, b))
        axes.append(_widest(np.array([one.organised_crime]), np.array([other.organised_crime])))
        found.append(float(np.mean(axes)))
    return np.array(found)


def rarity(scores: Sequence[Scores], labelled: Sequence[Labels] = ()) -> Array:
    """How much a model expects of rare labels in each message, scaled to at most 1.

    Each label counts by its probability times minus the logarithm of its share: among `labelled` where that is given, else as
    the model expects it among the messages. ``none`` does not count.
    """
    expected = np.array([[one.axes[axis][key] for axis, key in _COLUMNS] + [one.organised_crime] for one in scores])
    held = np.array(
        [[_holds(labels, axis, key) for axis, key in _COLUMNS] + [labels.organised_crime] for labels in labelled]
    )
    counts, total = (held.sum(axis=0), len(held)) if len(held) else (expected.sum(axis=0), len(expected))
    worth = expected @ -np.log(np.maximum(counts, _FEWEST) / (total + _FEWEST))
    return np.asarray(worth / max(worth.max(initial=0.0), 1e-12))


class Pool:
    """Messages to choose from in rounds: they are compared once, so a further round costs little.

    Near-duplicates of a message chosen or labelled are passed over.

    Args:
        tasks: The messages to choose from.
        labelled: Messages that need not be annotated again: they are not chosen, and count for distance.
    """

    def __init__(self, tasks: Iterable[Task], *, labelled: Iterable[Task] = ()) -> None:
        known = {task.id: task for task in labelled}
        self._tasks = [*known.values(), *(task for task in tasks if task.id not in known)]
        place = {task.id: i for i, task in enumerate(self._tasks)}
        self._alike = {
            place[name]: [place[other] for other in group] for group in group_duplicates(self._tasks) for name in group
        }
        self._free = np.ones(len(self._tasks), dtype=bool)
        self._vectors: Any = None
        self._distance = np.ones(len(self._tasks))
        self._uncounted: list[int] = []
        for i in range(len(known)):
            self._take(i)

    @property
    def left(self) -> list[Task]:
        """What can still be chosen."""
        return [task for task, free in zip(self._tasks, self._free, strict=True) if free]

    def choose(
        self, number: int, usefulness: Mapping[str, float] | None = None, *, diverse: bool = True, seed: int = 0
    ) -> list[Task]:
        """Choose messages one by one, each time the one that is worth most.

        Args:
            number: How many; fewer where there are no more.
            usefulness: Task id to 0 or more, for all of `left`; all the same when None.
            diverse: Whether distance counts. Without it the most useful are taken.
            seed: Of the order among equals.

        Returns:
            The messages, the most valuable first; they count as labelled from now on.

        Raises:
            ConfigError: `number` is below 1.
            MissingExtraError: scipy is not installed, and distance counts.
        """
        if number < 1:
            raise ConfigError(f"The number of tasks to draw ({number}) must be 1 or more.")
        useful = np.ones(len(self._tasks))
        if usefulness is not None:
            useful = np.array([usefulness.get(task.id, 0.0) for task in self._tasks])
        # Noise far below any real difference: it only breaks ties.
        tie = np.random.default_rng(seed).random(len(useful)) * 1e-9
        chosen: list[Task] = []
        while len(chosen) < number and self._free.any():
            worth = useful * self._distances() if diverse else useful
            best = int(np.where(self._free, worth + tie, -np.inf).argmax())
            chosen.append(self._tasks[best])
            self._take(best)
        return chosen

    def _take(self, place: int) -> None:
        self._free[self._alike.get(place, place)] = False
        self._uncounted.append(place)

    def _distances(self) -> Array:
        """How far each message is from the nearest one taken; those taken since the last call are counted now."""
        if self._vectors is None:
            self._vectors = ngrams([task.text for task in self._tasks])
        for place in self._uncounted:
            near = self._vectors @ self._vectors[place].toarray().ravel()
            self._distance = np.minimum(self._distance, 1.0 - near)
        self._uncounted.clear()
        return self._distance


def select(
    tasks: Sequence[Task],
    number: int,
    usefulness: Array | None = None,
    *,
    labelled: Iterable[Task] = (),
    diverse: bool = True,
    seed: int = 0,
) -> list[Task]:
    """Choose messages in one round of a `Pool`.

    Args:
        tasks: The messages to choose from.
        number: How many; fewer where there are no more.
        usefulness: Of each task, 0 or more; all the same when None.
        labelled: Messages that need not be annotated again.
        diverse: Whether distance counts.
        seed: Of the order among equals.

    Returns:
        The messages, the most valuable first.

    Raises:
        ConfigError: `number` is below 1.
    """
    worth = None if usefulness is None else {t.id: float(u) for t, u in zip(tasks, usefulness, strict=True)}
    return Pool(tasks, labelled=labelled).choose(number, worth, diverse=diverse, seed=seed)


_COLUMNS = [(axis, str(key)) for axis, kind in AXES.items() for key in kind if key != "none"]


def _holds(labels: Labels, axis: str, key: str) -> bool:
    held = getattr(labels, axis)
    return bool(held == key if axis in SINGLE_AXES else key in held)


def _values(scores: Scores, axis: str) -> Array:
    return np.array([scores.axes[axis][str(key)] for key in AXES[axis]])


def _entropy(p: Array) -> float:
    """Entropy scaled to at most 1."""
    return float(-(p * np.log(np.maximum(p, 1e-12))).sum() / np.log(len(p)))


def _binary_entropy(p: Array) -> Array:
    q = np.clip(p, 1e-12, 1 - 1e-12)
    return np.asarray(-(q * np.log2(q) + (1 - q) * np.log2(1 - q)))


def _least_certain(scores: Scores, axis: str) -> float:
    return float(_binary_entropy(_values(scores, axis)).max())


def _divergence(a: Array, b: Array) -> float:
    middle = (a + b) / 2

    def bits(p: Array) -> float:
        return float((p * np.log2(np.maximum(p, 1e-12) / np.maximum(middle, 1e-12))).sum())

    return max(0.0, (bits(a) + bits(b)) / 2)


def _widest(a: Array, b: Array) -> float:
    """The divergence on the value on which two models are furthest apart."""
    pairs = zip(a, b, strict=True)
    return max(_divergence(np.array([p, 1 - p]), np.array([q, 1 - q])) for p, q in pairs)
