"""Spans, overlapping as they may, turned into stretches: nothing is lost, and every mark is where it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from vptnlp.messages import Assessment, Span
from vptnlp.reports import marks
from vptnlp.taxonomy import CueKind, DetailKind, Subject

Make = Callable[..., Assessment]

kinds = st.sampled_from(
    [*((kind, None) for kind in CueKind), *((kind, subject) for kind in DetailKind for subject in Subject)]
)
spans = st.lists(st.builds(lambda a, b, k: Span(a, b, *k), st.integers(-3, 70), st.integers(-3, 70), kinds), max_size=8)


@given(text=st.text(max_size=60), found=spans)
def test_stretches_cover_the_text_and_end_each_span_once(text: str, found: list[Span]) -> None:
    pieces = list(marks.cut(text, found))
    assert "".join(piece.text for piece in pieces) == text
    assert "".join(piece.text for piece in marks.fold(pieces)) == text
    inside = [span for span in found if max(0, span.start) < min(len(text), span.end)]
    assert Counter(span for piece in pieces for span in piece.ending) == Counter(inside)
    place = 0
    for piece in pieces:
        over = [span for span in found if span.start <= place < span.end]
        assert piece.cue == any(span.subject is None for span in over)
        assert (piece.detail == "exposed") == any(span.subject in marks.EXPOSED for span in over)
        assert bool(piece.detail) == any(span.subject is not None for span in over)
        place += len(piece.text)


@given(gap=st.integers(0, 4_000), words=st.text("ab \n", max_size=3_000))
def test_folding_loses_nothing(make: Make, gap: int, words: str) -> None:
    text = words + "x" * gap + "DREIG" + words
    stretches = list(marks.stretches(make("1", text, {"DREIG": CueKind.THREAT_PHRASE})))
    assert "".join(s.text for s in stretches) == text
    assert all(len(s.text) <= marks.FOLD_FROM for s in stretches if not s.folded)


def test_the_end_of_a_long_text_folds(make: Make) -> None:
    stretches = list(marks.stretches(make("1", "dreig " + "woord " * 900, {"dreig": CueKind.THREAT_PHRASE})))
    assert [s.folded for s in stretches] == [False, False, True]
