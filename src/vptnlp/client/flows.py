"""What the client does, without doing it: each operation is a generator that asks for requests and waits.

It yields a `Call` and is sent the answer (or the error of the connection), or yields a `Wait` and is sent None. So one piece of
code serves both clients, and tests need no network.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from urllib.parse import quote

import httpx
import pydantic_core

from vptnlp.client import parts, records
from vptnlp.client.errors import AnswerError, ProblemError, UnreachableError, problem
from vptnlp.client.parts import Part
from vptnlp.client.records import FoundDetails, LoadedModel, Redactions
from vptnlp.client.retries import Clock, Patience, Retries, retry_after
from vptnlp.messages import Assessment, Message, ModelInfo
from vptnlp.taxonomy import DetailKind, Subject

JSON = "application/json"
NDJSON = "application/x-ndjson"
RETRIED = frozenset({429, 503})
"""Statuses after which the same request may succeed. Each of ours may be sent again: the service keeps nothing of it."""

_BROKEN = (httpx.NetworkError, httpx.RemoteProtocolError, httpx.ConnectTimeout)
_WITHOUT_TEXT = b'"options":{"include_text":false}'

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request."""

    method: str
    path: str
    content: bytes | None = field(default=None, repr=False)
    media_type: str = JSON


@dataclass(frozen=True, slots=True)
class Wait:
    """Time to let pass."""

    seconds: float


Outcome = httpx.Response | httpx.RequestError | None
Flow = Generator[Call | Wait, Outcome, T]
Line = Assessment | ProblemError


class Flows:
    """The operations.

    Args:
        address: The address of the service, for the sentences of errors.
        retries: How patient to be.
        clock: The time.
        most: Messages in one request.
    """

    def __init__(self, address: str, retries: Retries, clock: Clock, most: int) -> None:
        self._address = address
        self._retries = retries
        self._clock = clock
        self._most = most

    def assess(self, messages: Iterable[Message | str]) -> Flow[list[Assessment]]:
        """All assessments, or the first problem."""
        found: list[Assessment] = []
        for part in parts.cut(messages, self._most):
            _, rows = yield from self._post("assessments", part, _WITHOUT_TEXT)
            found += map(records.assessment_of, rows, part.messages)
        return found

    def details(self, messages: Iterable[Message | str]) -> Flow[list[FoundDetails]]:
        """All details, or the first problem."""
        found: list[FoundDetails] = []
        for part in parts.cut(messages, self._most):
            model, rows = yield from self._post("details", part, _WITHOUT_TEXT)
            found += [records.details_of(row, m, model) for row, m in zip(rows, part.messages, strict=True)]
        return found

    def redact(
        self,
        messages: Iterable[Message | str],
        kinds: Collection[DetailKind] | None,
        subjects: Collection[Subject] | None,
    ) -> Flow[Redactions]:
        """Redacted texts, in one request: placeholders are stable within one only."""
        given = {"kinds": kinds, "subjects": subjects}
        chosen = {name: [*values] for name, values in given.items() if values is not None}
        part = parts.whole(messages)
        options = b'"options":' + pydantic_core.to_json(chosen)
        model, rows = yield from self._post("redactions", part, options)
        return Redactions(model, tuple(map(records.redacted_of, rows, part.messages)))

    def stream(self, part: Part) -> Flow[list[Line]]:
        """The answers to one part of a stream; lines that the service had no room or time for are sent again."""
        patience = self._patience()
        answers: dict[int, Line] = {}
        waiting = list(range(len(part.messages)))
        while True:
            body = b"\n".join(part.encoded[i] for i in waiting)
            answer = yield from self._call(Call("POST", "/v1/assessments", body, NDJSON), patience)
            ended = _take_lines(answer.content, part, waiting, answers)
            waiting = [i for i in waiting if i not in answers or _passes(answers[i])]
            if not waiting:
                break
            seconds = patience.wait(None)
            if seconds is None:
                if any(i not in answers for i in waiting):
                    raise ended or AnswerError(
                        "The stream ended before every message was answered; send the rest again."
                    )
                break
            yield Wait(seconds)
        return [answers[i] for i in range(len(part.messages))]

    def taxonomy(self) -> Flow[dict[str, Any]]:
        """The labels, as `vptnlp.taxonomy.as_dict` gives them."""
        return (yield from self._get("/v1/taxonomy"))

    def description(self) -> Flow[dict[str, Any]]:
        """The OpenAPI document."""
        return (yield from self._get("/v1/openapi.json"))

    def models(self) -> Flow[list[LoadedModel]]:
        """What is loaded."""
        answer = yield from self._get("/v1/models")
        return [records.loaded_of(row) for row in records.read(lambda: list(answer["models"]))]

    def model(self, name: str) -> Flow[LoadedModel]:
        """One of these."""
        answer = yield from self._get(f"/v1/models/{quote(name, safe='')}")
        return records.loaded_of(answer)

    def live(self) -> Flow[bool]:
        """Whether the process runs; asked once."""
        return (yield from self._health("/livez")) is not None

    def ready(self) -> Flow[ModelInfo | None]:
        """The model that can answer now; asked once."""
        answer = yield from self._health("/readyz")
        return None if answer is None else records.model_of(records.read(lambda: answer["model"]))

    def _health(self, path: str) -> Flow[dict[str, Any] | None]:
        try:
            answer = yield from self._call(Call("GET", path), Patience(Retries(total=0.0), self._clock))
        except ProblemError as error:
            if error.status == 503:
                return None
            raise
        return _document(answer.content)

    def _get(self, path: str) -> Flow[dict[str, Any]]:
        answer = yield from self._call(Call("GET", path), self._patience())
        return _document(answer.content)

    def _post(self, name: str, part: Part, options: bytes) -> Flow[tuple[ModelInfo, Sequence[Mapping[str, Any]]]]:
        body = b'{"messages":[' + b",".join(part.encoded) + b"]," + options + b"}"
        answer = yield from self._call(Call("POST", f"/v1/{name}", body), self._patience(), part.first)
        content = _document(answer.content)
        rows = records.read(lambda: list(content[name]))
        if len(rows) != len(part.messages):
            raise AnswerError(f"The service answered {len(rows)} messages where {len(part.messages)} were sent.")
        return records.model_of(records.read(lambda: content["model"])), rows

    def _call(self, call: Call, patience: Patience, first: int = 0) -> Flow[httpx.Response]:
        while True:
            outcome = cast(httpx.Response | httpx.RequestError, (yield call))
            if isinstance(outcome, httpx.Response):
                if outcome.status_code == httpx.codes.OK:
                    return outcome
                asked = retry_after(outcome.headers, self._clock.wall())
                error: ProblemError | UnreachableError = problem(
                    outcome.status_code, _json(outcome.content), retry_after=asked, first=first
                )
                seconds = patience.wait(asked) if outcome.status_code in RETRIED else None
            else:
                seconds = patience.wait(None) if _may_pass(outcome) else None
                error = self._unreachable(outcome, patience.tries)
            if seconds is None:
                raise error
            yield Wait(seconds)

    def _patience(self) -> Patience:
        return Patience(self._retries, self._clock)

    def _unreachable(self, error: httpx.RequestError, tries: int) -> UnreachableError:
        # Only errors of the system are told in their own words: others may quote what was received.
        words = f": {error}" if isinstance(error, httpx.ConnectError) and str(error) else ""
        times = "once" if tries == 1 else f"{tries} times"
        return UnreachableError(
            f"The service at {self._address} gave no answer; asked {times}, at last {type(error).__name__}{words}. Check the "
            "address, the network and that the service runs, or allow more time."
        )


