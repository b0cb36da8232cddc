"""The sample inbox: every mail is read, and the shipped model ranks it sensibly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vptnlp import Analyzer, readers
from vptnlp.messages import Assessment, Urgency

EXPECTED = json.loads((Path(__file__).parent / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def assessed(root: Path, analyzer: Analyzer) -> list[Assessment]:
    problems: list[readers.Problem] = []
    found = list(analyzer.assess_many(readers.read([root / "src/vptnlp/samples/inbox.mbox"], problems.append)))
    assert problems == []
    return found


def test_all_forty_are_read(assessed: list[Assessment]) -> None:
    assert {a.message.meta["message-id"] for a in assessed} == set(EXPECTED)
    assert len(assessed) == len(EXPECTED) == 40


def test_hostile_mail_gets_an_urgency_and_most_harmless_mail_none(assessed: list[Assessment]) -> None:
    """Floors of the shipped model: 8 of 9 hostile found, at most 4 of 31 harmless flagged."""
    flagged = {a.message.meta["message-id"] for a in assessed if a.triage.urgency != Urgency.NONE}
    hostile = {name for name, gold in EXPECTED.items() if gold["hostile"]}
    assert len(flagged & hostile) >= 8
    assert len(flagged - hostile) <= 4


def test_quoted_threats_are_kept_apart(assessed: list[Assessment]) -> None:
    with_quote = [a for a in assessed if a.message.quoted]
    assert len(with_quote) >= 2
    for a in with_quote:
        assert any(notice.key == "quoted" for notice in a.warnings)
