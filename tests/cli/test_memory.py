"""Memory stays flat as the input grows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path


def peak_mb(inbox: Path) -> float:
    command = [sys.executable, "-m", "vptnlp.cli", "assess", str(inbox), "--format", "jsonl", "-o", os.devnull]
    command += ["--model", "vpt-nl-linear"]  # the fast one: memory is the pipeline's
    with subprocess.Popen(command) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024


def test_ten_times_the_input_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for size in (600, 6_000):
        inbox = tmp_path / f"{size}.jsonl"
        with inbox.open("w") as out:
            for i in range(size):
                out.write(
                    json.dumps({"text": f"Melding {i}: de lantaarn voor nummer {i} is stuk, " + "en nat " * (i % 60)})
                    + "\n"
                )
        peaks.append(peak_mb(inbox))
    assert peaks[1] < peaks[0] + 25
