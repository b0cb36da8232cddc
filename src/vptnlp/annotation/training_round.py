"""The training round: messages with known answers, on which a new annotator tries the codebook.

The messages and their answers stand in one file in the authoring form of a corpus (`TASKS`), so that corpus rules check it
and every tool that reads a corpus can show it. The pages for people and the file of answers are generated from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vptnlp.annotation import codebook
from vptnlp.annotation.judgements import to_row
from vptnlp.annotation.tasks import gold_of
from vptnlp.corpus import Example, read_examples, rules
from vptnlp.errors import ConfigError, CorpusError
from vptnlp.messages import Span
from vptnlp.taxonomy import AXES, AXIS_DUTCH, Label

CODEBOOK, SUMMARY, ROUND, ANSWERS = "codeboek.md", "samenvatting.md", "oefenronde.md", "oefenronde-antwoorden.md"
TASKS, JUDGEMENTS = "oefenronde.jsonl", "oefenronde-antwoorden.jsonl"
REASON = "**Waarom.**"
"""How the reason of an answer begins, on the page of answers."""

_MARKDOWN = re.compile(r"([\\`*_<>\[\]#|])")


def pages(folder: Path) -> dict[Path, str]:
    """What the generated files of the folder must hold.

    Args:
        folder: The folder with the pages, in the repository ``annotation/``.

    Returns:
        Path to content: the four pages with their generated regions current, and the file of answers.

    Raises:
        ConfigError: A page cannot be read, or its regions are not as they must be.
        CorpusError: The file of messages cannot be read.
    """
    examples = read_round(folder)
    wanted = {
        CODEBOOK: codebook.codebook_regions(),
        SUMMARY: codebook.summary_regions(),
        ROUND: {"berichten": "\n".join(f"### {e.id}\n\n{_quoted(e.text)}\n" for e in examples)},
        ANSWERS: {e.id: f"## {e.id}\n\n{_quoted(e.text)}\n\n{_answer(e)}\n" for e in examples},
    }
    found = {}
    for name, regions in wanted.items():
        path = folder / name
        try:
            found[path] = codebook.refresh(_read(path), regions)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}") from None
    rows = (json.dumps(to_row(judgement), ensure_ascii=False) for judgement in gold_of(examples))
    found[folder / JUDGEMENTS] = "".join(f"{row}\n" for row in rows)
    return found


def stale(folder: Path) -> list[Path]:
    """The files of `pages` that differ from what they must hold, or are not there."""
    return [path for path, content in pages(folder).items() if not path.exists() or _read(path) != content]


def write_pages(folder: Path) -> list[Path]:
    """Write the files that are `stale`, and say which."""
    old = stale(folder)
    current = pages(folder)
    for path in old:
        path.write_text(current[path], encoding="utf-8", newline="\n")
    return old


def faults(folder: Path) -> Iterator[str]:
    """What the codebook and the training round lack, as full sentences without the text of a message."""
    yield from codebook.faults(_read(folder / CODEBOOK))
    examples = read_round(folder)
    for example in examples:
        yield from (f"{example.id}: {fault}" for fault in rules.errors(example))
    answers = _read(folder / ANSWERS)
    parts = re.split(r"<!-- end: (\S+) -->", answers)
    reasons = {name: rest.partition("<!-- begin:")[0] for name, rest in zip(parts[1::2], parts[2::2], strict=True)}
    for example in examples:
        if not reasons.get(example.id, "").strip().startswith(REASON):
            yield f"{example.id}: the page of answers gives no reason; start it with '{REASON}' under the answer."


def read_round(folder: Path) -> list[Example]:
    """The messages of the training round with their answers.

    Raises:
        CorpusError: The file cannot be read, or an id occurs twice.
    """
    found = list(read_examples(folder / TASKS))
    if len({example.id for example in found}) != len(found):
        raise CorpusError(f"The file '{folder / TASKS}' has an id twice; give each message its own.")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"The page '{path}' cannot be read: {error.strerror}.") from None


def _answer(example: Example) -> str:
    """The answers as a Markdown table: single axes always, the rest where something holds."""
    labels = example.labels
    rows = ["| onderdeel | antwoord |", "| --- | --- |", f"| vijandig | {'ja' if labels.hostile else 'nee'} |"]
    for axis, kind in AXES.items():
        held = getattr(labels, axis)
        given = [held] if isinstance(held, Label) else [value for value in kind if value in held]
        if given:
            rows.append(f"| {AXIS_DUTCH[axis]} | {', '.join(f'{value.dutch} (`{value}`)' for value in given)} |")
    if labels.organised_crime:
        rows.append(f"| {AXIS_DUTCH['organised_crime']} | ja |")
    for group, spans in (("details", example.details), ("cues", example.cues)):
        if spans:
            rows.append(f"| {codebook.SPAN_DUTCH[group]} | {_spans(example.text, spans)} |")
    return "\n".join(rows)


def _spans(text: str, spans: Sequence[Span]) -> str:
    return "<br>".join(
        f"«{_escaped(span.text_of(text).replace(chr(10), ' '))}»: `{span.kind}`"
        + (f", {span.subject.dutch}" if span.subject else "")
        for span in spans
    )


def _quoted(text: str) -> str:
    """A message as a Markdown quotation that keeps its line ends."""
    lines = [f"> {_escaped(line)}" if line else ">" for line in text.split("\n")]
    return "\\\n".join(lines).replace(">\\\n", ">\n").replace("\\\n>\n", "\n>\n")


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)
