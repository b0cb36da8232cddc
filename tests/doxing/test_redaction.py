from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.doxing import find_details
from vptnlp.doxing.placeholders import NAMES, PATTERN, Placeholders, fold
from vptnlp.doxing.redaction import redact, restore
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind as K
from vptnlp.taxonomy import Subject

PIECES = [
    "Kerkstraat 12",
    "[ADRES-1]",
    "[NAAM-2]",
    "[",
    "]",
    "-",
    " ",
    "Zoë",
    "é",
    "🏠",
    "İ",
    "ß",
    "\u200b",
    "\n",
    "06",
]
TEXTS = st.one_of(
    st.text(min_size=1, max_size=60), st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)
)


@st.composite
def marked_texts(draw):
    """A text with spans of any kind and subject, overlapping at will."""
    text = draw(TEXTS)
    spans = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        spans.append(Span(start, end, draw(st.sampled_from(list(K))), draw(st.sampled_from(list(Subject)))))
    return text, spans


def found(text, **options):
    return redact(text, find_details(text), **options)


def test_every_kind_has_a_name_of_its_own():
    assert set(NAMES) == set(K)
    assert len(set(NAMES.values())) == len(K)


def test_details_become_numbered_placeholders():
    result = found("U woont op Kerkstraat 12 en uw dochter op Lindelaan 4; bel 06-13370042.")
    assert result.text == "U woont op [ADRES-1] en [NAASTE-1] op [ADRES-2]; bel [TELEFOON-1]."
    assert result.values[0] == ("[ADRES-1]", "Kerkstraat 12")


@given(
    marked_texts(), st.sets(st.sampled_from(list(K))) | st.none(), st.sets(st.sampled_from(list(Subject))) | st.none()
)
def test_restoring_gives_the_text_back(marked, kinds, subjects):
    text, spans = marked
    result = redact(text, spans, kinds=kinds, subjects=subjects)
    assert restore(result.text, result.values) == text


@given(
    marked_texts(), st.sets(st.sampled_from(list(K))) | st.none(), st.sets(st.sampled_from(list(Subject))) | st.none()
)
def test_no_code_point_of_a_chosen_detail_stays(marked, kinds, subjects):
    text, spans = marked
    result = redact(text, spans, kinds=kinds, subjects=subjects)
    gone = {i for r in result.replacements for i in range(r.start, r.end)}
    for span in spans:
        if (kinds is None or span.kind in kinds) and (subjects is None or span.subject in subjects):
            assert gone.issuperset(range(span.start, span.end))
    kept = "".join(c for i, c in enumerate(text) if i not in gone)
    rest, position = [], 0
    for replacement in result.replacements:
        at = result.text.index(replacement.placeholder, position)
        rest.append(result.text[position:at])
        position = at + len(replacement.placeholder)
    assert "".join([*rest, result.text[position:]]) == kept


@given(marked_texts())
def test_every_placeholder_in_the_output_is_one_of_ours(marked):
    text, spans = marked
    result = redact(text, spans)
    assert [m.group() for m in PATTERN.finditer(result.text)] == [r.placeholder for r in result.replacements]


@given(st.lists(marked_texts(), max_size=5))
def test_over_many_texts_a_value_has_one_placeholder_and_a_placeholder_one_value(many):
    state = Placeholders()
    by_value, by_placeholder = {}, {}
    for text, spans in many:
        for r in redact(text, spans, state=state).replacements:
            key = r.kind, fold(r.kind, r.value)
            assert by_value.setdefault(key, r.placeholder) == r.placeholder
            assert by_placeholder.setdefault(r.placeholder, key) == key
    assert len(state) == len(by_placeholder)


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        (K.ADDRESS, "Kerkstraat 12", "KERKSTRAAT\u00a0 12", True),
        (K.ADDRESS, "Kerkstraat 12-3", "Kerkstraat 123", False),
        (K.PHONE, "06-13370042", "+31 (0)6 13 37 00 42", True),
        (K.PHONE, "06-13370042", "0031613370042", True),
        (K.PHONE, "06-13370042", "06-13370043", False),
        (K.PERSON, "Zoë van Vliet", "zoe\u0308 van-vliet", True),
        (K.PERSON, "Zoë", "Zoe", False),
        (K.LICENCE_PLATE, "GB-123-X", "gb123x", True),
        (K.POSTCODE, "3511 AB", "3511ab", True),
        (K.IBAN, "NL00 BANK 0123 4567 89", "nl00bank0123456789", True),
        (K.EMAIL, "A.B@voorbeeld.example", "a.b@voorbeeld.example", True),
        (K.EMAIL, "a.b@voorbeeld.example", "ab@voorbeeld.example", False),
        (K.HANDLE, "@jan_v", "Jan_V", True),
        (K.IP_ADDRESS, "10.1.1.1", "10.11.1", False),
        (K.APPEARANCE, "!!", "??", False),
    ],
)
def test_what_counts_as_the_same_value(kind, one, other, same):
    state = Placeholders()
    assert (state.of(kind, one) == state.of(kind, other)) is same


