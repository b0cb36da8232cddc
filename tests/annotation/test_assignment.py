from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp.annotation.assignment import Plan, assign, hostility_strata, sample
from vptnlp.annotation.tasks import Task
from vptnlp.errors import ConfigError

NAMES = ["anna", "bram", "cees"]


def tasks(number: int, prefix: str = "m") -> list[Task]:
    return [Task(f"{prefix}{i:03}", f"bericht {i}", {"label": "x"}) for i in range(number)]


def ids_of(plan: Plan, name: str) -> list[str]:
    return [task.id for batch in plan.batches if batch.annotator == name for task in batch.tasks]


@settings(deadline=None, max_examples=60)
@given(
    number=st.integers(1, 90),
    people=st.integers(2, 5),
    raters=st.integers(2, 4),
    overlap=st.sampled_from([0.0, 0.1, 0.25, 1 / 3, 0.5, 1.0]),
    size=st.integers(1, 30),
    strata=st.integers(1, 4),
    seed=st.integers(0, 50),
)
def test_every_task_goes_where_it_should(
    number: int, people: int, raters: int, overlap: float, size: int, strata: int, seed: int
) -> None:
    raters = min(raters, people)
    names = [f"a{i}" for i in range(people)]
    asked = tasks(number)
    held = {t.id: f"s{i % strata}" for i, t in enumerate(asked)}
    plan = assign(asked, names, overlap=overlap, raters=raters, size=size, gold_in_batch=0, strata=held, seed=seed)
    counted = Counter(task for name in names for task in ids_of(plan, name))
    assert set(counted) == {t.id for t in asked}
    assert set(counted.values()) <= {1, raters}
    assert sum(n > 1 for n in counted.values()) == int(number * overlap + 1e-9)
    assert all(len(batch.tasks) <= size for batch in plan.batches)
    for name in names:
        assert len(set(ids_of(plan, name))) == len(ids_of(plan, name))
    loads = [len(ids_of(plan, name)) for name in names]
    assert max(loads) - min(loads) <= raters + 1


def test_pairs_share_equally_many() -> None:
    plan = assign(tasks(60), NAMES, overlap=0.5, raters=2)
    shared = Counter(who for who in plan.raters.values() if len(who) == 2)
    assert shared == dict.fromkeys(combinations(NAMES, 2), 10)


def test_the_seed_and_the_ids_decide() -> None:
    first = assign(tasks(40), NAMES, seed=3).to_dict()
    assert assign(reversed(tasks(40)), NAMES, seed=3).to_dict()["batches"] == first["batches"]
    assert assign(tasks(40), NAMES, seed=4).to_dict()["batches"] != first["batches"]


def test_batches_have_equal_shares_of_each_stratum() -> None:
    asked = tasks(240)
    held = {t.id: "rare" if i % 6 == 0 else "common" for i, t in enumerate(asked)}
    plan = assign(asked, ["anna", "bram"], overlap=0, size=30, gold_in_batch=0, strata=held)
    for batch in plan.batches:
        assert 4 <= sum(held[t.id] == "rare" for t in batch.tasks) <= 6
    shared = assign(asked, NAMES, overlap=0.5, strata=held).raters
    assert sum(len(who) > 1 and held[t] == "rare" for t, who in shared.items()) == 20


def test_known_answers_are_mixed_in_once_for_each_annotator() -> None:
    plan = assign(tasks(60), NAMES, overlap=0, size=10, gold=tasks(12, "g"), gold_in_batch=2)
    for batch in plan.batches:
        assert sum(t.id.startswith("g") for t in batch.tasks) == 2
    for name in NAMES:
        own = [i for i in ids_of(plan, name) if i.startswith("g")]
        assert len(own) == len(set(own)) == 6
    assert plan.gold == {i for name in NAMES for i in ids_of(plan, name) if i.startswith("g")}
    assert not any(t.startswith("g") for t in plan.raters)
    places = {[t.id for t in b.tasks].index(g.id) for b in plan.batches for g in b.tasks if g.id.startswith("g")}
    assert len(places) > 4


def test_known_answers_are_taken_out_of_the_tasks() -> None:
    plan = assign(tasks(20), NAMES, overlap=0, gold=tasks(5), gold_in_batch=1)
    assert set(plan.raters) == {t.id for t in tasks(20)[5:]}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"overlap": 1.5}, "share from 0 to 1"),
        ({"raters": 4}, "cannot go to 4 of 3"),
        ({"annotators": []}, "at least one annotator"),
        ({"annotators": ["anna", "anna"]}, "each once"),
        ({"size": 3, "gold_in_batch": 3}, "fewer than its size"),
        ({"gold": tasks(1, "g"), "size": 5, "gold_in_batch": 2}, "known answer and there are 1"),
        ({"strata": {"m000": "a"}}, "9 tasks have no stratum, the first is 'm001'"),
    ],
)
def test_what_cannot_be_planned_is_said(options: dict[str, Any], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        assign(tasks(10), **{"annotators": NAMES, **options})


def test_sampling_takes_rare_strata_first() -> None:
    asked = tasks(100)
    held = {t.id: "rare" if i < 7 else "common" for i, t in enumerate(asked)}
    drawn = sample(asked, held, 20, seed=1)
    assert Counter(held[t.id] for t in drawn) == {"rare": 7, "common": 13}
    assert drawn == sorted(drawn, key=lambda t: t.id) and drawn != sample(asked, held, 20, seed=2)
    assert len(sample(asked, held, 500)) == 100
    with pytest.raises(ConfigError, match="1 or more"):
        sample(asked, held, 0)


def test_hostility_strata_are_cut_at_the_edges() -> None:
    found = hostility_strata({"a": 0.0, "b": 0.2, "c": 0.79, "d": 0.8, "e": 1.0})
    assert list(found.values()) == [
        "hostile 0.00-0.20", "hostile 0.20-0.50", "hostile 0.50-0.80", "hostile 0.80-1.00", "hostile 0.80-1.00",
    ]  # fmt: skip
