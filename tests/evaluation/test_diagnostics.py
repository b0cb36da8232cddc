from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.corpus import Example
from vptnlp.errors import CorpusError
from vptnlp.evaluation import diagnose, evaluate, markdown
from vptnlp.evaluation.curves import ANY, Point, _bins, _curve, _thinned
from vptnlp.evaluation.diagnostics import Diagnostics
from vptnlp.evaluation.metrics import share_of
from vptnlp.messages import Assessment


@pytest.fixture(scope="module")
def found(examples: list[Example], poor: list[Assessment]) -> Diagnostics:
    return diagnose(examples, poor, mistakes=3)


def test_a_curve_by_hand() -> None:
    gold, scores = np.array([1, 0, 1, 0]), np.array([0.9, 0.8, 0.7, 0.1])
    curve = _curve(gold, (scores >= 0.5).astype(int), scores)
    assert (curve.support, curve.given) == (2, (1.0, 0.6667))
    assert curve.average_precision == pytest.approx((1 + 2 / 3) / 2, abs=1e-4)
    assert curve.points[0] == (0.0, 1.0, 1.0)
    assert curve.points[-1].recall == 1.0
    assert curve.precision_at(0.5) == 1.0
    assert curve.precision_at(0.51) == 0.6667


def test_reliability_by_hand() -> None:
    gold, scores = np.array([0, 0, 1, 1, 0]), np.array([0.02, 0.04, 0.85, 0.87, 0.86])
    low, high = _bins(gold, scores)
    assert (low.messages, low.score, low.observed, low.low) == (2, 0.03, 0.0, 0.0)
    assert (high.messages, high.score, high.observed) == (3, 0.86, 0.6667)
    assert high.low < high.observed < high.high < 1


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=60))
def test_every_message_falls_in_one_bin(rows: list[tuple[int, float]]) -> None:
    gold, scores = np.array([g for g, _ in rows]), np.array([s for _, s in rows])
    bins = list(_bins(gold, scores))
    assert sum(b.messages for b in bins) == len(rows)
    assert sum(b.messages * b.observed for b in bins) == pytest.approx(gold.sum(), abs=0.01)
    assert all(b.low <= b.observed <= b.high for b in bins)


def test_thinning_keeps_the_ends_and_sudden_falls() -> None:
    points = [Point(i / 1000, 1 - i / 1000, 0.5) for i in range(1001)]
    fall = [*points, Point(1.0, 0.1, 0.0)]
    thin = list(_thinned(fall))
    assert len(thin) <= 2 * 101
    assert (thin[0], thin[-1]) == (fall[0], fall[-1])


def test_a_share_of_none_still_has_an_interval() -> None:
    share = share_of(0, 20)
    assert share.value == 0 == share.low
    assert share.high == pytest.approx(0.161, abs=0.001)


def test_curves_of_labels_that_differ_between_messages(found: Diagnostics) -> None:
    assert set(found.curves["threat"]) == {ANY, "direct"}
    assert found.curves["threat"][ANY].given == (1.0, 0.6667)
    assert found.curves["doxing"]["hint"].given == (0.0, None)
    assert found.curves["organised_crime"] == {}
    assert found.curves["hostile"]["true"].support == 40


def test_confusion_by_hand(found: Diagnostics) -> None:
    assert found.confusion["threat"] == [[30, 0, 0, 10], [0] * 4, [0] * 4, [0, 0, 0, 20]]
    assert found.confusion["doxing"][1] == [20, 0, 0, 0]


def test_slices_by_hand(found: Diagnostics) -> None:
    assert set(found.slices) == {"channel", "length", "register", "region", "category"}
    assert sum(s.messages for s in found.slices["channel"].values()) == 60
    whole = found.slices["region"]["nl"]
    assert (whole.messages, whole.hostile) == (60, 40)
    assert whole.threats_missed is not None and whole.threats_missed.value == 0
    assert whole.false_alarms is not None and whole.false_alarms.value == 0.5
    assert found.slices["category"]["threat"].false_alarms is None
    assert found.slices["category"]["question"].macro_f1 is None
    assert list(found.slices["length"]) == ["under 10"]


def test_mistakes_are_the_worst_first(found: Diagnostics) -> None:
    assert found.wrong["threat"] == 10
    assert [m.id for m in found.mistakes["threat"]] == ["m|54", "m|48", "m|42"]
    assert found.mistakes["threat"][0].missed == ("none",)
    assert found.mistakes["threat"][0].extra == ("direct",)
    assert found.mistakes["threat"][0].severity == pytest.approx(1 - (1 - 0.954) / 3, abs=1e-4)
    assert found.mistakes["details"][0].missed == ("PERSON",)
    assert found.wrong["details"] == 20
    assert found.mistakes["organised_crime"] == []


def test_a_report_is_plain_json_without_text(
    examples: list[Example], poor: list[Assessment], found: Diagnostics, canary: str
) -> None:
    written = json.dumps([found.to_dict(), evaluate(examples, poor).to_dict()], allow_nan=False)
    assert canary not in written
    assert "m|54" in written


def test_a_figure_without_messages_to_measure_is_none(
    examples: list[Example], answer: Callable[..., Assessment]
) -> None:
    harmless = [e for e in examples if not e.labels.hostile]
    plain = evaluate(harmless, [answer(e, e.labels) for e in harmless]).to_dict()
    assert plain["headline"]["threat_auprc"] == {"value": None, "low": None, "high": None}
    json.dumps(plain, allow_nan=False)


def test_markdown_has_every_part_and_whole_tables(
    examples: list[Example], poor: list[Assessment], found: Diagnostics, canary: str
) -> None:
    written = markdown.document(evaluate(examples, poor), "invented on invented", found)
    assert canary not in written
    assert "| threat | 10 | m&#124;54 | none | direct | 0.9847 |" in written
    assert "| none | 30 | 0 | 0 | 10 |" in written
    assert "| channel=sms |" in written
    assert "| hostile | true | 40 |" in written
    for block in written.split("\n\n"):
        if block.startswith("|"):
            assert len({line.count("|") for line in block.splitlines()}) == 1, block.splitlines()[0]


@pytest.mark.parametrize("rows", [0, 59])
def test_numbers_that_differ_are_refused(examples: Sequence[Example], good: Sequence[Assessment], rows: int) -> None:
    with pytest.raises(CorpusError, match=f"{rows} assessments"):
        diagnose(examples[: rows and 60], good[:rows])
