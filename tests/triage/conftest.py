"""The shipped rules, and short ways to make what `assess_urgency` reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from vptnlp.messages import Labels, Scores, Span, Triage
from vptnlp.triage import Rules, assess_urgency, load_rules

Assess = Callable[..., Triage]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="session")
def assess(rules: Rules) -> Assess:
    """`assess_urgency` with defaults: a model that is sure, no spans, the shipped rules."""

    def run(
        labels: Labels,
        text: str = "",
        details: Sequence[Span] = (),
        cues: Sequence[Span] = (),
        hostile: float | None = None,
        rules: Rules = rules,
    ) -> Triage:
        none = 1 - (0.99 * labels.hostile if hostile is None else hostile)
        scores = Scores({"threat": {"none": none}, "doxing": {"none": 1.0}}, organised_crime=0.0, hostile=1 - none)
        return assess_urgency(text, labels, scores, details, cues, rules)

    return run
