"""From assessments to the bytes of answers. Runs on the model's thread, off the event loop."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pydantic_core

from vptnlp.doxing.placeholders import Placeholders
from vptnlp.doxing.redaction import redact
from vptnlp.doxing.redactor import with_rules
from vptnlp.messages import Assessment, ModelInfo
from vptnlp_service.batching import Render
from vptnlp_service.schemas import RedactionOptions


def assessments(include_text: bool = True) -> Render:
    """Whole assessment records.

    Args:
        include_text: Whether spans repeat the words they cover.
    """

    def render(assessment: Assessment) -> bytes:
        record = assessment.to_dict()
        if not include_text:
            _leave_text_out(record)
        return pydantic_core.to_json(record)

    return render


def details(include_text: bool = True) -> Render:
    """Personal details and doxing only."""

    def render(assessment: Assessment) -> bytes:
        record = assessment.to_dict()
        if not include_text:
            _leave_text_out(record)
        return pydantic_core.to_json({key: record[key] for key in ("id", "doxing", "details")})

    return render


def redactions(options: RedactionOptions) -> Render:
    """Texts with placeholders, stable over the messages that one such function renders.

    Args:
        options: What to replace.
    """
    state = Placeholders()

    def render(assessment: Assessment) -> bytes:
        done = redact(
            assessment.message.text,
            with_rules(assessment.message.text, assessment.details, assessment.labels.hostile),
            kinds=options.kinds,
            subjects=options.subjects,
            state=state,
        )
        replacements = [
            {"start": r.start, "end": r.end, "placeholder": r.placeholder, "kind": r.kind, "subject": r.subject}
            for r in done.replacements
        ]
        return pydantic_core.to_json({"id": assessment.message.id, "text": done.text, "replacements": replacements})

    return render


def model(info: ModelInfo) -> dict[str, str]:
    """Which model speaks, as answers tell it."""
    return {"name": info.name, "version": info.version, "sha256": info.sha256}


def whole(info: ModelInfo, name: str, parts: Sequence[bytes]) -> bytes:
    """An answer with the model and a list of rendered parts."""
    return b'{"model":' + json.dumps(model(info)).encode() + f',"{name}":['.encode() + b",".join(parts) + b"]}"


def _leave_text_out(record: dict[str, Any]) -> None:
    spans: Iterable[dict[str, Any]] = (*record["details"], *record["cues"])
    for span in spans:
        del span["text"]
