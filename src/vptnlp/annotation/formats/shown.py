"""What the formats share on the way out: the text that a tool gets, labels as flat names, file names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import records
from vptnlp.errors import ConfigError, CorpusError
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import AXES, SINGLE_AXES, SPAN_KINDS, CueKind, DetailKind, Subject

_CONTROL = str.maketrans("\0", "\ufffd")
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
_LONGEST_FILE_NAME = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One task as it is written once: with the answer of one annotator, with a suggestion, or bare.

    Attributes:
        task: The task.
        judgement: Labels and spans to fill in; None for a bare task.
        annotator: Whose answer it is; None for a suggestion or a bare task.
    """

    task: Task
    judgement: Judgement | None
    annotator: str | None


def sheets(tasks: Iterable[Task], answers: Sequence[Judgement], suggestions: Sequence[Judgement]) -> Iterator[Sheet]:
    """Each task once for every answer; one without answers with its suggestion, where it has one."""
    given: dict[str, list[Judgement]] = {}
    for answer in answers:
        given.setdefault(answer.item, []).append(answer)
    suggested = {s.item: s for s in suggestions}
    for task in tasks:
        for answer in given.get(task.id, ()):
            yield Sheet(task, answer, answer.annotator)
        if task.id not in given:
            yield Sheet(task, suggested.get(task.id), None)


def shown(text: str) -> str:
    """The text for a tool that shows it in a browser, of the same length.

    HTML drops NUL and turns CR LF into one LF, and tools count what they show. So the CR before an LF becomes a space, any
    other CR an LF, and NUL U+FFFD: nothing moves. Source: HTML Standard, 13.2.3.5 "Preprocessing the input stream".
    """
    return text.replace("\r\n", " \n").replace("\r", "\n").translate(_CONTROL)


def label_names() -> list[str]:
    """All labels as flat names: ``threat=veiled``, ``organised_crime=true``."""
    return [f"{axis}={label}" for axis, kind in AXES.items() for label in kind] + ["organised_crime=true"]


def span_names() -> list[str]:
    """All kinds of spans as flat names, with the subject for personal details: ``ADDRESS:target``, ``weapon``."""
    return [f"{kind}:{subject}" for kind in DetailKind for subject in Subject] + [str(kind) for kind in CueKind]


def names_of(labels: Labels) -> list[str]:
    """Labels as flat names; the two axes with one value are always there, so no answer is empty."""
    row = records.labels_to_dict(labels)
    names = [f"{axis}={key}" for axis in AXES for key in ([row[axis]] if axis in SINGLE_AXES else row[axis])]
    return names + (["organised_crime=true"] if labels.organised_crime else [])


def row_of_names(names: Iterable[object]) -> dict[str, Any]:
    """The label keys of a judgement row from flat names.

    Raises:
        CorpusError: A name is not in the taxonomy, or an axis with one value has two.
    """
    row: dict[str, Any] = {}
    for name in names:
        axis, _, key = name.partition("=") if isinstance(name, str) else ("", "", "")
        if axis == "organised_crime" and key == "true":
            row[axis] = True
        elif axis not in AXES or key not in set(AXES[axis]):
            raise CorpusError("A label is not in the taxonomy; 'vptnlp taxonomy' shows which are.")
        elif axis not in SINGLE_AXES:
            row.setdefault(axis, []).append(key)
        elif row.setdefault(axis, key) != key:
            raise CorpusError(f"The axis '{axis}' has two values; it must have one.")
    return row


def name_of_span(span: Span) -> str:
    """A span's flat name."""
    return f"{span.kind}:{span.subject}" if span.subject else str(span.kind)


def spans_of(judgement: Judgement) -> tuple[Span, ...]:
    """Details and cues together."""
    return judgement.details + judgement.cues


def add_span(row: dict[str, Any], start: object, end: object, kind: object, subject: object = None) -> None:
    """Put a span in a judgement row, under ``details`` or ``cues``.

    Args:
        row: The row.
        start: First code point.
        end: One past the last.
        kind: A kind, or a flat name with the subject in it.
        subject: The subject, where `kind` does not have it.

    Raises:
        CorpusError: The kind is not in the taxonomy.
    """
    key, _, named = kind.partition(":") if isinstance(kind, str) else ("", "", "")
    group = next((group for group, kinds in SPAN_KINDS.items() if key in set(kinds)), None)
    if group is None:
        raise CorpusError("The label of a span is not in the taxonomy; 'vptnlp taxonomy' shows which are.")
    span = {"start": start, "end": end, "kind": key}
    if group == "details":
        span["subject"] = named or subject
    row.setdefault(group, []).append(span)


def file_name(task: str) -> str:
    """A file name, without extension, for a task id: the same every time, and another for every other id."""
    plain = _UNSAFE.sub("_", task)
    if plain == task and len(task) <= _LONGEST_FILE_NAME:
        return task
    return f"{plain[:_LONGEST_FILE_NAME]}_{hashlib.sha256(task.encode()).hexdigest()[:12]}"


def folder(target: Path) -> Path:
    """Make the folder of an export.

    Raises:
        ConfigError: There is a file in its place, or it cannot be made.
    """
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The folder '{target}' cannot be made: {error.strerror}; name another one.") from None
    return target
