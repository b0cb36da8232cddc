from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.classify.features import tokenise
from vptnlp.taxonomy import CueKind, DetailKind, Subject
from vptnlp.word_scores import KINDS, SUBJECTS, TOKEN_OUTPUTS, WordScores, _segments, words_read

WORDS = ((0, 3), (4, 7), (8, 11), (12, 15))


def scored(kind: DetailKind | CueKind, answers: str, subject: Subject = Subject.SENDER) -> WordScores:
    """Word scores in which one kind has the given answers: O, B or I a word."""
    rows = np.zeros((len(answers), TOKEN_OUTPUTS), np.float32)
    rows[:, 0 : 3 * len(KINDS) : 3] = 9
    for i, answer in enumerate(answers):
        column = 3 * KINDS.index(kind)
        rows[i, column : column + 3] = [9 if answer == x else 0 for x in "OBI"]
        rows[i, 3 * len(KINDS) + SUBJECTS.index(subject)] = 5
    return WordScores.from_raw(WORDS[: len(answers)], rows)


@pytest.mark.parametrize(
    ("answers", "spans"),
    [
        ("OOOO", []),
        ("BIOO", [(0, 7)]),
        ("BIBI", [(0, 7), (8, 15)]),
        ("OIIO", [(4, 11)]),
        ("OOOB", [(12, 15)]),
    ],
)
def test_spans_are_read_from_words(answers: str, spans: list[tuple[int, int]]) -> None:
    found = list(scored(DetailKind.PERSON, answers).spans(DetailKind.PERSON, 0.5))
    assert [(s.start, s.end) for s in found] == spans
    assert all(s.subject == Subject.SENDER and s.score > 0.9 for s in found)


def test_cues_have_no_subject_and_other_kinds_nothing() -> None:
    words = scored(CueKind.SLUR, "BIOO")
    assert [s.subject for s in words.spans(CueKind.SLUR, 0.5)] == [None]
    assert not list(words.spans(CueKind.OFFER, 0.5))


def weak(*held: float) -> WordScores:
    """Word scores in which the words belong to an offer with these probabilities."""
    kinds = np.zeros((len(held), len(KINDS), 3))
    kinds[:, :, 0] = 1
    kinds[:, KINDS.index(CueKind.OFFER)] = [(1 - h, 0, h) for h in held]
    offsets = tuple((4 * i, 4 * i + 3) for i in range(len(held)))
    return WordScores(offsets, kinds, np.zeros((len(held), len(SUBJECTS))))


@pytest.mark.parametrize(
    ("least", "spans"),
    [(0.0, [(0, 3), (8, 15), (24, 27)]), (0.25, [(0, 15)]), (1.2, [])],
)
def test_the_evidence_a_span_needs_bridges_weak_words_and_drops_lone_ones(
    least: float, spans: list[tuple[int, int]]
) -> None:
    found = weak(0.9, 0.4, 0.9, 0.7, 0.1, 0.1, 0.6).spans(CueKind.OFFER, 0.5, least)
    assert [(s.start, s.end) for s in found] == spans


@given(
    st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=1, max_size=6),
    st.integers(0, 5),
)
def test_segments_have_the_most_evidence_of_all(words: list[tuple[int, bool]], cost: int) -> None:
    evidence, begins = [float(value) for value, _ in words], [begin for _, begin in words]

    def worth(segments: Sequence[tuple[int, int]]) -> float:
        return sum(sum(evidence[first : last + 1]) - cost for first, last in segments)

    places = range(len(words))
    possible = [(i, j) for i in places for j in places if i <= j and not any(begins[i + 1 : j + 1])]
    ways = (
        way
        for n in range(len(words) + 1)
        for way in itertools.combinations(possible, n)
        if all(a[1] < b[0] for a, b in itertools.pairwise(way))
    )
    found = _segments(evidence, begins, float(cost))
    assert set(found) <= set(possible)
    assert all(a[1] < b[0] for a, b in itertools.pairwise(found))
    assert worth(found) == max(map(worth, ways))


def test_rules_can_ask_what_the_model_holds_of_their_span() -> None:
    words = scored(DetailKind.PLACE, "BIOO", Subject.TARGET)
    assert words.held(DetailKind.PLACE, 0, 7) > 0.9
    assert 0.4 < words.held(DetailKind.PLACE, 4, 11) < 0.6
    assert words.held(DetailKind.PLACE, 100, 110) == 0.0
    assert words.subject(0, 3) == Subject.TARGET
    assert words.subject(100, 110) is None


def test_a_word_that_the_tokenizer_drops_does_not_end_the_words() -> None:
    words = [(0, 1), (2, 4), (5, 9)]
    assert words_read("é ab word", words, [(0, 0), (2, 4), (5, 9), (0, 0)]) == (words, [1, 1, 2])


def test_words_beyond_the_tokens_have_none() -> None:
    tokens = [(0, 0), (0, 2), (2, 4), (4, 5), (0, 0)]
    assert words_read("ab cde fgh", [(0, 2), (3, 6), (7, 10)], tokens) == ([(0, 2), (3, 6)], [1, 2])


@pytest.mark.parametrize(
    ("text", "tokens", "read"),
    [
        ("hof 5. ja", [(0, 3), (4, 6), (7, 9)], ["hof", "5", "ja"]),
        ("hof 5 . ja", [(0, 3), (4, 5), (6, 7), (8, 10)], ["hof", "5", ".", "ja"]),
        ("Jan B. ja", [(0, 3), (4, 6), (7, 9)], ["Jan", "B", ".", "ja"]),
        ("12.5 ja", [(0, 4), (5, 7)], ["12", "5", "ja"]),
    ],
)
def test_a_mark_read_in_one_piece_with_its_number_has_no_score(text, tokens, read) -> None:
    words, _ = words_read(text, tokenise(text), tokens)
    assert [text[start:end] for start, end in words] == read


@given(st.text(alphabet="ab1. ", max_size=30), st.lists(st.integers(1, 4), max_size=20))
def test_every_word_read_gets_the_token_of_its_first_character(text: str, sizes: list[int]) -> None:
    tokens, at = [], 0
    for size in sizes:
        if at + size <= len(text):
            tokens.append((at, at + size))
            at += size
    words, found = words_read(text, tokenise(text), tokens)
    for (start, _), token in zip(words, found, strict=True):
        assert tokens[token][0] <= start < tokens[token][1]
