"""Which messages went wrong and how, by id: the worst first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from vptnlp.corpus.records import Example
from vptnlp.evaluation.axes import AxisScores
from vptnlp.evaluation.spans import SpanCounts


@dataclass(frozen=True, slots=True)
class Mistake:
    """One message on which one axis or group of spans is wrong.

    Attributes:
        id: Of the message.
        missed: Labels or kinds of spans that should have been given.
        extra: Those that should not.
        severity: For labels, the largest distance of a wrong one's score from the truth, 0 to 1; for spans, the number of
            spans missed or falsely given.
    """

    id: str
    missed: tuple[str, ...]
    extra: tuple[str, ...]
    severity: float

    def to_dict(self) -> dict[str, Any]:
        """The mistake as plain values."""
        return asdict(self)


def label_mistakes(examples: Sequence[Example], axis: AxisScores) -> list[Mistake]:
    """The messages on which an axis is wrong, the surest mistake first."""
    distance = np.abs(axis.scores - axis.gold) * (axis.gold != axis.given)
    return _worst_first(
        Mistake(
            examples[i].id,
            tuple(k for k, g, f in zip(axis.labels, axis.gold[i], axis.given[i], strict=True) if g > f),
            tuple(k for k, g, f in zip(axis.labels, axis.gold[i], axis.given[i], strict=True) if f > g),
            round(float(distance[i].max()), 4),
        )
        for i in np.flatnonzero(axis.wrong).tolist()
    )


def span_mistakes(examples: Sequence[Example], found: SpanCounts) -> list[Mistake]:
    """The messages with spans missed or falsely given, those with most of them first; a kind stands once for each span."""
    return _worst_first(
        Mistake(
            examples[i].id,
            tuple(kind for kind, n in zip(found.kinds, found.counts[i, 2], strict=True) for _ in range(int(n))),
            tuple(kind for kind, n in zip(found.kinds, found.counts[i, 1], strict=True) for _ in range(int(n))),
            float(found.counts[i, 1:].sum()),
        )
        for i in np.flatnonzero(found.wrong).tolist()
    )


def _worst_first(mistakes: Iterable[Mistake]) -> list[Mistake]:
    return sorted(mistakes, key=lambda m: (-m.severity, m.id))
