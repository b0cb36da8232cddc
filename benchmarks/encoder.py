"""The full assessment of an encoder bundle beside the same encoder in PyTorch eager: speed, cold start, memory.

The peer is what people write with `transformers`: `AutoModel` on the pretrained folder with the heads of the project, texts
tokenised and padded in batches of 32 in the order they come, and one by one. It gives raw scores only; ours also gives
labels, personal details, cues, urgency and steps. Every measurement has a process of its own, pinned to the same cores with as
many threads as cores; the two take turns, so that what else the machine does falls on both.

Writes `benchmarks/encoder.json` and the table in `benchmarks/README.md`. `make bench-encoder` runs it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tables

ROOT = Path(__file__).parents[1]
SEED = 0
BATCH = 32
LONGEST = 512
WARM_UP = 8


def read_texts(data: Path, limit: int) -> list[str]:
    """The first messages of a corpus file, in the order of the file."""
    rows = data.read_text(encoding="utf-8").splitlines()[:limit]
    return [json.loads(row)["text"] for row in rows]


def resident_mb() -> float:
    """Resident memory of this process."""
    import psutil

    return float(psutil.Process().memory_info().rss / 2**20)


def measure_ours(bundle: str, texts: Sequence[str], single: int) -> dict[str, float]:
    """Messages a second of `Analyzer`, in bulk and one by one; memory; seconds from the import to the first answer."""
    started = time.perf_counter()
    from vptnlp import Analyzer

    analyzer = Analyzer.load(bundle)
    analyzer.assess(texts[0])
    first = time.perf_counter() - started
    list(analyzer.assess_many(texts[:WARM_UP]))
    bulk = timed(lambda: list(analyzer.assess_many(texts)))
    alone = timed(lambda: [analyzer.assess(text) for text in texts[:single]])
    return rates(first, len(texts) / bulk, single / alone)


def measure_peer(encoder: str, texts: Sequence[str], single: int) -> dict[str, float]:
    """The same of PyTorch eager."""
    started = time.perf_counter()
    import torch
    from transformers import AutoTokenizer

    from vptnlp.training.network import Network

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    network = Network(encoder).eval()
    network.encoder.set_attn_implementation("eager")

    def score(some: Sequence[str]) -> Any:
        batch = tokenizer(list(some), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        with torch.inference_mode():
            text, tokens = network(batch["input_ids"], batch["attention_mask"])
        return text.sigmoid().numpy(), tokens.numpy()

    score(texts[:1])
    first = time.perf_counter() - started
    score(texts[:WARM_UP])
    bulk = timed(lambda: [score(part) for part in batches(texts)])
    alone = timed(lambda: [score([text]) for text in texts[:single]])
    return rates(first, len(texts) / bulk, single / alone)


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Batches in the order of the texts."""
    return (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))


