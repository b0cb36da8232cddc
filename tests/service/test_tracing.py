"""OpenTelemetry: spans with route and counts, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from vptnlp_service.tracing import Tracing

CANARY = "kanarie-51c0"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def provider(spans: InMemorySpanExporter) -> TracerProvider:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return provider


def visit(client: Any) -> None:
    client.app.get("/v1/stuk")(_broken)
    body = {"messages": [{"id": CANARY, "text": f"Ik weet waar je woont {CANARY}"}]}
    parent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "baggage": f"a={CANARY}"}
    assert client.post(f"/v1/assessments?q={CANARY}", json=body, headers=parent).status_code == 200
    assert client.post("/v1/assessments", json={CANARY: 1}).status_code == 400
    assert client.get(f"/{CANARY}").status_code == 404
    assert client.get("/v1/stuk").status_code == 500


async def _broken() -> None:
    raise RuntimeError(CANARY)


def test_spans_tell_route_status_and_counts(
    workshop: Any, spans: InMemorySpanExporter, provider: TracerProvider
) -> None:
    with workshop.client(app={"tracing": Tracing(provider)}) as client:
        visit(client)
        found = spans.get_finished_spans()
    assert [span.name for span in found] == [
        "POST /v1/assessments",
        "POST /v1/assessments",
        "GET (none)",
        "GET /v1/stuk",
    ]
    first = found[0]
    assert first.attributes is not None
    assert (first.attributes["http.response.status_code"], first.attributes["vptnlp.messages"]) == (200, 1)
    assert first.parent is not None
    assert format(first.parent.trace_id, "032x") == "0af7651916cd43dd8448eb211c80319c"
    assert CANARY not in "".join(span.to_json() for span in found)


def test_the_frameworks_own_telemetry_is_off(
    workshop: Any, spans: InMemorySpanExporter, provider: TracerProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would send paths and query strings to whatever is configured in the process."""
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    with workshop.client() as client:
        visit(client)
    assert spans.get_finished_spans() == ()


def test_the_exporter_is_made_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http", reason="needs the extra 'otel'")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    tracing = Tracing()
    tracing.close()
