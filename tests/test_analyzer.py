from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp import Analyzer, Message
from vptnlp.messages import Scores

ANALYZER = Analyzer.load()


def test_bare_texts_are_numbered_across_batches(analyzer: Analyzer) -> None:
    ids = [a.message.id for a in analyzer.assess_many(["Dank u wel."] * 300)]
    assert ids == [str(i) for i in range(1, 301)]


@pytest.mark.parametrize("text", ["\ud800", "ik weet \udfff waar je woont en wacht op je", "x\ud83d y"])
def test_lone_surrogates_give_a_record_that_can_be_written(analyzer: Analyzer, text: str) -> None:
    record = analyzer.assess(Message("a", text)).to_dict()
    assert json.dumps(record, ensure_ascii=False).encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_gives_a_record_with_exact_spans(text: str) -> None:
    record = ANALYZER.assess(text).to_dict()
    assert json.dumps(record, ensure_ascii=False).encode("utf-8")
    for span in record["details"] + record["cues"]:
        assert 0 <= span["start"] < span["end"] <= len(text)


def test_notices(analyzer: Analyzer) -> None:
    assert [n.key for n in analyzer.assess("👍👍").warnings] == ["no_words"]
    english = analyzer.assess("I would like to know when my permit will be ready, thank you very much.")
    assert [n.key for n in english.warnings] == ["not_dutch"]
    assert [n.key for n in analyzer.assess(Message("a", "Dag, zie onder.", quoted="> hoi")).warnings] == ["quoted"]


@pytest.mark.parametrize("text", ["sdfkj sdlkfj wer sdlkj xcvmn qwp", "asdlkjqwepoiuzxcmnb", "👍👍🔥"])
def test_text_without_readable_words_is_held_with_less_certainty(text: str) -> None:
    found = ANALYZER.assess(text)
    [plain] = ANALYZER._classifier.predict([text])
    assert [n.key for n in found.warnings] in (["illegible"], ["no_words"])
    assert found.scores.hostile == pytest.approx(plain.scores.flattened(2).hostile)
    assert abs(found.scores.hostile - 0.5) < abs(plain.scores.hostile - 0.5)


@pytest.mark.parametrize(
    "text",
    ["IK MAAK JE AF, ROTZAK. WACHT MAAR.", "Wannoer is d'r hier nen keer iets gedoan?", "j3 b3nt d00d v4nd44g", "ok"],
)
def test_sloppy_and_shouted_dutch_is_no_nonsense(text: str) -> None:
    assert not ANALYZER.assess(text).warnings


def test_scores_in_another_language_are_held_with_less_certainty(analyzer: Analyzer) -> None:
    text = "I would like to know when my permit will be ready, thank you very much."
    [plain] = analyzer._classifier.predict([text])
    widened = analyzer.assess(text)
    assert plain.scores.hostile < widened.scores.hostile < 0.5
    assert plain.scores.axes["threat"]["none"] > widened.scores.axes["threat"]["none"] > 0.25
    assert sum(widened.scores.axes["doxing"].values()) == pytest.approx(1)
    assert widened.labels.hostile == plain.labels.hostile


@given(p=st.floats(0, 1), t=st.floats(1, 5))
def test_flattened_scores_stay_probabilities_on_their_side_of_a_half(p: float, t: float) -> None:
    flat = Scores({"threat": {"none": p, "veiled": 1 - p, "conditional": 0.0, "direct": 0.0}}, p, p).flattened(t)
    assert abs(flat.hostile - 0.5) <= abs(p - 0.5) + 1e-9
    assert (flat.hostile - 0.5) * (p - 0.5) >= 0
    assert sum(flat.axes["threat"].values()) == pytest.approx(1)
