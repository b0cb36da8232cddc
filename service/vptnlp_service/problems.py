"""Errors as RFC 9457 problem details. No input value is ever echoed."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str) -> JSONResponse:
    """A problem document.

    Args:
        status: HTTP status.
        detail: A full sentence without any value of the request.
    """
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every error of the application with a problem document."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [f"{_place(fault['loc'])}: {_reason(fault['type'])}" for fault in error.errors()[:10]]
        return problem(422, "The request does not fit the schema. " + " ".join(faults))

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, f"{HTTPStatus(error.status_code).description or 'The request failed'}.")

    @app.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> JSONResponse:
        return problem(500, "The service could not answer this request.")


def _place(location: tuple[int | str, ...]) -> str:
    """Where the fault is. Unknown keys come from the sender, so only known ones are named."""
    known = {"body", "messages", "id", "text"}
    return ".".join(str(part) if isinstance(part, int) or part in known else "(unknown key)" for part in location)


def _reason(kind: str) -> str:
    """What is wrong, from pydantic's type of error alone: its message may hold the value."""
    return kind.replace("_", " ") + "."
