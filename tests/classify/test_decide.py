from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vptnlp.classify.base import decide
from vptnlp.messages import Scores
from vptnlp.taxonomy import AXES, SINGLE_AXES, Aim, Doxing, Form, Nature, Threat

THRESHOLDS = {axis: dict.fromkeys(map(str, kind), 0.5) | {"any": 0.5} for axis, kind in AXES.items()} | {
    "organised_crime": {"true": 0.5},
    "hostile": {"true": 0.5},
}


@st.composite
def scores(draw: st.DrawFn) -> Scores:
    axes = {}
    for axis, kind in AXES.items():
        values = [draw(st.floats(0.01, 1)) for _ in kind]
        total = sum(values) if axis in SINGLE_AXES else 1
        axes[axis] = {str(label): v / total for label, v in zip(kind, values, strict=True)}
    return Scores(axes, draw(st.floats(0, 1)), draw(st.floats(0, 1)))


@given(scores())
def test_labels_are_consistent(given_scores: Scores) -> None:
    labels = decide(given_scores, THRESHOLDS)
    if labels.hostile:
        assert labels.nature
        if labels.threat == Threat.VEILED:
            assert Aim.INTIMIDATE in labels.aims
        if Form.BRIBERY in labels.forms:
            assert Nature.INSTRUMENTAL in labels.nature
    else:
        assert not (labels.nature or labels.aims or labels.forms or labels.targets or labels.organised_crime)


def test_the_threshold_of_a_single_axis_is_on_not_none() -> None:
    axes = {axis: dict.fromkeys(map(str, kind), 0.0) for axis, kind in AXES.items()}
    axes["threat"] = {"none": 0.45, "veiled": 0.3, "conditional": 0.05, "direct": 0.2}
    axes["doxing"] = {"none": 1.0, "hint": 0.0, "exposure": 0.0, "call": 0.0}
    labels = decide(Scores(axes, 0.0, 0.0), THRESHOLDS)
    assert labels.threat == Threat.VEILED  # likeliest of the others, though 'none' is likelier than each
    assert labels.doxing == Doxing.NONE
    strict = {**THRESHOLDS, "threat": {"any": 0.6}}
    assert decide(Scores(axes, 0.0, 0.0), strict).threat == Threat.NONE
