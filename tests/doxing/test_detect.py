import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp.doxing import find_details
from vptnlp.doxing.base import Case, Passage
from vptnlp.doxing.corroboration import corroborate
from vptnlp.doxing.detect import resolve_overlaps
from vptnlp.doxing.spelled import spelled_numbers
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind as K

PIECES = [
    "Beste Anna,", "meneer", "De Wit", "je vrouw", "mijn zoon (7)", "Kerkstraat 12", "1234 AB", "Zwolle", "06-13370042",
    "jan@voorbeeld.example", "@kaaiman77", "https://voorbeeld.example/a", "BSN 999582069", "NL55 ABNA 0781 7105 42",
    "paspoort SGP346529", "94-THH-4", "rode Fiat", "geboren 12-03-1985", "werkt bij Kapsalon Iris", "basisschool De Regenboog",
    "elke dinsdag om half acht", "die blauwe deur", "51.72988, 4.76785", "198.51.100.63", "nul zes dertien", "Groet,\n", "\n\n",
    "> ", "😀", "e\u0301", "İ", "ß", "\u200d", ". ", ", ", "(", "“",
]  # fmt: skip


def kinds_and_texts(text, **options):
    return [(str(span.kind), span.text_of(text)) for span in find_details(text, **options)]


def check(text):
    found = find_details(text)
    assert list(found) == sorted(found, key=lambda span: (span.start, -span.end, span.kind))
    last = {}
    for span in found:
        assert 0 <= span.start < span.end <= len(text)
        assert span.subject is not None
        assert 0.0 < span.score < 1.0
        assert span.start >= last.get(span.kind, 0), "Spans of one kind overlap."
        last[span.kind] = span.end
    return found


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text(text):
    check(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25), st.sampled_from([" ", "", ", ", "\n"]))
def test_any_mix_of_details(pieces, separator):
    check(separator.join(pieces))


def test_no_details():
    assert find_details("") == ()
    assert find_details("Bedankt voor de snelle reactie.") == ()


def test_offsets_are_code_points_of_the_text_as_received():
    assert kinds_and_texts("🧨🧨 bel 06-13370042 👍🏽 of Zoe\u0308 in Kerkstraat 4 👨‍👩‍👧") == [
        ("PHONE", "06-13370042"),
        ("PERSON", "Zoe\u0308"),
        ("ADDRESS", "Kerkstraat 4"),
    ]
    assert kinds_and_texts("İİİ Kerkstraat 4") == [("ADDRESS", "Kerkstraat 4")]


def test_details_in_disguise_are_found_where_they_stand():
    assert ("ADDRESS", "k3rkstr44t 12") in kinds_and_texts("jij w00nt op k3rkstr44t 12 h3")
    assert kinds_and_texts("Bel An\u200bna op 06-13370042") == [("PERSON", "An\u200bna"), ("PHONE", "06-13370042")]


MESSAGE = "Zijn cliënte woont op Kerkstraat 12 in Zwolle. Mail jan@voorbeeld.example, groet, Zoë Koçak"


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\t"])
def test_any_white_space_is_a_space(space):
    assert find_details(MESSAGE.replace(" ", space)) == find_details(MESSAGE)


def test_composed_and_decomposed_letters_are_read_alike():
    def read(text):
        return [(d.kind, d.subject, unicodedata.normalize("NFC", d.text_of(text))) for d in find_details(text)]

    assert read(unicodedata.normalize("NFD", MESSAGE)) == read(MESSAGE)


