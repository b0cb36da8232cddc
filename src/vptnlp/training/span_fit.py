"""Chooses on dev from which probability a word belongs to a span, and how rules and model are joined."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from vptnlp.corpus import Example
from vptnlp.doxing.detect import find_spans
from vptnlp.doxing.fusion import Cuts, of_kind
from vptnlp.evaluation.metrics import match_spans
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind
from vptnlp.word_scores import WordScores

Array = np.ndarray[Any, np.dtype[Any]]

_CUTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_LEAST = (0.0, 0.15, 0.3, 0.6, 1.0)
_CONFIRM = (0.0, 0.05, 0.15, 0.3, 0.5)
_NEVER = 1.01
_FIND = (*itertools.product(_CUTS, _LEAST), (_NEVER, 0.0))
_EARNED = 2.0
RULES_ALONE = Cuts(0.0, _NEVER)
_PRIOR = 3.0
"""Spans that every count starts with: a cut must earn its distance from the usual one on more than a few examples."""


def fit_cues(
    examples: Sequence[Example], words: Sequence[WordScores], fits: Sequence[Collection[CueKind]]
) -> dict[str, dict[str, float]]:
    """The threshold and the least evidence of each cue that give the best F1 of spans.

    Args:
        examples: Gold messages of dev.
        words: The scores of their words, in the same order.
        fits: The cues that each message can have by the labels that it was given.

    Returns:
        ``cues``, the thresholds, and ``cue_least``, both by kind.
    """
    chosen: dict[CueKind, tuple[float, float]] = {}
    for kind in CueKind:
        gold = [[c for c in e.cues if c.kind == kind] for e in examples]

        def quality(cuts: tuple[float, float], kind: CueKind = kind, gold: Sequence[Sequence[Span]] = gold) -> float:
            found = [list(w.spans(kind, *cuts)) if kind in fit else [] for w, fit in zip(words, fits, strict=True)]
            return _f1(_counts(gold, found))

        chosen[kind] = max(itertools.product(_CUTS, _LEAST), key=quality)
    return {
        "cues": {str(kind): cuts[0] for kind, cuts in chosen.items()},
        "cue_least": {str(kind): cuts[1] for kind, cuts in chosen.items()},
    }


def fit_fusion(examples: Sequence[Example], words: Sequence[WordScores]) -> dict[DetailKind, Cuts]:
    """The cuts of each kind of detail (`vptnlp.doxing.fusion`) that raise F1 over the spans of all kinds together.

    F1 over all kinds rises where 2 hits - F1 x spans does (Ye et al. 2012). The rules stand alone unless the model earns its
    place: cuts chosen on each half of the scenarios must gain on the other, `_EARNED` both ways together.

    Args:
        examples: Gold messages of dev.
        words: The scores of their words, in the same order.
    """
    rules = [find_spans(e.text) for e in examples]
    halves = np.array([sha256(e.scenario.encode()).digest()[0] % 2 for e in examples])
    counts: dict[DetailKind, dict[Cuts, Array]] = {}
    for kind in DetailKind:
        gold = [[d for d in e.details if d.kind == kind] for e in examples]
        for cuts in (RULES_ALONE, *itertools.starmap(Cuts, ((c, *f) for c in (*_CONFIRM, _NEVER) for f in _FIND))):
            found = [list(of_kind(kind, r, w, cuts)) for r, w in zip(rules, words, strict=True)]
            counts.setdefault(kind, {})[cuts] = _counts(gold, found)
    hits, spans = sum(by_cuts[RULES_ALONE].sum(axis=0) for by_cuts in counts.values())
    return {kind: _choose(by_cuts, halves, 2 * hits / max(spans, 1)) for kind, by_cuts in counts.items()}


def _choose(counts: Mapping[Cuts, Array], halves: Array, overall: float) -> Cuts:
    """The best cuts of one kind, if they are earned.

    Args:
        counts: Cuts to hits and spans of each message, shape (messages, 2).
        halves: 0 or 1 for each message.
        overall: F1 of the rules over all kinds.
    """

    def gain(cuts: Cuts, inside: Array) -> float:
        hits, spans = (counts[cuts] - counts[RULES_ALONE])[inside].sum(axis=0)
        return float(2 * hits - overall * spans)

    held_out = 0.0
    for half in (halves == 0, halves == 1):
        best = max(counts, key=lambda cuts: gain(cuts, ~half))
        held_out += gain(best, half)
    return max(counts, key=lambda cuts: gain(cuts, halves >= 0)) if held_out >= _EARNED else RULES_ALONE


def _counts(gold: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]]) -> Array:
    """Hits, and spans of both sides together, of each message: shape (messages, 2)."""
    return np.array(
        [(len(match_spans(g, f)) if g and f else 0, len(g) + len(f)) for g, f in zip(gold, found, strict=True)]
    )


def _f1(counts: Array) -> float:
    hits, spans = counts.sum(axis=0)
    return float(2 * hits / (spans + _PRIOR))
