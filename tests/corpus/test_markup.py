from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vptnlp.corpus import markup
from vptnlp.errors import MarkupError
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject


def test_nested_marks() -> None:
    text, spans = markup.parse("Pas op, [[threat_phrase|ik sta bij [[ADDRESS:target|Kerkstraat 12]]]]!")
    assert text == "Pas op, ik sta bij Kerkstraat 12!"
    assert [(str(s.kind), s.subject, s.text_of(text)) for s in spans] == [
        ("threat_phrase", None, "ik sta bij Kerkstraat 12"),
        ("ADDRESS", Subject.TARGET, "Kerkstraat 12"),
    ]


@pytest.mark.parametrize(
    ("marked", "part"),
    [
        ("[[ADDRESS|Kerkstraat 12]]", "needs a subject"),
        ("[[ADDRESS:buur|Kerkstraat 12]]", "needs a subject"),
        ("[[STREET:target|Kerkstraat]]", "unknown kind"),
        ("[[slur:target|x]]", "only personal details"),
        ("[[slur|x", "not closed"),
        ("x]]", "never opened"),
        ("[[slur|]]", "empty"),
        ("[[x]]", "no kind"),
    ],
)
def test_errors_say_what_is_wrong(marked: str, part: str) -> None:
    with pytest.raises(MarkupError, match=part):
        markup.parse(marked)


def test_literal_brackets() -> None:
    assert markup.parse(r"\[\[slur\|x\]\]")[0] == "[[slur|x]]"


def test_crossing_spans_are_refused() -> None:
    spans = [Span(0, 4, CueKind.SLUR), Span(2, 6, CueKind.WEAPON)]
    with pytest.raises(MarkupError, match="crosses"):
        markup.render("abcdefgh", spans)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    text = draw(st.text(st.sampled_from("ab[]|\\ :\né👍"), min_size=1, max_size=30))
    spans: list[Span] = []

    def fill(start: int, end: int, depth: int) -> None:
        while start < end and depth < 3 and draw(st.booleans()):
            left = draw(st.integers(start, end - 1))
            right = draw(st.integers(left + 1, end))
            cue = draw(st.booleans())
            kind = draw(st.sampled_from(list(CueKind if cue else DetailKind)))
            spans.append(Span(left, right, kind, None if cue else draw(st.sampled_from(list(Subject)))))
            fill(left, right, depth + 1)
            start = right

    fill(0, len(text), 0)
    return text, spans


@given(texts_with_spans())
def test_render_then_parse_loses_nothing(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    found_text, found_spans = markup.parse(markup.render(text, spans))
    assert found_text == text
    assert sorted(map(repr, found_spans)) == sorted(map(repr, spans))
