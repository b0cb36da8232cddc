from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.corpus import Example, load_split
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject
from vptnlp.training import augment

EXAMPLE = Example(
    id="a-1",
    scenario="a",
    text="Zeg Femke Ouali, bel 06-81234567 vóór morgen, anders sloop ik je auto.",
    details=(
        Span(4, 15, DetailKind.PERSON, Subject.TARGET),
        Span(21, 32, DetailKind.PHONE, Subject.SENDER),
    ),
    cues=(Span(46, 69, CueKind.THREAT_PHRASE),),
)
NAMES = [change.__name__ for change, _ in augment._CHANGES if change.__name__ != "other_names"]


def test_spans_move_with_the_text() -> None:
    changed = augment.edit(EXAMPLE, [(0, 4, ""), (9, 9, "!!"), (33, 37, "voor")])
    assert changed.details[0].text_of(changed.text) == "Femke!! Ouali"
    assert changed.details[1].text_of(changed.text) == "06-81234567"
    assert changed.cues[0].text_of(changed.text) == "anders sloop ik je auto"


def test_an_edit_that_would_empty_a_span_is_refused() -> None:
    assert augment.edit(EXAMPLE, [(4, 15, "")]) is EXAMPLE


def test_an_insertion_at_the_edge_stays_outside() -> None:
    changed = augment.edit(EXAMPLE, [(4, 4, "x "), (15, 15, " y")])
    assert changed.details[0].text_of(changed.text) == "Femke Ouali"


@pytest.mark.parametrize("name", NAMES)
def test_every_change_keeps_spans_inside_the_text(name: str) -> None:
    for seed in range(20):
        order = random.Random(seed)
        changed = augment.edit(EXAMPLE, getattr(augment, name)(EXAMPLE, order))
        for span in changed.details + changed.cues:
            stretch = span.text_of(changed.text)
            assert stretch and stretch == stretch.strip()
        assert changed.labels == EXAMPLE.labels


def test_a_buried_message_keeps_its_spans_and_stands_among_calm_text() -> None:
    calm = ["Het loket is maandag dicht.", "Wij danken u voor uw geduld en uw begrip."]
    places = set()
    for seed in range(20):
        changed = augment.edit(EXAMPLE, augment.buried(EXAMPLE, random.Random(seed), calm))
        assert EXAMPLE.text in changed.text
        assert any(text in changed.text for text in calm)
        assert [d.text_of(changed.text) for d in changed.details] == ["Femke Ouali", "06-81234567"]
        places.add(changed.text.index(EXAMPLE.text) > 0)
    assert places == {True, False}


def test_a_message_may_have_a_single_calm_sentence_beside_it() -> None:
    calm = ["Het loket is maandag dicht. Wij danken u voor uw geduld! Tot ziens bij ons."]
    beside = {
        augment.edit(EXAMPLE, augment.buried(EXAMPLE, random.Random(seed), calm)).text.replace(EXAMPLE.text, "").strip()
        for seed in range(60)
    }
    assert {calm[0], "Het loket is maandag dicht.", "Wij danken u voor uw geduld! Tot ziens bij ons."} <= beside


def test_a_marked_message_stands_whole_among_its_marks() -> None:
    places, marks = set(), set()
    for seed in range(200):
        changed = augment.edit(EXAMPLE, augment.marked(EXAMPLE, random.Random(seed)))
        before, after = changed.text.split(EXAMPLE.text)
        assert [d.text_of(changed.text) for d in changed.details] == ["Femke Ouali", "06-81234567"]
        places.add((bool(before), bool(after)))
        marks |= {before, after}
    assert {(True, True), (True, False), (False, True)} <= places
    assert len(marks) > 100


def test_streets_are_swapped_alike_and_house_numbers_stay() -> None:
    pytest.importorskip("faker")
    text = "Kerkstraat 12 dus, ja kerkstraat 12, en Plein 3"
    spans = tuple(Span(start, end, DetailKind.ADDRESS, Subject.TARGET) for start, end in ((0, 13), (22, 35), (40, 47)))
    example = Example("a-1", "a", text, details=spans)
    changed = augment.edit(example, augment.other_streets(example, random.Random(1)))
    first, second, third = (span.text_of(changed.text) for span in changed.details)
    assert first.endswith(" 12") and not first.startswith("Kerkstraat")
    assert second == first.lower() and third == "Plein 3"


def test_a_long_message_is_not_buried() -> None:
    long = augment.edit(EXAMPLE, [(0, 0, "Beste mevrouw, " * 60)])
    assert augment.buried(long, random.Random(0), ["Tot morgen."]) == []


@given(st.text(max_size=40), st.data())
def test_edits_elsewhere_leave_the_words_of_a_span_alone(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start == end:
        return
    example = Example(id="a", scenario="a", text=text, details=(Span(start, end, DetailKind.AGE, Subject.TARGET),))
    cut = data.draw(st.integers(0, start))
    after = data.draw(st.integers(end, len(text)))
    changed = augment.edit(example, [(cut, start, "voor"), (end, after, "na")])
    assert changed.details[0].text_of(changed.text) == text[start:end]


def test_names_are_swapped_alike_within_a_message() -> None:
    pytest.importorskip("faker")
    example = Example(
        id="a",
        scenario="a",
        text="Femke belt, dag Femke",
        details=(Span(0, 5, DetailKind.PERSON, Subject.TARGET), Span(16, 21, DetailKind.PERSON, Subject.TARGET)),
    )
    changed = augment.edit(example, augment.other_names(example, random.Random(4)))
    one, two = (span.text_of(changed.text) for span in changed.details)
    assert one == two != "Femke"


def test_the_corpus_stays_whole(tmp_path: Path) -> None:
    pytest.importorskip("faker")
    examples = load_split(Path(__file__).parents[2] / "corpora/vpt-nl", "dev")
    quotes = augment.quotable(examples)
    assert quotes
    changed = [augment.augment(e, random.Random(i), quotes) for i, e in enumerate(examples)]
    different = sum(a.text != b.text for a, b in zip(examples, changed, strict=True))
    assert 0.3 < different / len(examples) < 0.95
    for before, after in zip(examples, changed, strict=True):
        assert len(after.details) == len(before.details)
        assert all(0 <= s.start < s.end <= len(after.text) for s in after.details + after.cues)


def test_a_person_called_by_part_of_the_name_stays_one_person() -> None:
    text = "Femke Ouali, pas op. Wij weten je te vinden, Femke. Mevrouw Ouali!"
    places = [
        (0, 11),
        (text.rindex("Femke"), text.rindex("Femke") + 5),
        (text.rindex("Ouali"), text.rindex("Ouali") + 5),
    ]
    spans = tuple(Span(start, end, DetailKind.PERSON, Subject.TARGET) for start, end in places)
    for seed in range(20):
        edits = augment.other_names(Example("a-1", "a", text, details=spans), random.Random(seed))
        full, first, last = (new for _, _, new in edits)
        assert first == full.split()[0] and last == full.split()[-1]


def test_despair_is_not_quoted() -> None:
    text = "Ik zie het allemaal niet meer zitten en ik wil niet verder leven, dat weet iedereen hier wel."
    assert augment.quotable([Example("a-1", "a", text)]) == [text]
    assert augment.quotable([Example("a-1", "a", text, cues=(Span(0, 64, CueKind.SELF_HARM),))]) == []
