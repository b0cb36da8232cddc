"""What one annotator said about one message, and the files that hold such answers.

A judgement file is JSONL, one answer a row: ``id`` (of the message), ``annotator``, the label keys of a compiled corpus
row, ``details`` and ``cues`` with offsets, and where it is known ``answered_at`` (ISO 8601). Keys that are left out are
none, empty or false. The ``votes`` of a corpus row have the same keys without ``id``.

No sentence written here repeats a value of a row: with columns mixed up, a value may be the text of a message.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from vptnlp.corpus import Example, files, records
from vptnlp.errors import CorpusError
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import AXES, MULTI_AXES, SINGLE_AXES, SPAN_KINDS, CueKind, DetailKind, Label, Subject

L = TypeVar("L", bound=Label)
OnProblem = Callable[[str], None]

_KEYS = {"id", "annotator", "answered_at", *AXES, "organised_crime", *SPAN_KINDS}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Judgement:
    """One annotator's answer about one message.

    Attributes:
        item: Id of the message.
        annotator: Who answered; a pseudonym will do.
        labels: The labels given.
        details: Personal details marked, sorted by start.
        cues: Cues marked, sorted by start.
        answered_at: When it was answered, with a time zone; None where it is not known.
    """

    item: str
    annotator: str
    labels: Labels
    details: tuple[Span, ...] = ()
    cues: tuple[Span, ...] = ()
    answered_at: datetime | None = None


def from_row(row: Mapping[str, Any], text: str | None = None) -> Judgement:
    """Read one row of a judgement file.

    Args:
        row: The row.
        text: The message, to check offsets against.

    Raises:
        CorpusError: A key or value is unknown, or a span is not in the text.
    """
    if unknown := sorted(key if key.isidentifier() and len(key) < 30 else "(no name)" for key in set(row) - _KEYS):
        raise CorpusError(f"The row has unknown keys: {', '.join(unknown)}.")
    item, annotator = _name(row, "id"), _name(row, "annotator")
    for axis, kind in SINGLE_AXES.items():
        if axis in row:
            _label(kind, row[axis], axis)
    for axis, kind in MULTI_AXES.items():
        given = row.get(axis)
        for value in given if isinstance(given, list) else ():
            _label(kind, value, axis)
    length = None if text is None else len(text)
    return Judgement(
        item,
        annotator,
        records.labels_from_dict(row),
        _spans(row, "details", DetailKind, length),
        _spans(row, "cues", CueKind, length),
        _moment(row.get("answered_at")),
    )


def to_row(judgement: Judgement) -> dict[str, Any]:
    """Write one row of a judgement file; `from_row` gives the same judgement back."""
    row: dict[str, Any] = {"id": judgement.item, "annotator": judgement.annotator}
    row |= records.labels_to_dict(judgement.labels)
    for key in SPAN_KINDS:
        spans: tuple[Span, ...] = getattr(judgement, key)
        row[key] = [
            {"start": s.start, "end": s.end, "kind": str(s.kind)} | ({"subject": str(s.subject)} if s.subject else {})
            for s in spans
        ]
    if judgement.answered_at is not None:
        row["answered_at"] = judgement.answered_at.isoformat()
    return row


def write_judgements(path: Path, judgements: Iterable[Judgement]) -> None:
    """Write a judgement file, replacing it."""
    files.write_jsonl(path, (to_row(judgement) for judgement in judgements))


def read_judgements(
    paths: Iterable[Path], *, texts: Mapping[str, str] | None = None, on_problem: OnProblem | None = None
) -> list[Judgement]:
    """Read the answers in judgement files, and the votes in corpus files and folders.

    Args:
        paths: JSONL files of judgements, JSONL files of labelled messages (authoring or compiled) with votes, or
            folders of a corpus.
        texts: Texts by id. With it, answers about other messages and spans outside a text are refused.
        on_problem: Called with a full sentence for each row that cannot be used, and for each second answer of an
            annotator about a message (the first is kept, for it was given without the second look). The rest is read.
            Without it the first problem raises.

    Returns:
        The judgements in the order of the files.

    Raises:
        CorpusError: A file cannot be read, or, without `on_problem`, a row cannot be used.
    """
    taken = _Taken(on_problem)
    for path in paths:
        for member in _members(path):
            for where, row in _rows(member, taken):
                if "annotator" in row:
                    taken.take(where, row, texts)
                else:
                    _take_votes(where, row, texts, taken)
    return taken.judgements


def judgements_of(examples: Iterable[Example], *, on_problem: OnProblem | None = None) -> list[Judgement]:
    """The votes of corpus messages as judgements.

    Args:
        examples: Labelled messages.
        on_problem: As for `read_judgements`.

    Raises:
        CorpusError: Without `on_problem`, a vote cannot be used.
    """
    taken = _Taken(on_problem)
    for example in examples:
        _votes(f"item '{example.id}'", example, taken)
    return taken.judgements


def read_texts(path: Path, *, on_problem: OnProblem | None = None) -> dict[str, str]:
    """The texts of a corpus file or folder by id, for `read_judgements`.

    Raises:
        CorpusError: A file cannot be read, or, without `on_problem`, a row cannot be used.
    """
    taken = _Taken(on_problem)
    found = (_example(where, row, taken) for member in _members(path) for where, row in _rows(member, taken))
    return {example.id: example.text for example in found if example is not None}


class _Taken:
    """The judgements read so far, each annotator and message once; says what could not be taken."""

    def __init__(self, on_problem: OnProblem | None) -> None:
        self._on_problem = on_problem
        self._first: dict[tuple[str, str], str] = {}
        self.judgements: list[Judgement] = []

    def refuse(self, problem: str) -> None:
        if self._on_problem is None:
            raise CorpusError(problem)
        self._on_problem(problem)

    def take(self, where: str, row: Mapping[str, Any], texts: Mapping[str, str] | None) -> None:
        item = row.get("id")
        where += f", item '{_short(item)}', annotator '{_short(row.get('annotator'))}'"
        if texts is not None and isinstance(item, str) and item not in texts:
            self.refuse(f"{where}: the corpus has no message with this id; the answer is left out.")
            return
        try:
            judgement = from_row(row, texts[item] if texts is not None and isinstance(item, str) else None)
        except CorpusError as error:
            self.refuse(f"{where}: {error} The answer is left out.")
            return
        first = self._first.setdefault((judgement.item, judgement.annotator), where)
        if first is not where:
            self.refuse(f"{where}: this annotator has answered this item before ({first}); the first answer is kept.")
            return
        self.judgements.append(judgement)


def _take_votes(where: str, row: Mapping[str, Any], texts: Mapping[str, str] | None, taken: _Taken) -> None:
    example = _example(where, row, taken)
    if example is None:
        return
    if texts is not None and example.votes and example.id not in texts:
        name = f"{where}, item '{_short(example.id)}'"
        taken.refuse(f"{name}: the corpus has no message with this id; its votes are left out.")
        return
    _votes(where, example, taken)


def _votes(where: str, example: Example, taken: _Taken) -> None:
    for number, vote in enumerate(example.votes, 1):
        if not isinstance(vote, Mapping):
            taken.refuse(f"{where}, item '{_short(example.id)}', vote {number}: a vote must be an object.")
            continue
        taken.take(f"{where}, vote {number}", {**vote, "id": example.id}, {example.id: example.text})


def _example(where: str, row: Mapping[str, Any], taken: _Taken) -> Example | None:
    compiled = "details" in row or "cues" in row
    try:
        return records.from_compiled(row) if compiled else records.from_authoring(row)
    except (CorpusError, TypeError, AttributeError):
        name = f"{where}, item '{_short(row.get('id'))}'"
        taken.refuse(
            f"{name}: the row is no answer of an annotator (it has no 'annotator') and no labelled message either; "
            "'vptnlp corpus validate' tells what is wrong with a labelled message."
        )
        return None


def _members(path: Path) -> Sequence[Path]:
    """The files to read: the authoring files of a corpus folder, or where it has none its compiled splits."""
    if not path.is_dir():
        return [path]
    members = sorted((path / "data").glob("*.jsonl")) or files.parts(path)
    if not members:
        raise CorpusError(
            f"The folder '{path}' has no JSONL files in 'authoring' or 'data'; name a corpus folder or a JSONL file."
        )
    return members


def _rows(path: Path, taken: _Taken) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each row of a JSONL file with its place; unlike `files.read_rows` it goes on after a damaged line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise CorpusError(f"The file '{path}' cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CorpusError(f"The file '{path}' is not UTF-8; save it as UTF-8.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            taken.refuse(f"{where}: this is no valid JSON; the line is left out.")
            continue
        if isinstance(row, dict):
            yield where, row
        else:
            taken.refuse(f"{where}: a row must be a JSON object; the line is left out.")


def _name(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"The key '{key}' is missing, empty or no text.")
    return value


def _short(name: object) -> str:
    if not isinstance(name, str):
        return "?"
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _label(kind: type[L], value: object, key: str) -> L:
    try:
        return kind(value)  # type: ignore[arg-type]  # a value of another type is as unknown as any other
    except (ValueError, TypeError):
        raise CorpusError(f"A value of '{key}' is not in the taxonomy; it must be one of: {', '.join(kind)}.") from None


def _spans(
    row: Mapping[str, Any], key: str, kinds: type[DetailKind] | type[CueKind], length: int | None
) -> tuple[Span, ...]:
    given = row.get(key) or ()
    if not isinstance(given, list | tuple) or not all(isinstance(item, Mapping) for item in given):
        raise CorpusError(f"The value of '{key}' must be a list of spans.")
    return tuple(sorted({_span(item, key, kinds, length) for item in given}))


def _span(item: Mapping[str, Any], key: str, kinds: type[DetailKind] | type[CueKind], length: int | None) -> Span:
    start, end = item.get("start"), item.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise CorpusError(f"A span of '{key}' must have whole numbers as 'start' and 'end', the start before the end.")
    if length is not None and end > length:
        raise CorpusError(f"The span {start}-{end} of '{key}' lies outside a text of {length} characters.")
    kind = _label(kinds, item.get("kind"), key)
    subject = _label(Subject, item.get("subject"), f"{key}: subject") if kinds is DetailKind else None
    return Span(start, end, kind, subject)


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]  # another type is refused below
    except (ValueError, TypeError):
        raise CorpusError("The value of 'answered_at' must be a moment such as 2026-11-23T14:05:00+01:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
