"""Speed and memory of `vptnlp assess` on short messages: throughput, peak memory as the input grows, cold start.

Writes `benchmarks/speed.json`; `make bench-speed` runs it. The messages are those of the corpus under 30 words, repeated
with a number in front so that no two are equal.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
SIZES = (1_000, 10_000)


def short_texts() -> list[str]:
    """All short messages of the train split."""
    rows = (ROOT / "corpora/vpt-nl/data/train.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(row)["text"] for row in rows]
    return [text for text in texts if len(text.split()) < 30]


def measure(path: Path) -> tuple[float, float]:
    """Seconds and peak memory in MB of one run of the command line."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "vptnlp.cli", "assess", str(path), "--format", "jsonl", "-o", os.devnull]
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and write the results."""
    texts = short_texts()
    results: dict[str, object] = {"python": platform.python_version(), "cores": os.cpu_count(), "runs": []}
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox.jsonl"
        for size in (1, *SIZES):
            with inbox.open("w", encoding="utf-8") as out:
                for number, text in enumerate(islice(cycle(texts), size)):
                    out.write(json.dumps({"text": f"{number} {text}"}) + "\n")
            seconds, memory = measure(inbox)
            run = {"messages": size, "seconds": round(seconds, 2), "peak_mb": round(memory)}
            run["messages_per_second"] = round(size / seconds)
            results["runs"].append(run)  # type: ignore[attr-defined]
            print(f"{size:>6} messages: {seconds:6.2f} s, {size / seconds:6.0f} a second, {memory:4.0f} MB")
    (ROOT / "benchmarks/speed.json").write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
