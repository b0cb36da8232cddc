"""Label Studio: labelling config, tasks with predictions and annotations, and its JSON export.

Offsets are code points, as here. Label Studio's page is JavaScript, whose strings count UTF-16 units, but since 2021
it turns them into code points before it stores them (``charsToCodePoints`` in
``web/libs/editor/src/utils/selection-tools.js``; label-studio-frontend pull request 308, label-studio issue 1008).
Checked with 1.23.2 in Chromium: words marked with the mouse after emoji, CR LF and a tab got the code points of the
text as received. Exports of older versions count UTF-16 units: where the words stored with a region fit those offsets
and not the code points, they are converted. The page turns every CR and every LF into one line break and counts each
as one (``tags/object/RichText/view.jsx``).

Labels of the whole message are ``choices``, spans ``labels`` (``details`` and ``cues`` are two tags, so that they may
overlap), the subject of a detail is a ``choices`` of its region. Dutch names are shown; keys are stored, by the
``alias`` of each choice. Where the export names annotators by number, the number is the annotator's name. Skipped
tasks, drafts and predictions are no answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vptnlp.annotation.formats.intake import Imported, Intake, check_covered, mapping, read_text, sequence
from vptnlp.annotation.formats.label_studio_config import HOLDS, labelling_config
from vptnlp.annotation.formats.shown import add_span, folder, shown
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import Task
from vptnlp.corpus import records
from vptnlp.errors import CorpusError
from vptnlp.taxonomy import AXES, SINGLE_AXES, SPAN_KINDS

CONFIG, TASKS = "label-studio.xml", "tasks.json"


def export(
    tasks: Iterable[Task],
    target: Path,
    answers: Sequence[Judgement] = (),
    suggestions: Sequence[Judgement] = (),
) -> None:
    """Write a folder with ``label-studio.xml`` and ``tasks.json``.

    Args:
        tasks: What to annotate.
        target: The folder.
        answers: Given answers, as annotations; Label Studio shows them to everybody and gives them to its own user who
            imports them, so the annotator's name stands in ``annotator`` beside them.
        suggestions: Predictions, at most one for each task.
    """
    given: dict[str, list[Judgement]] = {}
    for answer in answers:
        given.setdefault(answer.item, []).append(answer)
    suggested = {s.item: s for s in suggestions}
    rows = []
    for task in tasks:
        row: dict[str, Any] = {"data": {"task_id": task.id, "text": shown(task.text)}}
        if task.id in given:
            row["annotations"] = [_annotation(answer, task.text) for answer in given[task.id]]
        if task.id in suggested:
            prediction = suggested[task.id]
            row["predictions"] = [{"model_version": prediction.annotator, "result": results(prediction, task.text)}]
        rows.append(row)
    place = folder(target)
    (place / CONFIG).write_text(labelling_config(), encoding="utf-8", newline="\n")
    (place / TASKS).write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def results(judgement: Judgement, text: str) -> list[dict[str, Any]]:
    """A judgement as the ``result`` of an annotation or a prediction."""
    row = records.labels_to_dict(judgement.labels)
    chosen = {axis: [row[axis]] if axis in SINGLE_AXES else row[axis] for axis in AXES}
    chosen["organised_crime"] = [HOLDS] if judgement.labels.organised_crime else []
    found: list[dict[str, Any]] = [
        {"id": axis, "from_name": axis, "to_name": "text", "type": "choices", "value": {"choices": keys}}
        for axis, keys in chosen.items()
        if keys
    ]
    covered = shown(text)
    for group in SPAN_KINDS:
        for number, span in enumerate(getattr(judgement, group)):
            place = {"start": span.start, "end": span.end, "text": covered[span.start : span.end]}
            region = {"id": f"{group}-{number}", "to_name": "text"}
            found.append(region | {"from_name": group, "type": "labels", "value": place | {"labels": [str(span.kind)]}})
            if span.subject is not None:
                value = place | {"choices": [str(span.subject)]}
                found.append(region | {"from_name": "subject", "type": "choices", "value": value})
    return found


def import_(path: Path, tasks: Iterable[Task], annotator: str | None = None) -> Imported:
    """Read Label Studio's JSON export (not ``JSON_MIN``), with any number of annotators.

    Args:
        path: The file.
        tasks: What was asked.
        annotator: Who answered, where the export does not say or has but the number of an account.

    Raises:
        CorpusError: The file cannot be read or is no such export.
    """
    try:
        rows = json.loads(read_text(path))
    except (ValueError, RecursionError):
        raise CorpusError(f"The file '{path}' is no valid JSON; export it from Label Studio as 'JSON'.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CorpusError(f"The file '{path}' is no list of tasks; export it from Label Studio as 'JSON'.")
    intake = Intake(tasks)
    for number, row in enumerate(rows, 1):
        data = row.get("data")
        held = data if isinstance(data, Mapping) else {}
        task = intake.task(held.get("task_id"), f"{path.name}, row {number}", held.get("text", ""))
        if task is None:
            continue
        given = row.get("annotations")
        done = [a for a in given if isinstance(a, Mapping) and not a.get("was_cancelled")] if given else []
        if not done:
            intake.found.unanswered += 1
        for annotation in done:
            named = _annotator(annotation)
            who = annotator if annotator and named.isdecimal() else named or annotator or "label-studio"
            try:
                answer = _answer(annotation, task.text)
            except CorpusError as error:
                intake.refuse(task.id, f"{error} The answer is left out.", who)
                continue
            intake.answer(task, who, answer)
    return intake.found


def _annotation(answer: Judgement, text: str) -> dict[str, Any]:
    annotation: dict[str, Any] = {"annotator": answer.annotator, "result": results(answer, text)}
    if answer.answered_at is not None:
        annotation["created_at"] = answer.answered_at.astimezone(UTC).isoformat()
    return annotation


def _annotator(annotation: Mapping[str, Any]) -> str:
    by = annotation.get("annotator") or annotation.get("completed_by")
    if isinstance(by, Mapping):
        by = by.get("email") or by.get("id")
    return str(by) if isinstance(by, str | int) and str(by).strip() else ""


def _answer(annotation: Mapping[str, Any], text: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    regions: dict[object, dict[str, Any]] = {}
    for number, item in enumerate(sequence(annotation.get("result"), "result")):
        result = mapping(item, "result")
        name, value = result.get("from_name"), mapping(result.get("value"), "value")
        if name in SPAN_KINDS or name == "subject":
            region = regions.setdefault(result.get("id", number), {"value": value, "labels": [], "subject": None})
            if name == "subject":
                region["subject"] = next(iter(sequence(value.get("choices"), "choices")), None)
            else:
                region["labels"] += sequence(value.get("labels"), "labels")
        elif name == "organised_crime":
            row[name] = HOLDS in sequence(value.get("choices"), "choices")
        elif name in SINGLE_AXES:
            row[name] = next(iter(sequence(value.get("choices"), "choices")), "none")
        elif name in AXES:
            row[name] = sequence(value.get("choices"), "choices")
        else:
            raise CorpusError("A result is of a tag that the labelling config does not have.")
    for region in regions.values():
        start, end = _offsets(region["value"], text)
        for label in region["labels"]:
            add_span(row, start, end, label, region["subject"])
    if created := _moment(annotation.get("created_at")):
        row["answered_at"] = created
    return row


def _offsets(value: Mapping[str, Any], text: str) -> tuple[object, object]:
    start, end, covered = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        raise CorpusError("The offsets of a region must be whole numbers; let the Text tag show plain text.")
    try:
        check_covered(text, start, end, covered)
    except CorpusError:
        units = shown(text).encode("utf-16-le")
        old = [len(units[: 2 * at].decode("utf-16-le", "ignore")) for at in (start, end)]
        if old == [start, end]:
            raise
        check_covered(text, old[0], old[1], covered)
        return old[0], old[1]
    return start, end


def _moment(value: object) -> str | None:
    try:
        return datetime.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None
