"""The outermost layer: request ids, headers on every answer, and the last catch of errors.

No error goes on to the web server, whose log would print its words.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vptnlp.messages import ModelInfo
from vptnlp_service import logs, problems
from vptnlp_service.metrics import Metrics
from vptnlp_service.tracing import Tracing
from vptnlp_service.trail import KEY, Trail

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

API_VERSION = "1.0.0"
"""Version of the HTTP interface, by semantic versioning; its major part stands in the path."""

# NLGov API Design Rules, /core/transport/security-headers. A page of the desk may say otherwise.
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
QUIET = frozenset({"/livez", "/readyz", "/metrics", "/v2/health/live", "/v2/health/ready"})
"""Routes that are asked every few seconds; logged at level debug."""


class Envelope:
    """ASGI middleware around everything.

    Args:
        app: What is inside.
        logger: The log.
        metrics: The metrics.
        model: Gives the loaded model, once there is one.
        tracing: Traces, where wanted.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        logger: FilteringBoundLogger,
        metrics: Metrics,
        model: Callable[[], ModelInfo | None],
        tracing: Tracing | None = None,
    ) -> None:
        self._app = app
        self._logger = logger
        self._metrics = metrics
        self._model = model
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trail = scope[KEY] = Trail.begin(headers.get("x-request-id"))
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._complete(MutableHeaders(scope=message), trail)
            await send(message)

        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        span = self._tracing.span(method, headers.get("traceparent")) if self._tracing else nullcontext()
        with span as current:
            try:
                await self._app(scope, receive, send_with_headers)
            except Exception as error:
                self._logger.error("request failed", request_id=trail.request_id, **logs.describe(error))
                if status == 0:
                    await problems.answer(problems.failed(), Request(scope))(scope, receive, send_with_headers)
                else:
                    status = 500
            route = _route(scope)
            if current is not None:
                current.update_name(f"{method} {route}")
                current.set_attributes(
                    {
                        "http.request.method": method,
                        "http.route": route,
                        "http.response.status_code": status,
                        "vptnlp.messages": trail.messages,
                        "vptnlp.request_id": trail.request_id,
                    }
                )
        self._record(trail, route, method, status)

    def _complete(self, headers: MutableHeaders, trail: Trail) -> None:
        headers["API-Version"] = API_VERSION
        headers["X-Request-ID"] = trail.request_id
        model = self._model()
        if model is not None:
            # A dictionary as in RFC 9651, for answers that have no room for it in their body.
            headers["Model"] = f'name="{model.name}", version="{model.version}", sha256="{model.sha256}"'
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)

    def _record(self, trail: Trail, route: str, method: str, status: int) -> None:
        seconds = time.monotonic() - trail.started
        self._metrics.request(route, method, status, seconds)
        if trail.refused:
            self._metrics.refused(trail.refused)
        write = self._logger.debug if route in QUIET else self._logger.info
        write(
            "request",
            request_id=trail.request_id,
            route=route,
            method=method,
            status=status,
            ms=round(seconds * 1000, 1),
            queued_ms=round(trail.queued * 1000, 1),
            messages=trail.messages,
            failed=trail.failed,
            caller=trail.caller,
            refused=trail.refused,
        )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _route(scope: Scope) -> str:
    """The pattern of the path, never the path itself: a path that nobody knows may be text."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or "(none)"
