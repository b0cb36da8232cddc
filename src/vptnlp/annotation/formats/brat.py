"""brat standoff: a ``.txt`` and an ``.ann`` for each message, and the configuration of the collection.

Offsets are code points, counted by brat's Python server (``server/src/annotation.py``). brat has no labels of a whole
document: an entity ``Message`` on the first word carries them as attributes, ``threat`` and ``doxing`` with a value,
the others one attribute a label (``aims_intimidate``). The subject of a detail is the attribute ``subject``. A
``.ann`` is line by line, so brat splits a span at line breaks into fragments; they are joined again. What standoff
has no place for stands as JSON in an ``AnnotatorNotes``: annotator and moment, and the offsets of a span that begins
or ends with a line break. File names come from task ids (``file_name``).

Limits: a span of line breaks alone cannot be written; one annotator a folder; an empty ``.ann`` is unanswered, and a
suggestion that nobody looked at cannot be told from an answer. Source of the format:
https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from vptnlp.annotation.formats.intake import Imported, Intake, check_covered, read_text
from vptnlp.annotation.formats.shown import (
    add_span,
    file_name,
    folder,
    label_names,
    names_of,
    row_of_names,
    sheets,
    shown,
    spans_of,
)
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.errors import CorpusError
from vptnlp.messages import Span
from vptnlp.taxonomy import AXES, SINGLE_AXES, SPAN_KINDS, CueKind, DetailKind, Subject

MESSAGE = "Message"
_PLACE = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)")


def export(
    tasks: Iterable[Task],
    target: Path,
    answers: Sequence[Judgement] = (),
    suggestions: Sequence[Judgement] = (),
) -> None:
    """Write a collection.

    Args:
        tasks: What to annotate.
        target: The folder.
        answers: Given answers, in a folder for each annotator.
        suggestions: Labels and spans to start from.

    Raises:
        CorpusError: A span has nothing but line breaks.
    """
    place = folder(target)
    (place / "annotation.conf").write_text(_configuration(), encoding="utf-8", newline="\n")
    (place / "visual.conf").write_text(_names(), encoding="utf-8", newline="\n")
    for sheet in sheets(tasks, answers, suggestions):
        inside = place if sheet.annotator is None else folder(place / file_name(sheet.annotator))
        text = shown(sheet.task.text)
        lines = _lines(sheet.judgement, sheet.annotator, text) if sheet.judgement else ()
        stem = file_name(sheet.task.id)
        (inside / f"{stem}.txt").write_bytes(text.encode())
        (inside / f"{stem}.ann").write_bytes("".join(f"{line}\n" for line in lines).encode())


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read a collection, and the folders in it.

    Args:
        path: The folder.
        tasks: What was asked.
        annotator: Who answered what lies in `path` itself; left out, the name of the folder. A folder in it is an annotator's.

    Raises:
        CorpusError: It is no folder, or a file cannot be read.
    """
    if not path.is_dir():
        raise CorpusError(f"'{path}' is no folder; name the folder of a brat collection.")
    intake = Intake(tasks)
    by_file = {file_name(task): task for task in intake.ids()}
    inner = sorted(child for child in path.iterdir() if child.is_dir())
    for place, owner in [(path, annotator or path.name), *((child, child.name) for child in inner)]:
        for file in sorted(place.glob("*.ann")):
            text_file = file.with_suffix(".txt")
            text = read_text(text_file, "utf-8") if text_file.exists() else None
            task = intake.task(by_file.get(file.stem, file.stem), file.name, text)
            if task is None:
                continue
            content = read_text(file)
            if not content.strip():
                intake.found.unanswered += 1
                continue
            try:
                who, answer = _answer(content.split("\n"), task.text, owner)
            except CorpusError as error:
                intake.refuse(task.id, f"{error} The answer is left out.", owner)
                continue
            intake.answer(task, who, answer)
    return intake.found


def _lines(judgement: Judgement, annotator: str | None, text: str) -> Iterator[str]:
    word = re.search(r"\S+", text)
    start, end = word.span() if word else (0, len(text))
    yield f"T1\t{MESSAGE} {start} {end}\t{text[start:end]}"
    number = 0
    for name in names_of(judgement.labels):
        axis, _, key = name.partition("=")
        number += 1
        yield f"A{number}\t{axis} T1 {key}" if axis in SINGLE_AXES else f"A{number}\t{_flag(name)} T1"
    about = {"annotator": annotator} if annotator is not None else {}
    if annotator is not None and judgement.answered_at is not None:
        about["answered_at"] = judgement.answered_at.isoformat()
    if about:
        yield f"#1\tAnnotatorNotes T1\t{json.dumps(about)}"
    for i, span in enumerate(spans_of(judgement), 2):
        parts = _fragments(span, text)
        if not parts:
            raise CorpusError(
                f"The span {span.start}-{span.end} of the task '{judgement.item}' has nothing but line breaks, which "
                "brat cannot hold; take it out."
            )
        where = ";".join(f"{a} {b}" for a, b in parts)
        yield f"T{i}\t{span.kind} {where}\t{' '.join(text[a:b] for a, b in parts)}"
        if span.subject is not None:
            number += 1
            yield f"A{number}\tsubject T{i} {span.subject}"
        if (parts[0][0], parts[-1][1]) != (span.start, span.end):
            yield f"#{i}\tAnnotatorNotes T{i}\t{json.dumps({'start': span.start, 'end': span.end})}"


