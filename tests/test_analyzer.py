from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp import Analyzer, Message

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
