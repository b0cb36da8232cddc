"""Gold labels, assigned labels and scores as matrices, one record an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vptnlp.corpus.records import Example
from vptnlp.errors import CorpusError
from vptnlp.messages import Assessment
from vptnlp.taxonomy import AXES, SINGLE_AXES, Label

Array = np.ndarray[Any, np.dtype[Any]]

ORGANISED_CRIME = "organised_crime"


@dataclass(frozen=True, slots=True)
class AxisScores:
    """One axis over a set of messages.

    Attributes:
        name: Key of the axis.
        labels: Keys of its labels; ``true`` alone for organised crime.
        gold: 1 where the label holds, shape (messages, labels).
        given: 1 where the model gave it, same shape.
        scores: Its probability, same shape.
    """

    name: str
    labels: tuple[str, ...]
    gold: Array
    given: Array
    scores: Array

    @property
    def counts(self) -> Array:
        """Found, falsely given and missed, shape (messages, 3, labels)."""
        return np.stack(
            [self.gold * self.given, (1 - self.gold) * self.given, self.gold * (1 - self.given)],
            axis=1,
        )

    @property
    def wrong(self) -> Array:
        """Whether a message has any label of this axis wrong, shape (messages,)."""
        return np.asarray((self.gold != self.given).any(axis=1))


def read_axes(examples: Sequence[Example], assessments: Sequence[Assessment]) -> list[AxisScores]:
    """All axes in the order of the assessment record.

    Args:
        examples: Gold examples.
        assessments: One for each example, in the same order.

    Raises:
        CorpusError: There are no examples, or the numbers differ.
    """
    if not examples or len(examples) != len(assessments):
        raise CorpusError(
            f"There are {len(examples)} examples and {len(assessments)} assessments; both must be equal and above 0."
        )
    return [
        *(_axis(name, kind, examples, assessments) for name, kind in AXES.items()),
        AxisScores(
            ORGANISED_CRIME,
            ("true",),
            np.array([[e.labels.organised_crime] for e in examples], int),
            np.array([[a.labels.organised_crime] for a in assessments], int),
            np.array([[a.scores.organised_crime] for a in assessments]),
        ),
    ]


def _axis(name: str, kind: type[Label], examples: Sequence[Example], assessments: Sequence[Assessment]) -> AxisScores:
    def row(held: Any) -> list[int]:
        return [int(held == label if name in SINGLE_AXES else label in held) for label in kind]

    return AxisScores(
        name,
        tuple(str(label) for label in kind),
        np.array([row(getattr(e.labels, name)) for e in examples]),
        np.array([row(getattr(a.labels, name)) for a in assessments]),
        np.array([[a.scores.axes[name][str(label)] for label in kind] for a in assessments]),
    )
