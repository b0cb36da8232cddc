"""The client for programs that do other work while they wait."""

from __future__ import annotations

import inspect
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Iterable
from typing import Any, Self, TypeVar

import httpx

from vptnlp.client import connection
from vptnlp.client.errors import ProblemError
from vptnlp.client.flows import Call, Flow, Flows, Outcome, Wait
from vptnlp.client.parts import Cutter
from vptnlp.client.records import FoundDetails, LoadedModel, Redactions
from vptnlp.client.retries import Clock, Retries
from vptnlp.messages import Assessment, Message, ModelInfo
from vptnlp.taxonomy import DetailKind, Subject

T = TypeVar("T")


class AsyncClient:
    """Calls the service from asynchronous code. Its methods are those of `vptnlp.client.Client`, which explains them.

    Args:
        base_url: Where the service is, without ``/v1``.
        credential: An API key or token, or a function (asynchronous, or one that does not block) that gives the token.
        timeout: Seconds to connect, to send, and between two pieces of an answer.
        retries: How patient to be with a service that is busy or away.
        max_messages: Messages in one request; lower it where the service's operator did.
        verify: How to check the certificate: True, or a context that knows an authority of your own.
        transport: What carries the requests, for tests and proxies.
        clock: The time, for tests.

    Raises:
        ConfigError: The base URL cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        credential: str | Callable[[], str | Awaitable[str]] | None = None,
        timeout: float = connection.TIMEOUT,
        retries: Retries | None = None,
        max_messages: int = connection.MOST,
        verify: ssl.SSLContext | bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(**connection.options(base_url, timeout, verify, transport))
        self._credential = credential
        self._clock = clock or Clock()
        self._most = max_messages
        self._flows = Flows(connection.address(base_url), retries or Retries(), self._clock, max_messages)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def assess(self, messages: Iterable[Message | str]) -> list[Assessment]:
        """Assess messages: all of them, or an error."""
        return await self._run(self._flows.assess(messages))

    async def assess_one(self, message: Message | str) -> Assessment:
        """Assess one message; a bare text gets the id ``1``."""
        return (await self.assess([message]))[0]

    async def stream(
        self, messages: Iterable[Message | str] | AsyncIterable[Message | str]
    ) -> AsyncIterator[Assessment | ProblemError]:
        """Assess any number of messages, taking them as answers are wanted; they may come from an asynchronous source."""
        cutter = Cutter(self._most)
        async for message in _each(messages):
            if (part := cutter.add(message)) is not None:
                for line in await self._run(self._flows.stream(part)):
                    yield line
        if (part := cutter.rest()) is not None:
            for line in await self._run(self._flows.stream(part)):
                yield line

    async def details(self, messages: Iterable[Message | str]) -> list[FoundDetails]:
        """Find the personal details in messages."""
        return await self._run(self._flows.details(messages))

    async def redact(
        self,
        messages: Iterable[Message | str],
        *,
        kinds: Collection[DetailKind] | None = None,
        subjects: Collection[Subject] | None = None,
    ) -> Redactions:
        """Replace the personal details in messages by placeholders."""
        return await self._run(self._flows.redact(messages, kinds, subjects))

    async def taxonomy(self) -> dict[str, Any]:
        """The labels with their Dutch names and definitions."""
        return await self._run(self._flows.taxonomy())

    async def models(self) -> list[LoadedModel]:
        """The loaded models."""
        return await self._run(self._flows.models())

    async def model(self, name: str) -> LoadedModel:
        """One loaded model."""
        return await self._run(self._flows.model(name))

    async def description(self) -> dict[str, Any]:
        """The description of the interface (OpenAPI 3.1)."""
        return await self._run(self._flows.description())

    async def live(self) -> bool:
        """Whether the process runs and needs no restart. Asked once."""
        return await self._run(self._flows.live())

    async def ready(self) -> ModelInfo | None:
        """The model that can answer now; None where none can. Asked once."""
        return await self._run(self._flows.ready())

    async def _run(self, flow: Flow[T]) -> T:
        outcome: Outcome = None
        while True:
            try:
                step = flow.send(outcome)
            except StopIteration as end:
                result: T = end.value
                return result
            outcome = None
            if isinstance(step, Wait):
                await self._clock.sleep_async(step.seconds)
            else:
                outcome = await self._send(step)

    async def _send(self, call: Call) -> Outcome:
        given = self._credential() if callable(self._credential) else self._credential
        credential = await given if inspect.isawaitable(given) else given
        headers = connection.headers(call, credential)
        try:
            return await self._http.request(call.method, call.path, content=call.content, headers=headers)
        except httpx.RequestError as error:
            return error


async def _each(messages: Iterable[Message | str] | AsyncIterable[Message | str]) -> AsyncIterator[Message | str]:
    if isinstance(messages, AsyncIterable):
        async for message in messages:
            yield message
    else:
        for message in messages:
            yield message
