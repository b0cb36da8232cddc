"""Counts over a corpus, for `vptnlp corpus stats` and the tests that guard its spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from vptnlp.corpus.records import HARD_CATEGORIES, Example, labels_to_dict
from vptnlp.taxonomy import AXES, CueKind, DetailKind, Doxing, Subject, Threat

LENGTHS = ("under 10", "10-29", "30-150", "over 150")
"""Length classes in words."""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of one set of examples; every counter is keyed by label."""

    messages: int
    scenarios: int
    hostile: int
    hard: int
    lengths: Counter[str]
    axes: dict[str, Counter[str]]
    organised_crime: int
    pairs: Counter[tuple[str, str]]
    details: Counter[str]
    subjects: Counter[str]
    cues: Counter[str]
    about: dict[str, Counter[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain values."""
        return {
            "messages": self.messages,
            "scenarios": self.scenarios,
            "hostile": self.hostile,
            "not_hostile": self.messages - self.hostile,
            "hard_not_hostile": self.hard,
            "words": dict(self.lengths),
            **{axis: dict(counter) for axis, counter in self.axes.items()},
            "organised_crime": self.organised_crime,
            "threat_and_doxing": {f"{threat}/{doxing}": n for (threat, doxing), n in self.pairs.items()},
            "details": dict(self.details),
            "subjects": dict(self.subjects),
            "cues": dict(self.cues),
            **{key: dict(counter.most_common()) for key, counter in self.about.items()},
        }


def length_class(text: str) -> str:
    """The length class of a text, one of `LENGTHS`."""
    words = len(text.split())
    if words < 10:
        return LENGTHS[0]
    if words < 30:
        return LENGTHS[1]
    return LENGTHS[2] if words <= 150 else LENGTHS[3]


def count(examples: Sequence[Example]) -> Stats:
    """Count everything that the corpus promises."""
    axes = {axis: _zeros(kind) for axis, kind in AXES.items()}
    pairs: Counter[tuple[str, str]] = Counter({(str(t), str(d)): 0 for t in Threat for d in Doxing})
    details, subjects, cues = _zeros(DetailKind), _zeros(Subject), _zeros(CueKind)
    about: dict[str, Counter[str]] = {key: Counter() for key in ("channel", "register", "region", "category")}
    for example in examples:
        for axis, value in labels_to_dict(example.labels).items():
            if axis in axes:
                axes[axis].update(value if isinstance(value, list) else [value])
        pairs[str(example.labels.threat), str(example.labels.doxing)] += 1
        details.update(str(s.kind) for s in example.details)
        subjects.update(str(s.subject) for s in example.details)
        cues.update(str(s.kind) for s in example.cues)
        for key, counter in about.items():
            counter[getattr(example, key)] += 1
    return Stats(
        messages=len(examples),
        scenarios=len({e.scenario for e in examples}),
        hostile=sum(e.labels.hostile for e in examples),
        hard=sum(e.category in HARD_CATEGORIES for e in examples),
        lengths=_lengths(examples),
        axes=axes,
        organised_crime=sum(e.labels.organised_crime for e in examples),
        pairs=pairs,
        details=details,
        subjects=subjects,
        cues=cues,
        about=about,
    )


def _lengths(examples: Sequence[Example]) -> Counter[str]:
    counter = _zeros(LENGTHS)
    counter.update(length_class(e.text) for e in examples)
    return counter


def _zeros(labels: Iterable[str]) -> Counter[str]:
    return Counter({str(label): 0 for label in labels})
