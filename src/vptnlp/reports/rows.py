"""Line-by-line outputs: JSONL and CSV. They stream, so memory stays flat."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable
from typing import TextIO

from vptnlp.messages import Assessment

CSV_COLUMNS = (
    "id", "urgency", "urgency_score", "threat", "threat_score", "nature", "aims", "forms", "targets", "doxing",
    "organised_crime", "details", "factors", "steps", "warnings",
)  # fmt: skip

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_jsonl(assessments: Iterable[Assessment], out: TextIO, keys: Collection[str] = ()) -> None:
    """One assessment record a line, or only these keys of it."""
    for assessment in assessments:
        record = assessment.to_dict()
        kept = {key: record[key] for key in keys} if keys else record
        out.write(json.dumps(kept, ensure_ascii=False) + "\n")


def write_csv(assessments: Iterable[Assessment], out: TextIO) -> None:
    """One row an assessment, lists joined by ``; ``; without message text.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection).
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for assessment in assessments:
        writer.writerow([_harmless(cell) for cell in _row(assessment)])


def _row(assessment: Assessment) -> list[str]:
    record = assessment.to_dict()
    triage = record["triage"]
    kinds = sorted({f"{d['kind']}:{d['subject']}" for d in record["details"]})
    return [
        record["id"],
        triage["urgency"],
        str(triage["score"]),
        record["threat"]["label"],
        str(round(1 - record["threat"]["scores"]["none"], 4)),
        *("; ".join(record[axis]["labels"]) for axis in ("nature", "aims", "forms", "targets")),
        record["doxing"]["label"],
        str(record["organised_crime"]["label"]).lower(),
        "; ".join(kinds),
        "; ".join(f["key"] for f in triage["factors"]),
        "; ".join(s["key"] for s in triage["steps"]),
        "; ".join(w["key"] for w in record["warnings"]),
    ]


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell
