"""Errors as RFC 9457 problem details. No input value is ever echoed.

The NLGov API Design Rules ask for ``status``, ``title`` and ``detail`` in every problem, status 400 for every kind of invalid
input, and all faults of the input together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import pydantic
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from vptnlp_service.trail import Trail

MEDIA_TYPE = "application/problem+json"
PAGE = "https://github.com/vptnlp/vptnlp/blob/main/docs/api.md"
"""The page that explains each type of problem."""

_MOST_FAULTS = 50
_MOST_LISTED = 5_000
"""Faults above which none is told by itself: pydantic describes all of them before we choose ours."""

# Names that our own schemas know; any other key in a request comes from the sender and is not repeated.
_KNOWN = frozenset({
    "messages", "options", "id", "text", "include_text", "kinds", "subjects",
    "inputs", "outputs", "name", "shape", "datatype", "data", "parameters",
})  # fmt: skip


class Problem(HTTPException):
    """A request that is refused, with the reason.

    Args:
        status: HTTP status.
        kind: Name of the type of problem, an anchor on `PAGE`.
        detail: A full sentence without any value of the request.
        faults: What is wrong where, for invalid input.
        retry_after: Seconds after which it is worth trying again.
        headers: Further headers.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        faults: Sequence[Mapping[str, Any]] = (),
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        extra = {} if retry_after is None else {"Retry-After": str(retry_after)}
        super().__init__(status, detail, {**(headers or {}), **extra})
        self.kind = kind
        self.faults = list(faults)

    def body(self, instance: str | None = None) -> dict[str, Any]:
        """The problem document.

        Args:
            instance: Id of the request, by which the log can be searched.
        """
        content: dict[str, Any] = {
            "type": f"{PAGE}#{self.kind}",
            "title": HTTPStatus(self.status_code).phrase,
            "status": self.status_code,
            "detail": self.detail,
        }
        if instance:
            content["instance"] = f"urn:uuid:{instance}"
        if self.faults:
            content["errors"] = self.faults
        return content


def answer(problem: Problem, request: Request) -> JSONResponse:
    """The response that tells a problem."""
    trail = Trail.of(request.scope)
    trail.refused = problem.kind
    content = problem.body(trail.request_id)
    if request.scope["path"].startswith("/v2"):
        # The Open Inference Protocol reads this member.
        content["error"] = problem.detail
    return JSONResponse(content, problem.status_code, problem.headers, MEDIA_TYPE)


def invalid(error: pydantic.ValidationError) -> Problem:
    """Input that does not fit its schema."""
    count = error.error_count()
    if count > _MOST_LISTED:
        return Problem(400, "invalid-input", f"The body does not fit the schema: it has {count} faults.")
    details = error.errors(include_url=False, include_context=False, include_input=False)
    faults = [_fault(fault) for fault in details[:_MOST_FAULTS]]
    more = len(details) - len(faults)
    also = f" Another {more} faults are not listed." if more else ""
    return Problem(
        400, "invalid-input", f"The body does not fit the schema; 'errors' says where and why.{also}", faults=faults
    )


def too_many(most: int) -> Problem:
    """More messages than fit in one request."""
    sentence = f"At most {most} messages fit in one request."
    fault = {"in": "body", "location": {"pointer": "/messages"}, "code": "too_long", "detail": sentence}
    return Problem(400, "invalid-input", f"{sentence} Send fewer, or a stream.", faults=[fault])


def malformed(where: str = "body") -> Problem:
    """Input that cannot be parsed."""
    return Problem(400, "malformed", f"The {where} is not valid JSON in UTF-8.")


def failed() -> Problem:
    """An error of our own."""
    return Problem(
        500, "internal", "The service could not answer this request. The log has the reason under the request's id."
    )


def install(app: FastAPI) -> None:
    """Answer every error of the application with a problem document."""

    @app.exception_handler(Problem)
    async def known(request: Request, error: Problem) -> JSONResponse:
        return answer(error, request)

    @app.exception_handler(RequestValidationError)
    async def unfit(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [_fault(fault) for fault in list(error.errors())[:_MOST_FAULTS]]
        return answer(Problem(400, "invalid-input", "The request does not fit the schema.", faults=faults), request)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "refused")
        sentence = (HTTPStatus(error.status_code).description or "The request is refused").rstrip(".") + "."
        headers = dict(error.headers or {})
        if headers.get("Allow") == "GET":
            headers["Allow"] = "GET, HEAD"
        return answer(Problem(error.status_code, kind, sentence, headers=headers), request)


def _fault(fault: ErrorDetails | Mapping[str, Any]) -> dict[str, Any]:
    """Where and why. Pydantic's message may hold the value, so only its type of error is told."""
    place = [part if isinstance(part, int) or part in _KNOWN else "(unknown)" for part in fault["loc"]]
    return {
        "in": "body",
        "location": {"pointer": "".join(f"/{part}" for part in place) or "/"},
        "code": fault["type"],
        "detail": fault["type"].replace("_", " ").capitalize() + ".",
    }
