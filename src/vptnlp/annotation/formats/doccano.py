"""doccano: JSONL for a project of the kind *Intent Detection and Slot Filling*, which has both labels of the text and spans.

A row is ``{"text": ..., "cats": [label, ...], "entities": [[start, end, label], ...]}`` (doccano,
``backend/data_import/pipeline`` and ``backend/data_export/pipeline/labels.py``); other keys go along as metadata.
Labels are flat: ``threat=veiled``, ``ADDRESS:target``. Turn on *Allow overlapping spans*; leave *Count grapheme
clusters as one character* off: offsets are then code points (``per-code-point`` of its ``EntityEditor.vue``).
doccano's export has a file for each annotator, named after them, or one for all where they share annotations. It does
not say whether a text was looked at: a row without labels counts as unanswered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from vptnlp.annotation.formats.intake import Imported, Intake, mapping, read_lines, sequence
from vptnlp.annotation.formats.shown import (
    Sheet,
    add_span,
    folder,
    label_names,
    name_of_span,
    names_of,
    row_of_names,
    sheets,
    shown,
    span_names,
    spans_of,
)
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import files
from vptnlp.errors import CorpusError

TASKS, LABELS, SPANS = "tasks.jsonl", "category-labels.json", "span-labels.json"


def export(
    tasks: Iterable[Task],
    target: Path,
    answers: Sequence[Judgement] = (),
    suggestions: Sequence[Judgement] = (),
) -> None:
    """Write a folder with ``tasks.jsonl`` and the two label sets that doccano imports.

    Args:
        tasks: What to annotate.
        target: The folder.
        answers: Given answers, one row each, with the annotator as metadata.
        suggestions: Labels to start from.
    """
    place = folder(target)
    files.write_jsonl(place / TASKS, (_row(sheet) for sheet in sheets(tasks, answers, suggestions)))
    for name, labels in ((LABELS, label_names()), (SPANS, span_names())):
        (place / name).write_text(json.dumps([{"text": label} for label in labels], indent=1) + "\n", encoding="utf-8")


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read doccano's JSONL export.

    Args:
        path: A file, or the unpacked folder with one for each annotator.
        tasks: What was asked.
        annotator: Who answered; left out, the rows say so or else the file's name does.

    Raises:
        CorpusError: A file cannot be read.
    """
    intake = Intake(tasks)
    for member in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        for where, row in read_lines(member, intake):
            task = intake.task(row.get("task_id"), where, row.get("text", ""))
            if task is None:
                continue
            if not row.get("cats") and not row.get("entities"):
                intake.found.unanswered += 1
                continue
            named = row.get("annotator")
            who = named if isinstance(named, str) and named else annotator or member.stem
            try:
                answer = _answer(row)
            except CorpusError as error:
                intake.refuse(task.id, f"{error} The answer is left out.", who)
                continue
            intake.answer(task, who, answer)
    return intake.found


def _row(sheet: Sheet) -> dict[str, Any]:
    row: dict[str, Any] = {"task_id": sheet.task.id, "text": shown(sheet.task.text), "cats": [], "entities": []}
    if sheet.judgement is not None:
        row["cats"] = names_of(sheet.judgement.labels)
        row["entities"] = [[s.start, s.end, name_of_span(s)] for s in spans_of(sheet.judgement)]
    if sheet.annotator is not None and sheet.judgement is not None:
        row["annotator"] = sheet.annotator
        if sheet.judgement.answered_at is not None:
            row["answered_at"] = sheet.judgement.answered_at.isoformat()
    return row


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    answer = row_of_names(sequence(row.get("cats"), "cats"))
    for entity in sequence(row.get("entities"), "entities"):
        if isinstance(entity, list) and len(entity) == 3:
            add_span(answer, *entity)
        else:
            span = mapping(entity, "entities")
            add_span(answer, span.get("start_offset"), span.get("end_offset"), span.get("label"))
    if row.get("answered_at"):
        answer["answered_at"] = row["answered_at"]
    return answer
