import unicodedata

import pytest

from vptnlp.doxing import lexicon
from vptnlp.doxing.ownership import SUBJECTS, _table
from vptnlp.doxing.streets import has_street_ending, is_clear_street


@pytest.mark.parametrize(
    "words", [lexicon.first_names, lexicon.surnames, lexicon.places, lexicon.name_words, lexicon.place_words]
)
def test_lists_are_lower_case_and_composed(words):
    assert len(words()) > 100
    for word in words():
        assert word == unicodedata.normalize("NFC", word.lower().strip())


def test_ambiguous_words_are_on_the_lists_that_they_limit():
    assert lexicon.name_words() <= lexicon.first_names() | lexicon.surnames()
    assert lexicon.place_words() <= lexicon.places()


def test_every_place_can_be_reached_by_its_first_word():
    assert {place.lstrip("'").split(" ")[0] for place in lexicon.places()} <= lexicon.place_openings()


def test_the_table_of_ownership_has_a_weight_a_subject():
    assert all(len(weights) == len(SUBJECTS) for weights in _table().values())
    assert "always" in _table()


def test_streets_and_words_that_look_like_them():
    assert is_clear_street("kanaalkade")
    assert is_clear_street("prins-hendrikplein")
    assert not is_clear_street("onderweg")
    assert not is_clear_street("straat")
    assert has_street_ending("buizerdhof")
    assert not has_street_ending("poolster")
