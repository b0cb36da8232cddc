from __future__ import annotations

from itertools import pairwise

import pytest

from vptnlp import Analyzer
from vptnlp.bundle import load
from vptnlp.classify import Classifier, open_classifier
from vptnlp.explain import LARGEST, occlude


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return open_classifier(load("vpt-nl-linear"))


def test_the_words_of_the_threat_weigh_most(classifier: Classifier) -> None:
    text = "Dank voor uw brief van maandag, ik maak je dood"
    found = occlude(classifier, text)
    assert [text[c.start : c.end] for c in found][:2] == ["Dank", "voor"]
    heaviest = max(found, key=lambda c: c.weight)
    assert text[heaviest.start : heaviest.end] in {"maak", "dood", "je"}
    assert min(c.weight for c in found) < heaviest.weight


def test_long_messages_are_explained_by_stretches(classifier: Classifier) -> None:
    text = "een vraag over mijn afval " * 60
    found = occlude(classifier, text)
    assert len(found) <= LARGEST
    assert found[0].start == 0
    assert found[-1].end == len(text.rstrip())
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_nothing_to_explain(classifier: Classifier) -> None:
    assert occlude(classifier, "   ") == ()


def test_the_record_has_it_only_when_asked() -> None:
    analyzer = Analyzer.load("vpt-nl-linear")
    assert "explanation" not in analyzer.assess("Ik sloop je auto").to_dict()
    record = analyzer.assess("Ik sloop je auto", explain=True).to_dict()
    assert [set(item) for item in record["explanation"]] == [{"start", "end", "weight"}] * 4
