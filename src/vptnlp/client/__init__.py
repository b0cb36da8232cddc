"""A client of the HTTP service, for programs that let another machine read messages (extra ``client``).

>>> from vptnlp.client import Client
>>> with Client("https://vptnlp.example.nl", credential="vpt_...") as client:
...     client.assess_one("Morgen sta ik bij je op de stoep.").triage.urgency

`Client` and `AsyncClient` have the same methods and answer in the types of the library. What they do lies in `flows`, which
does no input or output: the two only send what it asks for. Every request may safely be sent twice: the service stores
nothing, so that also its POST requests change nothing. That is why both try again by themselves (`Retries`).
"""

from __future__ import annotations

from vptnlp.errors import MissingExtraError

try:
    import httpx as _  # noqa: F401  (only whether it is there)
except ImportError:
    raise MissingExtraError("httpx", "client", "call the HTTP service") from None

from vptnlp.client.asynchronous import AsyncClient
from vptnlp.client.errors import (
    AnswerError,
    Fault,
    ForbiddenError,
    InternalError,
    InvalidInputError,
    NotFoundError,
    ProblemError,
    RateLimitError,
    ServiceError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnreachableError,
)
from vptnlp.client.records import FoundDetails, LoadedModel, Redactions
from vptnlp.client.retries import Clock, Retries
from vptnlp.client.synchronous import Client

__all__ = [
    "AnswerError",
    "AsyncClient",
    "Client",
    "Clock",
    "Fault",
    "ForbiddenError",
    "FoundDetails",
    "InternalError",
    "InvalidInputError",
    "LoadedModel",
    "NotFoundError",
    "ProblemError",
    "RateLimitError",
    "Redactions",
    "Retries",
    "ServiceError",
    "TooLargeError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnreachableError",
]
