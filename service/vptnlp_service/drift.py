"""Label rates: how often each label is given now, and how often it was given on the bundle's test split."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from vptnlp.messages import Assessment
from vptnlp.taxonomy import AXES, SINGLE_AXES

Label = tuple[str, str]
"""Axis and label, such as ``("threat", "direct")``."""

_SLICES = 24
_SLICE_SECONDS = 3600.0


def labels_of(assessment: Assessment) -> Iterator[Label]:
    """The labels that an assessment gives, ``none`` included, and its urgency."""
    for axis in AXES:
        held = getattr(assessment.labels, axis)
        for label in [held] if axis in SINGLE_AXES else held:
            yield axis, str(label)
    if assessment.labels.organised_crime:
        yield "organised_crime", "true"
    yield "urgency", str(assessment.triage.urgency)


def all_labels() -> list[Label]:
    """Every label whose rate can be compared."""
    return [(axis, str(label)) for axis, kind in AXES.items() for label in kind] + [("organised_crime", "true")]


def reference(metrics: Mapping[str, Any]) -> dict[Label, float]:
    """The rates at which the model gave each label on its test split.

    Like is compared with like: not how often a label is right, but how often the model says it, which follows from its
    support, recall and precision.

    Args:
        metrics: The bundle's ``metrics.json``; empty when it was not evaluated.
    """
    messages = metrics.get("messages", 0)
    rates: dict[Label, float] = {}
    for axis, label in all_labels():
        figures = metrics.get("labels", {}).get(axis, {}).get(label)
        if messages and figures and figures.get("precision"):
            rates[axis, label] = figures["support"] * figures["recall"] / figures["precision"] / messages
    return rates


class Window:
    """Counts of the last 24 hours, in slices of an hour.

    Args:
        clock: Seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._slices: deque[tuple[float, Counter[Label | None]]] = deque()
        self._lock = threading.Lock()

    def add(self, assessments: Iterable[Sequence[Label]]) -> None:
        """Count the labels of messages; each message gives a sequence."""
        with self._lock:
            now = self._clock()
            if not self._slices or now - self._slices[-1][0] >= _SLICE_SECONDS:
                self._slices.append((now, Counter()))
            counts = self._slices[-1][1]
            for labels in assessments:
                counts[None] += 1
                counts.update(labels)

    def rates(self) -> tuple[int, dict[Label, float]]:
        """Messages in the window, and the share of them that has each label."""
        with self._lock:
            oldest = self._clock() - _SLICES * _SLICE_SECONDS
            while self._slices and self._slices[0][0] < oldest:
                self._slices.popleft()
            total: Counter[Label | None] = Counter()
            for _, counts in self._slices:
                total.update(counts)
        messages = total[None]
        return messages, {label: total[label] / messages for label in all_labels()} if messages else {}
