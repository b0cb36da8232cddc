"""Bodies of requests: bounded in size, in time and in how many stand in memory together, before anything parses them."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any, TypeVar

import pydantic
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vptnlp_service import problems
from vptnlp_service.problems import Problem
from vptnlp_service.settings import Settings
from vptnlp_service.trail import Trail

NDJSON = "application/x-ndjson"

_JSON = "application/json"
_DRAINED = 16_000_000
_DRAIN_SECONDS = 2.0
_VALUES_BESIDES = 1000
_VALUES_PER_MESSAGE = 4
"""Values in a body: its options, and each message with its members. A body with many more cannot fit, and every value of it
could be a fault of its own."""

_GONE = 499
"""Status in the log for a client that went away in the middle of its body."""


class HeldBytes:
    """Counts the bytes of bodies in memory.

    Args:
        most: How many there may be.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.held = 0

    def take(self, count: int) -> None:
        """Note bytes that came in.

        Raises:
            Problem: There is no room for them now.
        """
        if self.held + count > self._most:
            raise Problem(503, "busy", "The service holds too many large requests; try again later.", retry_after=2)
        self.held += count

    def give(self, count: int) -> None:
        """Note bytes that are gone."""
        self.held -= count


def too_large(most: int) -> Problem:
    """A body over the limit."""
    return Problem(413, "too-large", f"The body is larger than {most} bytes; send fewer messages at once.")


def is_stream(scope: Scope) -> bool:
    """Whether the body is a stream of lines, which has limits of its own."""
    return bool(scope["path"] == "/v1/assessments" and _media_type(Headers(scope=scope)) == NDJSON)


class BodyLimit:
    """ASGI middleware that stops bodies which are too large or too slow, with or without a `Content-Length`.

    Args:
        app: What is inside.
        settings: The limits.
        held: The bytes in memory.
    """

    def __init__(self, app: ASGIApp, settings: Settings, held: HeldBytes) -> None:
        self._app = app
        self._settings = settings
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or is_stream(scope):
            await self._app(scope, receive, send)
            return
        settings = self._settings
        most = settings.max_upload if scope["path"].startswith("/desk/") else settings.max_body
        length = Headers(scope=scope).get("content-length", "")
        if length.isascii() and length.isdigit() and int(length) > most:
            await _drain(receive)
            await refuse(too_large(most), scope, receive, send)
            return
        taken = 0
        whole = False
        until = time.monotonic() + settings.body_seconds

        async def bounded() -> Message:
            nonlocal taken, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout(until - time.monotonic()):
                    message = await receive()
            except TimeoutError:
                raise Problem(408, "slow-body", "The body did not arrive in time; send it again.") from None
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            count = len(message.get("body", b""))
            if taken + count > most:
                if not whole:
                    await _drain(receive)
                raise too_large(most)
            self._held.take(count)
            taken += count
            return message

        try:
            await self._app(scope, bounded, send)
        except ClientDisconnect:
            # Not an error of ours, so no 500 in the log and the metrics; nobody receives this answer.
            Trail.of(scope).refused = "client-gone"
            await Response(status_code=_GONE)(scope, receive, send)
        finally:
            self._held.give(taken)


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem from a middleware."""
    await problems.answer(problem, Request(scope))(scope, receive, send)


async def _drain(receive: Receive) -> None:
    """Read on a little: a client that is still sending would lose the answer with the connection."""
    left = _DRAINED
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return


M = TypeVar("M", bound=pydantic.BaseModel)


async def read(request: Request, model: type[M], most: int) -> M:
    """Read and check a JSON body.

    Args:
        request: The request.
        model: What it must be.
        most: Messages in one request.

    Raises:
        Problem: It is no JSON, or does not fit.
    """
    media = _media_type(request.headers)
    if media != _JSON and not (media.startswith("application/") and media.endswith("+json")):
        raise Problem(415, "media-type", f"The body must be JSON, with 'Content-Type: {_JSON}'.")
    value = parse(await request.body())
    if isinstance(value, dict) and isinstance(given := value.get("messages"), list) and len(given) > most:
        raise problems.too_many(most)
    check_values(value, _VALUES_PER_MESSAGE * most + _VALUES_BESIDES)
    try:
        return model.model_validate(value)
    except pydantic.ValidationError as error:
        raise problems.invalid(error) from None


def parse(raw: bytes, where: str = "body") -> Any:
    """Read JSON in UTF-8.

    Args:
        raw: The bytes.
        where: What they are, for the sentence of the problem.

    Raises:
        Problem: It is none.
    """
    try:
        return json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise problems.malformed(where) from None


def check_values(value: Any, most: int, where: str = "body") -> None:
    """Refuse JSON with more values in it than any that fits, before the schema finds fault with each of them.

    Args:
        value: The parsed JSON.
        most: Values that it may hold, at all depths together.
        where: What it is, for the sentence of the problem.

    Raises:
        Problem: It holds more.
    """
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict | list):
            most -= len(here)
            if most < 0:
                raise Problem(400, "invalid-input", f"The {where} holds far more values than its schema has.")
            waiting += here.values() if isinstance(here, dict) else here


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
