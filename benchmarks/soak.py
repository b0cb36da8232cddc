"""Mixed traffic on the HTTP service for minutes, at about 70% of what it can take, with its memory and handles watched.

Single messages, batches, streams of lines, details, redactions, bodies that are wrong in many ways, and clients that go away
in the middle. Every answer is checked: it must be about the very message that was sent (its id, and spans whose words stand at
their place in it). Writes `benchmarks/soak.json` and its table, and ends with status 1 when

- an answer is wrong, or is a server error other than 503, or a connection breaks that nobody broke;
- memory rises: the straight line through the second half of the samples rises more than 3% of the memory, and 8 MB;
- descriptors or threads are left over once the load is gone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import load
import psutil  # type: ignore[import-untyped]
import tables

ROOT = Path(__file__).parents[1]
EVERY = 5.0
SHARE = 0.7
RISE_SHARE, RISE_MB = 0.03, 8.0
SPARE_HANDLES = 4
"""Descriptors and threads that may be there more than before: a log, a clock."""

_GROUP, _LINES = 8, 20
_KEPT = 11.0
"""Seconds after which the service has closed idle connections."""

Check = Callable[[], Awaitable[str | None]]


class Traffic:
    """Asks, and checks the answers.

    Args:
        port: Where the service listens.
        lines: Messages to send.
    """

    def __init__(self, port: int, lines: Sequence[str]) -> None:
        self._port = port
        self._lines = lines
        self._next = 0
        self.pool = load.Pool(port)
        self.counts: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.times: list[float] = []
        # How often each kind comes, and how many messages it brings.
        self.kinds: dict[str, tuple[int, float, Check]] = {
            "single": (60, 1, self._single),
            "batch": (10, _GROUP, self._batch),
            "stream": (5, _LINES, self._stream),
            "details": (8, 1, self._details),
            "redactions": (8, 1, self._redactions),
            "bad body": (5, 0, self._bad),
            "gone": (4, 0.5, self._gone),
        }

    @property
    def messages_a_request(self) -> float:
        """Messages that a request brings, on average."""
        return sum(w * m for w, m, _ in self.kinds.values()) / sum(w for w, _, _ in self.kinds.values())

    async def one(self, kind: str) -> None:
        """One request of a kind, counted; what is wrong with its answer is kept as a fault."""
        started = time.perf_counter()
        try:
            fault = await self.kinds[kind][2]()
        except OSError:
            fault = "a connection broke"
        except (ValueError, KeyError, TypeError, IndexError):
            fault = "an answer is not of the right shape"
        self.counts[kind] += 1
        if fault == "refused":
            self.counts["refused"] += 1
        elif fault:
            self.faults[f"{kind}: {fault}"] += 1
        elif kind == "single":
            self.times.append(time.perf_counter() - started)

    def _take(self, number: int = 1) -> list[dict[str, str]]:
        first = self._next
        self._next += number
        return [{"id": f"m{i}", "text": self._lines[i % len(self._lines)]} for i in range(first, self._next)]

    async def _json(self, path: str, sent: list[dict[str, str]]) -> tuple[int, Any]:
        status, body = await self.pool.ask(load.packet(json.dumps({"messages": sent}).encode(), path))
        return status, json.loads(body)

    async def _single(self) -> str | None:
        return await self._assess(self._take())

    async def _batch(self) -> str | None:
        return await self._assess(self._take(_GROUP))

    async def _assess(self, sent: list[dict[str, str]]) -> str | None:
        status, answer = await self._json("/v1/assessments", sent)
        return _refused(status) or _about(sent, answer["assessments"])

    async def _details(self) -> str | None:
        sent = self._take()
        status, answer = await self._json("/v1/details", sent)
        return _refused(status) or _about(sent, answer["details"])

    async def _redactions(self) -> str | None:
        [sent] = self._take()
        status, answer = await self._json("/v1/redactions", [sent])
        if fault := _refused(status):
            return fault
        [found] = answer["redactions"]
        rebuilt, end = "", 0
        for replacement in found["replacements"]:
            rebuilt += sent["text"][end : replacement["start"]] + replacement["placeholder"]
            end = replacement["end"]
        whole = found["id"] == sent["id"] and found["text"] == rebuilt + sent["text"][end:]
        return None if whole else "a redacted text is not that of its message"

    async def _stream(self) -> str | None:
        sent = self._take(_LINES)
        body = "".join(json.dumps(message) + "\n" for message in sent).encode()
        middle = body.index(b"\n") + 1
        # One bad line in each stream: the rest must go on.
        body = body[:middle] + b'{"text": 1}\n' + body[middle:]
        status, answer = await self.pool.ask(load.packet(body, media_type="application/x-ndjson"))
        if fault := _refused(status):
            return fault
        found = [json.loads(line) for line in answer.splitlines()]
        if len(found) != _LINES + 1 or found.pop(1)["status"] != 400:
            return "a bad line of a stream is not told"
        if any("status" in record for record in found):
            return "refused" if all(r.get("status", 503) == 503 for r in found) else "a good line of a stream failed"
        return _about(sent, found)

    async def _bad(self) -> str | None:
        kind, body, expected = _BAD[self._next % len(_BAD)]
        self._next += 1
        media = "text/plain" if kind == "media" else "application/json"
        status, answer = await self.pool.ask(load.packet(body, media_type=media))
        if status == 503:
            return "refused"
        told = json.loads(answer)["status"]
        return None if status == told == expected else f"a bad body ({kind}) got status {status}"

    async def _gone(self) -> str | None:
        """Leave in the middle of the body, or right after it."""
        connection = await load.Connection.to(self._port)
        request = load.single(self._take()[0]["text"])
        connection.send(request[: len(request) // (1 + self._next % 2)])
        await asyncio.sleep(0.02)
        connection.close()
        return None


_BAD: tuple[tuple[str, bytes, int], ...] = (
    ("no JSON", b'{"messages": [{"text": ', 400),
    ("wrong type", b'{"messages": [{"text": 12}]}', 400),
    ("wrong shape", b'[{"messages": {}}]', 400),
    ("no message", b'{"messages": []}', 400),
    ("unknown key", b'{"messages": [{"text": "a", "x": 1}]}', 400),
    ("no UTF-8", b'{"messages": [{"text": "\xff\xfe"}]}', 400),
    ("deep", b"[" * 100_000, 400),
    ("too many", json.dumps({"messages": [{"text": "a"}] * 300}).encode(), 400),
    ("huge", b'{"messages": [{"text": "' + b"a" * 9_000_000 + b'"}]}', 413),
    ("media", b'{"messages": [{"text": "a"}]}', 415),
)


def _refused(status: int) -> str | None:
    if status == 200:
        return None
    return "refused" if status == 503 else f"status {status}"


def _about(sent: Sequence[Mapping[str, str]], found: Sequence[Mapping[str, Any]]) -> str | None:
    """Whether each record is about the message that was sent at its place."""
    if [message["id"] for message in sent] != [record["id"] for record in found]:
        return "the ids are not those that were sent"
    for message, record in zip(sent, found, strict=True):
        spans = [*record["details"], *record.get("cues", ())]
        if any(message["text"][span["start"] : span["end"]] != span["text"] for span in spans):
            return "the words of a span do not stand at its place"
        scores = record["doxing"]["scores"]
        if abs(sum(scores.values()) - 1) > 0.01 or record["doxing"]["label"] not in scores:
            return "the scores are none"
    return None


async def sample(process: psutil.Process, pool: load.Pool, started: float) -> dict[str, float]:
    """Memory, handles and queue of the server now."""
    request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
    _, page = await pool.ask(request)
    queue = re.search(rb"^vptnlp_queue_messages (\S+)", page, re.MULTILINE)
    return {
        "second": round(time.perf_counter() - started, 1),
        "rss_mb": round(load.resident(process), 1),
        "descriptors": process.num_fds(),
        "threads": process.num_threads(),
        "queue": float(queue.group(1)) if queue else -1.0,
    }


async def soak(process: psutil.Process, port: int, options: argparse.Namespace) -> dict[str, Any]:
    """Find the capacity, keep the load up, and watch."""
    lines = load.texts(4096)
    packets = [load.single(line) for line in lines]
    capacity = (await load.closed(port, packets, 32, options.warming)).figures()["per_second"]
    assert isinstance(capacity, float)
    if not capacity:
        raise SystemExit("No request was answered while warming up; give more --warming.")
    await asyncio.sleep(_KEPT)
    traffic, watching = Traffic(port, lines), load.Pool(port)
    rate = SHARE * capacity / traffic.messages_a_request
    own = random.Random(2)
    names = list(traffic.kinds)
    weights = [traffic.kinds[name][0] for name in names]
    tasks: set[asyncio.Task[None]] = set()
    due = started = time.perf_counter()
    until = started + 60 * options.minutes
    before = await sample(process, watching, started)
    samples = [before]

    async def watch() -> None:
        while True:
            await asyncio.sleep(EVERY)
            samples.append(await sample(process, watching, started))
            print(samples[-1], dict(traffic.faults) or "", file=sys.stderr, flush=True)

    watcher = asyncio.create_task(watch())
    while (due := due + own.expovariate(rate)) < until:
        if (left := due - time.perf_counter()) > 0:
            await asyncio.sleep(left)
        if traffic.pool.busy >= load.MOST_CONNECTIONS or watcher.done():
            break
        task = asyncio.create_task(traffic.one(own.choices(names, weights)[0]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    behind = traffic.pool.busy >= load.MOST_CONNECTIONS
    if tasks:
        await asyncio.wait(tasks, timeout=60)
    unanswered = len(tasks)
    if watcher.done():
        raise SystemExit("The metrics of the service could not be read.") from watcher.exception()
    watcher.cancel()
    traffic.pool.close()
    await asyncio.sleep(_KEPT)
    after = await sample(process, watching, started)
    ordered = sorted(traffic.times)
    return {
        "capacity_per_second": capacity,
        "requests_per_second": round(rate, 2),
        "messages_per_second": round(rate * traffic.messages_a_request, 1),
        "requests": dict(traffic.counts),
        "single_p50_ms": round(1000 * load.cut(ordered, 0.5)),
        "single_p99_ms": round(1000 * load.cut(ordered, 0.99)),
        "faults": {
            **traffic.faults,
            **({"requests without an answer": unanswered} if unanswered else {}),
            **({"the service fell behind": 1} if behind else {}),
        },
        "before": before,
        "after": after,
        "samples": samples,
    }


def judge(found: Mapping[str, Any]) -> list[str]:
    """What is wrong, as sentences; empty when the service held."""
    wrong = [f"{number} times: {fault}." for fault, number in found["faults"].items()]
    half = found["samples"][len(found["samples"]) // 2 :]
    if len(half) < 3:
        return [*wrong, "There are too few samples to judge the memory; let it run longer."]
    seconds = [s["second"] for s in half]
    memory = [s["rss_mb"] for s in half]
    rise = statistics.linear_regression(seconds, memory).slope * (seconds[-1] - seconds[0])
    if rise > max(RISE_MB, RISE_SHARE * statistics.mean(memory)):
        wrong.append(f"Memory rose by {rise:.1f} MB in the second half.")
    for name in ("descriptors", "threads"):
        more = found["after"][name] - found["before"][name]
        if more > SPARE_HANDLES:
            wrong.append(f"{more} more {name} than before are left.")
    return wrong


def table(results: Mapping[str, Any]) -> str:
    """The results as Markdown."""
    samples = results["samples"]
    shown = [samples[round(i * (len(samples) - 1) / 10)] for i in range(11)] if len(samples) > 11 else samples
    counts = results["requests"]
    total = sum(number for kind, number in counts.items() if kind != "refused")
    rows = [
        "| second | memory MB | descriptors | threads | messages in queue |",
        "| ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {s['second']:.0f} | {s['rss_mb']:.0f} | {s['descriptors']} | {s['threads']} | {s['queue']:.0f} |"
            for s in [*shown, results["after"]]
        ),
    ]
    mixed = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()) if kind != "refused")
    verdict = " ".join(results["wrong"]) or "Every answer was right, and nothing was left over."
    return "\n".join(
        [
            f"`{results['model']}`, {results['minutes']:g} minutes at {SHARE:.0%} of {results['capacity_per_second']} messages a "
            f"second, {results['cores']} cores: {total} requests ({mixed}), {counts.get('refused', 0)} refused. A single message "
            f"took {results['single_p50_ms']} ms (p50), {results['single_p99_ms']} ms (p99). {verdict}",
            "",
            *rows,
            "",
            "The last row is after the load.",
        ]
    )


def main() -> None:
    """Soak, judge and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="vpt-nl-base", help="a bundle folder or a shipped name")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--warming", type=float, default=20.0, help="seconds of full load before, to find the capacity")
    parser.add_argument(
        "-o", "--output", type=Path, default=ROOT / "benchmarks", help="folder of soak.json and README.md"
    )
    options = parser.parse_args()
    with load.serving(options.model) as (process, port):
        found = asyncio.run(soak(process, port, options))
    results: dict[str, Any] = {
        "model": Path(options.model).name,
        "minutes": options.minutes,
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "wrong": judge(found),
        **found,
    }
    tables.write(options.output, "soak", results, table(results))
    print(table(results))
    if results["wrong"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
