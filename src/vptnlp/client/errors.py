"""What the client raises.

::

    VptnlpError
    └── ServiceError                no right answer came
        ├── UnreachableError        no connection, or it broke before the whole answer was here
        ├── AnswerError             the answer is not what the interface promises
        └── ProblemError            the service said what is wrong (RFC 9457)
            ├── InvalidInputError   400; also an InputError
            ├── UnauthenticatedError  401
            ├── ForbiddenError      403
            ├── NotFoundError       404
            ├── TooLargeError       413; also an InputError
            ├── RateLimitError      429
            ├── InternalError       500
            └── UnavailableError    503

The service repeats no value of a request in its problems. Others on the way (a proxy, a firewall) might; their words are never
taken over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vptnlp.errors import InputError, VptnlpError

PAGE = "https://github.com/vptnlp/vptnlp/blob/main/docs/api.md"
"""What the type of every problem of our own service begins with."""

_TOLD = 3
_FOREIGN = "the answer is not from the service itself; look at the base URL and at what stands between here and there."


class ServiceError(VptnlpError):
    """No right answer came from the service."""


class UnreachableError(ServiceError):
    """There was no connection, or it broke before the whole answer was here."""


class AnswerError(ServiceError):
    """The answer is not what the interface promises: another service, or another version of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the input.

    Attributes:
        pointer: Where: a JSON pointer into the request. In `Client.assess` and `Client.details` messages are counted over
            the whole call.
        code: What is wrong, as a stable name.
        detail: The same as a sentence.
    """

    pointer: str
    code: str
    detail: str


class ProblemError(ServiceError):
    """The service said what is wrong.

    Attributes:
        status: HTTP status.
        kind: Name of the type of problem, as in ``docs/api.md``; ``unknown`` where the answer is not the service's own.
        detail: What is wrong, as a sentence.
        faults: What is wrong where, for invalid input.
        request_id: Id under which the service's log knows the request.
        retry_after: Seconds after which it is worth trying again, where the service said so.
        line: In a stream the number of the message, from 1.
        message_id: In a stream the id of the message. It is yours and stands in no sentence.
    """

    def __init__(
        self,
        status: int,
        kind: str = "unknown",
        detail: str = "",
        *,
        faults: tuple[Fault, ...] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
        line: int | None = None,
        message_id: str | None = None,
    ) -> None:
        where = f"Message {line}: " if line is not None else ""
        listed = "".join(f" At {fault.pointer}: {fault.detail}" for fault in faults[:_TOLD])
        super().__init__(f"{where}The service answered {status} ({kind}): {detail or _FOREIGN}{listed}")
        self.status = status
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.request_id = request_id
        self.retry_after = retry_after
        self.line = line
        self.message_id = message_id


class InvalidInputError(ProblemError, InputError):
    """400: the request is malformed or does not fit the schema; see `faults`."""


class UnauthenticatedError(ProblemError):
    """401: a valid key or token is needed."""


class ForbiddenError(ProblemError):
    """403: the key or token lacks a scope, or only the service's own machine may call."""


class NotFoundError(ProblemError):
    """404: there is no such resource, such as a model of that name."""


class TooLargeError(ProblemError, InputError):
    """413: the request or a message is too large."""


class RateLimitError(ProblemError):
    """429: this caller asks too often."""


class InternalError(ProblemError):
    """500: an error of the service; report it with `request_id`."""


class UnavailableError(ProblemError):
    """503: the service is full, late, starting or closing."""


_BY_STATUS: Mapping[int, type[ProblemError]] = {
    400: InvalidInputError,
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    413: TooLargeError,
    429: RateLimitError,
    500: InternalError,
    503: UnavailableError,
}


def problem(
    status: int,
    document: object,
    *,
    retry_after: float | None = None,
    first: int = 0,
    line: int | None = None,
    message_id: str | None = None,
) -> ProblemError:
    """The exception that tells a problem.

    Args:
        status: HTTP status of the answer, or of the line.
        document: The problem document, or whatever stood in its place.
        retry_after: Seconds that the service asked for.
        first: Messages of the call that went in earlier requests.
        line: In a stream the number of the message.
        message_id: In a stream its id.
    """
    made = _BY_STATUS.get(status, ProblemError)
    kind = str(document.get("type")) if isinstance(document, Mapping) else ""
    if not isinstance(document, Mapping) or not kind.startswith(f"{PAGE}#"):
        return made(status, retry_after=retry_after, line=line, message_id=message_id)
    instance = document.get("instance")
    return made(
        status,
        kind.partition("#")[2],
        str(document.get("detail", "")),
        faults=tuple(_faults(document.get("errors"), first)),
        request_id=instance.removeprefix("urn:uuid:") if isinstance(instance, str) else None,
        retry_after=retry_after,
        line=line,
        message_id=message_id,
    )


def _faults(given: Any, first: int) -> list[Fault]:
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    return [
        Fault(_pointer(row.get("location"), first), str(row.get("code", "")), str(row.get("detail", "")))
        for row in rows
    ]


def _pointer(location: Any, first: int) -> str:
    pointer = str(location.get("pointer", "/")) if isinstance(location, Mapping) else "/"
    head, messages, rest = pointer.partition("/messages/")
    number, slash, tail = rest.partition("/")
    if head or not messages or not number.isdecimal():
        return pointer
    return f"{messages}{int(number) + first}{slash}{tail}"
