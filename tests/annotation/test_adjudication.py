"""What is decided first, and what comes of answers and decisions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp.annotation.adjudication import (
    Decision,
    combine,
    decision_from_row,
    decision_to_row,
    proposal,
    queue,
    read_decisions,
)
from vptnlp.annotation.judgements import Judgement
from vptnlp.annotation.tasks import GOLD, Task
from vptnlp.corpus import records, rules
from vptnlp.corpus.records import labels_from_dict
from vptnlp.errors import CorpusError
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject, Threat

Answer = Callable[..., Judgement]

TEXT = "Trek die boete in of ik sta bij Wilgenhof 88."
THREAT = Span(18, 44, CueKind.THREAT_PHRASE)
CONDITION = Span(0, 17, CueKind.CONDITION)
HOME = Span(32, 44, DetailKind.ADDRESS, Subject.TARGET)
CONDITIONAL: dict[str, Any] = {
    "threat": "conditional",
    "nature": ["instrumental"],
    "aims": ["influence_decision"],
    "doxing": "exposure",
}


def tasks(*names: str, **meta: Any) -> list[Task]:
    return [Task(name, TEXT, meta) for name in names]


def refuse(problem: str) -> None:
    pytest.fail(problem)


def test_only_what_differs_is_in_the_queue(answer: Answer) -> None:
    given = [
        answer("a", "anna", threat="veiled", aims=["intimidate"], nature=["emotional"]),
        answer("a", "bram", threat="veiled", aims=["intimidate"], nature=["emotional"]),
        answer("b", "anna", threat="direct", nature=["emotional"]),
        answer("b", "bram"),
        answer("c", "anna"),
    ]
    [case] = queue(tasks("a", "b", "c"), given)
    assert case.task.id == "b" and set(case.axes) == {"threat", "nature"}
    assert case.axes["nature"] == 1.0
    assert [j.annotator for j in case.answers] == ["anna", "bram"]
    assert TEXT not in json.dumps(case.to_dict())


def test_more_axes_stronger_and_rarer_go_first(answer: Answer) -> None:
    common = [answer(f"x{i}", who, forms=["verbal_abuse"], nature=["emotional"]) for i in range(8) for who in "ab"]
    given = [
        *common,
        answer("one axis", "a", forms=["verbal_abuse"], nature=["emotional"]),
        answer("one axis", "b", nature=["emotional"]),
        answer("one rare", "a", forms=["stalking"], nature=["emotional"]),
        answer("one rare", "b", nature=["emotional"]),
        answer("two axes", "a", forms=["verbal_abuse"], nature=["emotional"]),
        answer("two axes", "b"),
    ]
    cases = queue(tasks("one axis", "one rare", "two axes"), given)
    assert [case.task.id for case in cases] == ["two axes", "one rare", "one axis"]
    assert cases[1].rarity["forms"] > cases[2].rarity["forms"]


def test_a_threat_further_apart_counts_more(answer: Answer) -> None:
    shared = [answer(f"x{i}", who, threat=t) for i, t in enumerate(Threat) for who in "ab"]
    given = [*shared, answer("far", "a", threat="direct"), answer("far", "b")]
    given += [answer("near", "a", threat="direct"), answer("near", "b", threat="conditional")]
    near, far = sorted(queue(tasks("near", "far"), given), key=lambda c: c.axes["threat"])
    assert (near.task.id, far.task.id) == ("near", "far")


def test_spans_differ_by_place_and_subject_but_not_by_silence(answer: Answer) -> None:
    moved = Span(32, 41, DetailKind.ADDRESS, Subject.TARGET)
    of_sender = Span(32, 44, DetailKind.ADDRESS, Subject.SENDER)
    given = [
        answer("same", "anna", details=[HOME]),
        answer("same", "bram", details=[HOME]),
        answer("same", "cees"),
        answer("moved", "anna", details=[HOME]),
        answer("moved", "bram", details=[moved]),
        answer("whose", "anna", details=[HOME]),
        answer("whose", "bram", details=[of_sender]),
        answer("missed", "anna", details=[HOME]),
        answer("missed", "bram"),
    ]
    found = {c.task.id: c.axes for c in queue(tasks("same", "moved", "whose", "missed"), given)}
    assert found == {"moved": {"details": 0.5}, "whose": {"details": 0.5}, "missed": {"details": 1.0}}


def test_known_answers_are_neither_decided_nor_exported(answer: Answer) -> None:
    given = [answer("a", GOLD, threat="direct"), answer("a", "anna"), answer("a", "bram", threat="veiled")]
    assert queue(tasks("a"), given) == []
    assert combine(tasks("a"), given, [], refuse).examples == ()


def test_two_answers_of_one_annotator_are_refused(answer: Answer) -> None:
    with pytest.raises(CorpusError, match="twice"):
        queue(tasks("a"), [answer("a", "anna"), answer("a", "anna")])


def test_a_proposal_holds_what_half_hold(answer: Answer) -> None:
    two = proposal(
        [
            answer("a", "anna", details=[HOME], threat="veiled", aims=["intimidate"]),
            answer("a", "bram", threat="direct", aims=["challenge"], organised_crime=True),
        ]
    )
    assert two.labels.threat == "direct" and two.labels.aims == {"intimidate", "challenge"}
    assert two.labels.organised_crime and two.details == (HOME,)
    three = proposal([answer("a", who, threat=t, details=d) for who, t, d in
                      [("a", "veiled", [HOME]), ("b", "veiled", []), ("c", "direct", [])]])  # fmt: skip
    assert three.labels.threat == "veiled" and three.details == ()


def test_the_corpus_keeps_all_votes_and_obeys_the_rules(answer: Answer) -> None:
    spans: dict[str, Any] = {"details": [HOME], "cues": [CONDITION, THREAT]}
    given = [
        answer("decided", "anna", **spans, **CONDITIONAL),
        answer("decided", "bram"),
        answer("agreed", "anna", **spans, **CONDITIONAL),
        answer("agreed", "bram", **spans, **CONDITIONAL),
        answer("single", "bram"),
        answer("open", "anna"),
        answer("open", "bram", forms=["verbal_abuse"], nature=["emotional"]),
        answer("broken", "anna", threat="direct"),
    ]
    decided = Decision(answer("decided", "carla", **spans, **CONDITIONAL), "De eis hangt aan het kwaad.")
    problems: list[str] = []
    names = ("decided", "agreed", "single", "open", "broken", "untouched")
    outcome = combine(tasks(*names, scenario="s1", category="press", channel="dm"), given, [decided], problems.append)
    assert [e.id for e in outcome.examples] == ["decided", "agreed", "single"]
    counts = (outcome.decided, outcome.agreed, outcome.single, outcome.unanswered)
    assert counts == (1, 1, 1, 1) and [c.task.id for c in outcome.open] == ["open"]
    first, _, single = outcome.examples
    assert (first.category, single.category, first.scenario, first.channel) == ("threat", "press", "s1", "dm")
    assert [vote["annotator"] for vote in first.votes] == ["anna", "bram"]
    assert labels_from_dict(first.votes[1]).threat == "none"
    [problem] = problems
    assert "'broken' (single)" in problem and "nature" in problem and TEXT not in problem
    for example in outcome.examples:
        assert not list(rules.errors(example))
        assert records.from_compiled(json.loads(json.dumps(records.to_compiled(example)))) == example


def test_the_last_decision_holds(answer: Answer) -> None:
    first, last = (Decision(answer("a", "carla", forms=f, nature=["emotional"]), "x") for f in (["stalking"], []))
    last = Decision(answer("a", "carla"), "Toch niet.")
    outcome = combine(tasks("a"), [], [first, last], refuse)
    assert not outcome.examples[0].labels.hostile and outcome.decided == 1


def test_decisions_round_trip_and_bad_rows_are_named(answer: Answer, tmp_path: Path) -> None:
    decision = Decision(answer("a", "carla", details=[HOME], **CONDITIONAL), "Zie de eis.")
    row = decision_to_row(decision)
    assert decision_from_row(row, TEXT) == decision
    path = tmp_path / "log.jsonl"
    bad = [{**row, "reason": " "}, {**row, "id": "elders"}, {**row, "threat": TEXT}]
    path.write_text("".join(json.dumps(r) + "\n" for r in [row, *bad]))
    problems: list[str] = []
    assert read_decisions(path, {"a": TEXT}, problems.append) == [decision]
    assert [f"line {n}" in p for n, p in zip((2, 3, 4), problems, strict=True)] == [True] * 3
    assert TEXT not in " ".join(problems)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("pqr"), st.sampled_from(list(Threat))), max_size=30))
def test_a_message_is_open_exactly_when_its_answers_differ(given: list[tuple[str, str, Threat]]) -> None:
    judgements = {
        (item, who): Judgement(item, who, labels_from_dict({"threat": t, "nature": ["emotional"]}))
        for item, who, t in given
    }
    held: dict[str, set[str]] = {}
    for (item, _), j in judgements.items():
        held.setdefault(item, set()).add(j.labels.threat)
    found = {case.task.id for case in queue(tasks("a", "b"), list(judgements.values()))}
    assert found == {item for item, values in held.items() if len(values) > 1}
