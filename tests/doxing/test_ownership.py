import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from vptnlp.corpus import markup
from vptnlp.doxing import ownership_fit
from vptnlp.doxing.base import Passage
from vptnlp.doxing.certain import certain_subject
from vptnlp.doxing.features import context_of, features_of
from vptnlp.doxing.ownership import SUBJECTS, assign_subjects
from vptnlp.doxing.ownership_fit import Labelled
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind, Subject

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "ownership.jsonl").read_text("utf-8").splitlines()
]


def bare(spans):
    return tuple(Span(span.start, span.end, span.kind) for span in spans)


@pytest.mark.parametrize("case", CASES, ids=range(1, len(CASES) + 1))
def test_gold_case(case):
    text, gold = markup.parse(case["text"])
    found = [span.subject for span in assign_subjects(text, bare(gold), case.get("hostile"))]
    wanted = [span.subject for span in gold]
    if case.get("known_failure"):
        assert case["reason"].endswith("."), "A known failure says why it fails."
        assert found != wanted, "This case works now: remove its 'known_failure'."
    else:
        assert found == wanted


def test_no_details_have_no_subjects():
    assert assign_subjects("Dank u wel.", ()) == ()


def test_scores_and_offsets_stay():
    text = "Ik woon op Lindelaan 4."
    (detail,) = assign_subjects(text, (Span(11, 22, DetailKind.ADDRESS, None, 0.7),))
    assert (detail.start, detail.end, detail.kind, detail.score) == (11, 22, DetailKind.ADDRESS, 0.7)
    assert detail.subject == Subject.SENDER


def test_a_hint_that_the_message_is_hostile_moves_a_bare_name_to_the_target():
    text = "Kevin Bakker, Lindelaan 4 in Zwolle"
    details = (Span(0, 12, DetailKind.PERSON), Span(14, 25, DetailKind.ADDRESS), Span(29, 35, DetailKind.PLACE))
    hostile = assign_subjects(text, details, hostile=True)
    calm = assign_subjects(text, details, hostile=False)
    assert {detail.subject for detail in hostile} == {Subject.TARGET}
    assert {detail.subject for detail in calm} != {Subject.TARGET}


def test_weights_decide():
    text, details = "Anna", (Span(0, 4, DetailKind.PERSON),)
    for column, subject in enumerate(SUBJECTS):
        weights = {"always": tuple(float(column == other) for other in range(len(SUBJECTS)))}
        assert assign_subjects(text, details, weights=weights)[0].subject == subject


def test_features_see_the_pronoun_before_a_detail():
    text = "ik weet waar jouw Kevin is"
    context = context_of(text, (Span(18, 23, DetailKind.PERSON),))
    found = features_of(context, (Span(18, 23, DetailKind.PERSON),), 0, ())
    assert "near:second" in found
    assert "name&cue:possessive_second" in found


def test_a_fitted_table_separates_what_it_saw(tmp_path):
    calls = [
        Labelled(f"Bel mij op 06-1337000{n}.", (Span(11, 22, DetailKind.PHONE, Subject.SENDER),), False)
        for n in range(10)
    ]
    wives = [
        Labelled(f"{n}: ik ken je vrouw", (Span(10, 18, DetailKind.FAMILY, Subject.RELATIVE),), True) for n in range(10)
    ]
    weights = ownership_fit.fit(calls + wives, penalty=1.0)
    for message in (calls[0], wives[0]):
        (found,) = assign_subjects(message.text, bare(message.details), weights=weights)
        assert found.subject == message.details[0].subject
    ownership_fit.write(weights, tmp_path / "table.tsv")
    lines = (tmp_path / "table.tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t") == ["feature", *SUBJECTS]
    assert len(lines) == len(weights) + 1


def test_a_table_does_not_depend_on_how_letters_are_composed():
    def messages(form):
        own, theirs = "mijn privénummer is [[PHONE:sender|0612345678]]", "cliënte is op [[PHONE:bystander|0612345678]]"
        for n in range(20):
            text, details = markup.parse(f"{n}: {theirs if n % 2 else own} bereikbaar")
            received = unicodedata.normalize(form, text)
            at = received.index("0612345678")
            yield Labelled(received, (replace(details[0], start=at, end=at + 10),), False)

    weights = ownership_fit.fit(messages("NFC"), penalty=1.0)
    assert weights
    assert ownership_fit.fit(messages("NFD"), penalty=1.0) == weights


def test_a_quoted_greeting_does_not_settle_whose_name_it_is():
    passage = Passage("> Beste Anna,\nBeste Karim,")
    assert certain_subject(passage, Span(8, 12, DetailKind.PERSON)) is None
    assert certain_subject(passage, Span(20, 25, DetailKind.PERSON)) == Subject.TARGET


def test_what_the_quoted_reader_says_of_themselves_is_the_targets():
    text = "> Bel mij op 06-13370042"
    assert certain_subject(Passage(text), Span(13, len(text), DetailKind.PHONE)) == Subject.TARGET
