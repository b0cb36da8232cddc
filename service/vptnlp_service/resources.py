"""The resources under `/v1`."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from vptnlp import taxonomy
from vptnlp.messages import Message
from vptnlp_service import bodies, problems, render, schemas
from vptnlp_service.batching import Render
from vptnlp_service.bodies import HeldBytes
from vptnlp_service.engine import Engine
from vptnlp_service.ndjson import StreamResponse
from vptnlp_service.problems import Problem
from vptnlp_service.settings import Settings
from vptnlp_service.trail import Trail

T = TypeVar("T")

_GONE = 499
"""Status in the log for a client that went away; nobody receives it."""


class ClientGoneError(Exception):
    """The client closed the connection before its answer was ready."""


def router(engine: Engine, settings: Settings, held: HeldBytes) -> APIRouter:
    """The resources.

    Args:
        engine: The model.
        settings: The limits.
        held: The bytes of bodies in memory.
    """
    routes = APIRouter()

    async def answer(request: Request, name: str, given: Sequence[schemas.MessageIn], how: Render) -> Response:
        messages = named(given, settings)
        try:
            parts = await while_connected(request, engine.answer(Trail.of(request.scope), messages, how))
        except ClientGoneError:
            return gone(request)
        return Response(render.whole(engine.analyzer.info, name, parts), media_type="application/json")

    @routes.post("/v1/assessments", response_model=schemas.AssessmentsOut, tags=["assessments"])
    async def create_assessments(request: Request) -> Response:
        """Assess messages: one assessment each, in the same order.

        With `Content-Type: application/x-ndjson` the body is a stream of any length, one message a line. Each line is
        answered by a line: an assessment, or a problem with the number of the `line`, after which the rest goes on.
        """
        if bodies.is_stream(request.scope):
            return StreamResponse(engine, settings, held, render.assessments())
        engine.check_room()
        asked = await bodies.read(request, schemas.AssessmentsIn, settings.max_messages)
        return await answer(request, "assessments", asked.messages, render.assessments(asked.options.include_text))

    @routes.post("/v1/details", response_model=schemas.DetailsOut, tags=["details"])
    async def create_details(request: Request) -> Response:
        """Find the personal details in messages, whose they are, and whether they are exposed."""
        engine.check_room()
        asked = await bodies.read(request, schemas.DetailsIn, settings.max_messages)
        return await answer(request, "details", asked.messages, render.details(asked.options.include_text))

    @routes.post("/v1/redactions", response_model=schemas.RedactionsOut, tags=["details"])
    async def create_redactions(request: Request) -> Response:
        """Replace the personal details in messages by placeholders, stable within the request.

        What is not recognised stays in the text: a redacted text is less harmful, not anonymous.
        """
        engine.check_room()
        asked = await bodies.read(request, schemas.RedactionsIn, settings.max_messages)
        return await answer(request, "redactions", asked.messages, render.redactions(asked.options))

    @routes.get("/v1/taxonomy", response_model=schemas.TaxonomyOut, tags=["reference"])
    async def read_taxonomy(request: Request) -> Response:
        """The labels with their Dutch names and definitions."""
        return tagged(request, taxonomy.as_dict())

    @routes.get("/v1/models", response_model=schemas.ModelsOut, tags=["reference"])
    async def list_models(request: Request) -> Response:
        """The loaded models, with version, hash and headline figures."""
        return tagged(request, {"models": [_entry(engine)]})

    @routes.get("/v1/models/{name}", response_model=schemas.ModelEntryOut, tags=["reference"])
    async def read_model(request: Request, name: str) -> Response:
        """One loaded model."""
        entry = _entry(engine)
        if entry["name"] != name:
            raise Problem(404, "not-found", "No model of that name is loaded; 'GET /v1/models' lists what is.")
        return tagged(request, entry)

    return routes


def named(given: Sequence[schemas.MessageIn], settings: Settings) -> list[Message]:
    """Messages with an id each, within the limits.

    Raises:
        Problem: There are too many, or one is too long.
    """
    if len(given) > settings.max_messages:
        raise problems.too_many(settings.max_messages)
    long = [
        _fault(f"/messages/{i}/text", "string_too_long", f"At most {settings.max_characters} characters.")
        for i, message in enumerate(given)
        if len(message.text) > settings.max_characters
    ]
    if long:
        raise Problem(400, "invalid-input", "A message is too long; 'errors' says which.", faults=long)
    return [Message(message.id or str(i), message.text) for i, message in enumerate(given, 1)]


async def while_connected(request: Request, work: Awaitable[T]) -> T:
    """Do the work of a request unless its client goes away first; then nobody else waits for it either.

    Raises:
        ClientGoneError: The client went away.
    """
    answered = asyncio.ensure_future(work)
    left = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({answered, left}, return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            raise ClientGoneError
        return answered.result()
    finally:
        answered.cancel()
        left.cancel()


def gone(request: Request) -> Response:
    """What stands in the log for a client that went away."""
    Trail.of(request.scope).refused = "client-gone"
    return Response(status_code=_GONE)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def tagged(request: Request, content: Mapping[str, Any]) -> Response:
    """A JSON answer with an ETag, or 304 where the caller has it already."""
    body = json.dumps(content, ensure_ascii=False).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    known = {given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _entry(engine: Engine) -> dict[str, Any]:
    analyzer = engine.analyzer
    entry: dict[str, Any] = {**render.model(analyzer.info), "taxonomy": taxonomy.VERSION, "metrics": {}}
    if analyzer.bundle is not None:
        manifest = analyzer.bundle.manifest
        entry |= {
            "kind": manifest.kind,
            "taxonomy": manifest.taxonomy,
            "corpus": manifest.corpus.model_dump(),
            "metrics": analyzer.bundle.metrics().get("headline", {}),
        }
    return entry


def _fault(pointer: str, code: str, detail: str) -> dict[str, Any]:
    return {"in": "body", "location": {"pointer": pointer}, "code": code, "detail": detail}
