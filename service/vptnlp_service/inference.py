"""The Open Inference Protocol, version 2, over HTTP, so that existing inference gateways can call the bundle.

One input tensor, ``text`` (BYTES, shape [n] or [n, 1]). Outputs: per axis its labels and scores, the urgency, and the whole
assessment record as JSON. See https://github.com/kserve/open-inference-protocol.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

import pydantic
import pydantic_core
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from vptnlp import __version__
from vptnlp.messages import Assessment, Message
from vptnlp.taxonomy import AXES, SINGLE_AXES
from vptnlp_service import bodies, schemas
from vptnlp_service.engine import Engine, not_live
from vptnlp_service.problems import Problem
from vptnlp_service.resources import ClientGoneError, gone, named, while_connected
from vptnlp_service.settings import Settings
from vptnlp_service.trail import Trail

_INPUT = "text"
_MOST_OUTPUTS = 100
"""Outputs in a request; there are fewer, and each is given once."""


class _In(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class TensorIn(_In):
    """An input tensor."""

    name: Literal["text"]
    shape: Annotated[
        list[Annotated[int, pydantic.Field(ge=0, strict=True)]], pydantic.Field(min_length=1, max_length=2)
    ]
    datatype: Literal["BYTES"]
    data: list[str | list[str]]


class OutputIn(_In):
    """An output that is asked for."""

    name: Annotated[str, pydantic.Field(max_length=100)]


class InferIn(_In):
    """An inference request."""

    id: Annotated[str, pydantic.Field(max_length=200)] | None = None
    inputs: Annotated[list[TensorIn], pydantic.Field(min_length=1, max_length=1)]
    outputs: Annotated[list[OutputIn], pydantic.Field(max_length=_MOST_OUTPUTS)] | None = None


Cell = Callable[[dict[str, Any]], Any]


class Output:
    """An output tensor: how each message fills its row.

    Args:
        name: Its name.
        datatype: Its type.
        labels: What its columns stand for; empty for one value a message.
        cell: The value (or values) of a message, from its record.
    """

    def __init__(self, name: str, datatype: str, labels: Sequence[str], cell: Cell) -> None:
        self.name = name
        self.datatype = datatype
        self.labels = list(labels)
        self.cell = cell

    def describe(self) -> dict[str, Any]:
        """Its metadata."""
        return {"name": self.name, "datatype": self.datatype, "shape": [-1, *self._columns()], **self._parameters()}

    def fill(self, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """The tensor, flat in row-major order."""
        rows = [self.cell(record) for record in records]
        data = [value for row in rows for value in row] if self.labels else rows
        shape = [len(records), *self._columns()]
        return {"name": self.name, "datatype": self.datatype, "shape": shape, "data": data, **self._parameters()}

    def _columns(self) -> list[int]:
        return [len(self.labels)] if self.labels else []

    def _parameters(self) -> dict[str, Any]:
        return {"parameters": {"labels": ",".join(self.labels)}} if self.labels else {}


def _outputs() -> list[Output]:
    outputs = []
    for axis, kind in AXES.items():
        labels = [str(label) for label in kind]
        if axis in SINGLE_AXES:
            outputs.append(Output(axis, "BYTES", (), lambda r, a=axis: r[a]["label"]))  # type: ignore[misc]
        else:
            outputs.append(
                Output(axis, "BOOL", labels, lambda r, a=axis, ls=labels: [label in r[a]["labels"] for label in ls])  # type: ignore[misc]
            )
        outputs.append(
            Output(f"{axis}_scores", "FP32", labels, lambda r, a=axis, ls=labels: [r[a]["scores"][k] for k in ls])  # type: ignore[misc]
        )
    return [
        *outputs,
        Output("organised_crime", "BOOL", (), lambda r: r["organised_crime"]["label"]),
        Output("organised_crime_score", "FP32", (), lambda r: r["organised_crime"]["score"]),
        Output("urgency", "BYTES", (), lambda r: r["triage"]["urgency"]),
        Output("urgency_score", "FP32", (), lambda r: r["triage"]["score"]),
        Output("assessment", "BYTES", (), lambda r: pydantic_core.to_json(r).decode()),
    ]


OUTPUTS = {output.name: output for output in _outputs()}


def router(engine: Engine, settings: Settings) -> APIRouter:
    """The endpoints of the protocol.

    Args:
        engine: The model.
        settings: The limits.
    """
    routes = APIRouter(include_in_schema=False)

    def check_name(name: str, version: str | None = None) -> None:
        info = engine.analyzer.info
        if name != info.name or version not in (None, info.version):
            raise Problem(
                404, "not-found", "No model of that name and version is loaded; 'GET /v1/models' lists what is."
            )

    @routes.get("/v2")
    async def server() -> dict[str, Any]:
        """What this server is."""
        return {"name": "vptnlp", "version": __version__, "extensions": []}

    @routes.get("/v2/health/live")
    async def live() -> dict[str, Any]:
        """Whether the process runs."""
        if not engine.live:
            raise not_live()
        return {"live": True}

    @routes.get("/v2/health/ready")
    async def ready() -> dict[str, Any]:
        """Whether the model answers."""
        if not engine.ready:
            raise Problem(503, "not-ready", "The model cannot answer now.", retry_after=5)
        return {"ready": True}

    @routes.get("/v2/models/{name}/versions/{version}")
    @routes.get("/v2/models/{name}")
    async def metadata(name: str, version: str | None = None) -> dict[str, Any]:
        """What goes in and what comes out."""
        check_name(name, version)
        info = engine.analyzer.info
        return {
            "name": info.name,
            "versions": [info.version],
            "platform": "vptnlp",
            "inputs": [{"name": _INPUT, "datatype": "BYTES", "shape": [-1]}],
            "outputs": [output.describe() for output in OUTPUTS.values()],
        }

    @routes.get("/v2/models/{name}/versions/{version}/ready")
    @routes.get("/v2/models/{name}/ready")
    async def model_ready(name: str, version: str | None = None) -> dict[str, Any]:
        """Whether the model answers."""
        check_name(name, version)
        return {"name": engine.analyzer.info.name, **await ready()}

    @routes.post("/v2/models/{name}/versions/{version}/infer")
    @routes.post("/v2/models/{name}/infer")
    async def infer(request: Request, name: str, version: str | None = None) -> Response:
        """Assess the texts of the input tensor."""
        check_name(name, version)
        engine.check_room()
        asked = await bodies.read(request, InferIn, settings.max_messages)
        wanted = _wanted(asked.outputs)
        messages = _messages(asked.inputs[0], settings)
        work = engine.answer(Trail.of(request.scope), messages, _record)
        try:
            parts = await while_connected(request, work)
        except ClientGoneError:
            return gone(request)
        records = [pydantic_core.from_json(part) for part in parts]
        info = engine.analyzer.info
        answer: dict[str, Any] = {
            "model_name": info.name,
            "model_version": info.version,
            "parameters": {"sha256": info.sha256},
            "outputs": [output.fill(records) for output in wanted],
        }
        return JSONResponse({"id": asked.id, **answer} if asked.id is not None else answer)

    return routes


def _record(assessment: Assessment) -> bytes:
    return pydantic_core.to_json(assessment.to_dict())


def _wanted(asked: Sequence[OutputIn] | None) -> list[Output]:
    if not asked:
        return list(OUTPUTS.values())
    if any(output.name not in OUTPUTS for output in asked):
        raise Problem(400, "invalid-input", "An output is unknown; 'GET /v2/models/{name}' lists those there are.")
    names = [output.name for output in asked]
    if len(set(names)) < len(names):
        raise Problem(400, "invalid-input", "An output is asked for more than once; each can be given once.")
    return [OUTPUTS[name] for name in names]


def _messages(tensor: TensorIn, settings: Settings) -> list[Message]:
    texts = [text for row in tensor.data for text in ([row] if isinstance(row, str) else row)]
    column = len(tensor.shape) == 1 or tensor.shape[1] == 1
    if not column or math.prod(tensor.shape) != len(texts) or not texts:
        raise Problem(
            400, "invalid-input", "The shape of the tensor must be [n] or [n, 1], with as many texts in its data."
        )
    try:
        given = schemas.AssessmentsIn.model_validate({"messages": [{"text": text} for text in texts]})
    except pydantic.ValidationError:
        raise Problem(400, "invalid-input", "A text of the tensor is empty.") from None
    return named(given.messages, settings)
