"""Metrics, label rates and their drift."""

from __future__ import annotations

import json
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from vptnlp_service import drift


def samples(client: Any) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = client.get("/metrics").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_batches_labels_and_the_model_are_counted(workshop: Any) -> None:
    with workshop.client() as client:
        client.post("/v1/assessments", json={"messages": [{"text": "Ik maak je af, vieze hond"}, {"text": "Dank."}]})
        client.post("/v1/assessments", json={})
        client.get("/niets/kanarie-51c0")
        found = samples(client)
    route = ("route", "/v1/assessments")
    assert found["vptnlp_requests_total", (("method", "POST"), route, ("status", "200"))] == 1
    assert found["vptnlp_requests_total", (("method", "POST"), route, ("status", "400"))] == 1
    assert found["vptnlp_requests_total", (("method", "GET"), ("route", "(none)"), ("status", "404"))] == 1
    assert found["vptnlp_request_seconds_count", (route,)] == 2
    assert found["vptnlp_refused_total", (("reason", "invalid-input"),)] == 1
    assert found["vptnlp_messages_total", ()] == 2
    assert found["vptnlp_batch_messages_sum", ()] == 2
    assert found["vptnlp_queue_messages", ()] == 0
    assert found["vptnlp_labels_total", (("axis", "threat"), ("label", "direct"))] == 1
    assert found["vptnlp_labels_total", (("axis", "threat"), ("label", "none"))] == 1
    info = workshop.linear.info
    named = (("name", info.name), ("sha256", info.sha256), ("version", info.version))
    assert found["vptnlp_model", named] == 1
    assert found["vptnlp_label_rate_messages", ()] == 2
    direct = (("axis", "threat"), ("label", "direct"))
    assert found["vptnlp_label_rate", direct] == 0.5
    reference = found["vptnlp_label_rate_reference", direct]
    assert 0.02 < reference < 0.3
    assert found["vptnlp_label_rate_drift", direct] == pytest.approx(0.5 - reference)


def test_the_reference_is_how_often_the_model_says_it() -> None:
    metrics = {"messages": 100, "labels": {"threat": {"direct": {"support": 10, "recall": 0.5, "precision": 0.25}}}}
    # 5 right ones are a quarter of what it said: it said it 20 times.
    assert drift.reference(metrics) == {("threat", "direct"): 0.2}
    assert drift.reference({}) == {}


def test_the_window_forgets_after_a_day() -> None:
    now = 0.0
    window = drift.Window(lambda: now)
    assert window.rates() == (0, {})
    window.add([[("threat", "direct")], [("threat", "none")]])
    now = 3 * 3600.0
    window.add([[("threat", "none")]])
    messages, rates = window.rates()
    assert (messages, rates["threat", "direct"]) == (3, pytest.approx(1 / 3))
    now = 25 * 3600.0
    messages, rates = window.rates()
    assert (messages, rates["threat", "direct"], rates["threat", "none"]) == (1, 0, 1)


def test_rates_of_a_bundle_add_up(workshop: Any) -> None:
    rates = drift.reference(workshop.linear.bundle.metrics())
    assert sum(rate for (axis, _), rate in rates.items() if axis == "threat") == pytest.approx(1, abs=0.02)


def test_the_log_has_one_line_a_request_with_counts_and_times(workshop: Any) -> None:
    import io

    log = io.StringIO()
    with workshop.client(log=log) as client:
        client.post("/v1/assessments", json={"messages": [{"text": "Dank."}] * 3})
        client.get("/livez")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [line] = [line for line in lines if line.get("route") == "/v1/assessments"]
    assert (line["status"], line["messages"], line["failed"], line["level"]) == (200, 3, 0, "info")
    assert line["ms"] > 0
    assert len(line["request_id"]) == 36
    [quiet] = [line for line in lines if line.get("route") == "/livez"]
    assert quiet["level"] == "debug"
