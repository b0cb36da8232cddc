from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.corpus import read_examples
from vptnlp.doxing.exposure import LEADING_KINDS, agreeing, exposure_of, usable_details
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import USABLE_KINDS, Aim, Doxing, Form, Subject, Threat
from vptnlp.taxonomy import DetailKind as K

ADDRESS = Span(0, 5, K.ADDRESS, Subject.TARGET)
ROUTINE = Span(6, 9, K.ROUTINE, Subject.RELATIVE)
PLACE = Span(6, 9, K.PLACE, Subject.TARGET)
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
        ("none", "hint", [PLACE], "exposure", "usable_detail"),
        ("none", "hint", [ROUTINE, DOOR], "hint", None),
        ("direct", "none", [ADDRESS], "exposure", "usable_detail"),
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


def test_what_leads_to_a_person_is_usable():
    assert LEADING_KINDS < USABLE_KINDS


def macro_f1(pairs):
    scores = []
    for label in Doxing:
        hits = sum(gold == given_label == label for gold, given_label in pairs)
        either = sum((gold == label) + (given_label == label) for gold, given_label in pairs)
        scores.append(2 * hits / either if either else 1.0)
    return sum(scores) / len(scores)


def test_the_labels_of_dev_gain(root):
    """Against labels without these rules, so that the test holds before and after an analyzer applies them."""
    from vptnlp import bundle
    from vptnlp.classify import open_classifier
    from vptnlp.doxing import find_details

    examples = list(read_examples(root / "corpora/vpt-nl/data/dev.jsonl"))
    predictions = open_classifier(bundle.load("vpt-nl-linear")).predict([e.text for e in examples])
    before, after = [], []
    for example, prediction in zip(examples, predictions, strict=True):
        details = find_details(example.text, hostile=prediction.labels.hostile)
        before.append((example.labels.doxing, prediction.labels.doxing))
        after.append((example.labels.doxing, agreeing(prediction.labels, details).doxing))
    # The better the classifier by itself, the less is left to gain: .026 with vpt-nl-linear 1.4.0, which reaches .772 alone.
    assert macro_f1(after) > macro_f1(before) + 0.02
    assert sum(g == "none" != p for g, p in after) <= sum(g == "none" != p for g, p in before) + 3


def test_gold_labels_of_dev_mostly_agree_already(root):
    examples = list(read_examples(root / "corpora/vpt-nl/data/dev.jsonl"))
    changed = [e.id for e in examples if agreeing(e.labels, e.details) != e.labels]
    assert len(changed) <= 0.01 * len(examples), changed
