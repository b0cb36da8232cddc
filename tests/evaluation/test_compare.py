from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from vptnlp.corpus import Example
from vptnlp.evaluation import Comparison, compare, evaluate, markdown
from vptnlp.evaluation.bootstrap import Bootstrap, Draws
from vptnlp.evaluation.compare import HOSTILE, MESSAGE
from vptnlp.messages import Assessment


@pytest.fixture(scope="module")
def found(examples: list[Example], good: list[Assessment], poor: list[Assessment]) -> Comparison:
    return compare(examples, good, poor, names=("good 1", "poor 1"))


def test_verdicts_know_which_way_is_better(found: Comparison) -> None:
    verdicts = {d.key: d.verdict for d in found.differences}
    assert verdicts["threat_macro_f1"] == "better"
    assert verdicts["false_alarms_harmless"] == "better"
    assert verdicts["details_span_f1"] == "better"
    assert verdicts["organised_crime_macro_f1"] == "unclear"
    alarms = next(d for d in found.differences if d.key == "false_alarms_harmless")
    assert (alarms.first.value, alarms.second.value, alarms.difference.value) == (0, 0.5, -0.5)
    assert -0.8 < alarms.difference.low < -0.5 < alarms.difference.high < -0.2


def test_the_other_way_round_is_the_opposite(
    examples: list[Example], good: list[Assessment], poor: list[Assessment], found: Comparison
) -> None:
    back = compare(examples, poor, good)
    for here, there in zip(found.differences, back.differences, strict=True):
        assert there.difference.value == -here.difference.value
        assert there.difference.low == pytest.approx(-here.difference.high, abs=2e-4)
        assert {here.verdict, there.verdict} in ({"better", "worse"}, {"unclear"})
    assert back.outcomes[MESSAGE].second_only == found.outcomes[MESSAGE].first_only


def test_a_model_beside_itself_differs_in_nothing(examples: list[Example], poor: list[Assessment]) -> None:
    found = compare(examples, poor, poor)
    assert {d.verdict for d in found.differences} == {"unclear"}
    assert {tuple(d.difference) for d in found.differences} == {(0.0, 0.0, 0.0)}
    assert not any(o.first_only or o.second_only for o in found.outcomes.values())


def test_figures_are_those_of_the_report(examples: list[Example], poor: list[Assessment], found: Comparison) -> None:
    headline = evaluate(examples, poor).headline
    assert {d.key: d.second for d in found.differences} == headline


def test_outcomes_name_who_is_right(found: Comparison) -> None:
    for outcome in found.outcomes.values():
        assert outcome.both + outcome.neither + len(outcome.first_only) + len(outcome.second_only) == 60
    threat = found.outcomes["threat"]
    assert threat.first_only == tuple(f"m|{i}" for i in range(0, 60, 6))
    assert (threat.both, threat.second_only) == (50, ())
    assert len(found.outcomes[HOSTILE].first_only) == 30
    assert len(found.outcomes["details"].first_only) == 20


def test_paired_differences_are_sharper_than_two_intervals() -> None:
    rng = np.random.default_rng(0)
    right = rng.integers(0, 2, (200, 1)).astype(float)
    better = right.copy()
    better[:10] = 1
    bootstrap = Bootstrap(200)
    first, second = (bootstrap.draws_of_sums(s, lambda sums: sums[:, 0] / 200) for s in (better, right))
    paired = first.minus(second).estimate()
    assert paired.high - paired.low < 0.5 * (first.estimate().high - first.estimate().low)


def test_messages_of_one_scenario_count_as_one(
    examples: list[Example], good: list[Assessment], poor: list[Assessment]
) -> None:
    few = [replace(e, scenario=f"s{i // 10}") for i, e in enumerate(examples)]
    one = [replace(e, scenario="s") for e in examples]
    apart, together, alone = (compare(held, poor, good).differences[0] for held in (examples, few, one))
    assert together.difference.value == apart.difference.value == alone.difference.value
    assert (together.difference.low, together.difference.high) != (apart.difference.low, apart.difference.high)
    assert np.isnan(alone.difference.low)
    for held, defined in ((few, True), (one, False)):
        assert np.isfinite(evaluate(held, poor).headline["details_span_f1"].low) == defined


def test_what_is_defined_in_no_resample_has_no_interval() -> None:
    assert all(np.isnan(Draws(float("nan"), np.full(3, np.nan)).estimate()))


def test_json_and_markdown_hold_no_text(
    examples: list[Example], good: list[Assessment], found: Comparison, canary: str
) -> None:
    written = json.dumps(found.to_dict(), allow_nan=False)
    assert canary not in written and "m|6" in written
    page = markdown.document(evaluate(examples, good), "good", comparison=found)
    assert canary not in page
    assert "| harmless messages given a threat or doxing | 0.000 | 0.500 | -0.500 |" in page
    assert "| threat | 50 | 10 | 0 | 0 |" in page
