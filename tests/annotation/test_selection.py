"""What is worth annotating next."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp.annotation.selection import Pool, committee, rarity, select, uncertainty
from vptnlp.annotation.tasks import Task
from vptnlp.errors import ConfigError
from vptnlp.messages import Labels, Scores
from vptnlp.taxonomy import AXES, SINGLE_AXES, Form

TEXTS = {
    "brug": "Wanneer gaat de brug bij het station weer open voor fietsers en voetgangers uit de wijk?",
    "brug2": "Wanneer gaat de brug bij het station weer open voor fietsers en voetgangers uit onze wijk?",
    "zwembad": "Het zwembad was zondag dicht terwijl de folder zei dat er gezwommen kon worden",
    "boete": "Ik heb een boete gekregen voor parkeren terwijl ik een geldige kaart achter het raam had",
    "feest": "Onze straat houdt in juni een feest en daarvoor vragen wij een vergunning aan",
}
TASKS = [Task(name, text) for name, text in TEXTS.items()]


def scores(threat: float = 0.0, forms: dict[str, float] | None = None, crime: float = 0.0) -> Scores:
    """A model that is sure of nothing being there, but for what is given; `threat` is the probability of ``direct``."""
    axes = {axis: {str(k): float(axis in SINGLE_AXES and k == "none") for k in kind} for axis, kind in AXES.items()}
    axes["threat"] |= {"none": 1 - threat, "direct": threat}
    axes["forms"] |= forms or {}
    return Scores(axes, crime, threat)


def test_uncertainty_is_greatest_in_the_middle() -> None:
    found = uncertainty([scores(p) for p in (0.0, 0.1, 0.5, 0.9, 1.0)])
    assert found[[0, 4]] == pytest.approx(0, abs=1e-6)
    assert found[1] == pytest.approx(found[3]) and found[0] < found[1] < found[2]
    # Half of the two bits of four values, over seven axes.
    assert found[2] == pytest.approx(0.5 / 7)
    assert uncertainty([scores(forms={"stalking": 0.5}, crime=0.5)])[0] == pytest.approx(2 / 7)


def test_a_committee_counts_what_models_say_differently() -> None:
    one = [scores(0.0), scores(0.5), scores(0.0), scores(crime=1.0)]
    other = [scores(0.0), scores(0.5), scores(1.0), scores(crime=0.0)]
    assert committee(one, other) == pytest.approx([0, 0, 1 / 7, 1 / 7], abs=1e-6)
    assert committee(one, other) == pytest.approx(committee(other, one))


def test_rare_labels_are_worth_more() -> None:
    common = [scores(forms={"verbal_abuse": 0.9}) for _ in range(8)]
    found = rarity([*common, scores(forms={"stalking": 0.9}), scores()])
    assert found[8] == 1.0 == found.max() and found[9] == found.min() == 0
    # With labels given, those count and not what the model expects.
    labelled = [Labels(forms=frozenset({Form.STALKING}))] * 8 + [Labels()]
    found = rarity([*common, scores(forms={"stalking": 0.9})], labelled)
    assert found[0] > found[8]


def test_the_useful_come_first_and_a_near_duplicate_not_at_all() -> None:
    worth = np.array([0.9, 0.8, 0.1, 0.5, 0.2])
    assert [t.id for t in select(TASKS, 3, worth, diverse=False)] == ["brug", "boete", "feest"]
    assert {t.id for t in select(TASKS, 99)} in ({*TEXTS} - {"brug"}, {*TEXTS} - {"brug2"})


def test_what_is_labelled_is_passed_over_and_kept_away_from() -> None:
    asked = [t for t in TASKS if t.id != "brug2"]
    alike = Task("boete2", "Ik heb een boete gekregen voor te hard rijden terwijl ik een nieuwe kaart op het raam had")
    first = select([*asked, alike], 1, labelled=[TASKS[3]])
    assert first[0].id not in ("boete", "boete2")
    everything = select([*asked, alike], 9, labelled=[TASKS[3], TASKS[1]])
    assert everything[-1].id == "boete2" and {t.id for t in everything} == {"zwembad", "feest", "boete2"}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.integers(1, 6), st.integers(0, 3), st.booleans())
def test_a_draw_can_be_repeated_and_holds_nothing_twice(
    worth: list[float], number: int, seed: int, diverse: bool
) -> None:
    first = select(TASKS, number, np.array(worth), diverse=diverse, seed=seed)
    assert first == select(TASKS, number, np.array(worth), diverse=diverse, seed=seed)
    assert len({t.id for t in first}) == len(first) == min(number, 4)


def test_seeds_draw_otherwise_and_none_is_refused() -> None:
    drawn = {tuple(t.id for t in select(TASKS, 2, diverse=False, seed=seed)) for seed in range(8)}
    assert len(drawn) > 2
    with pytest.raises(ConfigError, match="1 or more"):
        select(TASKS, 0)


def test_rounds_of_a_pool_are_one_long_round() -> None:
    rounds = Pool(TASKS, labelled=[TASKS[4]])
    first = rounds.choose(1, seed=3)
    assert first[0] not in rounds.left
    again = rounds.choose(9, seed=3)
    assert [*first, *again] == select(TASKS, 9, labelled=[TASKS[4]], seed=3)
    assert rounds.left == [] and rounds.choose(1) == []
    # What was drawn without regard to distance counts for it later.
    alike = Task("boete2", "Ik heb een boete gekregen voor te hard rijden terwijl ik een nieuwe kaart op het raam had")
    mixed = Pool([TASKS[0], TASKS[2], TASKS[3], alike])
    assert [t.id for t in mixed.choose(1, {"boete": 1.0}, diverse=False)] == ["boete"]
    assert mixed.choose(9)[-1].id == "boete2"
