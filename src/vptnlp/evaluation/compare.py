"""Two models on the same messages: paired differences, and which messages only one of them gets right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vptnlp.corpus.records import Example
from vptnlp.evaluation.axes import AxisScores, read_axes
from vptnlp.evaluation.bootstrap import Array, Bootstrap, Estimate
from vptnlp.evaluation.headline import LOWER_IS_BETTER, measure_headline
from vptnlp.evaluation.spans import SpanCounts, count_spans
from vptnlp.messages import Assessment

MESSAGE = "whole message"
"""All axes together: right where every label of a message is."""

HOSTILE = "hostile"
"""Whether the message is called hostile, as the taxonomy defines it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One headline figure of both models, and the first minus the second over paired resamples."""

    key: str
    first: Estimate
    second: Estimate
    difference: Estimate

    @property
    def verdict(self) -> str:
        """``better`` or ``worse`` for the first model where the interval leaves out 0, else ``unclear``."""
        if not (self.difference.low > 0 or self.difference.high < 0):
            return "unclear"
        return "better" if (self.difference.low > 0) != (self.key in LOWER_IS_BETTER) else "worse"

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain values."""
        return {
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "difference": self.difference.to_dict(),
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the two models did on one axis or group of spans, message by message.

    Attributes:
        both: Number of messages that both get right.
        neither: Number of messages that neither does.
        first_only: Ids of messages that only the first model gets right.
        second_only: Ids of messages that only the second model does.
    """

    both: int
    neither: int
    first_only: tuple[str, ...]
    second_only: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The outcomes as plain values."""
        return {
            "both": self.both,
            "neither": self.neither,
            "first_only": list(self.first_only),
            "second_only": list(self.second_only),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same messages.

    Attributes:
        first: Name of the model under test.
        second: Name of the model it is held against.
        differences: Every headline figure that both have.
        outcomes: `MESSAGE`, `HOSTILE`, axis or group of spans to who got what right.
    """

    first: str
    second: str
    differences: tuple[Difference, ...]
    outcomes: dict[str, Outcomes]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain values, ready for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "differences": {found.key: found.to_dict() for found in self.differences},
            "outcomes": {name: found.to_dict() for name, found in self.outcomes.items()},
        }


def compare(
    examples: Sequence[Example],
    first: Sequence[Assessment],
    second: Sequence[Assessment],
    *,
    names: tuple[str, str] = ("first", "second"),
    seed: int = 0,
) -> Comparison:
    """Hold one model against another.

    Args:
        examples: Gold examples.
        first: The assessments of the model under test, one for each example, in the same order.
        second: Those of the other model.
        names: What the two are called.
        seed: Seed of the bootstrap.

    Raises:
        CorpusError: There are no examples, or the numbers differ.
    """
    both = [(read_axes(examples, given), count_spans(examples, given)) for given in (first, second)]
    bootstrap = Bootstrap([e.scenario for e in examples], seed=seed)
    figures = [
        measure_headline(examples, given, axes, spans, bootstrap)
        for given, (axes, spans) in zip((first, second), both, strict=True)
    ]
    differences = [
        Difference(key, draws.estimate(), figures[1][key].estimate(), draws.minus(figures[1][key]).estimate())
        for key, draws in figures[0].items()
    ]
    right = [
        dict(_right(examples, given, axes, spans)) for given, (axes, spans) in zip((first, second), both, strict=True)
    ]
    ids = [e.id for e in examples]
    return Comparison(*names, tuple(differences), {k: _outcomes(ids, right[0][k], right[1][k]) for k in right[0]})


def _right(
    examples: Sequence[Example],
    given: Sequence[Assessment],
    axes: Sequence[AxisScores],
    spans: Mapping[str, SpanCounts],
) -> Iterator[tuple[str, Array]]:
    """Whether each message is right, for each axis and group of spans."""
    yield MESSAGE, ~np.any([axis.wrong for axis in axes], axis=0)
    yield HOSTILE, np.array([e.labels.hostile == a.labels.hostile for e, a in zip(examples, given, strict=True)])
    for axis in axes:
        yield axis.name, ~axis.wrong
    for group, found in spans.items():
        yield group, ~found.wrong


def _outcomes(ids: Sequence[str], first: Array, second: Array) -> Outcomes:
    return Outcomes(
        both=int((first & second).sum()),
        neither=int((~first & ~second).sum()),
        first_only=tuple(ids[i] for i in np.flatnonzero(first & ~second).tolist()),
        second_only=tuple(ids[i] for i in np.flatnonzero(second & ~first).tolist()),
    )