def timed(work: Any) -> float:
    """Seconds of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def rates(first: float, bulk: float, single: float) -> dict[str, float]:
    """What a measurement gives."""
    return {
        "first_assessment_s": round(first, 3),
        "bulk_per_second": round(bulk, 2),
        "single_per_second": round(single, 2),
        "resident_mb": round(resident_mb()),
    }


def run(role: str, options: argparse.Namespace) -> dict[str, float]:
    """One measurement in a process of its own."""
    cores = sorted(os.sched_getaffinity(0))[: options.cores]
    threads = {name: str(len(cores)) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    command = [sys.executable, "-W", "ignore", __file__, "--role", role, *arguments(options)]
    environment = {**os.environ, **threads, "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def arguments(options: argparse.Namespace) -> list[str]:
    """The options as a command line."""
    return [
        options.bundle, "--encoder", str(options.encoder), "--data", str(options.data),
        "--limit", str(options.limit), "--single", str(options.single),
    ]  # fmt: skip


def import_seconds() -> float:
    """Seconds that `import vptnlp` takes, start of Python not counted."""
    code = "import time; t = time.perf_counter(); import vptnlp; print(time.perf_counter() - t)"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def medians(runs: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {key: round(statistics.median(found[key] for found in runs), 3) for key in runs[0]}


def table(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    ours, peer, ratio = results["ours"], results["peer"], results["ratio"]
    rows = [
        f"| | full assessment, `{results['bundle']}` | scores only, PyTorch eager | ratio |",
        "| --- | ---: | ---: | ---: |",
    ]
    for key, name in (
        ("bulk_per_second", f"messages a second, in bulk (peer: batches of {BATCH})"),
        ("single_per_second", "messages a second, one by one"),
    ):
        rows.append(f"| {name} | {ours[key]:.0f} | {peer[key]:.0f} | {ratio[key]:.1f} |")
    rows.append(
        f"| first answer from a cold start | {ours['first_assessment_s']} s | {peer['first_assessment_s']} s | |"
    )
    rows.append(f"| resident memory | {ours['resident_mb']:.0f} MB | {peer['resident_mb']:.0f} MB | |")
    rows.append(f"| `import vptnlp` | {results['import_s']} s | | |")
    about = (
        f"{results['messages']} messages of `{results['data']}`, {results['cores']} cores, medians of {results['rounds']} "
        f"rounds that take turns (ratio in bulk from {ratio['lowest_bulk']:.1f} to {ratio['highest_bulk']:.1f}). "
        f"torch {results['versions']['torch']}, transformers {results['versions']['transformers']}, "
        f"onnxruntime {results['versions']['onnxruntime']}."
    )
    return "\n".join([*rows, "", about])


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "bundle", nargs="?", default="vpt-nl-base", help="a bundle folder, or the name of a shipped one"
    )
    parser.add_argument(
        "--encoder", type=Path, help="folder of the pretrained encoder; that of configs/base.toml by default"
    )
    parser.add_argument("--data", type=Path, default=ROOT / "corpora/vpt-nl/data/test.jsonl", help="messages (JSONL)")
    parser.add_argument("--limit", type=int, default=1000, help="messages in bulk")
    parser.add_argument("--single", type=int, default=200, help="messages one by one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks", help="folder of encoder.json and README.md")
    parser.add_argument("--role", choices=("ours", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.encoder is None:
        options.encoder = pretrained()
    if not (options.encoder / "config.json").is_file():
        parser.error(
            f"There is no pretrained encoder in '{options.encoder}'; "
            "run 'vptnlp train configs/base.toml', or give --encoder."
        )
    return options


def pretrained() -> Path:
    """Where `vptnlp train configs/base.toml` keeps the pretrained encoder."""
    from vptnlp.training.config import EncoderConfig, load_config

    path = ROOT / "configs/base.toml"
    config = load_config(path)
    assert isinstance(config, EncoderConfig)
    return (path.parent / config.model.work / "pretrained").resolve()


def main() -> None:
    """Measure and write the results."""
    options = parse()
    texts = read_texts(options.data, options.limit)
    single = min(options.single, len(texts))
    if options.role == "ours":
        print(json.dumps(measure_ours(options.bundle, texts, single)))
        return
    if options.role == "peer":
        print(json.dumps(measure_peer(str(options.encoder), texts, single)))
        return
    import importlib.metadata

    ours: list[dict[str, float]] = []
    peer: list[dict[str, float]] = []
    for number in range(options.rounds):
        for role, runs in (("ours", ours), ("peer", peer)):
            runs.append(run(role, options))
            print(f"round {number + 1}, {role}: {runs[-1]}", file=sys.stderr)
    ratios = [a["bulk_per_second"] / b["bulk_per_second"] for a, b in zip(ours, peer, strict=True)]
    middle = medians(ours), medians(peer)
    results = {
        "bundle": Path(options.bundle).name,
        "data": options.data.name,
        "messages": len(texts),
        "cores": min(options.cores, len(os.sched_getaffinity(0))),
        "rounds": options.rounds,
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in ("torch", "transformers", "onnxruntime")},
        "import_s": round(statistics.median(import_seconds() for _ in range(3)), 3),
        "ours": middle[0],
        "peer": middle[1],
        "ratio": {
            **{key: round(middle[0][key] / middle[1][key], 2) for key in ("bulk_per_second", "single_per_second")},
            "lowest_bulk": round(min(ratios), 2),
            "highest_bulk": round(max(ratios), 2),
        },
    }
    tables.write(options.output, "encoder", results, table(results))
    print(table(results))


if __name__ == "__main__":
    main()
