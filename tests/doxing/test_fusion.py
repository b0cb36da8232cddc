from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
import pytest

from vptnlp.doxing import find_details
from vptnlp.doxing.fusion import Cuts, fuse
from vptnlp.doxing.ownership import assign_subjects
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind, Subject
from vptnlp.word_scores import KINDS, SUBJECTS, TOKEN_OUTPUTS, WordScores

TEXT = "Nieuw Fenna, en Wietske komt ook"
WORDS = ((0, 5), (6, 11), (13, 15), (16, 23), (24, 28), (29, 32))


def scores(*held: int, subject: Subject = Subject.BYSTANDER) -> WordScores:
    """Scores in which the words of these indices are names."""
    rows = np.zeros((len(WORDS), TOKEN_OUTPUTS), np.float32)
    rows[:, 0 : 3 * len(KINDS) : 3] = 9
    column = 3 * KINDS.index(DetailKind.PERSON)
    for i in held:
        rows[i, column : column + 2] = (0, 9)
    rows[:, 3 * len(KINDS) + SUBJECTS.index(subject)] = 5
    return WordScores.from_raw(WORDS, rows)


def persons(rules: list[Span], words: WordScores, cuts: Cuts) -> list[tuple[int, int]]:
    policy = {kind: Cuts(0.0, 1.01) for kind in DetailKind} | {DetailKind.PERSON: cuts}
    return [(d.start, d.end) for d in fuse(TEXT, rules, words, policy)]


RULE = Span(6, 11, DetailKind.PERSON, Subject.SENDER, 0.8)


def test_rules_alone() -> None:
    assert persons([RULE], scores(3), Cuts(0.0, 1.01)) == [(6, 11)]


def test_the_model_adds_what_the_rules_missed() -> None:
    assert persons([RULE], scores(3), Cuts(0.0, 0.5)) == [(6, 11), (16, 23)]


def test_the_model_can_refuse_what_the_rules_found() -> None:
    assert persons([RULE], scores(3), Cuts(0.5, 1.01)) == []
    assert persons([RULE], scores(1, 3), Cuts(0.5, 1.01)) == [(6, 11)]


def test_both_find_the_same_once() -> None:
    assert persons([RULE], scores(1), Cuts(0.0, 0.5)) == [(6, 11)]


def test_whose_it_is_a_sure_model_says_and_an_unsure_one_leaves_to_the_table() -> None:
    policy = {kind: Cuts(0.0, 1.01) for kind in DetailKind}
    (alone,) = assign_subjects(TEXT, [RULE])
    other = next(subject for subject in SUBJECTS if subject != alone.subject)
    rows = np.zeros((len(WORDS), TOKEN_OUTPUTS), np.float32)
    for sureness, said in ((0.01, alone.subject), (20.0, other)):
        rows[:, 3 * len(KINDS) + SUBJECTS.index(other)] = sureness
        (found,) = fuse(TEXT, [RULE], WordScores.from_raw(WORDS, rows), policy)
        assert found.subject == said


@pytest.mark.parametrize("write", [lambda t: unicodedata.normalize("NFD", t), lambda t: t.replace(" ", "\u202f")])
def test_whose_it_is_does_not_depend_on_how_letters_and_spaces_are_sent(write: Callable[[str], str]) -> None:
    plain = "Cliënt de heer J. Winkelman, Molenweg 41, Hoogeveen"
    policy = {kind: Cuts(0.0, 1.01) for kind in DetailKind}
    owners = []
    for text in (plain, write(plain)):
        words = WordScores.from_raw([(0, len(text))], np.zeros((1, TOKEN_OUTPUTS), np.float32))
        owners.append([(d.kind, d.subject) for d in fuse(text, find_details(text), words, policy)])
    assert owners[0] == owners[1] and {subject for _, subject in owners[0]} == {Subject.BYSTANDER}


def test_whether_the_message_is_hostile_is_passed_on() -> None:
    text = "Kevin Bakker, Lindelaan 4 in Zwolle"
    policy = {kind: Cuts(0.0, 1.01) for kind in DetailKind}
    words = WordScores.from_raw([(0, len(text))], np.zeros((1, TOKEN_OUTPUTS), np.float32))
    hostile, calm = ({d.subject for d in fuse(text, find_details(text), words, policy, hint)} for hint in (True, False))
    assert hostile == {Subject.TARGET} != calm


def test_the_model_says_whose_it_is_unless_the_wording_does() -> None:
    policy = {kind: Cuts(0.0, 1.01) for kind in DetailKind}
    (found,) = fuse(TEXT, [RULE], scores(1), policy)
    assert found.subject == Subject.BYSTANDER
    text = "Mijn nummer is 06-81234567"
    details = find_details(text)
    words = WordScores.from_raw([(0, 4), (5, 11), (12, 14), (15, 26)], np.zeros((4, TOKEN_OUTPUTS), np.float32))
    assert [d.subject for d in fuse(text, details, words, policy)] == [Subject.SENDER]
