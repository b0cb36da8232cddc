"""What must hold for every message and every rule table."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.messages import Labels, Scores, Span, Triage, Urgency
from vptnlp.taxonomy import Aim, CueKind, DetailKind, Doxing, Form, Nature, Subject, Target, Threat
from vptnlp.triage import Rules, assess_urgency, load_rules

TEXT = "Morgen om tien uur sta ik weer bij je huis, dit is mail 31 en mijn laatste waarschuwing. " * 2
RULES = load_rules()
LEVELS = list(Urgency)

spans = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 40)).map(lambda p: (p[0], min(len(TEXT), sum(p))))
cues = st.builds(lambda place, kind: Span(*place, kind), spans, st.sampled_from(CueKind))
details = st.builds(
    lambda place, kind, subject: Span(*place, kind, subject),
    spans,
    st.sampled_from(DetailKind),
    st.sampled_from(Subject),
)
labels = st.builds(
    Labels,
    threat=st.sampled_from(Threat),
    nature=st.frozensets(st.sampled_from(Nature)),
    aims=st.frozensets(st.sampled_from(Aim)),
    forms=st.frozensets(st.sampled_from(Form)),
    targets=st.frozensets(st.sampled_from(Target)),
    doxing=st.sampled_from(Doxing),
    organised_crime=st.booleans(),
)
messages = st.tuples(labels, st.lists(details, max_size=5), st.lists(cues, max_size=5))
FURTHER = ("threat", "doxing", "nature", "aims", "forms", "targets", "organised_crime", "detail", "cue")


def run(labels: Labels, details: list[Span], cues: list[Span], rules: Rules = RULES) -> Triage:
    scores = Scores({"threat": {"none": 0.01}, "doxing": {"none": 1.0}}, organised_crime=0.0, hostile=0.99)
    return assess_urgency(TEXT, labels, scores, details, cues, rules)


def add(what: str, labels: Labels, details: list[Span], cues: list[Span], data: st.DataObject) -> Any:
    """The same message with one thing more."""
    if what == "detail":
        return labels, [*details, data.draw(globals()["details"])], cues
    if what == "cue":
        return labels, details, [*cues, data.draw(globals()["cues"])]
    if what == "organised_crime":
        return dataclasses.replace(labels, organised_crime=True), details, cues
    held = getattr(labels, what)
    kind = {"threat": Threat, "doxing": Doxing, "nature": Nature, "aims": Aim, "forms": Form, "targets": Target}[what]
    if isinstance(held, frozenset):
        more: Any = held | {data.draw(st.sampled_from(kind))}
    else:
        more = data.draw(st.sampled_from(list(kind)[list(kind).index(held) :]))
    return dataclasses.replace(labels, **{what: more}), details, cues


@given(messages, st.sampled_from(FURTHER), st.data())
def test_one_thing_more_never_lowers_urgency(message: Any, what: str, data: st.DataObject) -> None:
    before, after = run(*message), run(*add(what, *message, data))
    assert LEVELS.index(after.urgency) >= LEVELS.index(before.urgency)
    assert after.score >= before.score


@given(messages, st.sampled_from([w for w in FURTHER if w not in ("threat", "doxing")]), st.data())
def test_nor_does_it_in_any_other_table(message: Any, what: str, data: st.DataObject) -> None:
    # A table may weigh a veiled threat above a direct one; a further fact beside the others is safe in every table.
    points = data.draw(st.lists(st.integers(0, 20), min_size=len(RULES.factors), max_size=len(RULES.factors)))
    groups = {name: data.draw(st.sampled_from(["heaviest", 0, 1, 5])) for name in RULES.groups}
    factors = tuple(
        dataclasses.replace(rule, points=value, group=data.draw(st.sampled_from([None, *groups])))
        for rule, value in zip(RULES.factors, points, strict=True)
    )
    rules = dataclasses.replace(RULES, factors=factors, groups=groups)
    before, after = run(*message, rules), run(*add(what, *message, data), rules)
    assert LEVELS.index(after.urgency) >= LEVELS.index(before.urgency)
    assert after.score >= before.score


@given(messages)
def test_spans_lie_in_the_text_and_scores_between_0_and_1(message: Any) -> None:
    triage = run(*message)
    assert 0 <= triage.score < 1
    for factor in triage.factors:
        assert list(factor.spans) == sorted(set(factor.spans))
        assert all(0 <= start < end <= len(TEXT) for start, end in factor.spans)


@given(messages)
def test_no_urgency_means_no_steps_and_hostility_means_urgency(message: Any) -> None:
    labels, _, cues = message
    triage = run(*message)
    cared_for = any(cue.kind is CueKind.SELF_HARM for cue in cues)
    assert (triage.urgency is Urgency.NONE) == (not labels.hostile and not cared_for)
    assert bool(triage.steps) == (triage.urgency is not Urgency.NONE)
    if cared_for:
        assert LEVELS.index(triage.urgency) >= LEVELS.index(Urgency.MEDIUM)
        assert any(step.key.startswith("self_harm") for step in triage.steps)


@given(messages)
def test_a_card_is_never_a_verdict(message: Any) -> None:
    for card in run(*message).statutes:
        assert card.missing, f"{card.article} shows every element, which reads as a verdict."


def subsets(kind: type[Any], most: int) -> list[frozenset[Any]]:
    return [frozenset(chosen) for size in range(most + 1) for chosen in itertools.combinations(kind, size)]


@pytest.mark.parametrize("threat", list(Threat))
def test_every_hostile_combination_gets_norm_register_and_reaction(threat: Threat) -> None:
    count = 0
    for doxing, forms, aims, crime in itertools.product(Doxing, subsets(Form, 6), subsets(Aim, 1), (False, True)):
        labels = Labels(threat=threat, forms=forms, aims=aims, doxing=doxing, organised_crime=crime)
        if not labels.hostile:
            continue
        steps = {step.key: step for step in run(labels, [], []).steps}
        assert {"set_norm", "register", "respond_within_48h"} <= set(steps)
        due = steps["respond_within_48h"].due_hours
        assert due is not None and due <= 48
        count += 1
    assert count > 1000


@given(messages)
def test_steps_that_exclude_each_other(message: Any) -> None:
    keys = [step.key for step in run(*message).steps]
    assert len(keys) == len(set(keys))
    if message[0].hostile:
        assert len({"file_report", "file_report_doxing", "consider_report"} & set(keys)) == 1
        assert "self_harm_contact" not in keys, "A threatened colleague is asked to call the sender."
