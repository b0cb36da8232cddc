"""Labelled messages and what two invented models say of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from vptnlp.corpus import Example
from vptnlp.messages import Assessment, Labels, Language, Message, ModelInfo, Scores, Span, Triage, Urgency
from vptnlp.taxonomy import AXES, SINGLE_AXES, DetailKind, Doxing, Form, Nature, Subject, Threat

CANARY = "kanarie-evaluatie"
TEXT = f"{CANARY} | Beste Noa"
NAME = Span(len(TEXT) - 3, len(TEXT), DetailKind.PERSON, Subject.TARGET)
HARMLESS = Labels()
DIRECT = Labels(Threat.DIRECT, frozenset({Nature.EMOTIONAL}), forms=frozenset({Form.PHYSICAL_VIOLENCE}))
HINT = Labels(nature=frozenset({Nature.EMOTIONAL}), doxing=Doxing.HINT)
Answer = Callable[..., Assessment]


def assess(example: Example, labels: Labels, sure: float = 0.9, details: tuple[Span, ...] = (NAME,)) -> Assessment:
    """The assessment of a model that gives every label of `labels` with probability `sure`."""
    axes: dict[str, dict[str, float]] = {}
    for axis, kind in AXES.items():
        held = getattr(labels, axis)
        if axis in SINGLE_AXES:
            rest = (1 - sure) / (len(kind) - 1)
            axes[axis] = {str(label): sure if label == held else rest for label in kind}
        else:
            axes[axis] = {str(label): sure if label in held else 1 - sure for label in kind}
    scores = Scores(axes, sure if labels.organised_crime else 1 - sure, sure if labels.hostile else 1 - sure)
    return Assessment(
        Message(example.id, example.text),
        ModelInfo("invented", "1.0.0", "0" * 64),
        Language("nl", 1.0),
        labels,
        scores,
        details,
        (),
        Triage(Urgency.NONE, 0.0),
    )


@pytest.fixture(scope="session")
def canary() -> str:
    """A word of every text, which may stand in no output."""
    return CANARY


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    """Sixty messages: a third harmless, a third with a direct threat, a third with a hint; ids that try to break tables."""
    channels = ("email", "sms", "post")
    return [
        Example(
            f"m|{i}",
            f"s{i}",
            TEXT,
            labels,
            (NAME,),
            channel=channels[i // 3 % 3],
            category="question" if labels is HARMLESS else "threat",
        )
        for i, labels in enumerate((HARMLESS, DIRECT, HINT) * 20)
    ]


@pytest.fixture(scope="session")
def good(examples: Sequence[Example]) -> list[Assessment]:
    """A model that is always right."""
    return [assess(e, e.labels) for e in examples]


@pytest.fixture(scope="session")
def poor(examples: Sequence[Example]) -> list[Assessment]:
    """A model that sees a direct threat in every second harmless message and no hint at all, and misses names there."""
    found = []
    for i, e in enumerate(examples):
        alarm = e.labels is HARMLESS and i % 2 == 0
        missed = e.labels is HINT
        labels = DIRECT if alarm else HARMLESS if missed else e.labels
        found.append(assess(e, labels, 0.9 + i / 1000, () if missed else (NAME,)))
    return found


@pytest.fixture(scope="session")
def answer() -> Answer:
    """`assess`, for tests that make their own models."""
    return assess
