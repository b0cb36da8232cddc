"""Load on the HTTP service over loopback, beside the library's own speed in bulk on the same messages.

The library is measured first, in a process of its own that has the cores to itself. Then `vptnlp serve` is started and gets,
one after another: as many requests as it can take (a closed load: each connection sends its next request when it has its answer;
its throughput is the capacity), half of that and all of it and ten times it (open loads: requests arrive at random moments,
whether or not earlier ones were answered), and the capacity once more to see that it recovered. Requests hold one message each;
beside them requests of 256 and one stream of lines. Writes `benchmarks/service.json` and the tables made of it; with `--tables`
only the tables.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import load
import psutil  # type: ignore[import-untyped]
import tables

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks/service.json"
MESSAGES = 4096
BULK = 256


def library(model: str, seconds: float) -> dict[str, float]:
    """Messages a second of the library in bulk, written as JSON records as `vptnlp assess --format jsonl` does."""
    import pydantic_core

    from vptnlp import Analyzer

    analyzer = Analyzer.load(model)
    lines = load.texts(MESSAGES)
    list(analyzer.assess_many(lines[:64]))
    done = 0
    started = time.perf_counter()
    while (taken := time.perf_counter() - started) < seconds:
        part = [lines[(done + i) % len(lines)] for i in range(BULK)]
        for assessment in analyzer.assess_many(part):
            pydantic_core.to_json(assessment.to_dict())
        done += BULK
    return {"messages": done, "per_second": round(done / taken, 1), "peak_mb": round(load.resident(psutil.Process()))}


def library_alone(model: str, seconds: float) -> dict[str, float]:
    """`library` in a process of its own."""
    words = [sys.executable, __file__, "--library", model, "--seconds", str(seconds)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


async def loads(process: psutil.Process, port: int, options: argparse.Namespace) -> dict[str, Any]:
    """All loads on one server."""
    lines = load.texts(MESSAGES)
    packets = [load.single(line) for line in lines]
    found: dict[str, Any] = {"memory_start_mb": round(load.resident(process)), "single": {}}

    async def measure(name: str, work: Any, offered: float | None) -> dict[str, Any]:
        before, cpu = time.process_time(), process.cpu_times()
        started = time.perf_counter()
        tally = await load.watched(asyncio.ensure_future(work), process)
        taken = time.perf_counter() - started
        after = process.cpu_times()
        figures: dict[str, Any] = {
            "offered_per_second": offered and round(offered, 1),
            **tally.figures(),
            "client_cores": round((time.process_time() - before) / taken, 2),
            "server_cores": round((after.user + after.system - cpu.user - cpu.system) / taken, 2),
        }
        shown = {key: value for key, value in figures.items() if key != "memory_mb"}
        print(f"{name}: {shown}, memory {figures['memory_mb'][0]} to {figures['memory_mb'][-1]} MB", file=sys.stderr)
        # A pause, so that one load does not stand in the next one's way.
        await asyncio.sleep(1)
        return figures

    def full() -> Any:
        return load.closed(port, packets, options.connections, options.seconds)

    runs = found["single"]
    runs["capacity"] = await measure("capacity", full(), None)
    capacity = runs["capacity"]["per_second"]
    if not capacity:
        raise SystemExit("No request was answered; give more --seconds.")
    for name, share in (("half", 0.5), ("all", 1.0), ("tenfold", 10.0)):
        offered = share * capacity
        work = load.arriving(port, packets, offered, options.seconds)
        runs[name] = await measure(name, work, offered)
    runs["capacity_again"] = await measure("capacity again", full(), None)
    groups = [lines[first : first + BULK] for first in range(0, len(lines), BULK)]
    bulk = [load.packet(json.dumps({"messages": [{"text": t} for t in group]}).encode()) for group in groups]
    many = await measure("requests of 256", load.closed(port, bulk, 2, options.seconds, 0.0), None)
    # Such requests are few, so those that end after the time must count.
    found["requests_of_256"] = {**many, "messages_per_second": round(BULK * many["per_second_to_the_last"], 1)}
    found["stream_messages_per_second"] = await stream(port, lines[: round(capacity * options.seconds)])
    found["memory_end_mb"] = round(load.resident(process))
    return found


async def stream(port: int, lines: list[str]) -> float:
    """Messages a second of one stream of lines."""
    body = "".join(json.dumps({"text": line}) + "\n" for line in lines).encode()
    connection = await load.Connection.to(port)
    started = time.perf_counter()
    status, answer = await connection.ask(load.packet(body, media_type="application/x-ndjson"))
    taken = time.perf_counter() - started
    connection.close()
    if status != 200 or answer.count(b"\n") != len(lines):
        raise SystemExit(f"The stream was answered with status {status} and {answer.count(10)} of {len(lines)} lines.")
    return round(len(lines) / taken, 1)


def table(results: Mapping[str, Any]) -> str:
    """The results as Markdown, a part for each model."""
    return "\n\n".join(_part(name, found) for name, found in results["models"].items())


_NAMES = {
    "capacity": "all it can take (closed)",
    "half": "50% of that",
    "all": "100% of that",
    "tenfold": "1000% of that",
    "capacity_again": "all it can take, after that",
}


def _part(name: str, found: Mapping[str, Any]) -> str:
    rows = [
        f"`{name}`, {found['cores']} cores, client and server on the same cores, {found['seconds']:g} s a row, "
        f"{found['connections']} connections where closed; open loads arrive at random (Poisson):",
        "",
        "| load, one message a request | offered/s | answered/s | p50 ms | p99 ms | p99/p50 | refused | memory MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for key, title in _NAMES.items():
        run = found["single"][key]
        memory = run["memory_mb"]
        rows.append(
            f"| {title} | {run['offered_per_second'] or ''} | {run['per_second']} | {run['p50_ms']:.0f} | {run['p99_ms']:.0f} | "
            f"{run['p99_over_p50']} | {run['refused_share']:.0%} | {memory[0]} to {memory[-1]}, most {max(memory)} |"
        )
    own = found["library"]["per_second"]
    share = found["single"]["capacity"]["per_second"] / own
    rows += [
        "",
        f"The library alone in bulk: {own} messages a second; the service at full load {share:.0%} of that. Requests of 256 "
        f"messages: {found['requests_of_256']['messages_per_second']} messages a second; one stream of lines: "
        f"{found['stream_messages_per_second']}.",
    ]
    return "\n".join(rows)


def write_tables(results: Mapping[str, Any]) -> None:
    """Put the tables where they are read."""
    tables.write(ROOT / "benchmarks", "service", results, table(results))
    tables.insert(ROOT / "service/README.md", "sizing", table(results))


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", nargs="+", default=["vpt-nl-base"], help="bundle folders or shipped names")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each load")
    parser.add_argument("--connections", type=int, default=96, help="of the closed loads")
    parser.add_argument("-o", "--output", type=Path, help="write the JSON here, and no tables")
    parser.add_argument("--tables", action="store_true", help="only write the tables, from what was measured before")
    parser.add_argument("--library", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.library:
        print(json.dumps(library(options.library, options.seconds)))
        return
    path = options.output or RESULTS
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if "models" not in results:
        results = {"models": {}}
    for model in () if options.tables else options.model:
        alone = library_alone(model, options.seconds)
        print(f"library: {alone}", file=sys.stderr)
        with load.serving(model) as (process, port):
            found = asyncio.run(loads(process, port, options))
        results["models"][Path(model).name] = {
            "python": platform.python_version(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "seconds": options.seconds,
            "connections": options.connections,
            "library": alone,
            **found,
        }
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    if not results["models"]:
        raise SystemExit("Nothing was measured yet; run without --tables.")
    if options.output is None:
        write_tables(results)
    print(table(results))


if __name__ == "__main__":
    main()
