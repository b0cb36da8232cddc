"""Whose a detail is: target, relative, sender, bystander or organisation.

First come wordings that settle it (`vptnlp.doxing.certain`: "ik woon op ..." is the sender). For the rest there is a linear
model over named features (`vptnlp.doxing.features`): each feature adds its weights to the five subjects and the
highest sum wins. Details are decided from left to right, so that what follows a name can follow its subject. The weights
are a table that a person can read and correct, ``data/ownership.tsv``; `vptnlp.doxing.ownership_fit` fits it to a corpus. Where
a model has read the words, its log probabilities join the sum: it reads what is said, the table knows how mail is laid out. With
both more subjects of dev are right than with either (.869; .846 by the model and .811 by the table alone).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from vptnlp.doxing.base import Detail
from vptnlp.doxing.certain import certain_subject
from vptnlp.doxing.composed import compose
from vptnlp.doxing.features import context_of, features_of
from vptnlp.taxonomy import Subject

SUBJECTS: tuple[Subject, ...] = tuple(Subject)
"""The subjects in the order of the columns of the table."""

_NOTHING = (0.0,) * len(SUBJECTS)

Weights = Mapping[str, tuple[float, ...]]
"""Feature name to one weight a subject."""


def assign_subjects(
    text: str,
    details: Sequence[Detail],
    hostile: bool | None = None,
    weights: Weights | None = None,
    said: Sequence[Sequence[float] | None] | None = None,
) -> tuple[Detail, ...]:
    """Say whose each detail is.

    Args:
        text: The message as received.
        details: Its details, sorted by start; subjects they may have are replaced.
        hostile: Whether the message is hostile, where that is known; it tells a target's details from a sender's own.
        weights: The table to use; None for the one that comes with the package.
        said: For each detail what a model says, log probabilities in the order of `SUBJECTS`; None where it says nothing.

    Returns:
        The details with a subject, in the same order.
    """
    if not details:
        return ()
    table = _table() if weights is None else weights
    read, placed = as_read(text, details)
    context = context_of(read, placed, hostile)
    subjects: list[Subject] = []
    for index, detail in enumerate(placed):
        certain = certain_subject(context.passage, detail)
        model = said[index] if said else None
        subjects.append(certain or _decide(features_of(context, placed, index, subjects), table, model or _NOTHING))
    return tuple(replace(detail, subject=subject) for detail, subject in zip(details, subjects, strict=True))


def as_read(text: str, details: Sequence[Detail]) -> tuple[str, list[Detail]]:
    """The composed text that features are read from, and the details where they stand in it."""
    composed = compose(text)
    places = (composed.from_received(detail.start, detail.end) for detail in details)
    return composed.text, [
        replace(detail, start=start, end=end) for detail, (start, end) in zip(details, places, strict=True)
    ]


def _decide(features: Sequence[str], table: Weights, said: Sequence[float]) -> Subject:
    totals = list(said)
    for name in features:
        row = table.get(name)
        if row is not None:
            for column, weight in enumerate(row):
                totals[column] += weight
    return SUBJECTS[totals.index(max(totals))]


@cache
def _table() -> Weights:
    lines = files("vptnlp.doxing").joinpath("data", "ownership.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines[1:] if line)
    return {name: tuple(map(float, values)) for name, *values in rows}
