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
        (K.PHONE, "06-13370042", "613370042", True),
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
    assert redact(text, spans).text == "Hallo [NAAM-1]. Ik weet het, [NAAM-1]'s fiets. [NAAM-2] el Amranigarage."


def spans(text, *marked):
    """The first mention of each value as a detail of the target."""
    return [Span(text.index(v), text.index(v) + len(v), kind, Subject.TARGET) for kind, v in marked]


@pytest.mark.parametrize(
    ("kind", "value", "again"),
    [
        (K.POSTCODE, "3511 AB", "3511ab"),
        (K.PLACE, "Oud-Zuilen", "OUD ZUILEN"),
        (K.INSTITUTION, "basisschool De Regenboog", "De Regenboog"),
        (K.INSTITUTION, "basisschool De Regenboog", "Regenboog"),
        (K.WORKPLACE, "bakkerij Stroo", "Stroo"),
        (K.DATE_OF_BIRTH, "12-03-1985", "12/03/1985"),
        (K.VEHICLE, "rode Golf", "rode golf"),
        (K.PERSON, "Fatima el Amrani", "Amrani"),
        (K.PERSON, "Fatima el Amrani", "fatima  el\n  amrani"),
        (K.PERSON, "Sanne Bakker", "Bakker"),
        (K.PERSON, "Sanne Bakker", "SANNE BAKKER"),
        (K.PERSON, "Zoë Smit", "Zoe\u0308 Smit"),
        (K.PERSON, "Zoë Smit", "Z\u200boë\u00a0Sm\u00adit"),
        (K.ADDRESS, "Kerkstraat 12", "kerkstraat\n12"),
        (K.PHONE, "06-13370042", "+31 6 13 37 00 42"),
        (K.PHONE, "+31 6 13 37 00 42", "0613370042"),
        (K.LICENCE_PLATE, "GB-123-X", "gb123x"),
        (K.IBAN, "NL00BANK0123456789", "NL00 BANK 0123 4567 89"),
        (K.EMAIL, "j.v@voorbeeld.example", "J.V@Voorbeeld.example"),
        (K.HANDLE, "@jan_v", "jan_v"),
        (K.HANDLE, "@jan", "@Jan"),
    ],
)
def test_a_value_goes_in_every_spelling(kind, value, again):
    text = f"Eerst {value}, en dan {again}."
    result = redact(text, spans(text, (kind, value)))
    first, last = (r.placeholder for r in result.replacements)
    assert result.text == f"Eerst {first}, en dan {last}."
    assert restore(result.text, result.values) == text
    state = Placeholders()
    redact(value, spans(value, (kind, value)), state=state)
    assert redact(f"En {again}.", [], state=state).text.startswith("En [")


@pytest.mark.parametrize(
    ("kind", "value", "other"),
    [
        (K.PERSON, "Sanne Bakker", "naar de bakker van el, Bakkerij"),
        (K.PERSON, "Fatima el Amrani", "el Haddad"),
        (K.INSTITUTION, "basisschool De Regenboog", "een regenboog boven school"),
        (K.EMAIL, "a.b@x.example", "a-b@x.example"),
        (K.HANDLE, "@jan", "jan"),
        (K.PHONE, "06-13370042", "06-133700421"),
        (K.AGE, "34", "34"),
    ],
)
def test_what_is_no_repeat_stays(kind, value, other):
    text = f"Eerst {value}, en dan {other}."
    assert redact(text, spans(text, (kind, value))).text.endswith(f", en dan {other}.")


def test_everyday_words_are_not_carried_into_other_texts():
    state = Placeholders()
    text = "Je zit op school bij Roos in de klas; op school dus."
    first = redact(text, spans(text, (K.INSTITUTION, "school"), (K.PERSON, "Roos")), state=state).text
    assert first == "Je zit op [INSTELLING-1] bij [NAAM-1] in de klas; op [INSTELLING-1] dus."
    assert redact("Op school een roos. Dag Roos!", [], state=state).text == "Op school een roos. Dag [NAAM-1]!"


def test_every_one_of_many_names_that_start_alike_goes():
    names = [f"Jan {chr(65 + i // 26)}{chr(97 + i % 26)}sen" for i in range(100)]
    text = ", ".join(names) + " | " + ", ".join(names)
    kept = redact(text, spans(text, *((K.PERSON, name) for name in names))).text
    assert "sen" not in kept


def test_an_exact_value_of_somebody_chosen_goes_wherever_it_stands():
    text = "Jij woont op Lindelaan 4. Ik ken Lindelaan 4, van Noor. Jij, Noor."
    details = [
        Span(13, 24, K.ADDRESS, Subject.TARGET),
        Span(33, 44, K.ADDRESS, Subject.BYSTANDER),
        Span(50, 54, K.PERSON, Subject.BYSTANDER),
        Span(61, 65, K.PERSON, Subject.TARGET),
    ]
    kept = redact(text, details, subjects={Subject.TARGET}).text
    assert kept == "Jij woont op [ADRES-1]. Ik ken [ADRES-1], van Noor. Jij, [NAAM-1]."


def test_a_name_of_which_half_was_found_goes_whole():
    text = "Sanne Bakker dus. BESTE SANNE BAKKER"
    details = [*spans(text, (K.PERSON, "Sanne Bakker")), Span(24, 29, K.PERSON, Subject.TARGET)]
    assert redact(text, details).text == "[NAAM-1] dus. BESTE [NAAM-1]"


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
@pytest.mark.parametrize("kind", [K.PHONE, K.PERSON])
def test_a_long_text_takes_linear_time(word, kind):
    text = word * (200_000 // len(word))
    details = [Span(i * 40, i * 40 + 20 + i % 19, kind, Subject.TARGET) for i in range(2_000)]
    started = time.process_time()
    redact(text, details)
    assert time.process_time() - started < 5


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


def test_a_mark_that_composes_with_nothing_goes_with_its_letter() -> None:
    text = "Dag Zoë\u0301, tot morgen"
    assert redact(text, [Span(4, 7, K.PERSON, Subject.TARGET)]).text == "Dag [NAAM-1], tot morgen"
