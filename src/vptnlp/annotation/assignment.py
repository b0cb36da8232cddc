"""Who annotates what: blind batches, with planned overlap, known answers mixed in, and equal shares of each stratum.

A batch is handed out with blind ids and texts alone: an id of a known answer would stand out by its source. What the
coordinator knows (who shares what, which answers are known, strata) stands in the plan. Everything is drawn from one
seed and from the ids, so the same tasks in another order give the same plan.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import comb
from typing import Any

from vptnlp.annotation.tasks import Task
from vptnlp.errors import ConfigError

EDGES = (0.2, 0.5, 0.8)
"""Where the strata of a hostility score are cut: sure harmless, doubtful on either side, sure hostile."""

_MOST_GROUPS = 100_000


@dataclass(frozen=True, slots=True)
class Batch:
    """What one annotator gets in one go.

    Attributes:
        annotator: Who.
        number: From 1.
        tasks: In the order in which to annotate.
    """

    annotator: str
    number: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Batches, and what only the coordinator may know.

    Attributes:
        batches: By annotator, in order of number.
        raters: Task id to the annotators who get it; known answers are not in it.
        gold: Ids of the tasks whose answer is known, as far as they are used.
        strata: Task id to stratum; empty without strata.
        blind_ids: Task id to the id that annotators see, the same for all of them.
        seed: What everything was drawn with.
    """

    batches: tuple[Batch, ...]
    raters: Mapping[str, tuple[str, ...]]
    gold: frozenset[str]
    strata: Mapping[str, str]
    blind_ids: Mapping[str, str]
    seed: int

    def blind(self, batch: Batch) -> list[Task]:
        """The tasks of a batch as an annotator gets them: blind ids and texts, nothing else."""
        return [Task(self.blind_ids[task.id], task.text) for task in batch.tasks]

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain values, ready for JSON; ids and names, no texts."""
        return {
            "seed": self.seed,
            "batches": [
                {"annotator": b.annotator, "number": b.number, "tasks": [t.id for t in b.tasks]} for b in self.batches
            ],
            "raters": {task: list(who) for task, who in self.raters.items()},
            "gold": sorted(self.gold),
            "strata": dict(self.strata),
            "ids": {blind: task for task, blind in self.blind_ids.items()},
        }


def assign(
    tasks: Iterable[Task],
    annotators: Sequence[str],
    *,
    overlap: float = 0.2,
    raters: int = 2,
    size: int = 50,
    gold: Iterable[Task] = (),
    gold_in_batch: int = 3,
    strata: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Plan:
    """Divide tasks over annotators.

    Args:
        tasks: What to annotate; those that are also in `gold` are left out.
        annotators: Names, all different.
        overlap: Share of the tasks that several annotators get, from 0 to 1; 1 is full double annotation.
        raters: How many annotators get such a task. All groups of this size share about equally many tasks.
        size: Tasks in a batch, known answers included; the last batch of an annotator may be smaller.
        gold: Tasks whose answer is known; nobody gets one twice.
        gold_in_batch: How many of those each batch gets, at random places; 0 is none.
        strata: Task id to stratum. Each stratum is divided by itself, so overlap, annotators and batches have equal shares.
        seed: Of all draws.

    Raises:
        ConfigError: A number is out of range, names are repeated, a task has no stratum, or `gold` holds too few tasks.
    """
    known = {task.id: task for task in gold}
    asked = {task.id: task for task in tasks if task.id not in known}
    _check(asked, annotators, overlap, raters, strata)
    mixed = gold_in_batch if known else 0
    if not 0 <= gold_in_batch < size:
        raise ConfigError(
            f"The known answers in a batch ({gold_in_batch}) must be 0 or more and fewer than its size ({size})."
        )
    draw = random.Random(seed)  # noqa: S311 - a plan to repeat, not a secret
    shared = _divide(asked, annotators, overlap, raters, strata, draw)
    batches: list[Batch] = []
    used: set[str] = set()
    for name in annotators:
        own = _spread([task for task, who in shared.items() if name in who], strata, draw)
        step = size - mixed
        parts = [own[at : at + step] for at in range(0, len(own), step)]
        checks = _checks(sorted(known), mixed * len(parts), name, draw)
        used.update(checks)
        for number, part in enumerate(parts, 1):
            ids = list(part)
            for check in checks[(number - 1) * mixed : number * mixed]:
                ids.insert(draw.randrange(len(ids) + 1), check)
            batches.append(Batch(name, number, tuple(known.get(i) or asked[i] for i in ids)))
    held = {task: strata[task] for task in shared} if strata is not None else {}
    blind = {task: _blind_id(task, seed) for task in sorted({*shared, *used})}
    return Plan(tuple(batches), shared, frozenset(used), held, blind, seed)


def sample(tasks: Iterable[Task], strata: Mapping[str, str], number: int, *, seed: int = 0) -> list[Task]:
    """Draw tasks, equally many of each stratum as far as they go, so that rare ones are not lost among the others.

    Args:
        tasks: To draw from.
        strata: Task id to stratum.
        number: How many; all where there are no more.
        seed: Of the draw.

    Returns:
        The tasks drawn, in the order given.

    Raises:
        ConfigError: `number` is below 1.
    """
    if number < 1:
        raise ConfigError(f"The number of tasks to draw ({number}) must be 1 or more.")
    given = list(tasks)
    draw = random.Random(seed)  # noqa: S311
    groups = [_shuffled(ids, draw) for _, ids in _grouped((t.id for t in given), strata)]
    drawn: set[str] = set()
    while len(drawn) < number and any(groups):
        for group in groups:
            if group and len(drawn) < number:
                drawn.add(group.pop())
    return [task for task in given if task.id in drawn]


def hostility_strata(scores: Mapping[str, float], edges: Sequence[float] = EDGES) -> dict[str, str]:
    """Strata by a model's probability that a message is hostile.

    Args:
        scores: Task id to probability.
        edges: Where to cut, ascending.

    Returns:
        Task id to a name such as ``hostile 0.20-0.50``.
    """
    bounds = [0.0, *edges, 1.0]
    names = [f"hostile {low:.2f}-{high:.2f}" for low, high in pairwise(bounds)]
    return {task: names[sum(score >= edge for edge in edges)] for task, score in scores.items()}


def _blind_id(task: str, seed: int) -> str:
    return hashlib.sha256(f"{seed} {task}".encode()).hexdigest()[:12]


def _check(
    asked: Mapping[str, Task],
    annotators: Sequence[str],
    overlap: float,
    raters: int,
    strata: Mapping[str, str] | None,
) -> None:
    if not annotators or len(set(annotators)) < len(annotators) or not all(name.strip() for name in annotators):
        raise ConfigError("Name at least one annotator, each once.")
    if not 0 <= overlap <= 1:
        raise ConfigError(f"The overlap ({overlap}) must be a share from 0 to 1.")
    if overlap and not 2 <= raters <= len(annotators):
        raise ConfigError(
            f"A shared task cannot go to {raters} of {len(annotators)} annotators; choose from 2 up to their number, or "
            "an overlap of 0."
        )
    if overlap and comb(len(annotators), raters) > _MOST_GROUPS:
        raise ConfigError(f"{len(annotators)} annotators make too many groups of {raters}; choose 2 or 3 raters.")
    if strata is not None and (missing := [task for task in asked if task not in strata]):
        raise ConfigError(f"{len(missing)} tasks have no stratum, the first is '{missing[0]}'.")


def _divide(
    asked: Mapping[str, Task],
    annotators: Sequence[str],
    overlap: float,
    raters: int,
    strata: Mapping[str, str] | None,
    draw: random.Random,
) -> dict[str, tuple[str, ...]]:
    """Task id to annotators: to those who have the fewest of its stratum, then the fewest in all."""
    groups = _shuffled(combinations(annotators, raters), draw) if overlap else []
    uses: Counter[tuple[str, ...]] = Counter()
    load: Counter[str] = Counter()
    shared: dict[str, tuple[str, ...]] = {}
    seen = 0
    for _, ids in _grouped(asked, strata):
        here: Counter[str] = Counter()
        for task in _shuffled(ids, draw):
            # Counting on over all strata keeps the whole at `overlap` where strata are small.
            share = int((seen + 1) * overlap + 1e-9) > int(seen * overlap + 1e-9)
            seen += 1
            who: tuple[str, ...]
            if share:
                who = min(groups, key=lambda g: (uses[g], sum(here[a] for a in g), sum(load[a] for a in g)))
                uses[who] += 1
            else:
                who = (min(annotators, key=lambda a: (here[a], load[a])),)
            here.update(who)
            load.update(who)
            shared[task] = who
    return shared


def _spread(ids: Sequence[str], strata: Mapping[str, str] | None, draw: random.Random) -> list[str]:
    """A random order in which every stretch has about the same share of each stratum."""
    places: dict[str, float] = {}
    for _, group in _grouped(ids, strata):
        for at, task in enumerate(_shuffled(group, draw)):
            places[task] = (at + draw.random()) / len(group)
    return sorted(places, key=lambda task: places[task])


def _checks(known: Sequence[str], number: int, name: str, draw: random.Random) -> list[str]:
    if number > len(known):
        raise ConfigError(
            f"The annotator '{name}' needs {number} messages with a known answer and there are {len(known)}; give more of "
            "them, fewer a batch, or larger batches."
        )
    return _shuffled(known, draw)[:number]


def _grouped(ids: Iterable[str], strata: Mapping[str, str] | None) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for task in ids:
        groups[strata[task] if strata is not None else ""].append(task)
    return sorted((name, sorted(group)) for name, group in groups.items())


def _shuffled(items: Iterable[Any], draw: random.Random) -> list[Any]:
    found = list(items)
    draw.shuffle(found)
    return found
