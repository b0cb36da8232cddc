from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.classify import open_classifier
from vptnlp.corpus import read_examples
from vptnlp.doxing.exposure import agreeing, exposure_of, usable_details
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import Aim, Doxing, Form, Subject, Threat
from vptnlp.taxonomy import DetailKind as K

ADDRESS = Span(0, 5, K.ADDRESS, Subject.TARGET)
ROUTINE = Span(6, 9, K.ROUTINE, Subject.RELATIVE)
PLACE = Span(6, 9, K.PLACE, Subject.TARGET)
THEIR_PHONE = Span(0, 5, K.PHONE, Subject.TARGET)
OWN_PHONE = Span(0, 5, K.PHONE, Subject.SENDER)
DOOR = Span(0, 5, K.APPEARANCE, Subject.TARGET)

LABELS = st.builds(
    Labels,
    threat=st.sampled_from(list(Threat)),
    aims=st.frozensets(st.sampled_from(list(Aim)), max_size=2),
    forms=st.frozensets(st.sampled_from(list(Form)), max_size=1),
    doxing=st.sampled_from(list(Doxing)),
)
DETAILS = st.lists(
    st.builds(Span, st.just(0), st.just(5), st.sampled_from(list(K)), st.sampled_from(list(Subject))), max_size=4
)


@pytest.mark.parametrize(
    ("threat", "given_label", "details", "label", "reason"),
    [
        ("none", "exposure", [DOOR, OWN_PHONE], "hint", "no_usable_detail"),
        ("none", "exposure", [ROUTINE], "exposure", None),
        ("none", "hint", [ADDRESS], "exposure", "usable_detail"),
        ("none", "hint", [PLACE], "hint", None),
        ("none", "hint", [ROUTINE, DOOR], "hint", None),
        ("direct", "none", [ADDRESS], "exposure", "usable_detail"),
        ("direct", "none", [THEIR_PHONE], "none", None),
        ("direct", "none", [PLACE, ROUTINE, DOOR], "none", None),
        ("direct", "none", [OWN_PHONE], "none", None),
        ("none", "none", [ADDRESS], "none", None),
        ("none", "call", [], "call", None),
        ("none", "call", [ADDRESS], "call", None),
    ],
)
def test_rules(threat, given_label, details, label, reason):
    exposure = exposure_of(Labels(threat=Threat(threat), doxing=Doxing(given_label)), details)
    assert exposure.doxing == label
    assert (exposure.reason.key if exposure.reason else None) == reason
    assert exposure.details == usable_details(details)


@given(LABELS, DETAILS)
def test_the_result_agrees_with_itself_and_hostility_stays(labels, details):
    after = agreeing(labels, details)
    assert agreeing(after, details) == after
    assert after.hostile == labels.hostile
    assert exposure_of(after, details).reason is None
    if after.doxing == Doxing.EXPOSURE:
        assert usable_details(details)


def macro_f1(pairs):
    scores = []
    for label in Doxing:
        hits = sum(gold == given_label == label for gold, given_label in pairs)
        either = sum((gold == label) + (given_label == label) for gold, given_label in pairs)
        scores.append(2 * hits / either if either else 1.0)
    return sum(scores) / len(scores)


@pytest.mark.parametrize("corpus", ["vpt-nl", "vpt-nl-extra"])
def test_the_labels_of_dev_gain(root, analyzer, corpus):
    """Against the labels of the same classifier without these rules: .007 and .012 were gained with vpt-nl-base 1.6.0."""
    examples = list(read_examples(root / f"corpora/{corpus}/data/dev.jsonl"))
    texts = [e.text for e in examples]
    predictions = open_classifier(analyzer.bundle).predict(texts)
    before, after = [], []
    for example, prediction, assessment in zip(examples, predictions, analyzer.assess_many(texts), strict=True):
        before.append((example.labels.doxing, prediction.labels.doxing))
        after.append((example.labels.doxing, agreeing(prediction.labels, assessment.details).doxing))
    assert macro_f1(after) > macro_f1(before) + 0.005
    assert sum(g == "none" != p for g, p in after) <= sum(g == "none" != p for g, p in before) + 3


def test_gold_labels_of_dev_mostly_agree_already(root):
    examples = list(read_examples(root / "corpora/vpt-nl/data/dev.jsonl"))
    changed = [e.id for e in examples if agreeing(e.labels, e.details) != e.labels]
    assert len(changed) <= 0.01 * len(examples), changed
