"""OpenTelemetry spans of requests, where the operator wants them: route, status and counts, never content.

Where they go is said by the standard `OTEL_*` variables. Needs the extra ``otel``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from vptnlp import __version__
from vptnlp.errors import MissingExtraError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span


class Tracing:
    """Opens a span for each request.

    Args:
        provider: Where spans go; by the `OTEL_*` variables, over OTLP, when left out.

    Raises:
        MissingExtraError: OpenTelemetry is not installed.
    """

    def __init__(self, provider: TracerProvider | None = None) -> None:
        try:
            self._provider = provider or _exporting()
        except ImportError as error:
            raise MissingExtraError(error.name or "opentelemetry", "otel", "send traces") from None
        self._tracer = self._provider.get_tracer("vptnlp_service", __version__)

    @contextmanager
    def span(self, method: str, traceparent: str | None) -> Iterator[Span]:
        """A span for one request; its caller sets name and attributes.

        Args:
            method: HTTP method.
            traceparent: The W3C header by which the caller's own trace goes on.
        """
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        parent = TraceContextTextMapPropagator().extract({"traceparent": traceparent} if traceparent else {})
        # An error's words may quote a message, so errors are not recorded here; the log has their type and place.
        with self._tracer.start_as_current_span(
            method, parent, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            yield span

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()


def _exporting() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "vptnlp"}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
