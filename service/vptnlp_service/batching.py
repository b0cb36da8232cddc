"""Dynamic micro-batching: messages of many requests go through the model together, on a thread of its own.

The queue is bounded, in messages (memory) and in seconds of work (waiting). Where several requests wait, each gives its share
to a batch in turn, so that a single message does not wait for the 256 of another caller; a request is therefore refused for
the work that will really go before it, not for all that lies in the queue.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from vptnlp.messages import Assessment, Message
from vptnlp_service import logs
from vptnlp_service.pace import USUAL_WORK, Pace, work_of

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

Render: TypeAlias = Callable[[Assessment], bytes]
Assess: TypeAlias = Callable[[Sequence[Message]], Iterable[Assessment]]

_MOST_FAILURES = 5
_REST = 30.0
"""Batches in a row that fail whole, after which we are not ready, and seconds after the last of them until we try again."""

_CLOSING_LOOK = 0.02
"""Seconds between looks at whether the worker has ended."""


class QueueFullError(Exception):
    """There is no room for these messages now.

    Args:
        retry_after: Seconds after which there should be.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("The queue is full.")
        self.retry_after = retry_after


class TooMuchError(Exception):
    """These messages cannot be assessed within the time limit, by the pace of late."""


class ClosingError(Exception):
    """The service is shutting down and takes no more work."""


class StoppedError(Exception):
    """The worker has ended, by an error of ours; nothing is assessed any more."""


class Failed:
    """Stands for the answer of a message that could not be assessed."""


Result: TypeAlias = bytes | Failed


class Observer(Protocol):
    """Who watches the worker; called on its thread."""

    def batch(self, messages: int, seconds: float) -> None:
        """A batch went through the model."""

    def waited(self, seconds: float) -> None:
        """The first messages of a request waited so long for the model."""

    def assessed(self, assessments: Sequence[Assessment]) -> None:
        """These messages were assessed."""

    def failed(self, error: BaseException) -> None:
        """A message could not be assessed."""


@dataclass(eq=False, slots=True)
class Job:
    """The messages of one request on their way.

    Attributes:
        messages: What to assess.
        render: Turns each assessment into the bytes of its answer, on the worker's thread.
        done: Resolves to the results in order.
        submitted: When it came, on the monotonic clock.
        results: Those found so far.
        taken: How many messages were taken from the queue.
        work: Work of the messages that wait still, in characters.
        waited: Seconds until the first was taken.
        abandoned: Nobody waits for it any more.
    """

    messages: Sequence[Message]
    render: Render
    done: asyncio.Future[list[Result]]
    submitted: float = field(default_factory=time.monotonic)
    results: list[Result] = field(default_factory=list)
    taken: int = 0
    work: int = 0
    waited: float = 0.0
    abandoned: bool = False

    @property
    def left(self) -> int:
        """How many messages wait still."""
        return len(self.messages) - self.taken


