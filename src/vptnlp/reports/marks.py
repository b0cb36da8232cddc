"""Texts with marks: spans, which may overlap, turned into stretches that a page can show one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vptnlp.messages import Assessment, Span
from vptnlp.taxonomy import CueKind, Subject

EXPOSED = frozenset({Subject.TARGET, Subject.RELATIVE})
"""Whose details can expose somebody."""

FOLD_FROM = 3_000
"""Code points from which a text is folded where it has no marks."""

_KEPT = 400  # code points that stay in sight on either side of a mark
_WORTH_FOLDING = 600


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text over which the marks do not change.

    Attributes:
        text: The piece.
        cue: Whether a cue covers it.
        detail: ``exposed`` where a detail of target or relative covers it, ``other`` for one of somebody else, else empty.
        ending: The spans whose last piece this is, the innermost first.
        folded: Whether it is out of sight until the reader asks for it.
    """

    text: str
    cue: bool = False
    detail: str = ""
    ending: tuple[Span, ...] = ()
    folded: bool = False


def stretches(assessment: Assessment) -> Iterator[Stretch]:
    """The text of a message cut at every begin and end of a span, long parts without a mark folded.

    Yields:
        Stretches that, joined again, are the text as received.
    """
    text = assessment.message.text
    pieces = cut(text, (*assessment.details, *assessment.cues))
    return pieces if len(text) <= FOLD_FROM else fold(list(pieces))


def cut(text: str, spans: Iterable[Span]) -> Iterator[Stretch]:
    """A text cut at every begin and end of a span; what lies outside the text, or is empty, is left out."""
    bounded = ((max(0, span.start), min(len(text), span.end), span) for span in spans)
    waiting = sorted(
        ((start, end, span) for start, end, span in bounded if start < end), key=lambda found: found[:2], reverse=True
    )
    cuts = sorted({0, len(text)} | {bound for start, end, _ in waiting for bound in (start, end)})
    active: list[tuple[int, int, Span]] = []
    for here, there in pairwise(cuts):
        while waiting and waiting[-1][0] == here:
            active.append(waiting.pop())
        cue = any(isinstance(span.kind, CueKind) for _, _, span in active)
        owners = {span.subject for _, _, span in active if not isinstance(span.kind, CueKind)}
        detail = "exposed" if owners & EXPOSED else "other" if owners else ""
        ending = tuple(span for _, end, span in reversed(active) if end == there)
        yield Stretch(text[here:there], cue, detail, ending)
        active = [found for found in active if found[1] > there]


def fold(pieces: Sequence[Stretch]) -> Iterator[Stretch]:
    """The same pieces with long ones that have no mark folded, but for their ends that touch a mark or the beginning."""
    for place, piece in enumerate(pieces):
        text = piece.text
        last = place == len(pieces) - 1
        begin = _break_after(text, _KEPT)
        end = len(text) if last else _break_after(text, len(text) - _KEPT)
        if piece.cue or piece.detail or end - begin < _WORTH_FOLDING:
            yield piece
            continue
        yield Stretch(text[:begin])
        yield Stretch(text[begin:end], folded=True)
        if not last:
            yield Stretch(text[end:])


def _break_after(text: str, place: int) -> int:
    """The first place from `place` on where a line or word ends, or `place` where none is near."""
    near = text[max(0, place) : place + 200]
    found = re.search(r"\n", near) or re.search(r"\s", near)
    return max(0, place) + found.end() if found else max(0, place)
