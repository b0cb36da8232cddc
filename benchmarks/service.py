"""Load on the HTTP service over loopback: requests a second, latency, refusals and memory, beside the library's own speed.

Starts `vptnlp serve`, asks from this process with a closed loop (each connection sends its next request when it has its answer),
and writes `benchmarks/service.json`. Client and server share the cores, so that a server with a machine of its own does better.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
JSON = "application/json"


def texts(count: int) -> list[str]:
    """Messages of the train split, each with a number in front so that no two are equal."""
    rows = (ROOT / "corpora/vpt-nl/data/train.jsonl").read_text(encoding="utf-8").splitlines()
    return [f"{n} {json.loads(row)['text']}" for n, row in enumerate(islice(cycle(rows), count))]


def packet(body: bytes, media_type: str = JSON) -> bytes:
    """A whole request."""
    head = f"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read one answer; its status and size."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if b"content-length: " in head:
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        return status, length
    size = 0
    while chunk := int(await reader.readline(), 16):
        await reader.readexactly(chunk + 2)
        size += chunk
    await reader.readline()
    return status, size


async def load(port: int, packets: list[bytes], connections: int, seconds: float) -> dict[str, object]:
    """Keep so many connections busy for so long."""
    waiting = cycle(packets)
    times: list[float] = []
    refused = 0
    until = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
        while time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(next(waiting))
            status, _ = await answer(reader)
            if status == 200:
                times.append(time.perf_counter() - started)
            else:
                assert status == 503, status
                refused += 1
                await asyncio.sleep(0.05)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    taken = time.perf_counter() - started
    cuts = [round(cut * 1000, 1) for cut in statistics.quantiles(times, n=100)]
    return {
        "connections": connections,
        "requests_per_second": round(len(times) / taken, 1),
        "p50_ms": cuts[49],
        "p95_ms": cuts[94],
        "p99_ms": cuts[98],
        "refused": refused,
    }


async def stream(port: int, lines: list[str]) -> float:
    """Messages a second of one stream of lines."""
    body = "".join(json.dumps({"text": line}) + "\n" for line in lines).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    started = time.perf_counter()
    writer.write(packet(body, "application/x-ndjson"))
    status, _ = await answer(reader)
    assert status == 200, status
    writer.close()
    return len(lines) / (time.perf_counter() - started)


def library(model: str, lines: list[str]) -> float:
    """Messages a second of the library alone."""
    from vptnlp import Analyzer

    analyzer = Analyzer.load(model)
    list(analyzer.assess_many(lines[:64]))
    started = time.perf_counter()
    for assessment in analyzer.assess_many(lines):
        json.dumps(assessment.to_dict())
    return len(lines) / (time.perf_counter() - started)


def memory(process: subprocess.Popen[bytes]) -> int | None:
    """Resident memory in MB, where the system tells."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def serve(model: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start the service and wait until it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "vptnlp.cli", "serve", "--port", str(port), "--model", model],
        env={**os.environ, "VPTNLP_LOG_LEVEL": "warning"},
    )
    for _ in range(240):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process, port
        except OSError:
            if process.poll() is not None:
                raise SystemExit("The service did not start.") from None
            time.sleep(0.25)
    raise SystemExit("The service did not start within a minute.")


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="vpt-nl-linear")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--connections", type=int, nargs="*", default=[1, 4, 16, 64, 640])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "benchmarks/service.json")
    wanted = parser.parse_args()
    lines = texts(2048)
    results: dict[str, object] = {
        "model": wanted.model,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "library_messages_per_second": round(library(wanted.model, lines)),
    }
    process, port = serve(wanted.model)
    try:
        results["memory_start_mb"] = memory(process)
        single = [packet(json.dumps({"messages": [{"text": line}]}).encode()) for line in lines]
        groups = [lines[first : first + 256] for first in range(0, len(lines), 256)]
        bulk = [packet(json.dumps({"messages": [{"text": t} for t in group]}).encode()) for group in groups]
        runs = []
        for connections in wanted.connections:
            runs.append(asyncio.run(load(port, single, connections, wanted.seconds)))
            runs[-1]["memory_mb"] = memory(process)
            print(runs[-1])
        results["single_messages"] = runs
        many = asyncio.run(load(port, bulk, 2, wanted.seconds * 2))
        many["messages_per_second"] = round(256 * float(str(many["requests_per_second"])))
        results["requests_of_256"] = many
        results["stream_messages_per_second"] = round(asyncio.run(stream(port, lines * 2)))
        results["memory_end_mb"] = memory(process)
        print({key: value for key, value in results.items() if key != "single_messages"})
    finally:
        process.terminate()
        process.wait(60)
    wanted.output.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