class Batcher:
    """The queue and its worker.

    Args:
        assess: The model; called on the worker's thread only.
        observer: Told of every batch.
        log: Told, without its words, of an error that no message has caused.
        capacity: Messages that may wait.
        batch_messages: Messages in a batch.
        batch_characters: Characters in a batch; one longer message goes by itself.
        batch_wait: Seconds to wait for company.
        queue_seconds: A request that has to wait longer than this for the work before it, and longer than it takes itself,
            is refused.
        time_limit: Seconds from the queue to the answer, and in one batch after which the worker counts as stuck.
    """

    def __init__(
        self,
        assess: Assess,
        observer: Observer,
        *,
        log: FilteringBoundLogger,
        capacity: int,
        batch_messages: int,
        batch_characters: int,
        batch_wait: float,
        queue_seconds: float,
        time_limit: float,
    ) -> None:
        self._assess = assess
        self._observer = observer
        self._log = log
        self._capacity = capacity
        self._batch_messages = batch_messages
        self._batch_characters = batch_characters
        self._batch_wait = batch_wait
        self._queue_seconds = queue_seconds
        self._time_limit = time_limit
        self._jobs: deque[Job] = deque()
        self._waiting = 0
        self._pace = Pace()
        self._closing = self._stopped = False
        self._busy: tuple[float, int] | None = None
        self._failures, self._failed_at = 0, 0.0
        self._lock = threading.Condition()
        self._room: set[asyncio.Future[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._work, name="vptnlp-model", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Messages in the queue."""
        return self._waiting

    @property
    def alive(self) -> bool:
        """Whether the worker lives."""
        return self._thread.is_alive() and not self._stopped

    @property
    def answers(self) -> bool:
        """Whether the worker lives, takes work, is not stuck in a batch and does not fail at every one."""
        now, busy = time.monotonic(), self._busy
        stuck = busy is not None and now - busy[0] > self._time_limit
        # Who is not ready gets no work that could show otherwise, so after a rest we are tried again.
        failing = self._failures >= _MOST_FAILURES and now - self._failed_at < _REST
        return self.alive and not self._closing and not stuck and not failing

    def check_room(self, count: int = 1, work: int = USUAL_WORK) -> None:
        """See whether a request would be taken now.

        Args:
            count: Its messages.
            work: Their work, in characters.

        Raises:
            QueueFullError: It would not.
            TooMuchError: It would not, however empty the queue.
            ClosingError: Nothing is taken any more.
            StoppedError: Nothing is taken any more.
        """
        with self._lock:
            self._check_open()
            self._check_work(work)
            # Those that wait take turns, so of each no more goes first than the newcomer itself brings.
            before = self._running() + self._pace.seconds(sum(min(job.work, work) for job in self._jobs))
            own = self._pace.seconds(work)
            # A large request may wait as long as it takes itself, or two of them would never stand side by side.
            late = before > max(self._queue_seconds, own) or (before > 0 and before + own > self._time_limit)
            if late or self._waiting + count > self._capacity:
                raise QueueFullError(max(1, math.ceil(before)))

    async def run(self, messages: Sequence[Message], render: Render) -> tuple[list[Result], float]:
        """Assess the messages of one request.

        Cancelling it takes what has not begun out of the queue.

        Returns:
            The results in order, and the seconds that the first message waited.

        Raises:
            QueueFullError: There is no room.
            TooMuchError: There never will be.
            TimeoutError: The answer was not there in time.
            ClosingError: The service is shutting down.
            StoppedError: The worker has ended.
        """
        job = self._job(messages, render)
        with self._lock:
            self.check_room(len(messages), job.work)
            self._enter(job)
        return await self._results(job)

    async def run_in_turn(self, messages: Sequence[Message], render: Render) -> tuple[list[Result], float]:
        """As `run`, but wait for room; a stream leaves half of the queue, in messages and in time, to single requests.

        The time limit runs from when there is room.

        Raises:
            TooMuchError: There never will be.
            TimeoutError: The answer was not there in time.
            ClosingError: The service is shutting down.
            StoppedError: The worker has ended.
        """
        job = self._job(messages, render)
        self._check_work(job.work)
        while not self._entered_in_turn(job):
            freed = self._loop.create_future()
            self._room.add(freed)
            try:
                # The next batch frees some; the clock is for work that was given up on meanwhile.
                await asyncio.wait_for(freed, 0.25)
            except TimeoutError:
                pass
            finally:
                self._room.discard(freed)
        return await self._results(job)

    async def close(self) -> None:
        """Take no more work, finish what was taken, and end the worker."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        while self._thread.is_alive():
            await asyncio.sleep(_CLOSING_LOOK)

    def _job(self, messages: Sequence[Message], render: Render) -> Job:
        return Job(messages, render, self._loop.create_future(), work=sum(map(work_of, messages)))

    def _check_open(self) -> None:
        if self._closing:
            raise ClosingError
        if not self.alive:
            raise StoppedError

    def _check_work(self, work: int) -> None:
        # What fits in one batch is always tried: a pace that was measured badly is mended by it.
        if work > self._batch_characters and self._pace.seconds(work) > self._time_limit:
            raise TooMuchError

    def _running(self) -> float:
        """Seconds until the batch that is with the model should be done."""
        if self._busy is None:
            return 0.0
        since, work = self._busy
        return max(0.0, self._pace.seconds(work) - (time.monotonic() - since))

    def _enter(self, job: Job) -> None:
        job.submitted = time.monotonic()
        self._jobs.append(job)
        self._waiting += len(job.messages)
        self._lock.notify()

    def _entered_in_turn(self, job: Job) -> bool:
        with self._lock:
            self._check_open()
            crowd = self._waiting + len(job.messages) > self._capacity - self._capacity // 2
            long = self._pace.seconds(job.work + sum(other.work for other in self._jobs)) > self._time_limit / 2
            if self._waiting and (crowd or long):
                return False
            self._enter(job)
            return True

    async def _results(self, job: Job) -> tuple[list[Result], float]:
        try:
            async with asyncio.timeout(self._time_limit):
                return await job.done, job.waited
        except asyncio.CancelledError:
            self._abandon(job)
            raise

    def _abandon(self, job: Job) -> None:
        with self._lock:
            job.abandoned = True
            if job in self._jobs:
                self._jobs.remove(job)
                self._waiting -= job.left

    def _work(self) -> None:
        try:
            while batch := self._next():
                results = self._serve(batch)
                whole = []
                for (job, _), result in zip(batch, results, strict=True):
                    job.results.append(result)
                    if len(job.results) == len(job.messages):
                        whole.append(job)
                self._loop.call_soon_threadsafe(self._deliver, whole)
        except BaseException as error:
            # Not onward: Python would print the error, and with it the message that it may quote. When the loop has closed,
            # there is nobody to tell.
            if not self._loop.is_closed():
                self._log.error("worker stopped", **logs.describe(error))
                self._stopped = True
                self._loop.call_soon_threadsafe(self._give_up)

    def _serve(self, batch: Sequence[tuple[Job, Message]]) -> list[Result]:
        """The results of a batch. An error of ours (of who watches, say) fails the batch, not the worker."""
        started = time.monotonic()
        try:
            for job in dict.fromkeys(job for job, _ in batch if not job.results):
                self._observer.waited(job.waited)
            results = self._answer([message for _, message in batch], [job for job, _ in batch])
            seconds = time.monotonic() - started
            self._pace.note(sum(work_of(message) for _, message in batch), seconds)
            self._observer.batch(len(batch), seconds)
        except BaseException as error:
            self._log.error("batch failed", **logs.describe(error))
            results = [Failed()] * len(batch)
        self._busy = None
        wanted = [result for (job, _), result in zip(batch, results, strict=True) if not job.abandoned]
        if wanted and all(isinstance(result, Failed) for result in wanted):
            self._failures, self._failed_at = self._failures + 1, time.monotonic()
        elif wanted:
            self._failures = 0
        return results

    def _next(self) -> list[tuple[Job, Message]]:
        """The next batch; empty when there will be none."""
        with self._lock:
            while True:
                while not self._jobs and not self._closing:
                    self._lock.wait()
                if not self._jobs:
                    return []
                until = self._jobs[0].submitted + self._batch_wait
                while 0 < self._waiting < self._batch_messages and not self._closing:
                    left = until - time.monotonic()
                    if left <= 0 or not self._lock.wait(left):
                        break
                # Everybody may have given up while we waited for company.
                if self._jobs:
                    batch = self._take()
                    self._busy = time.monotonic(), sum(work_of(message) for _, message in batch)
                    return batch

    def _take(self) -> list[tuple[Job, Message]]:
        batch: list[tuple[Job, Message]] = []
        characters = 0
        share = max(1, self._batch_messages // len(self._jobs))
        while self._jobs and len(batch) < self._batch_messages:
            job = self._jobs.popleft()
            for message in job.messages[job.taken : job.taken + min(share, self._batch_messages - len(batch))]:
                if batch and characters + len(message.text) > self._batch_characters:
                    self._jobs.appendleft(job)
                    self._waiting -= len(batch)
                    return batch
                if job.taken == 0:
                    job.waited = time.monotonic() - job.submitted
                batch.append((job, message))
                characters += len(message.text)
                job.taken += 1
                job.work -= work_of(message)
            if job.left:
                self._jobs.append(job)
        self._waiting -= len(batch)
        return batch

    def _answer(self, messages: Sequence[Message], jobs: Sequence[Job]) -> list[Result]:
        try:
            assessments = list(self._assess(messages))
        except BaseException as error:
            # Also what is no `Exception`, such as a panic in compiled code.
            # One message that the model cannot bear must not spoil those of others.
            if len(messages) > 1:
                return [self._answer([m], [j])[0] for m, j in zip(messages, jobs, strict=True)]
            self._observer.failed(error)
            return [Failed()]
        self._observer.assessed(assessments)
        return [self._render(job, a) for job, a in zip(jobs, assessments, strict=True)]

    def _render(self, job: Job, assessment: Assessment) -> Result:
        if job.abandoned:
            return Failed()
        try:
            return job.render(assessment)
        except BaseException as error:
            self._observer.failed(error)
            return Failed()

    def _deliver(self, whole: Sequence[Job]) -> None:
        for job in whole:
            if not job.done.done():
                job.done.set_result(job.results)
        for freed in self._room:
            if not freed.done():
                freed.set_result(None)

    def _give_up(self) -> None:
        """Nothing that waits will be answered any more."""
        with self._lock:
            jobs, self._jobs, self._waiting = self._jobs, deque(), 0
        for job in jobs:
            if not job.done.done():
                job.done.set_exception(StoppedError())
