"""The triage desk: a Dutch web page that reads messages, shows what the service says of them and keeps nothing."""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from vptnlp_service.desk import inbox, pages
from vptnlp_service.settings import Settings

if TYPE_CHECKING:
    import os

    from starlette.responses import Response
    from starlette.types import Scope

__all__ = ["install"]


class _Static(StaticFiles):
    """The page's own scripts and styles, with the headers of the page."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(pages.HEADERS)
        return response


def install(app: FastAPI, settings: Settings) -> None:
    """Add the desk to an application that serves the API under ``/v1``.

    Routes: ``/`` the desk, ``/desk/grenzen`` what it cannot do, ``/desk/static/...``, ``POST /desk/messages`` (the
    messages in one file) and ``GET /desk/sample`` (the sample inbox). The pages hold no data and may stay open, so
    that they can ask for a key; what is posted is guarded by the application, as the API is, and bounded by its `BodyLimit`.

    Args:
        app: The application.
        settings: The limits that the page tells and keeps to.
    """
    desk, limits = pages.render("desk.html.j2", settings), pages.render("limits.html.j2", settings)
    turns = inbox.Turns(settings.time_limit)
    folder = Path(str(resources.files("vptnlp_service.desk") / "static"))
    app.mount("/desk/static", _Static(directory=folder), name="desk-static")

    @app.get("/", include_in_schema=False)
    async def page() -> HTMLResponse:
        return HTMLResponse(desk, headers=pages.HEADERS)

    @app.get("/desk/grenzen", include_in_schema=False)
    async def cannot() -> HTMLResponse:
        return HTMLResponse(limits, headers=pages.HEADERS)

    @app.post("/desk/messages", include_in_schema=False)
    async def messages(request: Request) -> JSONResponse:
        name = inbox.file_name(request.headers.get("x-file-name", ""))
        return _answer(await turns.read(name, await request.body()))

    @app.get("/desk/sample", include_in_schema=False)
    async def sample() -> JSONResponse:
        return _answer(await run_in_threadpool(inbox.sample, datetime.now().astimezone()))


def _answer(content: dict[str, Any]) -> JSONResponse:
    return JSONResponse(content, headers={**pages.HEADERS, "Cache-Control": "no-store"})
