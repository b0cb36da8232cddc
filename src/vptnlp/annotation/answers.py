"""The answers to the items that two or more annotators answered, as a table, and each axis of it as codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, Literal

import numpy as np

from vptnlp.annotation.coefficients import (
    MISSING,
    ORDINAL,
    Array,
    masi_distance,
    nominal_distance,
    ordinal_distance,
    value_counts,
)
from vptnlp.annotation.judgements import Judgement
from vptnlp.errors import CorpusError
from vptnlp.taxonomy import AXES, SINGLE_AXES

BINARY_AXES = ("organised_crime", "hostile")
"""Axes that are true or false. ``hostile`` follows from the others: it is the taxonomy's gate."""

MEASURED_AXES = (*AXES, *BINARY_AXES)
"""Every axis that agreement is measured on, in the order of the assessment record."""


@dataclass(frozen=True)
class Coded:
    """The answers about one axis or label.

    Attributes:
        codes: Values from 0 on, or `MISSING`; shape (items, annotators).
        size: Number of values.
        distance: Squared distance between values, shape (size, size), or `ORDINAL`.
    """

    codes: Array
    size: int
    distance: Array | Literal["ordinal"]

    @cached_property
    def counts(self) -> Array:
        """How often each value was given to each item, shape (items, size)."""
        return value_counts(self.codes, self.size)

    @cached_property
    def fixed_distance(self) -> Array:
        """The distance as a matrix; an ordinal one by how often each value was given over all items."""
        return ordinal_distance(self.counts.sum(axis=0)) if isinstance(self.distance, str) else self.distance

    def disagreement(self) -> Array:
        """How far each answer is from the others to its item, on average; NaN where it was not given.

        Returns:
            Shape (items, annotators), in the unit of `fixed_distance`.
        """
        others = np.maximum(self.counts.sum(axis=1) - 1, 1)
        from_all = self.counts @ self.fixed_distance  # the distance of an answer to itself is 0
        mean = np.take_along_axis(from_all, np.maximum(self.codes, 0), axis=1) / others[:, None]
        return np.where(self.codes == MISSING, np.nan, mean)

    def expected(self) -> float:
        """The mean distance between two answers drawn from all of them: what chance would give."""
        marginals = self.counts.sum(axis=0)
        total = marginals.sum()
        return float(marginals @ self.fixed_distance @ marginals / (total * (total - 1)))


class AnswerTable:
    """Items that two or more annotators answered, by annotator.

    Args:
        judgements: At most one for each annotator and item.

    Attributes:
        items: Ids, in the order in which they were first seen.
        annotators: Names, sorted; those who share no item with another are left out.

    Raises:
        CorpusError: An annotator answered an item twice, or no item has two answers.
    """

    def __init__(self, judgements: Sequence[Judgement]) -> None:
        by_item: dict[str, dict[str, Judgement]] = defaultdict(dict)
        for judgement in judgements:
            if judgement.annotator in by_item[judgement.item]:
                raise CorpusError(
                    f"The annotator '{judgement.annotator}' answered the item '{judgement.item}' twice; keep one answer."
                )
            by_item[judgement.item][judgement.annotator] = judgement
        shared = {item: answers for item, answers in by_item.items() if len(answers) > 1}
        if not shared:
            raise CorpusError(
                f"Of the {len(by_item)} items that were answered none has answers of two annotators, so agreement cannot be "
                "measured; let two or more annotators answer the same messages."
            )
        self.items = list(shared)
        self.annotators = sorted({annotator for answers in shared.values() for annotator in answers})
        self._rows = [[answers.get(annotator) for annotator in self.annotators] for answers in shared.values()]

    def given(self) -> Array:
        """Whether each answer was given, shape (items, annotators)."""
        return np.array([[answer is not None for answer in row] for row in self._rows])

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Pairs of annotators (by their places) who share an item."""
        given = self.given()
        for first, second in combinations(range(len(self.annotators)), 2):
            if (given[:, first] & given[:, second]).any():
                yield first, second

    def column(self, place: int) -> list[Judgement | None]:
        """The answers of the annotator at `place`, in the order of the items."""
        return [row[place] for row in self._rows]

    def code_axis(self, axis: str) -> Coded:
        """The answers about one of `MEASURED_AXES`.

        Threat and doxing are ordinal in the order of the taxonomy; sets are compared by MASI; the rest is nominal.
        """
        if axis in SINGLE_AXES:
            values: list[Any] = list(SINGLE_AXES[axis])
            return Coded(self._codes(axis, values), len(values), ORDINAL)
        if axis in BINARY_AXES:
            return Coded(self._codes(axis, [False, True]), 2, nominal_distance(2))
        sets = list({getattr(answer.labels, axis): None for row in self._rows for answer in row if answer is not None})
        members = np.array([[label in held for label in AXES[axis]] for held in sets])
        return Coded(self._codes(axis, sets), len(sets), masi_distance(members))

    def code_label(self, axis: str, label: str) -> Coded:
        """Whether each answer holds `label` of an axis of the taxonomy."""
        codes = np.full((len(self._rows), len(self.annotators)), MISSING)
        for i, row in enumerate(self._rows):
            for j, answer in enumerate(row):
                if answer is not None:
                    held = getattr(answer.labels, axis)
                    codes[i, j] = held == label if axis in SINGLE_AXES else label in held
        return Coded(codes, 2, nominal_distance(2))

    def _codes(self, axis: str, values: Sequence[Any]) -> Array:
        place = {value: i for i, value in enumerate(values)}
        return np.array(
            [
                [MISSING if answer is None else place[getattr(answer.labels, axis)] for answer in row]
                for row in self._rows
            ]
        )
