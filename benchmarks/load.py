"""What the benchmarks of the HTTP service share: messages, a server process, and a client that is cheap on processor time.

The client speaks HTTP over bare asyncio protocols: it shares the cores with the server, so what it spends the server lacks.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[1]
MOST_CONNECTIONS = 900
"""Connections that an open load may have at once; below what the service allows, so that it answers every one."""

_KEPT_SECONDS = 5.0
"""Half the time for which the service keeps an idle connection."""

_LETTER_EVERY = 20
_LETTER_PARTS = 4


def texts(number: int, seed: int = 1) -> list[str]:
    """Messages of the train split in random order, each with a number in front so that no two are equal.

    Half of the corpus has under 23 words and a tenth over 160; one in twenty is a letter here, of four messages joined, as long
    as an e-mail may be.
    """
    rows = (ROOT / "corpora/vpt-nl/data/train.jsonl").read_text(encoding="utf-8").splitlines()
    own = random.Random(seed)
    corpus = [json.loads(row)["text"] for row in rows]

    def endless() -> Iterator[str]:
        for n in count():
            parts = own.choices(corpus, k=_LETTER_PARTS if n % _LETTER_EVERY == 0 else 1)
            yield f"{n} " + "\n\n".join(parts)

    return list(islice(endless(), number))


def packet(body: bytes, path: str = "/v1/assessments", media_type: str = "application/json") -> bytes:
    """A whole request."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def single(text: str, path: str = "/v1/assessments") -> bytes:
    """A request of one message."""
    return packet(json.dumps({"messages": [{"text": text}]}).encode(), path)


class Connection(asyncio.Protocol):
    """A kept connection with one request on its way at most."""

    def __init__(self) -> None:
        self.open = True
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()

    @classmethod
    async def to(cls, port: int) -> Connection:
        """Open one."""
        _, made = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return made

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """It is closed; an answer on its way is lost."""
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("The connection was closed before the answer was whole."))

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self._answer is None or self._answer.done():
            return
        head = bytes(self._buffer[:end]).lower()
        body = _body(head, self._buffer, end + 4)
        if body is not None:
            self._buffer.clear()
            if b"connection: close" in head:
                self.close()
            self._answer.set_result((int(head[9:12]), body))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and wait for its answer.

        Raises:
            ConnectionError: It was closed before the answer was whole.
        """
        if self._transport is None or not self.open:
            raise ConnectionError("The connection is closed.")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def send(self, data: bytes) -> None:
        """Send bytes without waiting for anything."""
        assert self._transport is not None
        self._transport.write(data)

    def close(self) -> None:
        """Close it."""
        self.open = False
        if self._transport is not None:
            self._transport.close()


def _body(head: bytes, buffer: bytearray, start: int) -> bytes | None:
    """The body of an answer, once it is whole."""
    if b"transfer-encoding: chunked" in head:
        if not buffer.endswith(b"0\r\n\r\n"):
            return None
        parts = []
        while size := int(buffer[start : (line := buffer.index(b"\r\n", start))], 16):
            parts.append(bytes(buffer[line + 2 : line + 2 + size]))
            start = line + size + 4
            if start >= len(buffer):
                # What looked like the end was text of a chunk.
                return None
        return b"".join(parts)
    length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
    return bytes(buffer[start : start + length]) if len(buffer) >= start + length else None


class Pool:
    """Connections that are used again.

    Args:
        port: Where the service listens.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[float, Connection]] = []
        self.busy = 0

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Ask over an idle connection, or a new one.

        Raises:
            OSError: There was no connection, or it broke before the answer was whole.
        """
        self.busy += 1
        try:
            connection = self._kept() or await Connection.to(self._port)
            answer = await connection.ask(request)
            self._idle.append((time.monotonic(), connection))
            return answer
        finally:
            self.busy -= 1

    def _kept(self) -> Connection | None:
        """The connection that was used last, unless the service may be closing it this moment."""
        if not self._idle:
            return None
        since, connection = self._idle.pop()
        if connection.open and time.monotonic() - since < _KEPT_SECONDS:
            return connection
        connection.close()
        self.close()
        return None

    def close(self) -> None:
        """Close those that are idle."""
        for _, connection in self._idle:
            connection.close()
        self._idle.clear()


@dataclass
class Tally:
    """What a load met with.

    Attributes:
        seconds: How long requests were sent, without the warming up.
        lasted: Seconds until the last answer, without the warming up.
        times: Seconds from when an accepted request was due to its answer.
        accepted: Answers of status 200 that came while it lasted.
        refused: Refusals of status 503.
        unsent: Requests that the client had no connection left for.
        broken: Connections that broke.
        others: Any other status.
        memory: Resident memory of the server in MB, over time.
    """

    seconds: float
    lasted: float = 0.0
    times: list[float] = field(default_factory=list)
    accepted: int = 0
    refused: int = 0
    unsent: int = 0
    broken: int = 0
    others: list[int] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def note(self, status: int, due: float, until: float) -> None:
        """Count one answer."""
        now = time.perf_counter()
        if status == 200:
            self.times.append(now - due)
            self.accepted += now <= until
        elif status == 503:
            self.refused += 1
        else:
            self.others.append(status)

    def figures(self) -> dict[str, object]:
        """As figures for a table: milliseconds, shares and MB."""
        ordered = sorted(self.times)
        asked = len(ordered) + self.refused + self.unsent + self.broken + len(self.others)
        p50, p95, p99 = (round(1000 * cut(ordered, share), 1) for share in (0.50, 0.95, 0.99))
        return {
            "requests": asked,
            "per_second": round(self.accepted / self.seconds, 1),
            "per_second_to_the_last": round(len(ordered) / self.lasted, 2),
            "p50_ms": p50,
            "p95_ms": p95,
            "p99_ms": p99,
            "p99_over_p50": round(p99 / p50, 2) if p50 else None,
            "refused_share": round((self.refused + self.unsent) / asked, 3) if asked else 0.0,
            "unsent": self.unsent,
            "broken": self.broken,
            "unexpected": sorted(set(self.others)),
            "memory_mb": [round(value) for value in self.memory],
        }


def cut(ordered: Sequence[float], share: float) -> float:
    """The value below which such a share of ordered values lies; 0 where there are none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


