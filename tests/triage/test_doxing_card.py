"""The card of article 285d Sr: every element of the article, and what shows it."""

from __future__ import annotations

import re

import pytest

from vptnlp.messages import Labels, Scores, Span, StatuteCard
from vptnlp.taxonomy import AXES, Aim, CueKind, DetailKind, Doxing, Subject, Target, Threat
from vptnlp.triage import Rules, assess_urgency, load_rules

SCORES = Scores({axis: {} for axis in AXES}, 0.0, 1.0)
TEXT = "x" * 40
ADDRESS = Span(0, 5, DetailKind.ADDRESS, Subject.TARGET)
CALL = Span(10, 20, CueKind.CALL_TO_ACTION)
THREAT = Span(20, 30, CueKind.THREAT_PHRASE)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def card(rules: Rules, labels: Labels, *spans: Span) -> StatuteCard | None:
    details = [span for span in spans if isinstance(span.kind, DetailKind)]
    cues = [span for span in spans if isinstance(span.kind, CueKind)]
    cards = assess_urgency(TEXT, labels, SCORES, details, cues, rules).statutes
    return next((card for card in cards if card.article.startswith("285d")), None)


def elements(lines: tuple[str, ...]) -> set[str]:
    """The elements among lines of a card, by the words they start with."""
    names = {
        "Gegevens": "data", "Van": "other", "Aan": "obtain", "De gegevens v": "spread", "De gegevens op": "provide",
        "Met het doel het doelwit bang": "frighten", "Met het doel het doelwit ernstige": "nuisance",
        "Met het doel het doelwit ernstig te": "hinder", "Tegen": "office", "Opzet": "intent",
    }  # fmt: skip
    found = [next(name for start, name in names.items() if line.startswith(start)) for line in lines]
    assert len(set(found)) == len(found)
    return set(found)


def test_no_card_for_a_hint_or_without_doxing(rules: Rules) -> None:
    assert card(rules, Labels(doxing=Doxing.HINT), ADDRESS) is None
    assert card(rules, Labels(threat=Threat.DIRECT), ADDRESS) is None


def test_an_address_alone(rules: Rules) -> None:
    shown = card(rules, Labels(doxing=Doxing.EXPOSURE), ADDRESS)
    assert shown is not None
    assert elements(shown.present) == {"data", "other", "obtain"}
    assert elements(shown.missing) == {"spread", "provide", "frighten", "nuisance", "hinder", "office", "intent"}


def test_a_card_says_where_the_text_shows_each_element(rules: Rules) -> None:
    plate, child = (
        Span(31, 36, DetailKind.LICENCE_PLATE, Subject.TARGET),
        Span(6, 9, DetailKind.PERSON, Subject.RELATIVE),
    )
    own = Span(37, 40, DetailKind.PHONE, Subject.SENDER)
    shown = card(rules, Labels(Threat.VEILED, doxing=Doxing.EXPOSURE), ADDRESS, plate, child, own, THREAT)
    assert shown is not None and len(shown.spans) == len(shown.present)
    by_element = dict(zip((line.partition(":")[0] for line in shown.present), shown.spans, strict=True))
    data, whose = (next(v for k, v in by_element.items() if k.startswith(start)) for start in ("Gegevens", "Van"))
    assert data == whose == ((0, 5), (6, 9), (31, 36))
    assert ((20, 30),) in shown.spans


def test_a_call_to_visit_an_officer_with_a_threat(rules: Rules) -> None:
    labels = Labels(
        Threat.VEILED, aims=frozenset({Aim.INFLUENCE_DECISION}), targets=frozenset({Target.POLICE}), doxing=Doxing.CALL
    )
    shown = card(rules, labels, ADDRESS, CALL, THREAT)
    assert shown is not None
    assert elements(shown.missing) == {"provide", "intent"}
    marked = [line for line in shown.present if "gemarkeerd" in line]
    assert elements(tuple(marked)) == {"data", "other", "spread", "frighten", "nuisance"}


def test_a_call_to_find_an_address_spreads_nothing(rules: Rules) -> None:
    shown = card(rules, Labels(doxing=Doxing.CALL), CALL)
    assert shown is not None
    assert elements(shown.present) == {"nuisance"}
    assert {"data", "obtain", "spread"} <= elements(shown.missing)


def test_what_is_not_marked_is_not_said_to_be(rules: Rules) -> None:
    shown = card(rules, Labels(Threat.DIRECT, doxing=Doxing.EXPOSURE))
    assert shown is not None
    assert not [line for line in shown.present if re.search(r"(?<!niet )gemarkeerd", line)]


def test_a_detail_of_the_sender_is_no_ones_exposure(rules: Rules) -> None:
    own = Span(0, 5, DetailKind.PHONE, Subject.SENDER)
    shown = card(rules, Labels(doxing=Doxing.CALL), own)
    assert shown is not None
    assert {"data", "other"} <= elements(shown.missing)


@pytest.mark.parametrize("kind", list(DetailKind))
def test_intent_and_passing_on_are_never_shown(rules: Rules, kind: DetailKind) -> None:
    shown = card(rules, Labels(doxing=Doxing.CALL), Span(0, 5, kind, Subject.RELATIVE), CALL)
    assert shown is not None
    assert {"provide", "intent"} <= elements(shown.missing)
