"""The JSON schema of compiled rows, built from the taxonomy so that the two cannot drift apart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from vptnlp.corpus.records import CATEGORIES, CHANNELS, REGIONS, REGISTERS
from vptnlp.taxonomy import MULTI_AXES, VERSION, CueKind, DetailKind, Doxing, Subject, Threat

FILE = "schema.json"


def text() -> str:
    """The content of ``schema.json``."""
    return json.dumps(row_schema(), indent=1) + "\n"


def row_schema() -> dict[str, Any]:
    """Schema of one row of ``data/<split>.jsonl`` (JSON Schema 2020-12)."""
    labels = _labels()
    spans = {"details": _spans(DetailKind, subject=True), "cues": _spans(CueKind)}
    vote = _object({"annotator": {"type": "string", "minLength": 1}, **labels, **spans})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A labelled message (taxonomy {VERSION})",
        **_object(
            {
                "id": {"type": "string", "minLength": 1},
                "scenario": {"type": "string", "minLength": 1},
                "text": {"type": "string", "minLength": 1},
                **labels,
                **spans,
                "channel": _one(CHANNELS),
                "register": _one(REGISTERS),
                "region": _one(REGIONS),
                "category": _one(CATEGORIES),
                "votes": {"type": "array", "items": vote},
            }
        ),
    }


def _labels() -> dict[str, Any]:
    return {
        "threat": _one(Threat),
        **{axis: {"type": "array", "items": _one(kind), "uniqueItems": True} for axis, kind in MULTI_AXES.items()},
        "doxing": _one(Doxing),
        "organised_crime": {"type": "boolean"},
    }


def _spans(kinds: Iterable[str], *, subject: bool = False) -> dict[str, Any]:
    offset = {"type": "integer", "minimum": 0}
    keys: dict[str, Any] = {"start": offset, "end": offset, "kind": _one(kinds)}
    if subject:
        keys["subject"] = _one(Subject)
    return {"type": "array", "items": _object(keys)}


def _one(values: Iterable[str]) -> dict[str, Any]:
    held = [str(value) for value in values]
    return {"enum": sorted(held) if isinstance(values, frozenset) else held}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
