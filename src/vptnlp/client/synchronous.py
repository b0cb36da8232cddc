"""The client for programs that wait for their answers."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Self, TypeVar

import httpx

from vptnlp.client import connection, parts
from vptnlp.client.errors import ProblemError
from vptnlp.client.flows import Call, Flow, Flows, Outcome, Wait
from vptnlp.client.records import FoundDetails, LoadedModel, Redactions
from vptnlp.client.retries import Clock, Retries
from vptnlp.messages import Assessment, Message, ModelInfo
from vptnlp.taxonomy import DetailKind, Subject

T = TypeVar("T")


class Client:
    """Calls the service, and waits. May be used by several threads at once.

    Every method raises `vptnlp.client.ServiceError` where no right answer came; its tree stands in `vptnlp.client.errors`.

    Args:
        base_url: Where the service is, without ``/v1``.
        credential: An API key or an OpenID Connect access token, or a function that gives the token that holds now and is
            asked before each try. None where the service asks for none.
        timeout: Seconds to connect, to send, and between two pieces of an answer.
        retries: How patient to be with a service that is busy or away.
        max_messages: Messages in one request; lower it where the service's operator did.
        verify: How to check the certificate: True, or a context that knows an authority of your own.
        transport: What carries the requests, for tests and proxies.
        clock: The time, for tests.

    Raises:
        ConfigError: The base URL cannot be used.

    Example:
        >>> with Client("http://localhost:8000") as client:
        ...     client.assess_one("Bedankt voor de snelle hulp gisteren.").triage.urgency
        <Urgency.NONE: 'none'>
    """

    def __init__(
        self,
        base_url: str,
        *,
        credential: str | Callable[[], str] | None = None,
        timeout: float = connection.TIMEOUT,
        retries: Retries | None = None,
        max_messages: int = connection.MOST,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._http = httpx.Client(**connection.options(base_url, timeout, verify, transport))
        self._credential = credential
        self._clock = clock or Clock()
        self._most = max_messages
        self._flows = Flows(connection.address(base_url), retries or Retries(), self._clock, max_messages)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def assess(self, messages: Iterable[Message | str]) -> list[Assessment]:
        """Assess messages: all of them, or an error.

        Args:
            messages: Any number of messages, or bare texts, which are numbered from 1.

        Returns:
            One assessment each, in the same order. Each names its model (`Assessment.model`); `Scores.hostile`, which the
            published record lacks, is NaN.
        """
        return self._run(self._flows.assess(messages))

    def assess_one(self, message: Message | str) -> Assessment:
        """Assess one message; a bare text gets the id ``1``."""
        return self.assess([message])[0]

    def stream(self, messages: Iterable[Message | str]) -> Iterator[Assessment | ProblemError]:
        """Assess any number of messages, taking them as answers are wanted and holding one request of them at most.

        Args:
            messages: Messages, or bare texts, which are numbered from 1. With `max_messages` of 1 each is answered before the
                next is taken.

        Yields:
            For each message, in the same order, an assessment, or the problem with this message (`ProblemError.line`), after
            which the rest goes on. A problem of the service as a whole is raised.
        """
        for part in parts.cut(messages, self._most):
            yield from self._run(self._flows.stream(part))

    def details(self, messages: Iterable[Message | str]) -> list[FoundDetails]:
        """Find the personal details in messages: whose they are, and whether they are exposed.

        Args:
            messages: Any number of messages, or bare texts.
        """
        return self._run(self._flows.details(messages))

    def redact(
        self,
        messages: Iterable[Message | str],
        *,
        kinds: Collection[DetailKind] | None = None,
        subjects: Collection[Subject] | None = None,
    ) -> Redactions:
        """Replace the personal details in messages by placeholders.

        Args:
            messages: As many messages as fit in one request, in which placeholders are stable.
            kinds: Which kinds to replace; all when left out.
            subjects: Whose details to replace; everybody's when left out.

        Returns:
            One `Redacted` each, in the same order; `vptnlp.doxing.redaction.restore` turns it back.
        """
        return self._run(self._flows.redact(messages, kinds, subjects))

    def taxonomy(self) -> dict[str, Any]:
        """The labels with their Dutch names and definitions, as `vptnlp.taxonomy.as_dict` gives them."""
        return self._run(self._flows.taxonomy())

    def models(self) -> list[LoadedModel]:
        """The loaded models, with version, hash and figures."""
        return self._run(self._flows.models())

    def model(self, name: str) -> LoadedModel:
        """One loaded model."""
        return self._run(self._flows.model(name))

    def description(self) -> dict[str, Any]:
        """The description of the interface (OpenAPI 3.1)."""
        return self._run(self._flows.description())

    def live(self) -> bool:
        """Whether the process runs and needs no restart. Asked once."""
        return self._run(self._flows.live())

    def ready(self) -> ModelInfo | None:
        """The model that can answer now; None where none can. Asked once."""
        return self._run(self._flows.ready())

    def _run(self, flow: Flow[T]) -> T:
        outcome: Outcome = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as end:
                result: T = end.value
                return result
            outcome = None
            if isinstance(step, Wait):
                self._clock.sleep(step.seconds)
            else:
                outcome = self._send(step)

    def _send(self, call: Call) -> Outcome:
        credential = self._credential() if callable(self._credential) else self._credential
        headers = connection.headers(call, credential)
        try:
            return self._http.request(call.method, call.path, content=call.content, headers=headers)
        except httpx.RequestError as error:
            return error
