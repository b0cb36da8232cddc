"""The application: assessments and health."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from vptnlp import Analyzer, Message, __version__
from vptnlp.bundle import DEFAULT
from vptnlp_service import problems
from vptnlp_service.schemas import AssessmentsIn


def create_app(model: str = DEFAULT) -> FastAPI:
    """Build the application.

    Args:
        model: A bundle folder, or the name of a shipped one; loaded when the application starts.
    """
    state: dict[str, Analyzer] = {}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        state["analyzer"] = await run_in_threadpool(Analyzer.load, model)
        yield
        state.clear()

    app = FastAPI(
        title="vptnlp",
        version=__version__,
        description="Recognises threats, intent and doxing in Dutch messages to people with a public task.",
        lifespan=lifespan,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)

    @app.post("/v1/assessments")
    async def assessments(request: AssessmentsIn) -> JSONResponse:
        """Assess up to 256 messages; one assessment each, in the same order."""
        messages = [Message(m.id or str(i), m.text) for i, m in enumerate(request.messages, 1)]
        done = await run_in_threadpool(lambda: [a.to_dict() for a in state["analyzer"].assess_many(messages)])
        return JSONResponse({"assessments": done}, headers={"API-Version": __version__})

    @app.get("/livez")
    async def live() -> dict[str, Any]:
        """Whether the process runs."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def ready() -> JSONResponse:
        """Whether the model can answer."""
        if "analyzer" not in state:
            return problems.problem(503, "The model is not loaded yet.")
        return JSONResponse({"status": "ok", "model": state["analyzer"].info.name})

    return app
