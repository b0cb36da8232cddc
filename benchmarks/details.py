"""Personal details: our rules, and the rules with a model, beside `presidio-analyzer` and `deduce`.

On the same messages: span F1 of every kind (kind right, overlap at least half of the longer), how many spans a tool wrongly
gives in 100 harmless messages, and messages a second. Presidio runs with its own recognisers for what it can find in Dutch
text without a download (phone numbers of the Netherlands, IBAN, e-mail, URL, IP address) and a blank Dutch tokenizer. Deduce
is under the GPL, so it is no dependency: the script installs it into an environment of its own, `build/deduce`, and talks to
it over pipes.

Every tool reads the same texts, in which domains under the reserved ``.example`` are made to end in ``.nl``: Presidio and deduce
refuse domains that cannot exist, which on real mail would not count against them.

Writes `benchmarks/details.json` and the table in `benchmarks/README.md`. `make bench-details` runs it.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import logging
import os
import re
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tables

from vptnlp import Analyzer
from vptnlp.corpus import Example, read_examples
from vptnlp.doxing import find_details
from vptnlp.evaluation.bootstrap import Bootstrap
from vptnlp.evaluation.metrics import f1
from vptnlp.evaluation.spans import SpanCounts, count_found
from vptnlp.messages import Message, Span
from vptnlp.taxonomy import DetailKind

ROOT = Path(__file__).parents[1]
DEDUCE = "3.0.6"
Found = list[tuple[Span, ...]]

PRESIDIO_KINDS = {
    "PHONE_NUMBER": DetailKind.PHONE,
    "IBAN_CODE": DetailKind.IBAN,
    "EMAIL_ADDRESS": DetailKind.EMAIL,
    "URL": DetailKind.URL,
    "IP_ADDRESS": DetailKind.IP_ADDRESS,
}
DEDUCE_KINDS = {
    "persoon": DetailKind.PERSON,
    "patient": DetailKind.PERSON,
    "telefoonnummer": DetailKind.PHONE,
    "emailadres": DetailKind.EMAIL,
    "url": DetailKind.URL,
    "bsn": DetailKind.BSN,
    "leeftijd": DetailKind.AGE,
    "id": DetailKind.ID_NUMBER,
    "ziekenhuis": DetailKind.INSTITUTION,
    "instelling": DetailKind.INSTITUTION,
    "zorginstelling": DetailKind.INSTITUTION,
}
"""Its `datum` is any date, not a date of birth, and is left out; its `locatie` is taken apart by `places`."""

_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?[A-Z]{2}\b")
_NUMBERED = re.compile(r"[^\W\d]\s+\d+")
_YEARS = re.compile(r"[ -](?:jaar|jarige?|jr)\b", re.IGNORECASE)
_RESERVED, _REAL = re.compile(r"\.example\b"), ".nl"


@dataclass(frozen=True)
class Tool:
    """A tool under test.

    Attributes:
        name: In the table.
        kinds: What it can find.
        find: From texts to details and the seconds it took.
    """

    name: str
    kinds: frozenset[DetailKind]
    find: Callable[[Sequence[str]], tuple[Found, float]]


def timed(find: Callable[[Sequence[str]], Found]) -> Callable[[Sequence[str]], tuple[Found, float]]:
    """Add the seconds; the first messages are done once before, so that word lists are loaded."""

    def run(texts: Sequence[str]) -> tuple[Found, float]:
        find(texts[:8])
        started = time.perf_counter()
        found = find(texts)
        return found, time.perf_counter() - started

    return run


def rules() -> Tool:
    """Our recognisers alone."""
    return Tool("rules", frozenset(DetailKind), timed(lambda texts: [find_details(text) for text in texts]))


def with_model(bundle: str) -> Tool:
    """Our recognisers joined with a model; the time is that of the full assessment."""
    analyzer = Analyzer.load(bundle)

    def find(texts: Sequence[str]) -> Found:
        return [a.details for a in analyzer.assess_many(Message(str(i), t) for i, t in enumerate(texts))]

    return Tool(f"rules with {analyzer.info.name}", frozenset(DetailKind), timed(find))


def presidio() -> Tool:
    """Presidio's own recognisers."""
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.predefined_recognizers import (
        EmailRecognizer,
        IbanRecognizer,
        IpRecognizer,
        PhoneRecognizer,
        UrlRecognizer,
    )

    from vptnlp.presidio import LANGUAGE, BlankDutchEngine

    # The list of top-level domains that comes with the package, rather than a download in the middle of a run.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    # It warns of every recogniser that is not asked for.
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    recognisers = [
        PhoneRecognizer(supported_language=LANGUAGE, supported_regions=["NL"]),
        *(kind(supported_language=LANGUAGE) for kind in (IbanRecognizer, EmailRecognizer, UrlRecognizer, IpRecognizer)),
    ]
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognisers, supported_languages=[LANGUAGE]),
        nlp_engine=BlankDutchEngine(),
        supported_languages=[LANGUAGE],
    )

    def find(texts: Sequence[str]) -> Found:
        return [
            tuple(Span(r.start, r.end, PRESIDIO_KINDS[r.entity_type]) for r in engine.analyze(text, language=LANGUAGE))
            for text in texts
        ]

    return Tool("presidio-analyzer", frozenset(PRESIDIO_KINDS.values()), timed(find))


