"""Joins what the rules found with what a model's token head says.

For each kind of detail cuts, chosen on dev: what the rules found stays when the model gives it at least `confirm`; what
the model finds with `find` and `least` (`WordScores.spans`) is added where the rules found nothing of that kind. ``confirm`` 0
trusts the rules, a `find` above 1 trusts nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from vptnlp.doxing.base import Detail
from vptnlp.doxing.ownership import assign_subjects
from vptnlp.taxonomy import DetailKind
from vptnlp.word_scores import WordScores


class Cuts(NamedTuple):
    """The cuts of one kind."""

    confirm: float
    find: float
    least: float = 0.0


Policy = Mapping[DetailKind, Cuts]


def fuse(
    text: str, rules: Sequence[Detail], words: WordScores, policy: Policy, hostile: bool | None = None
) -> tuple[Detail, ...]:
    """Join the details of the rules and of the model; whose each is, both say together (`vptnlp.doxing.ownership`).

    Args:
        text: The message as received.
        rules: What the rules found (`vptnlp.doxing.detect.find_spans`).
        words: The scores of its words.
        policy: The cuts of each kind.
        hostile: Whether the message is hostile, where that is known.

    Returns:
        The details, sorted by start; those of one kind do not overlap.
    """
    found = sorted(
        (detail for kind in DetailKind for detail in of_kind(kind, rules, words, policy[kind])),
        key=lambda d: (d.start, -d.end, d.kind),
    )
    said = [None if (row := words.owners(d.start, d.end)) is None else row.tolist() for d in found]
    return assign_subjects(text, found, hostile, said=said)


def of_kind(kind: DetailKind, rules: Sequence[Detail], words: WordScores, cuts: Cuts) -> Iterator[Detail]:
    """The details of one kind that pass its cuts."""
    kept = [
        d for d in rules if d.kind == kind and (not cuts.confirm or words.held(kind, d.start, d.end) >= cuts.confirm)
    ]
    yield from kept
    if cuts.find <= 1:
        yield from (d for d in words.spans(kind, cuts.find, cuts.least) if not any(d.overlaps(other) for other in kept))
