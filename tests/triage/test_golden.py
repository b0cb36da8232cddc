"""Typical messages with the urgency that a person gave them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vptnlp.corpus.markup import parse
from vptnlp.corpus.records import labels_from_dict
from vptnlp.messages import Triage
from vptnlp.taxonomy import CueKind, DetailKind

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases/golden.jsonl").read_text("utf-8").splitlines() if line
]


def triaged(case: dict[str, Any], assess: Any) -> tuple[str, Triage]:
    """The plain text of a case and its triage."""
    text, spans = parse(case["text"])
    details = [span for span in spans if isinstance(span.kind, DetailKind)]
    cues = [span for span in spans if isinstance(span.kind, CueKind)]
    return text, assess(labels_from_dict(case["labels"]), text, details, cues)


def named(name: str) -> dict[str, Any]:
    return next(case for case in CASES if case["id"] == name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_golden(case: dict[str, Any], assess: Any) -> None:
    _, triage = triaged(case, assess)
    assert str(triage.urgency) == case["urgency"]
    assert set(case.get("factors", ())) <= {factor.key for factor in triage.factors}
    assert set(case.get("steps", ())) <= {step.key for step in triage.steps}
    articles = [card.article for card in triage.statutes]
    assert all(any(article.startswith(wanted) for article in articles) for wanted in case.get("articles", ()))
    if case["urgency"] == "none":
        assert not triage.factors and not triage.steps and not triage.statutes and triage.score == 0


def test_factors_point_at_the_words_that_show_them(assess: Any) -> None:
    text, triage = triaged(named("tonight"), assess)
    shown = {f.key: [text[start:end] for start, end in f.spans] for f in triage.factors}
    assert shown["weapon"] == ["mes"]
    assert shown["deadline_within_day"] == ["Vanavond"]
    assert shown["direct_threat"] == ["steek ik je neer met mijn mes"]


def test_a_clearer_deadline_replaces_the_vaguer_one(assess: Any) -> None:
    _, triage = triaged(named("tonight"), assess)
    assert [f.key for f in triage.factors if f.key.startswith("deadline")] == ["deadline_within_day"]


def test_what_is_due_first_comes_first(assess: Any) -> None:
    for case in CASES:
        due = [step.due_hours for step in triaged(case, assess)[1].steps]
        timed = [hours for hours in due if hours is not None]
        assert due[: len(timed)] == sorted(timed)
