from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vptnlp import Analyzer, bundle
from vptnlp.classify import Classifier, open_classifier
from vptnlp.classify.linear import runs
from vptnlp.classify.outputs import OUTPUTS, probabilities, slices
from vptnlp.taxonomy import AXES, SINGLE_AXES, CueKind


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return open_classifier(bundle.load("vpt-nl-linear"))


def test_outputs_cover_every_label() -> None:
    assert len(OUTPUTS) == sum(len(kind) for kind in AXES.values()) + 3
    assert slices()["organised_crime"] == slice(len(OUTPUTS) - 3, len(OUTPUTS) - 2)


def test_probabilities_of_single_axes_add_up_to_one() -> None:
    raw = np.random.default_rng(0).normal(size=(5, len(OUTPUTS))) * 30
    found = probabilities(raw, np.ones(len(OUTPUTS)), np.zeros(len(OUTPUTS)))
    for axis in SINGLE_AXES:
        assert np.allclose(found[:, slices()[axis]].sum(axis=1), 1)
    assert ((found >= 0) & (found <= 1)).all()


def test_runs_bridge_one_token() -> None:
    assert runs(np.array([1, 1, 0, 1, 0, 0, 1], bool)) == [(0, 3), (6, 6)]


def test_a_batch_answers_as_one_by_one(classifier: Classifier) -> None:
    texts = ["Ik steek vannacht je huis in brand", "", "Dank voor de snelle hulp", "   ", "👍", "Bel mij even terug"]
    together = classifier.predict(texts)
    for text, prediction in zip(texts, together, strict=True):
        alone = classifier.predict([text])[0]
        assert alone.labels == prediction.labels
        assert alone.scores.hostile == pytest.approx(prediction.scores.hostile, abs=1e-5)


def test_plain_cases(classifier: Classifier) -> None:
    threat, thanks = classifier.predict(
        ["Ik maak je af, vuile rat, morgen ben je dood", "Bedankt voor de uitleg aan de balie."]
    )
    assert threat.labels.threat == "direct"
    assert any(cue.kind == CueKind.THREAT_PHRASE for cue in threat.cues)
    assert not thanks.labels.hostile
    assert thanks.cues == ()


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_is_answered_with_spans_inside(text: str) -> None:
    prediction = open_classifier(bundle.load("vpt-nl-linear")).predict([text])[0]
    for cue in prediction.cues:
        assert 0 <= cue.start < cue.end <= len(text)


def test_half_a_million_characters() -> None:
    assessment = Analyzer.load("vpt-nl-linear").assess("Het regent al de hele dag. " * 20_000)
    assert assessment.labels.threat == "none"
    assert assessment.language.code == "nl"
