"""CoNLL: one token a line, BIO tags, in columns.

Spans of different kinds overlap, and BIO holds one span a token: so details and cues have columns of their own, and
as many of each as overlap asks for. The first column of a group (``DETAILS``, ``CUES``) has the longest of the spans
that begin together, the others (``DETAILS:2``) what overlaps it. A tag is ``B-ADDRESS:target`` or ``B-weapon``.
Layout as in CoNLL-U Plus (https://universaldependencies.org/ext-format.html): ``# global.columns`` names the columns,
a blank line ends a message, labels of the message stand in comments.

Limits: tokens are runs of letters and digits, single signs, and cut further where a span begins or ends, so two
annotators of one message may have different tokens; blanks have no token unless a span begins or ends in them (shown
as ``␣``); hence a change in blanks alone is not noticed. ``START`` and ``END`` (code points) hold every span exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from vptnlp.annotation.formats.intake import Imported, Intake, check_covered, read_text
from vptnlp.annotation.formats.shown import Sheet, add_span, name_of_span, names_of, row_of_names, sheets, spans_of
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.errors import CorpusError
from vptnlp.messages import Span
from vptnlp.taxonomy import SPAN_KINDS

_TOKENS = re.compile(r"\w+|[^\w\s]|\s+")
_COLUMNS = "# global.columns = "
_FIXED = ["ID", "FORM", "START", "END"]
_BLANK = "␣"


def export(
    tasks: Iterable[Task],
    target: Path,
    answers: Sequence[Judgement] = (),
    suggestions: Sequence[Judgement] = (),
) -> None:
    """Write one file.

    Args:
        tasks: What to annotate.
        target: The file.
        answers: Given answers, one block of lines each.
        suggestions: Labels and spans for tasks without an answer; such blocks have no annotator.
    """
    blocks = list(sheets(tasks, answers, suggestions))
    layers = [{group: _layers(getattr(b.judgement, group, ())) for group in SPAN_KINDS} for b in blocks]
    widths = {group: max([1, *(len(layer[group]) for layer in layers)]) for group in SPAN_KINDS}
    names = [group.upper() + (f":{i}" if i > 1 else "") for group, width in widths.items() for i in range(1, width + 1)]
    with target.open("w", encoding="utf-8", newline="\n") as out:
        out.write(_COLUMNS + " ".join(_FIXED + names) + "\n")
        for block, layer in zip(blocks, layers, strict=True):
            out.writelines(f"{line}\n" for line in _lines(block, layer, widths))


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read such a file.

    Args:
        path: The file.
        tasks: What was asked.
        annotator: Who answered, where a block does not say; a block without an annotator is unanswered otherwise.

    Raises:
        CorpusError: The file cannot be read or does not name its columns.
    """
    lines = read_text(path).split("\n")
    columns = lines[0].removeprefix(_COLUMNS).split() if lines[0].startswith(_COLUMNS) else []
    if columns[: len(_FIXED)] != _FIXED:
        raise CorpusError(
            f"The first line of '{path}' must be '{_COLUMNS}{' '.join(_FIXED)} ...', which names the columns."
        )
    intake = Intake(tasks)
    for number, comments, tokens in _blocks(lines):
        task = intake.task(comments.get("task"), f"{path.name}, line {number}")
        if task is None:
            continue
        who = comments.get("annotator") or annotator
        if not isinstance(who, str):
            intake.found.unanswered += 1
            continue
        try:
            answer = _answer(comments, tokens, columns, task.text)
        except CorpusError as error:
            intake.refuse(task.id, f"{error} The answer is left out.", who)
            continue
        intake.answer(task, who, answer)
    return intake.found


def _layers(spans: Sequence[Span]) -> list[list[Span]]:
    """The spans in as few columns as hold them without overlap."""
    layers: list[list[Span]] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s)):
        free = next((layer for layer in layers if layer[-1].end <= span.start), None)
        if free is None:
            layers.append([span])
        else:
            free.append(span)
    return layers


def _lines(sheet: Sheet, layers: dict[str, list[list[Span]]], widths: dict[str, int]) -> Iterator[str]:
    text, judgement = sheet.task.text, sheet.judgement
    yield f"# task = {json.dumps(sheet.task.id, ensure_ascii=False)}"
    if sheet.annotator is not None:
        yield f"# annotator = {json.dumps(sheet.annotator, ensure_ascii=False)}"
    if judgement is not None:
        yield f"# labels = {json.dumps(names_of(judgement.labels))}"
        if judgement.answered_at is not None:
            yield f"# answered_at = {json.dumps(judgement.answered_at.isoformat())}"
    spans = spans_of(judgement) if judgement else ()
    for number, (start, end) in enumerate(_pieces(text, spans), 1):
        form = _BLANK if text[start:end].isspace() else text[start:end]
        tags = [
            _tag(start, end, layers[group][i] if i < len(layers[group]) else ())
            for group, width in widths.items()
            for i in range(width)
        ]
        yield "\t".join([str(number), form, str(start), str(end), *tags])
    yield ""


def _tag(start: int, end: int, layer: Sequence[Span]) -> str:
    span = next((s for s in layer if s.start <= start and end <= s.end), None)
    return "O" if span is None else f"{'B' if span.start == start else 'I'}-{name_of_span(span)}"


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    starts, ends = {s.start for s in spans}, {s.end for s in spans}
    edges = sorted({edge for found in _TOKENS.finditer(text) for edge in found.span()} | starts | ends)
    for start, end in pairwise(edges):
        if not text[start:end].isspace() or start in starts or end in ends:
            yield start, end


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, dict[str, Any], list[list[str]]]]:
    """Number of the first line, comments and rows of each message."""
    first, comments, rows = 2, {}, []
    for number, line in enumerate([*lines[1:], ""], 2):
        if line.startswith("# "):
            name, _, value = line[2:].partition(" = ")
            try:
                comments[name] = json.loads(value)
            except ValueError:
                comments[name] = None
        elif line:
            rows.append(line.split("\t"))
        else:
            if comments or rows:
                yield first, comments, rows
            first, comments, rows = number + 1, {}, []


def _answer(comments: dict[str, Any], rows: Sequence[list[str]], columns: Sequence[str], text: str) -> dict[str, Any]:
    labels = comments.get("labels")
    answer = row_of_names(labels if isinstance(labels, list) else ())
    places = [_place(row, columns, text) for row in rows]
    for at, column in enumerate(columns[len(_FIXED) :], len(_FIXED)):
        if column.partition(":")[0].lower() not in SPAN_KINDS:
            continue  # a column that another program has added
        held: list[Any] | None = None
        for (start, end), row in zip(places, rows, strict=True):
            mark, _, name = row[at].partition("-")
            if mark == "I" and held is not None and held[2] == name:
                held[1] = end
                continue
            if held is not None:
                add_span(answer, *held)
            if mark == "I":
                raise CorpusError(f"Token {row[0]} has a tag that begins with 'I-' and follows no 'B-' of its kind.")
            held = [start, end, name] if mark == "B" else None
        if held is not None:
            add_span(answer, *held)
    if comments.get("answered_at"):
        answer["answered_at"] = comments["answered_at"]
    return answer


def _place(row: Sequence[str], columns: Sequence[str], text: str) -> tuple[int, int]:
    if len(row) != len(columns):
        raise CorpusError(f"A line has {len(row)} columns where {len(columns)} are named.")
    if not (row[2].isdecimal() and row[3].isdecimal()):
        raise CorpusError("The columns START and END must be whole numbers.")
    start, end = int(row[2]), int(row[3])
    check_covered(text, start, end, "" if row[1] == _BLANK else row[1])
    return start, end
