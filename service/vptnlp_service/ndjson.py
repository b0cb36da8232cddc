"""Streams of messages: one JSON object a line in, one answer a line out, in the same order.

A bad line yields a problem on its line and the rest goes on. Memory stays flat: so many bytes of input wait or are with the
model, and the answers go out as fast as the client takes them.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pydantic
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from vptnlp.messages import Message
from vptnlp_service import problems
from vptnlp_service.batching import Render
from vptnlp_service.bodies import NDJSON, HeldBytes, check_values, parse
from vptnlp_service.engine import Engine
from vptnlp_service.problems import Problem
from vptnlp_service.schemas import MessageIn
from vptnlp_service.settings import Settings
from vptnlp_service.trail import Trail

_GROUPS = 3
"""Groups of lines that are with the model or on their way out; with one the model would wait for the network."""

_MOST_VALUES = 100
"""Values in a line; its schema has two, and every other is a fault of its own."""

_PER_CHARACTER = 12
_BESIDES = 4096
"""Bytes that a character may take in JSON (two escapes of six), and those of a line beside its text."""

Line = tuple[int, bytes | None]
"""Number of a line and its bytes; None for a line that is too long."""


class Lines:
    """The lines of a body as it comes in. Reads ahead up to a limit, so that a client which sends all before it reads is served.

    Args:
        receive: The body.
        longest: Bytes in a line.
        ahead: Bytes to read ahead.
        silence: Seconds without a byte after which the stream is given up.
        held: The bytes in memory.
    """

    def __init__(self, receive: Receive, longest: int, ahead: int, silence: float, held: HeldBytes) -> None:
        self._receive = receive
        self._longest = longest
        self._ahead = ahead
        self._silence = silence
        self._held = held
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._kept = 0
        self._changed = asyncio.Condition()
        self._ended = False
        self.broken: Problem | None = None
        self.gone = False

    async def pump(self) -> None:
        """Read the body to its end, then see whether the client goes away; runs beside the one who takes the lines."""
        try:
            while not self._ended:
                async with self._changed:
                    await self._changed.wait_for(lambda: self._size < self._ahead)
                async with asyncio.timeout(self._silence):
                    message = await self._receive()
                async with self._changed:
                    if message["type"] == "http.disconnect":
                        self.gone = self._ended = True
                    else:
                        body = message.get("body", b"")
                        self._held.take(len(body))
                        self._kept += len(body)
                        self._size += len(body)
                        self._chunks.append(body)
                        self._ended = not message.get("more_body", False)
                    self._changed.notify_all()
            while not self.gone:
                self.gone = (await self._receive())["type"] == "http.disconnect"
        except TimeoutError:
            await self._end(Problem(408, "slow-body", "The stream was silent for too long; send the rest again."))
        except Problem as problem:
            await self._end(problem)

    def close(self) -> None:
        """Give back the memory of what was not taken or not answered."""
        self._give(self._kept)
        self._chunks.clear()

    def answered(self, group: Sequence[Line]) -> None:
        """Give back the memory of lines that are done."""
        self._give(sum(len(raw) for _, raw in group if raw is not None))

    async def groups(self, most: int, most_bytes: int) -> AsyncIterator[list[Line]]:
        """Numbered lines that are there together; empty lines are left out. Each group must be told as `answered`.

        Args:
            most: Lines in a group.
            most_bytes: Bytes in a group; one longer line goes by itself.
        """
        number = 0
        rest = b""
        skipping = False
        group: list[Line] = []
        size = 0
        while True:
            chunk = await self._next(wait=not group)
            if chunk is None:
                # Nothing more is here now (or ever): what is here goes to the model.
                if group:
                    yield group
                    group, size = [], 0
                    continue
                break
            *whole, rest = (rest + chunk).split(b"\n") if rest else chunk.split(b"\n")
            for raw in whole:
                number += 1
                line: Line | None = None
                if skipping:
                    skipping = False
                elif len(raw) > self._longest:
                    line = number, None
                elif raw.strip():
                    line = number, raw
                held = len(raw) if line and line[1] else 0
                self._give(len(raw) + 1 - held)
                if group and (len(group) == most or size + held > most_bytes):
                    yield group
                    group, size = [], 0
                if line:
                    group.append(line)
                    size += held
            if len(rest) > self._longest:
                if not skipping:
                    group.append((number + 1, None))
                self._give(len(rest))
                skipping, rest = True, b""
        if rest.strip() and not skipping and not self.gone and self.broken is None:
            yield [(number + 1, rest)]

    async def _next(self, wait: bool) -> bytes | None:
        """The next chunk; None when the body has ended, or when there is none now and waiting is not wanted."""
        async with self._changed:
            if wait:
                await self._changed.wait_for(lambda: self._chunks or self._ended)
            if not self._chunks:
                return None
            chunk = self._chunks.popleft()
            self._size -= len(chunk)
            self._changed.notify_all()
            return chunk

    def _give(self, count: int) -> None:
        self._kept -= count
        self._held.give(count)

    async def _end(self, problem: Problem) -> None:
        async with self._changed:
            self.broken = problem
            self._ended = True
            self._changed.notify_all()


class StreamResponse(Response):
    """Answers a stream while it is being read.

    Args:
        engine: The model.
        settings: The limits.
        held: The bytes in memory.
        render: Makes the bytes of each answer.
    """

    def __init__(self, engine: Engine, settings: Settings, held: HeldBytes, render: Render) -> None:
        super().__init__(media_type=NDJSON)
        # How long the answer is shows when it ends.
        del self.headers["content-length"]
        self._engine = engine
        self._settings = settings
        self._held = held
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, assess and answer until the body ends or the client goes away."""
        settings = self._settings
        longest = settings.max_characters * _PER_CHARACTER + _BESIDES
        lines = Lines(receive, longest, settings.max_body, settings.body_seconds, self._held)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        groups: asyncio.Queue[asyncio.Task[bytes] | None] = asyncio.Queue(_GROUPS)
        begun: set[asyncio.Task[Any]] = {asyncio.create_task(lines.pump())}
        reading = asyncio.create_task(self._read(lines, groups, begun, Trail.of(scope)))
        begun.add(reading)
        try:
            while (group := await groups.get()) is not None:
                answered = await group
                begun.discard(group)
                if lines.gone:
                    raise ClientDisconnect
                await self._send(answered, send, more=True)
            await reading
            rest = b"" if lines.broken is None else _problem_line(None, lines.broken)
            await self._send(rest, send, more=False)
        except ClientDisconnect:
            # Not an error of ours, so no 500 in the log and the metrics.
            Trail.of(scope).refused = "client-gone"
        finally:
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)
            lines.close()

    async def _read(
        self,
        lines: Lines,
        groups: asyncio.Queue[asyncio.Task[bytes] | None],
        begun: set[asyncio.Task[Any]],
        trail: Trail,
    ) -> None:
        """Give the lines to the model, some groups ahead of what was sent."""
        try:
            async for group in lines.groups(self._settings.batch_messages, self._settings.batch_characters):
                task = asyncio.create_task(self._answer(lines, group, trail))
                begun.add(task)
                await groups.put(task)
        except Exception:
            await groups.put(None)
            raise
        await groups.put(None)

    async def _send(self, body: bytes, send: Send, *, more: bool) -> None:
        # A client that does not read must not keep us for ever.
        try:
            async with asyncio.timeout(self._settings.time_limit):
                await send({"type": "http.response.body", "body": body, "more_body": more})
        except TimeoutError:
            raise ClientDisconnect from None

    async def _answer(self, lines: Lines, group: Sequence[Line], trail: Trail) -> bytes:
        taken = [_message(number, raw, self._settings.max_characters) for number, raw in group]
        messages = [m for m in taken if isinstance(m, Message)]
        results = iter(await self._engine.answer_in_turn(trail, messages, self._render) if messages else ())
        answers = [next(results) if isinstance(m, Message) else m for m in taken]
        trail.failed += sum(isinstance(answer, Problem) for answer in answers)
        lines.answered(group)
        return b"".join(
            answer + b"\n" if isinstance(answer, bytes) else _problem_line(number, answer)  # type: ignore[arg-type]
            for (number, _), answer in zip(group, answers, strict=True)
        )


def _message(number: int, raw: bytes | None, most: int) -> Message | Problem:
    if raw is None:
        return Problem(413, "too-large", f"The line is too long for a message of {most} characters.")
    try:
        value = parse(raw, "line")
        check_values(value, _MOST_VALUES, "line")
        given = MessageIn.model_validate(value)
    except Problem as problem:
        return problem
    except pydantic.ValidationError as error:
        return problems.invalid(error)
    if len(given.text) > most:
        return Problem(413, "too-large", f"The message is longer than {most} characters.")
    return Message(given.id or str(number), given.text)


def _problem_line(number: int | None, problem: Problem) -> bytes:
    return json.dumps({"line": number, **problem.body()}, ensure_ascii=False).encode() + b"\n"
