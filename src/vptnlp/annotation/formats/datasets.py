"""Hugging Face `datasets`: JSONL with a row for each answer, in the keys of a compiled corpus row.

``datasets.load_dataset("json", data_files=...)`` opens it. Every row has ``id``, ``annotator`` (null for a task
without an answer), ``text`` exactly as received, the label keys, ``details``, ``cues`` and ``answered_at`` (null
where it is not known). Nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from vptnlp.annotation.formats.intake import Imported, Intake, read_lines
from vptnlp.annotation.formats.shown import Sheet, sheets
from vptnlp.annotation.judgements import Judgement, to_row
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import files
from vptnlp.messages import Labels

_OURS = ("id", "annotator", "text")


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
        answers: Given answers, one row each.
        suggestions: Labels and spans for tasks without an answer; such rows have no annotator.
    """
    files.write_jsonl(target, (_row(sheet) for sheet in sheets(tasks, answers, suggestions)))


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read such a file; `Dataset.to_json` writes it too.

    Args:
        path: The file.
        tasks: What was asked.
        annotator: Who answered, where a row does not say.

    Raises:
        CorpusError: The file cannot be read.
    """
    intake = Intake(tasks)
    for where, row in read_lines(path, intake):
        task = intake.task(row.get("id"), where, row.get("text", ""))
        if task is None:
            continue
        who = row.get("annotator") or annotator
        if who is None:
            intake.found.unanswered += 1
            continue
        intake.answer(task, who if isinstance(who, str) else "?", _answer(row))
    return intake.found


def _row(sheet: Sheet) -> dict[str, Any]:
    judgement = sheet.judgement or Judgement(sheet.task.id, "", Labels())
    return {
        **to_row(judgement),
        "annotator": sheet.annotator,
        "text": sheet.task.text,
        "answered_at": None if judgement.answered_at is None else judgement.answered_at.isoformat(),
    }


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _OURS and value is not None}
