"""The loaded model with its queue: what the resources ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from vptnlp import Analyzer
from vptnlp.messages import Assessment, Message, ModelInfo
from vptnlp_service.batching import (
    Batcher,
    ClosingError,
    Failed,
    QueueFullError,
    Render,
    Result,
    StoppedError,
    TooMuchError,
)
from vptnlp_service.metrics import Metrics
from vptnlp_service.problems import Problem, failed
from vptnlp_service.settings import Settings
from vptnlp_service.trail import Trail

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

_REFUSED = (QueueFullError, TooMuchError, ClosingError, StoppedError)
_TRIAL = Message("1", "Bedankt voor de snelle hulp gisteren aan de balie.")


class Engine:
    """A model that answers requests.

    Args:
        settings: The settings.
        metrics: The metrics.
        log: The log.
        analyzer: A loaded analyzer; loaded at start, as the settings say, when left out.
    """

    def __init__(
        self, settings: Settings, metrics: Metrics, log: FilteringBoundLogger, analyzer: Analyzer | None = None
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._log = log
        self._analyzer = analyzer
        self._batcher: Batcher | None = None

    @property
    def info(self) -> ModelInfo | None:
        """Which model speaks, once one is loaded."""
        return self._analyzer.info if self._analyzer else None

    @property
    def analyzer(self) -> Analyzer:
        """The analyzer.

        Raises:
            Problem: It is not loaded.
        """
        if self._analyzer is None:
            raise _not_ready()
        return self._analyzer

    @property
    def live(self) -> bool:
        """Whether a restart would not help."""
        return self._batcher is None or self._batcher.alive

    @property
    def ready(self) -> bool:
        """Whether the model has answered, and answers still."""
        return self._batcher is not None and self._batcher.answers

    @property
    def waiting(self) -> int:
        """Messages that wait for the model."""
        return self._batcher.waiting if self._batcher else 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Load the model, let it answer once, and serve; at the end finish what was accepted."""
        settings = self._settings
        if self._analyzer is None:
            self._analyzer = await asyncio.to_thread(partial(Analyzer.load, settings.model, rules=settings.rules))
        analyzer = self._analyzer
        # The first answer fills caches and shows that the model works; before it, nobody is told that we are ready.
        await asyncio.to_thread(lambda: list(analyzer.assess_many([_TRIAL])))
        bundle = analyzer.bundle
        self._metrics.loaded(analyzer.info, bundle.metrics() if bundle else {}, lambda: self.waiting)
        batcher = self._batcher = Batcher(
            self._assess,
            self._metrics,
            log=self._log,
            capacity=settings.queue_messages,
            batch_messages=settings.batch_messages,
            batch_characters=settings.batch_characters,
            batch_wait=settings.batch_wait,
            queue_seconds=settings.queue_seconds,
            time_limit=settings.time_limit,
        )
        try:
            yield
        finally:
            await batcher.close()

    def check_room(self) -> None:
        """Refuse early, before a body is read, where the queue is full.

        Raises:
            Problem: It is.
        """
        try:
            self._running().check_room()
        except _REFUSED as error:
            raise _refused(error) from None

    async def answer(self, trail: Trail, messages: Sequence[Message], render: Render) -> list[bytes]:
        """Assess the messages of one request; all or none.

        Args:
            trail: Gets counts and times.
            messages: What to assess.
            render: Makes the bytes of each answer.

        Raises:
            Problem: The queue is full, there is more than fits in the time, time is up, or a message could not be assessed.
        """
        trail.messages += len(messages)
        try:
            results, trail.queued = await self._running().run(messages, render)
        except _REFUSED as error:
            raise _refused(error) from None
        except TimeoutError:
            raise _late(self._settings.time_limit) from None
        whole = [result for result in results if isinstance(result, bytes)]
        trail.failed += len(results) - len(whole)
        if trail.failed:
            raise failed()
        return whole

    async def answer_in_turn(self, trail: Trail, messages: Sequence[Message], render: Render) -> list[Result | Problem]:
        """Assess part of a stream, waiting for room; each message by itself succeeds or fails."""
        trail.messages += len(messages)
        try:
            results, queued = await self._running().run_in_turn(messages, render)
        except _REFUSED as error:
            return [_refused(error)] * len(messages)
        except TimeoutError:
            return [_late(self._settings.time_limit)] * len(messages)
        trail.queued = max(trail.queued, queued)
        return [failed() if isinstance(result, Failed) else result for result in results]

    def _running(self) -> Batcher:
        if self._batcher is None:
            raise _not_ready()
        return self._batcher

    def _assess(self, messages: Sequence[Message]) -> list[Assessment]:
        return list(self.analyzer.assess_many(messages))


def _refused(error: Exception) -> Problem:
    if isinstance(error, ClosingError):
        return Problem(503, "closing", "The service is shutting down; try again in a moment.", retry_after=5)
    if isinstance(error, TooMuchError):
        return Problem(
            413,
            "too-large",
            "By its pace of late the service needs more than its time limit for this; send less at once.",
        )
    if isinstance(error, QueueFullError):
        return Problem(
            503, "queue-full", "Too many messages wait for the model; try again later.", retry_after=error.retry_after
        )
    return not_live()


def _late(seconds: float) -> Problem:
    return Problem(
        503, "time-limit", f"The answer was not ready within {seconds:g} seconds; send fewer messages.", retry_after=5
    )


def _not_ready() -> Problem:
    return Problem(503, "not-ready", "The model is not loaded yet.", retry_after=5)


def not_live() -> Problem:
    """The worker has ended."""
    return Problem(503, "not-live", "The model's worker has stopped; restart the service.")