def deduce(folder: Path) -> Tool:
    """Deduce in an environment of its own, made where it is missing."""
    python = folder / "bin/python"
    if not (folder / "installed").is_file():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"deduce=={DEDUCE}"], check=True)
        (folder / "installed").write_text(DEDUCE)
    worker = Path(__file__).with_name("deduce_worker.py")

    def find(texts: Sequence[str]) -> tuple[Found, float]:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        done = subprocess.run(
            [python, worker],
            input=json.dumps(list(texts)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=environment,
        )
        answer = json.loads(done.stdout.splitlines()[-1])
        return [
            tuple(s for row in rows for s in spans(text, *row))
            for text, rows in zip(texts, answer["found"], strict=True)
        ], float(answer["seconds"])

    located = {DetailKind.ADDRESS, DetailKind.POSTCODE, DetailKind.PLACE}
    return Tool(f"deduce {DEDUCE}", frozenset(DEDUCE_KINDS.values()) | located, find)


def spans(text: str, start: int, end: int, tag: str) -> Iterator[Span]:
    """One finding of deduce in our kinds."""
    if tag == "locatie":
        yield from places(text, start, end)
    elif tag in DEDUCE_KINDS:
        # Of an age it marks the number alone; the corpus marks "45 jaar".
        if tag == "leeftijd" and (unit := _YEARS.match(text, end)):
            end = unit.end()
        yield Span(start, end, DEDUCE_KINDS[tag])


def places(text: str, start: int, end: int) -> Iterator[Span]:
    """Take a location apart, for deduce joins street, postcode and town where they stand side by side."""
    at = start
    for found in [*_POSTCODE.finditer(text, start, end), None]:
        stop = found.start() if found else end
        part = text[at:stop]
        if words := part.strip(" ,.;\n"):
            first = at + part.index(words)
            yield Span(first, first + len(words), DetailKind.ADDRESS if _NUMBERED.search(words) else DetailKind.PLACE)
        if found:
            yield Span(*found.span(), DetailKind.POSTCODE)
            at = found.end()


def with_real_domains(example: Example) -> Example:
    """The message with its reserved domains made real, and its spans moved along."""
    ends = [found.end() for found in _RESERVED.finditer(example.text)]
    shorter = len(".example") - len(_REAL)

    def moved(at: int) -> int:
        return at - shorter * sum(end <= at for end in ends)

    return replace(
        example,
        text=_RESERVED.sub(_REAL, example.text),
        details=tuple(replace(s, start=moved(s.start), end=moved(s.end)) for s in example.details),
    )


def figures(tool: Tool, examples: Sequence[Example], found: Found, seconds: Sequence[float]) -> dict[str, Any]:
    """What is told of one tool."""
    counted = count_found(DetailKind, [e.details for e in examples], found)
    harmless = [i for i, e in enumerate(examples) if not e.labels.hostile]
    alarms = counted.counts[harmless, 1].sum() / max(len(harmless), 1) * 100
    columns = [i for i, kind in enumerate(DetailKind) if kind in tool.kinds]
    return {
        "span_f1": overall(examples, counted, range(len(counted.kinds))),
        "span_f1_of_its_kinds": overall(examples, counted, columns),
        "false_alarms_per_100_harmless": round(float(alarms), 1),
        "messages_per_second": round(len(examples) / statistics.median(seconds), 1),
        "kinds": {
            str(kind): round(float(f1(*counted.counts[:, :, [i]].sum(axis=0))[0]), 4)
            for i, kind in enumerate(DetailKind)
            if kind in tool.kinds
        },
    }


def overall(examples: Sequence[Example], counted: SpanCounts, columns: Sequence[int]) -> dict[str, float | None]:
    """F1 over spans of several kinds, with its interval over scenarios."""
    sums = counted.counts[:, :, list(columns)].sum(axis=2)
    return Bootstrap([e.scenario for e in examples]).of_sums(sums, lambda s: f1(s[:, 0], s[:, 1], s[:, 2])).to_dict()


def table(results: dict[str, Any]) -> str:
    """The results as Markdown."""
    tools: dict[str, Any] = results["tools"]
    rows = [f"| | {' | '.join(tools)} |", f"| --- |{' ---: |' * len(tools)}"]

    def row(name: str, tell: Callable[[dict[str, Any]], str]) -> None:
        rows.append(f"| {name} | {' | '.join(tell(found) for found in tools.values())} |")

    def interval(found: dict[str, float]) -> str:
        return f"{found['value']:.3f} ({found['low']:.3f} – {found['high']:.3f})"

    row("**span F1, all kinds**", lambda found: interval(found["span_f1"]))
    row("span F1, the kinds it can find", lambda found: interval(found["span_f1_of_its_kinds"]))
    row("false alarms in 100 harmless messages", lambda found: f"{found['false_alarms_per_100_harmless']:.1f}")
    row("messages a second", lambda found: f"{found['messages_per_second']:.0f}")
    for kind, support in results["spans"].items():
        if support:
            cells = [f"{found['kinds'][kind]:.3f}" if kind in found["kinds"] else "–" for found in tools.values()]
            rows.append(f"| `{kind}` ({support}) | {' | '.join(cells)} |")
    about = (
        f"{results['messages']} messages of `{results['data']}`, domains under `.example` read as `.nl`; 95% bootstrap "
        f"intervals over scenarios; speed is the median of {results['rounds']} rounds that take turns, {results['cores']} "
        "cores. A false alarm is a span that matches no gold span of its kind. The time with the model is that of the full "
        "assessment, labels and urgency included."
    )
    return "\n".join([*rows, "", about])


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "bundle", nargs="?", default="vpt-nl-base", help="a bundle folder, or the name of a shipped one"
    )
    parser.add_argument(
        "--data", type=Path, default=ROOT / "corpora/vpt-nl/data/test.jsonl", help="labelled messages (JSONL)"
    )
    parser.add_argument("--limit", type=int, help="the first messages only")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--without-deduce", action="store_true", help="do not install or run deduce")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks", help="folder of details.json and README.md")
    return parser.parse_args()


