"""Which messages belong together and so in one split: those that share a key (thread, sender, ...) and near-duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vptnlp.corpus.similarity import near_duplicates


@dataclass(frozen=True, slots=True)
class Item:
    """A message to place.

    Attributes:
        id: Its id.
        text: Its text.
        keys: What it shares with messages that it belongs with, such as a hash of its sender.
    """

    id: str
    text: str = field(repr=False)
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Groups:
    """Where new messages belong.

    Attributes:
        scenario: Id of each new message to the scenario it belongs to: that of an earlier message, or a new one.
        torn: Ids of new messages that belong with earlier messages of different splits. They cannot be placed.
    """

    scenario: Mapping[str, str]
    torn: tuple[str, ...]


def group(
    new: Sequence[Item], earlier: Sequence[Item], scenario_of: Mapping[str, str], split_of: Mapping[str, str]
) -> Groups:
    """Group new messages with each other and with earlier ones, which stay where they are.

    Args:
        new: The messages to place.
        earlier: The messages that are placed already.
        scenario_of: Id of each earlier message to its scenario.
        split_of: Id of each earlier message to its split.
    """
    ties = _ties(new, earlier)
    fresh = {item.id for item in new}
    torn = {name for name in fresh if len({split_of[other] for other in ties.get(name, ()) if other not in fresh}) > 1}
    scenario: dict[str, str] = {}
    for members in _components([item.id for item in new if item.id not in torn], ties):
        held = [other for name in members for other in sorted(ties.get(name, ())) if other not in fresh]
        if len({split_of[other] for other in held}) > 1:
            torn.update(members)
        else:
            scenario |= dict.fromkeys(members, scenario_of[held[0]] if held else members[0])
    return Groups(scenario, tuple(item.id for item in new if item.id in torn))


def _ties(new: Sequence[Item], earlier: Sequence[Item]) -> dict[str, set[str]]:
    """Id to the ids it belongs with directly."""
    found: dict[str, set[str]] = defaultdict(set)
    sharing: dict[str, list[str]] = defaultdict(list)
    for item in (*earlier, *new):
        for key in item.keys:
            sharing[key].append(item.id)
    fresh = {item.id for item in new}
    for names in sharing.values():
        # A chain through the new ones is enough for a group, and each new one needs the earlier ones it is tied to.
        old, own = [n for n in names if n not in fresh], [n for n in names if n in fresh]
        for name in own:
            found[name].update(old)
        for one, other in pairwise(own):
            found[one].add(other)
            found[other].add(one)
    for pair in near_duplicates((item.id, item.text) for item in (*earlier, *new)):
        found[pair.first].add(pair.second)
        found[pair.second].add(pair.first)
    return found


def _components(names: Iterable[str], ties: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Connected components of the names alone, members and components in the order given."""
    place = {name: at for at, name in enumerate(names)}
    seen: set[str] = set()
    found = []
    for name in place:
        if name in seen:
            continue
        members, waiting = [], [name]
        seen.add(name)
        while waiting:
            members.append(current := waiting.pop())
            fresh = [other for other in ties.get(current, ()) if other in place and other not in seen]
            seen.update(fresh)
            waiting += fresh
        found.append(sorted(members, key=place.__getitem__))
    return found