async def closed(port: int, packets: Sequence[bytes], connections: int, seconds: float, warming: float = 3.0) -> Tally:
    """Each connection sends its next request when it has its answer; what was sent while warming up is not counted."""
    tally = Tally(seconds)
    waiting = iter(range(sys.maxsize))
    begin = time.perf_counter() + warming
    until = begin + seconds

    async def one() -> None:
        connection = await Connection.to(port)
        while (due := time.perf_counter()) < until:
            try:
                status, _ = await connection.ask(packets[next(waiting) % len(packets)])
            except OSError:
                tally.broken += 1
                connection = await Connection.to(port)
                continue
            if due >= begin:
                tally.note(status, due, until)
            elif status == 200 and time.perf_counter() >= begin:
                tally.accepted += 1
            if status != 200:
                await asyncio.sleep(0.05)
                if not connection.open:
                    connection = await Connection.to(port)
        connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    tally.lasted = time.perf_counter() - begin
    return tally


async def arriving(port: int, packets: Sequence[bytes], rate: float, seconds: float, warming: float = 3.0) -> Tally:
    """So many requests a second arrive at random moments (a Poisson process), whether or not earlier ones were answered.

    Times run from the moment a request was due, so that a client which falls behind does not flatter the server.
    """
    tally = Tally(seconds)
    pool = Pool(port)
    own = random.Random(1)
    begin = time.perf_counter() + warming
    until = begin + seconds
    tasks: set[asyncio.Task[None]] = set()

    async def one(number: int, due: float) -> None:
        try:
            status, _ = await pool.ask(packets[number % len(packets)])
        except OSError:
            tally.broken += 1
            return
        if due >= begin:
            tally.note(status, due, until)
        elif status == 200 and time.perf_counter() >= begin:
            tally.accepted += 1

    due = time.perf_counter()
    for number in count():
        due += own.expovariate(rate)
        if due >= until:
            break
        if (left := due - time.perf_counter()) > 0:
            await asyncio.sleep(left)
        if pool.busy >= MOST_CONNECTIONS:
            tally.unsent += due >= begin
            # Answers must get their turn even when we are late.
            await asyncio.sleep(0)
            continue
        task = asyncio.create_task(one(number, due))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    while tasks:
        await asyncio.wait(set(tasks))
    pool.close()
    tally.lasted = time.perf_counter() - begin
    return tally


async def watched(load: asyncio.Task[Tally], process: psutil.Process, every: float = 1.0) -> Tally:
    """A load, with the memory of the server before, during and after it."""
    memory = [resident(process)]
    while not load.done():
        await asyncio.wait({load}, timeout=every)
        memory.append(resident(process))
    tally = load.result()
    tally.memory = memory
    return tally


def resident(process: psutil.Process) -> float:
    """Resident memory in MB."""
    return float(process.memory_info().rss) / 2**20


@contextmanager
def serving(model: str, **settings: str) -> Iterator[tuple[psutil.Process, int]]:
    """A served model in a process of its own, and its port; stopped in order at the end.

    Raises:
        SystemExit: It did not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = {f"VPTNLP_{name.upper()}": value for name, value in {"log_level": "warning", **settings}.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "vptnlp.cli", "serve", "--port", str(port), "--model", model],
        env={**os.environ, **variables},
    )
    try:
        for _ in range(480):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit("The service did not start; the line above says why.") from None
                time.sleep(0.25)
        else:
            raise SystemExit("The service did not listen within two minutes.")
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
