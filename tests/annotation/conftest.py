"""Invented answers about invented messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from vptnlp.annotation.judgements import Judgement
from vptnlp.corpus.records import labels_from_dict
from vptnlp.messages import Span

CANARY = "kanarie-7f3a"
TEXT = f"Trek die boete in of ik sta bij Wilgenhof 88. {CANARY}"


@pytest.fixture
def canary() -> str:
    """A word of `text` that may turn up only where texts are asked for."""
    return CANARY


@pytest.fixture
def text() -> str:
    """An invented message."""
    return TEXT


Answer = Callable[..., Judgement]


@pytest.fixture
def answer() -> Answer:
    """Makes one judgement: ``answer("m1", "anna", threat="direct")``."""

    def make(
        item: str, annotator: str, details: Sequence[Span] = (), cues: Sequence[Span] = (), **labels: Any
    ) -> Judgement:
        return Judgement(item, annotator, labels_from_dict(labels), tuple(details), tuple(cues))

    return make