def test_of_nested_details_the_outermost_is_replaced():
    text = "Elke dinsdag bij Kerkstraat 12 in de tuin."
    spans = [Span(0, 30, K.ROUTINE, Subject.TARGET), Span(17, 30, K.ADDRESS, Subject.TARGET)]
    assert redact(text, spans).text == "[GEWOONTE-1] in de tuin."
    assert redact(text, spans, kinds={K.ADDRESS}).text == "Elke dinsdag bij [ADRES-1] in de tuin."


def test_details_that_overlap_by_half_leave_no_edge():
    text = "ziet Jan de Vries Kerkstraat 12 staan"
    spans = [Span(5, 17, K.PERSON, Subject.TARGET), Span(11, 31, K.ADDRESS, Subject.TARGET)]
    assert redact(text, spans).text == "ziet [ADRES-1] staan"


def test_only_the_chosen_subjects_go():
    text = "Mijn nummer is 06-13370042. Jij woont op Lindelaan 4."
    assert found(text, subjects={Subject.SENDER}).text == "Mijn nummer is [TELEFOON-1]. Jij woont op Lindelaan 4."


def test_a_name_goes_wherever_it_stands_again():
    text = "Hallo Fatima el Amrani. Ik weet het, fatima el amrani's fiets. Fatima el Amranigarage."
    spans = [Span(6, 22, K.PERSON, Subject.TARGET)]
    assert redact(text, spans).text == "Hallo [NAAM-1]. Ik weet het, [NAAM-1]'s fiets. Fatima el Amranigarage."


def test_a_value_of_somebody_who_was_not_chosen_stays():
    text = "Jij, Noor! Mijn dochter heet ook Noor."
    spans = [Span(5, 9, K.PERSON, Subject.TARGET), Span(33, 37, K.PERSON, Subject.BYSTANDER)]
    assert redact(text, spans, subjects={Subject.TARGET}).text == "Jij, [NAAM-1]! Mijn dochter heet ook Noor."


def test_placeholders_that_came_along_are_numbered_anew():
    text = "[ADRES-1] is niet Kerkstraat 12, [NAAM-7] ook niet."
    result = found(text)
    assert result.text == "[ADRES-1] is niet [ADRES-2], [NAAM-1] ook niet."
    assert restore(result.text, result.values) == text
    state = Placeholders()
    first = found("Kerkstraat 12", state=state).text
    assert found("[ADRES-1] en kerkstraat 12", state=state).text == f"[ADRES-2] en {first}"


def test_an_edited_text_gets_the_values_of_the_placeholders_that_are_left():
    values = [("[NAAM-1]", "Jan"), ("[NAAM-1]", "JAN"), ("[ADRES-1]", "Lindelaan 4")]
    assert (
        restore("[ADRES-1]: [NAAM-1], [NAAM-1], [NAAM-1] en [NAAM-2]", values)
        == "Lindelaan 4: Jan, JAN, JAN en [NAAM-2]"
    )


def test_details_of_another_text_are_refused():
    with pytest.raises(ValueError, match="outside the text of 4"):
        redact("kort", [Span(2, 9, K.PERSON, Subject.TARGET)])


def test_values_are_kept_out_of_representations():
    assert "Kerkstraat" not in repr(found("Kerkstraat 12").replacements)


@pytest.mark.parametrize("word", ["06 ", "[ADRES-", "a-", "[[[", "@jan "])
def test_a_long_text_takes_linear_time(word):
    text = word * (200_000 // len(word))
    spans = [Span(i * 40, i * 40 + 20, K.PHONE, Subject.TARGET) for i in range(2_000)]
    started = time.perf_counter()
    redact(text, spans)
    assert time.perf_counter() - started < 5


def test_corpus_messages_keep_no_detail_of_gold(root):
    from vptnlp.corpus import read_examples

    examples = list(read_examples(root / "corpora/vpt-nl/data/dev.jsonl"))[:150]
    state = Placeholders()
    exact = {K.EMAIL, K.PHONE, K.IBAN, K.BSN, K.LICENCE_PLATE}
    for example in examples:
        result = redact(example.text, example.details, state=state)
        assert restore(result.text, result.values) == example.text
        for detail in example.details:
            if detail.kind in exact:
                assert not re.search(rf"(?<!\w){re.escape(detail.text_of(example.text))}(?!\w)", result.text)