@pytest.mark.parametrize(
    "unit",
    [
        "\n",
        " ",
        "\u00a0",
        "e\u0301",
        "1",
        "1 ",
        "punt ",
        "@",
        "van ",
        "VAN ",
        "A",
        "KERKSTRAAT 1 ",
        "groet, ",
        "bel me ",
        "\n> ",
    ],
)
def test_time_of_all_together_is_linear(unit):
    text = "Bel mij op 06-13370042. " + (unit * (100_000 // len(unit)))[:100_000] + " Groet, Jan, Kerkstraat 4"
    start = time.process_time()
    find_details(text, hostile=True)
    assert time.process_time() - start < 5.0, "Seconds for 100 kB, several times what is needed."


def test_decomposed_names_are_recognised():
    text = unicodedata.normalize("NFD", "Groetjes, Zoë Koçak")
    assert kinds_and_texts(text) == [("PERSON", unicodedata.normalize("NFD", "Zoë Koçak"))]


def test_numbers_are_read_one_way():
    assert kinds_and_texts("rekening NL55 ABNA 0781 7105 42 graag") == [("IBAN", "NL55 ABNA 0781 7105 42")]
    assert kinds_and_texts("mail 0613370042@voorbeeld.example") == [("EMAIL", "0613370042@voorbeeld.example")]


def test_a_name_in_a_street_is_no_person():
    assert kinds_and_texts("Ik woon op Jan Steenstraat 155.") == [("ADDRESS", "Jan Steenstraat 155")]


def test_a_name_may_stand_inside_a_relation():
    assert kinds_and_texts("ik ben de moeder van Delano") == [("FAMILY", "de moeder van Delano"), ("PERSON", "Delano")]


def test_the_threshold_and_the_recognisers_can_be_chosen():
    text = "Bel 06-13370042 of loop langs Kerkstraat 4."
    assert kinds_and_texts(text, recognisers=()) == []
    assert kinds_and_texts(text, threshold=0.995) == []


def test_the_better_of_two_overlapping_spans_stays():
    low, high = Span(0, 10, K.PHONE, None, 0.6), Span(5, 12, K.BSN, None, 0.9)
    assert resolve_overlaps([low, high]) == (high,)


def test_of_two_like_scores_the_longer_span_stays():
    short, long = Span(3, 8, K.PERSON, None, 0.9), Span(0, 8, K.PERSON, None, 0.89)
    assert resolve_overlaps([short, long]) == (long,)


def test_kinds_that_describe_may_overlap():
    spans = (Span(0, 20, K.ROUTINE, None, 0.6), Span(5, 12, K.PLACE, None, 0.6))
    assert resolve_overlaps(spans) == spans


def test_nothing_is_read_inside_an_address_on_the_web():
    email, family = Span(0, 20, K.EMAIL, None, 0.98), Span(5, 9, K.FAMILY, None, 0.9)
    assert resolve_overlaps([family, email]) == (email,)


def test_a_date_beside_a_name_becomes_a_date_of_birth():
    text = "Anna (12-03-1985)"
    spans = [Span(0, 4, K.PERSON, None, 0.8), Span(6, 16, K.DATE_OF_BIRTH, None, 0.3)]
    assert [span.score for span in corroborate(text, spans)] == [0.8, 0.6]


def test_a_neighbour_too_far_away_says_nothing():
    text = "Anna schreef op de zitting van 12-03-1985"
    spans = [Span(0, 4, K.PERSON, None, 0.8), Span(31, 41, K.DATE_OF_BIRTH, None, 0.3)]
    assert [span.score for span in corroborate(text, spans)] == [0.8, 0.3]


def test_digits_in_words():
    passage = Passage("bel nul zes, dertien eh zevenendertig 00 tweeënveertig maar")
    (run,) = spelled_numbers(passage)
    assert run.digits == "0613370042"
    assert passage[run.start : run.end] == "nul zes, dertien eh zevenendertig 00 tweeënveertig"


def test_a_few_number_words_are_no_number():
    assert list(spelled_numbers(Passage("vijf of zes keer, en dan weer drie weken wachten"))) == []


def test_folding_keeps_the_length():
    text = "İSTANBUL’s ß É"
    assert len(Passage(text).folded) == len(text)


def test_how_a_writer_uses_capitals():
    assert Passage("hoi wesley").case is Case.LOWER
    assert Passage("Hoi Wesley").case is Case.MIXED
    assert Passage("HOI WESLEY, TOT MORGEN").case is Case.SHOUTED


def test_finding_details_does_not_import_spacy():
    code = "import sys; from vptnlp.doxing import find_details; find_details('Bel 06-13370042'); print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
