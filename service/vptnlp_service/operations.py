"""What operators ask: health and metrics. Outside the versioned interface."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client.exposition import choose_encoder

from vptnlp_service import render
from vptnlp_service.engine import Engine, not_live
from vptnlp_service.metrics import Metrics
from vptnlp_service.problems import Problem


def router(engine: Engine, metrics: Metrics) -> APIRouter:
    """Health and metrics.

    Args:
        engine: The model.
        metrics: The metrics.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def live() -> dict[str, Any]:
        """Whether the process runs; not where a restart would help."""
        if not engine.live:
            raise not_live()
        return {"status": "ok"}

    @routes.get("/readyz")
    async def ready() -> dict[str, Any]:
        """Whether the model answers."""
        if not engine.ready:
            raise Problem(503, "not-ready", "The model cannot answer now.", retry_after=5)
        return {"status": "ok", "model": render.model(engine.analyzer.info)}

    @routes.get("/metrics")
    async def measured(request: Request) -> Response:
        """All metrics, for Prometheus."""
        encoder, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encoder(metrics.registry), headers={"Content-Type": media_type})

    return routes
