"""Labels that do not fit the rest of a message."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vptnlp.annotation.expected import JUDGED, expected_labels
from vptnlp.annotation.least_squares import held_outputs
from vptnlp.classify.outputs import OUTPUTS, to_scores
from vptnlp.corpus import Example
from vptnlp.messages import Labels
from vptnlp.taxonomy import Aim, Form, Nature, Threat

CALM = Labels()
ANGRY = Labels(
    Threat.DIRECT, frozenset({Nature.EMOTIONAL}), frozenset({Aim.VENT_ANGER}), frozenset({Form.PHYSICAL_VIOLENCE})
)


def examples(number: int) -> list[Example]:
    return [Example(f"m{i}", f"m{i}", "", ANGRY if i % 3 == 0 else CALM) for i in range(number)]


def test_a_label_that_contradicts_the_others_is_not_expected() -> None:
    given = examples(300)
    given[1] = replace(given[1], labels=replace(CALM, nature=frozenset({Nature.EMOTIONAL})))
    given[3] = replace(given[3], labels=replace(ANGRY, nature=frozenset()))
    held = held_outputs(given)
    # A text model that knows nothing: each output as often as it holds.
    text = np.tile(np.clip(held.mean(axis=0), 0.01, 0.99), (len(given), 1))
    found = expected_labels(text, held)
    emotional = OUTPUTS.index(("nature", "emotional"))
    assert found[1, emotional] < 0.1 and found[3, emotional] > 0.9
    assert (abs(found[:, emotional] - held[:, emotional]) < 0.1).sum() == 298
    scores = to_scores(found[1].tolist())
    assert abs(sum(scores.axes["threat"].values()) - 1) < 1e-9


def test_what_is_not_labelled_stays_as_the_text_says() -> None:
    given = examples(60)
    text = np.random.default_rng(0).uniform(0.1, 0.9, (60, len(OUTPUTS)))
    found = expected_labels(text, held_outputs(given))
    for column, (axis, _) in enumerate(OUTPUTS):
        assert (found[:, column] == text[:, column]).all() == (axis not in JUDGED)
