"""Prodigy: JSONL for a recipe with the blocks ``spans_manual`` and ``choice``.

A row is ``{"text", "spans": [{"start", "end", "label"}], "options": [{"id", "text"}], "accept": [id, ...],
"answer"}`` (https://prodi.gy/docs/api-interfaces: *spans_manual*, *choice*, *blocks*). Offsets are code points:
Prodigy's recipes make them in Python from tokens. Labels are flat: ``threat=veiled``, ``ADDRESS:target``. The
annotator is ``_annotator_id``, or the part of ``_session_id`` after the data set's name; the moment ``_timestamp``,
in whole seconds. Only ``"answer": "accept"`` is an answer; *reject* and *ignore* count as unanswered. Prodigy is not
free software and was not run against this module: it keeps to the documented format. Its spans begin and end at
tokens, unless the recipe sets ``highlight_chars``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vptnlp.annotation.formats.intake import Imported, Intake, check_covered, mapping, read_lines, sequence
from vptnlp.annotation.formats.shown import (
    Sheet,
    add_span,
    label_names,
    name_of_span,
    names_of,
    row_of_names,
    sheets,
    shown,
    spans_of,
)
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import files
from vptnlp.errors import CorpusError
from vptnlp.taxonomy import AXES, AXIS_DUTCH, ORGANISED_CRIME_DUTCH


def export(
    tasks: Iterable[Task],
    target: Path,
    answers: Sequence[Judgement] = (),
    suggestions: Sequence[Judgement] = (),
) -> None:
    """Write one JSONL file.

    Args:
        tasks: What to annotate.
        target: The file.
        answers: Given answers, one row each, as Prodigy's ``db-in`` takes them.
        suggestions: Labels and spans to start from.
    """
    files.write_jsonl(target, (_row(sheet) for sheet in sheets(tasks, answers, suggestions)))


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read the output of Prodigy's ``db-out``.

    Args:
        path: The file.
        tasks: What was asked.
        annotator: Who answered, where a row does not say.

    Raises:
        CorpusError: The file cannot be read.
    """
    intake = Intake(tasks)
    for where, row in read_lines(path, intake):
        task = intake.task(row.get("task_id"), where, row.get("text", ""))
        if task is None:
            continue
        if row.get("answer") != "accept":
            intake.found.unanswered += 1
            continue
        who = _annotator(row) or annotator or path.stem
        try:
            answer = _answer(row, task.text)
        except CorpusError as error:
            intake.refuse(task.id, f"{error} The answer is left out.", who)
            continue
        intake.answer(task, who, answer)
    return intake.found


def _row(sheet: Sheet) -> dict[str, Any]:
    row: dict[str, Any] = {"task_id": sheet.task.id, "text": shown(sheet.task.text), "options": _OPTIONS}
    if sheet.judgement is not None:
        row["accept"] = names_of(sheet.judgement.labels)
        row["spans"] = [{"start": s.start, "end": s.end, "label": name_of_span(s)} for s in spans_of(sheet.judgement)]
    if sheet.judgement is not None and sheet.annotator is not None:
        row |= {"answer": "accept", "_annotator_id": sheet.annotator}
        if sheet.judgement.answered_at is not None:
            row["answered_at"] = sheet.judgement.answered_at.isoformat()  # `_timestamp` holds no fractions
    return row


def _answer(row: Mapping[str, Any], text: str) -> dict[str, Any]:
    answer = row_of_names(sequence(row.get("accept"), "accept"))
    for item in sequence(row.get("spans"), "spans"):
        span = mapping(item, "spans")
        check_covered(text, span.get("start"), span.get("end"), span.get("text"))
        add_span(answer, span.get("start"), span.get("end"), span.get("label"))
    stamp = row.get("_timestamp")
    if row.get("answered_at"):
        answer["answered_at"] = row["answered_at"]
    elif isinstance(stamp, int | float) and 0 < stamp < 1e11:
        answer["answered_at"] = datetime.fromtimestamp(stamp, UTC).isoformat()
    return answer


def _annotator(row: Mapping[str, Any]) -> str | None:
    named = row.get("_annotator_id") or row.get("_session_id")
    if not isinstance(named, str) or not named:
        return None
    data_set = row.get("_dataset")
    return named.removeprefix(f"{data_set}-") if isinstance(data_set, str) else named


def _option(name: str) -> dict[str, str]:
    axis, _, key = name.partition("=")
    if axis == "organised_crime":
        return {"id": name, "text": ORGANISED_CRIME_DUTCH}
    return {"id": name, "text": f"{AXIS_DUTCH[axis]}: {AXES[axis](key).dutch}"}


_OPTIONS = [_option(name) for name in label_names()]
