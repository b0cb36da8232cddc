"""Chooses on dev from which probability a word belongs to a span, and how rules and model are joined."""

from __future__ import annotations

from collections.abc import Sequence

from vptnlp.corpus import Example
from vptnlp.doxing import find_details
from vptnlp.doxing.fusion import Cuts, of_kind
from vptnlp.evaluation.metrics import match_spans
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind
from vptnlp.word_scores import WordScores

_CUTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_CONFIRM = (0.0, 0.05, 0.15, 0.3, 0.5)
_NEVER = 1.01
_PRIOR = 3.0
"""Spans that every count starts with: a cut must earn its distance from the usual one on more than a few examples."""


def fit_cues(examples: Sequence[Example], words: Sequence[WordScores]) -> dict[str, float]:
    """The cut of each cue that gives the best F1 of spans.

    Args:
        examples: Gold messages of dev.
        words: The scores of their words, in the same order.
    """
    return {
        str(kind): max(
            _CUTS,
            key=lambda cut, kind=kind: _f1(  # type: ignore[misc]
                [
                    ([c for c in e.cues if c.kind == kind], list(scores.spans(kind, cut)))
                    for e, scores in zip(examples, words, strict=True)
                ]
            ),
        )
        for kind in CueKind
    }


def fit_fusion(examples: Sequence[Example], words: Sequence[WordScores]) -> dict[DetailKind, Cuts]:
    """The two cuts of each kind of detail that give the best F1 of spans (`vptnlp.doxing.fusion`).

    Args:
        examples: Gold messages of dev.
        words: The scores of their words, in the same order.
    """
    rules = [find_details(e.text, hostile=e.labels.hostile) for e in examples]
    policy: dict[DetailKind, Cuts] = {}
    for kind in DetailKind:
        gold = [[d for d in e.details if d.kind == kind] for e in examples]

        def quality(cuts: Cuts, kind: DetailKind = kind, gold: list[list[Span]] = gold) -> float:
            found = [list(of_kind(kind, r, w, cuts)) for r, w in zip(rules, words, strict=True)]
            return _f1(list(zip(gold, found, strict=True)))

        # The first of equals wins: rules alone, then both, then the model alone.
        options = [Cuts(confirm, find) for find in (_NEVER, *_CUTS) for confirm in (*_CONFIRM, _NEVER)]
        policy[kind] = max(options, key=quality)
    return policy


def _f1(pairs: Sequence[tuple[Sequence[Span], Sequence[Span]]]) -> float:
    hits = sum(len(match_spans(gold, found)) for gold, found in pairs if gold and found)
    total = sum(len(gold) + len(found) for gold, found in pairs)
    return 2 * hits / (total + _PRIOR)
