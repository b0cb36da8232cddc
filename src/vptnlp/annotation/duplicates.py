"""Messages that say nearly the same, in groups: one of each is enough to annotate, and their labels should be equal."""

from __future__ import annotations

from collections.abc import Iterable

from vptnlp.annotation.tasks import Task
from vptnlp.corpus.similarity import near_duplicates

ALIKE = 0.5
"""Jaccard index of character 5-grams from which two messages are one to annotate."""


def group_duplicates(tasks: Iterable[Task], threshold: float = ALIKE) -> list[tuple[str, ...]]:
    """Group near-duplicates; whoever is too much like any member of a group belongs to it.

    Args:
        tasks: The messages.
        threshold: Jaccard index above which two are alike (`vptnlp.corpus.similarity.near_duplicates`).

    Returns:
        Ids of groups of two and more, members and groups in the order of the tasks.
    """
    given = [(task.id, task.text) for task in tasks]
    first = {name: name for name, _ in given}

    def root(name: str) -> str:
        while first[name] != name:
            first[name] = name = first[first[name]]
        return name

    order = {name: place for place, (name, _) in enumerate(given)}
    for pair in near_duplicates(given, threshold):
        one, other = sorted((root(pair.first), root(pair.second)), key=order.__getitem__)
        first[other] = one
    groups: dict[str, list[str]] = {}
    for name, _ in given:
        groups.setdefault(root(name), []).append(name)
    return [tuple(members) for members in groups.values() if len(members) > 1]