def _take_lines(content: bytes, part: Part, sent: Sequence[int], answers: dict[int, Line]) -> ProblemError | None:
    """Put the lines of an answer with the messages they belong to.

    Returns:
        The problem that ended the stream, if any.
    """
    for raw in content.splitlines():
        row = _document(raw)
        if "line" not in row:
            i = records.read(lambda row=row: sent[_number(row["id"]) - 1])  # type: ignore[misc]
            answers[i] = records.assessment_of(row, part.messages[i])
            continue
        status = records.read(lambda row=row: int(row["status"]))  # type: ignore[misc]
        if row["line"] is None:
            return problem(status, row)
        i = records.read(lambda row=row: sent[_number(row["line"]) - 1])  # type: ignore[misc]
        answers[i] = problem(status, row, line=part.first + i + 1, message_id=part.messages[i].id)
    return None


def _number(value: object) -> int:
    number = int(str(value))
    if number < 1:
        raise ValueError("no line has this number")
    return number


def _passes(answer: Line) -> bool:
    return isinstance(answer, ProblemError) and answer.status in RETRIED


def _may_pass(error: httpx.RequestError) -> bool:
    """Whether an error of the connection may be gone soon. A wrong certificate stays wrong."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return False
        cause = cause.__cause__ or cause.__context__
    return isinstance(error, _BROKEN)


def _document(raw: bytes) -> dict[str, Any]:
    found = _json(raw)
    if not isinstance(found, dict):
        raise AnswerError("The answer is no JSON object; look whether the base URL is that of the service.")
    return found


def _json(raw: bytes) -> object:
    # The error of the parser would carry the whole answer along.
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
