"""The API description: OpenAPI 3.1 with examples, contact, security schemes and the problems of every operation.

The service checks bodies itself (so that no value is echoed), and FastAPI therefore does not know their schemas; they are added
here. As the NLGov API Design Rules ask, the version stands in the server's address and not in the paths.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from vptnlp_service import examples, schemas
from vptnlp_service.bodies import NDJSON
from vptnlp_service.envelope import API_VERSION
from vptnlp_service.problems import MEDIA_TYPE, Problem
from vptnlp_service.settings import Settings

BASE = "/v1"

_DESCRIPTION = (
    "Recognises threats, intent and doxing in Dutch messages to people with a public task. The machine proposes; a person "
    "decides. Messages live in memory only while they are assessed: they are not stored and not logged."
)
_MESSAGES = [
    {"id": "mail-1", "text": "Als je die boete niet intrekt, sta ik morgen bij je op de stoep in de Kerkstraat 12."},
    {"id": "mail-2", "text": "Bedankt voor de snelle hulp gisteren."},
]
_BODIES: dict[str, tuple[type[schemas._In], dict[str, Any]]] = {
    "/assessments": (schemas.AssessmentsIn, {"messages": _MESSAGES}),
    "/details": (schemas.DetailsIn, {"messages": _MESSAGES, "options": {"include_text": False}}),
    "/redactions": (schemas.RedactionsIn, {"messages": _MESSAGES, "options": {"kinds": ["ADDRESS", "PHONE"]}}),
}
_PROBLEMS = {
    400: ("Malformed or invalid input", "invalid-input", "The body does not fit the schema; 'errors' says where and why."),
    401: ("No valid key or token", "unauthenticated", "A valid key or token is needed."),
    403: ("Not allowed", "forbidden", "This key or token lacks the scope 'assess'."),
    404: ("Not found", "not-found", "No model of that name is loaded; 'GET /v1/models' lists what is."),
    408: ("The body did not arrive in time", "slow-body", "The body did not arrive in time; send it again."),
    413: ("Body too large", "too-large", "The body is larger than 8000000 bytes; send fewer messages at once."),
    415: ("Not JSON", "media-type", "The body must be JSON, with 'Content-Type: application/json'."),
    429: ("Too many requests of this caller", "rate-limit", "This caller may make 600 requests per 60 seconds."),
    500: ("An error of the service", "internal", "The service could not answer this request."),
    503: ("No room, no time or not ready", "queue-full", "Too many messages wait for the model; try again later."),
}  # fmt: skip
_WITH_BODY = (400, 401, 403, 408, 413, 415, 429, 500, 503)
_WITHOUT_BODY = (400, 401, 403, 429, 500, 503)
_HEADERS = {
    "API-Version": ("Version of this interface", API_VERSION),
    "Model": ("The model that answered", 'name="vpt-nl-linear", version="0.1.0", sha256="b11e..."'),
    "X-Request-ID": ("Id of the request, for the log", "7f9c24e8-3b12-4fef-91e0-d9a3c1b0a5f1"),
}

_CACHING = {
    "ETag": {"schema": {"type": "string"}, "description": "For 'If-None-Match'."},
    "Cache-Control": {"schema": {"type": "string"}, "description": "It is checked before it is used again."},
}


def install(app: FastAPI, settings: Settings) -> None:
    """Make the application describe itself so.

    Args:
        app: The application.
        settings: Contact and limits.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app, settings)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def describe(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The description."""
    contact = {"name": settings.contact_name, "url": settings.contact_url, "email": settings.contact_email}
    found = get_openapi(
        title="vptnlp",
        version=API_VERSION,
        description=_DESCRIPTION,
        routes=app.routes,
        servers=[{"url": BASE}],
        contact={key: value for key, value in contact.items() if value is not None},
        license_info={"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        tags=[
            {"name": "assessments", "description": "What a message is, and what to do."},
            {"name": "details", "description": "Personal details in a message."},
            {"name": "reference", "description": "Labels and models."},
        ],
    )
    components = found.setdefault("components", {})
    components["schemas"] = _schemas(components.get("schemas", {}), settings)
    components["headers"] = {
        name: {"description": text, "schema": {"type": "string"}, "example": example}
        for name, (text, example) in _HEADERS.items()
    }
    components["responses"] = {f"Problem{status}": _problem(status) for status in _PROBLEMS}
    if settings.authenticates:
        components["securitySchemes"] = {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key, or an OpenID Connect access token.",
            },
            "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
        }
        found["security"] = [{"bearer": []}, {"key": []}]
    found["paths"] = {path.removeprefix(BASE): item for path, item in found["paths"].items() if path.startswith(BASE)}
    for path, item in found["paths"].items():
        for operation in item.values():
            _complete(path, operation)
    return found


def _complete(path: str, operation: dict[str, Any]) -> None:
    # Names of operations become names of functions in generated clients.
    operation["operationId"] = operation["operationId"].split("_v1_")[0]
    responses = operation["responses"]
    responses.pop("422", None)
    ok = responses["200"]
    ok["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
    ok["content"]["application/json"]["example"] = examples.ANSWERS[path]
    statuses = list(_WITHOUT_BODY)
    if path in _BODIES:
        model, example = _BODIES[path]
        content: dict[str, Any] = {"application/json": {"schema": _ref(model.__name__), "example": example}}
        statuses = list(_WITH_BODY)
        if path == "/assessments":
            lines = '{"id": "1", "text": "Ik weet je te vinden."}\n{"id": "2", "text": "Tot morgen."}\n'
            content[NDJSON] = {"schema": {"type": "string", "description": "One message a line."}, "example": lines}
            ok["content"][NDJSON] = {"schema": {"type": "string", "description": "One assessment or problem a line."}}
        operation["requestBody"] = {"required": True, "content": content}
    else:
        ok["headers"] |= _CACHING
        operation.setdefault("parameters", []).append(
            {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
        )
        responses["304"] = {"description": "Not changed", "headers": ok["headers"]}
    if "{" in path:
        statuses.append(404)
    for status in sorted(statuses):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def _schemas(known: dict[str, Any], settings: Settings) -> dict[str, Any]:
    more = [(model, "validation") for model, _ in _BODIES.values()]
    _, made = models_json_schema(
        [*more, (schemas.ProblemOut, "serialization")],  # type: ignore[list-item]
        ref_template="#/components/schemas/{model}",
    )
    merged = {**known, **made["$defs"]}
    for unused in ("HTTPValidationError", "ValidationError"):
        merged.pop(unused, None)
    merged["MessageIn"]["properties"]["text"]["maxLength"] = settings.max_characters
    for model, _ in _BODIES.values():
        merged[model.__name__]["properties"]["messages"]["maxItems"] = settings.max_messages
    return dict(sorted(merged.items()))


def _problem(status: int) -> dict[str, Any]:
    text, kind, detail = _PROBLEMS[status]
    response: dict[str, Any] = {
        "description": text,
        "content": {MEDIA_TYPE: {"schema": _ref("ProblemOut"), "example": Problem(status, kind, detail).body()}},
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("API-Version", "X-Request-ID")},
    }
    if status in (429, 503):
        response["headers"]["Retry-After"] = {"schema": {"type": "integer"}, "description": "Seconds to wait."}
    return response


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