def main() -> None:
    """Measure and write the results."""
    options = parse()
    cores = sorted(os.sched_getaffinity(0))[: options.cores]
    os.sched_setaffinity(0, cores)
    examples = [with_real_domains(e) for e in list(read_examples(options.data))[: options.limit]]
    texts = [e.text for e in examples]
    tools = [rules(), with_model(options.bundle), presidio()]
    if not options.without_deduce:
        tools.append(deduce(ROOT / "build/deduce"))
    found: dict[str, Found] = {}
    seconds: dict[str, list[float]] = {tool.name: [] for tool in tools}
    for number in range(options.rounds):
        for tool in tools:
            found[tool.name], taken = tool.find(texts)
            seconds[tool.name].append(taken)
            print(f"round {number + 1}, {tool.name}: {taken:.2f} s", file=sys.stderr)
    spans = [span for example in examples for span in example.details]
    results = {
        "data": options.data.name,
        "messages": len(examples),
        "rounds": options.rounds,
        "cores": len(cores),
        "versions": {"presidio-analyzer": importlib.metadata.version("presidio-analyzer"), "deduce": DEDUCE},
        "spans": {str(kind): sum(span.kind == kind for span in spans) for kind in DetailKind},
        "tools": {tool.name: figures(tool, examples, found[tool.name], seconds[tool.name]) for tool in tools},
    }
    tables.write(options.output, "details", results, table(results))
    print(table(results))


if __name__ == "__main__":
    main()
