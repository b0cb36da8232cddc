from __future__ import annotations

import numpy as np
import pytest

from vptnlp.evaluation.bootstrap import Bootstrap
from vptnlp.evaluation.metrics import calibration_error, f1, match_spans, recall_at_false_alarms
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind


def test_f1_by_hand() -> None:
    found = f1(np.array([3.0, 0.0]), np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    assert found.tolist() == [pytest.approx(6 / 9), 0.0]


def test_recall_at_false_alarms_by_hand() -> None:
    gold = np.array([1, 0, 1, 0, 0, 1])
    scores = np.array([0.9, 0.8, 0.7, 0.3, 0.2, 0.1])
    assert recall_at_false_alarms(gold, scores, 0.0) == pytest.approx(1 / 3)
    assert recall_at_false_alarms(gold, scores, 0.34) == pytest.approx(2 / 3)


def test_ties_are_not_split() -> None:
    gold, scores = np.array([1, 0, 1, 0]), np.array([0.9, 0.5, 0.5, 0.1])
    assert recall_at_false_alarms(gold, scores, 0.0) == 0.5


def test_calibration_error_by_hand() -> None:
    assert calibration_error(np.array([1, 0]), np.array([0.85, 0.85])) == pytest.approx(0.35)


def test_spans_match_by_kind_and_half_overlap() -> None:
    gold = [Span(0, 10, DetailKind.ADDRESS), Span(20, 24, DetailKind.PERSON)]
    found = [Span(4, 10, DetailKind.ADDRESS), Span(0, 4, DetailKind.ADDRESS), Span(20, 24, DetailKind.PLACE)]
    assert match_spans(gold, found) == [(gold[0], found[0])]


def test_a_span_is_matched_once() -> None:
    gold = [Span(0, 10, DetailKind.ADDRESS)]
    assert len(match_spans(gold, [Span(0, 6, DetailKind.ADDRESS), Span(4, 10, DetailKind.ADDRESS)])) == 1


def test_messages_of_one_group_are_drawn_together_and_widen_the_interval() -> None:
    hits = np.repeat(np.array([[1.0]] * 12 + [[0.0]] * 8), 5, axis=0)
    drawn = Bootstrap([i // 5 for i in range(100)])
    assert (drawn.counts.reshape(-1, 20, 5) == drawn.counts[:, ::5, None]).all()
    together, apart = (b.of_sums(hits, lambda sums: sums[:, 0] / 100) for b in (drawn, Bootstrap(100)))
    assert together.value == apart.value == 0.6
    assert together.high - together.low > 1.8 * (apart.high - apart.low)


def test_few_groups_have_no_interval() -> None:
    hits = np.array([[1.0]] * 6 + [[0.0]] * 4)
    estimate = Bootstrap(["a", "b"] * 5).of_sums(hits, lambda sums: sums[:, 0] / 10)
    assert estimate.value == 0.6 and np.isnan([estimate.low, estimate.high]).all()
    assert estimate.to_dict() == {"value": 0.6, "low": None, "high": None}


def test_bootstrap_interval_covers_the_value() -> None:
    hits = np.array([[1.0]] * 60 + [[0.0]] * 40)
    estimate = Bootstrap(100).of_sums(hits, lambda sums: sums[:, 0] / 100)
    assert estimate.value == 0.6
    assert 0.48 < estimate.low < 0.55 < 0.65 < estimate.high < 0.72