def _fragments(span: Span, text: str) -> list[tuple[int, int]]:
    return [
        (span.start + found.start(), span.start + found.end()) for found in re.finditer("[^\n]+", span.text_of(text))
    ]


def _answer(lines: Iterable[str], text: str, owner: str) -> tuple[str, dict[str, Any]]:
    """Who answered, and the judgement row."""
    places: dict[str, tuple[str, int, int]] = {}
    subjects: dict[str, str] = {}
    notes: dict[str, dict[str, Any]] = {}
    names: list[tuple[str, str]] = []
    message = ""
    for line in lines:
        mark, _, rest = line.partition("\t")
        if mark.startswith("T"):
            kind, start, end = _place(rest, text)
            if kind == MESSAGE:
                message = mark
            else:
                places[mark] = kind, start, end
        elif mark.startswith(("A", "M")):
            name, holder, value = (*rest.split(" ", 2), "")[:3]
            if name == "subject":
                subjects[holder] = value
            else:
                names.append((holder, f"{name}={value}" if name in SINGLE_AXES else _flagged(name)))
        elif mark.startswith("#"):
            about, _, note = rest.partition("\t")
            notes[about.partition(" ")[2]] = _note(note)
        elif line.strip():
            raise CorpusError("A line is a relation, an event or of an unknown kind, which the taxonomy does not have.")
    if any(holder != message for holder, _ in names):
        raise CorpusError(f"An attribute is on another annotation than '{MESSAGE}'.")
    answer = row_of_names(name for _, name in names)
    for mark, (kind, start, end) in places.items():
        add_span(answer, *_widened(start, end, notes.get(mark, {}), text), kind, subjects.get(mark))
    about_message = notes.get(message, {})
    if about_message.get("answered_at"):
        answer["answered_at"] = about_message["answered_at"]
    who = about_message.get("annotator")
    return who if isinstance(who, str) and who else owner, answer


def _place(rest: str, text: str) -> tuple[str, int, int]:
    head, _, covered = rest.partition("\t")
    found = _PLACE.fullmatch(head)
    if found is None:
        raise CorpusError("A line of an annotation is damaged; it must be 'T1<tab>KIND start end<tab>words'.")
    parts = [tuple(map(int, part.split())) for part in found[2].split(";")]
    if "".join(text[a[1] : b[0]] for a, b in pairwise(parts)).strip():
        raise CorpusError("A span is in pieces with words between them; mark each piece by itself.")
    check_covered(text, parts[0][0], parts[-1][1], covered)
    return found[1], parts[0][0], parts[-1][1]


def _widened(start: int, end: int, note: dict[str, Any], text: str) -> tuple[int, int]:
    """The offsets that a note gives, where they differ by line breaks alone; the annotator may have moved the span."""
    first, last = note.get("start"), note.get("end")
    if not (type(first) is int and type(last) is int and 0 <= first <= start and end <= last <= len(text)):
        return start, end
    return (first, last) if not (text[first:start] + text[end:last]).strip("\r\n") else (start, end)


def _note(note: str) -> dict[str, Any]:
    try:
        held = json.loads(note)
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def _flag(name: str) -> str:
    axis, _, key = name.partition("=")
    return axis if axis == "organised_crime" else f"{axis}_{key}"


_FLAGS = {_flag(name): name for name in label_names() if name.partition("=")[0] not in SINGLE_AXES}


def _flagged(flag: str) -> str:
    return _FLAGS.get(flag, "")


def _configuration() -> str:
    lines = ["[entities]", MESSAGE]
    for group, kinds in SPAN_KINDS.items():
        lines += [f"!{group}", *(f"\t{kind}" for kind in kinds)]
    lines += ["[relations]", "[events]", "[attributes]"]
    lines += [f"{axis}\tArg:{MESSAGE}, Value:{'|'.join(AXES[axis])}" for axis in SINGLE_AXES]
    lines += [f"{flag}\tArg:{MESSAGE}" for flag in _FLAGS]
    lines += [f"subject\tArg:{'|'.join(DetailKind)}, Value:{'|'.join(Subject)}"]
    return "\n".join(lines) + "\n"


def _names() -> str:
    lines = ["[labels]", f"{MESSAGE} | Bericht", *(f"{k} | {k.dutch}" for k in (*DetailKind, *CueKind))]
    return "\n".join([*lines, "[drawing]", "SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen", ""])
