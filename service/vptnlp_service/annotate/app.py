"""The application of the annotation table: pages, and the sheets behind them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.staticfiles import StaticFiles

from vptnlp.annotation.sheets import Role
from vptnlp.annotation.store import SettledError, StaleError
from vptnlp.errors import CorpusError
from vptnlp_service.annotate import pages
from vptnlp_service.annotate.gate import Gate
from vptnlp_service.annotate.work import NotGivenError, UnfinishedError, Work

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig

# As in the service: FastAPI's own telemetry would send what people type to whatever is configured in the process.
_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


class Change(BaseModel):
    """A new state of a sheet."""

    model_config = ConfigDict(extra="forbid")

    revision: int
    sheet: dict[str, Any]
    anyway: bool = False


class Step(BaseModel):
    """One step back or forth."""

    model_config = ConfigDict(extra="forbid")

    revision: int


def create_app(work: Work, token: str, codebook: Path | None = None) -> FastAPI:
    """Build the application.

    Args:
        work: Who does what; it decides what the page can reach.
        token: The key that opens the page.
        codebook: The codebook (Markdown); the definitions of the taxonomy alone when None.

    Raises:
        ConfigError: The codebook cannot be read.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=_NO_TELEMETRY)
    table = pages.table(work.author, adjudicates=work.role is Role.DECISION)
    book = pages.codebook(codebook)
    for name in ("desk", "annotate"):
        folder = Path(str(resources.files(f"vptnlp_service.{name}") / "static"))
        app.mount(f"/{name}/static", StaticFiles(directory=folder), name=f"{name}-static")

    @app.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(table)

    @app.get("/codeboek")
    async def read_codebook() -> HTMLResponse:
        return HTMLResponse(book)

    # These wait for the disk, so they are no coroutines: FastAPI runs them in threads.
    @app.get("/api/tasks")
    def overview() -> dict[str, Any]:
        return {"tasks": work.overview()}

    @app.get("/api/tasks/{number}")
    def read(number: int) -> dict[str, Any]:
        return work.open(number)

    @app.put("/api/tasks/{number}/sheet")
    def save(number: int, change: Change) -> dict[str, Any]:
        return work.save(number, change.revision, change.sheet, anyway=change.anyway)

    @app.post("/api/tasks/{number}/undo")
    def undo(number: int, step: Step) -> dict[str, Any]:
        return work.step(number, step.revision, back=True)

    @app.post("/api/tasks/{number}/redo")
    def redo(number: int, step: Step) -> dict[str, Any]:
        return work.step(number, step.revision, back=False)

    _say_problems(app)
    app.add_middleware(Gate, token=token)
    return app


def _say_problems(app: FastAPI) -> None:
    """Every problem as one Dutch sentence; never with words of a message."""
    known: dict[type[Exception], tuple[int, str]] = {
        NotGivenError: (404, "Dit bericht is er niet, of het is niet aan jou gegeven."),
        StaleError: (409, "Dit is intussen ergens anders veranderd. De nieuwste versie is geladen."),
        SettledError: (423, "Over dit bericht is al beslist. Je antwoord kan niet meer veranderen."),
        CorpusError: (422, "De server kan dit antwoord niet lezen. Laad de pagina opnieuw."),
        RequestValidationError: (422, "De server begrijpt dit verzoek niet. Laad de pagina opnieuw."),
    }

    def handler(status: int, sentence: str) -> Callable[[Request, Exception], JSONResponse]:
        return lambda _request, _error: JSONResponse({"detail": sentence}, status)

    for kind, (status, sentence) in known.items():
        app.add_exception_handler(kind, handler(status, sentence))

    @app.exception_handler(UnfinishedError)
    async def unfinished(_: Request, error: UnfinishedError) -> JSONResponse:
        return JSONResponse({"detail": "Dit klopt nog niet.", "remarks": error.remarks, "final": error.final}, 422)
