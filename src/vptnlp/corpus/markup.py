r"""Inline span markup for authoring, and its compilation to offsets.

``[[ADDRESS:target|Kerkstraat 12]]`` marks a personal detail with its subject, ``[[threat_phrase|ik maak je af]]`` a cue.
Marks nest and never cross. In plain text ``[[``, ``]]``, and a backslash before one of ``[ ] | \`` are written with a
backslash: ``\[``, ``\]``, ``\\``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vptnlp.errors import MarkupError
from vptnlp.messages import Span
from vptnlp.taxonomy import CueKind, DetailKind, Subject

_TOKEN = re.compile(r"\\([\\\[\]|])|\[\[(?:([A-Za-z_]{1,20})(?::([a-z]{1,20}))?\|)?|\]\]")
_DETAIL_KINDS = {kind.value for kind in DetailKind}
_CUE_KINDS = {kind.value for kind in CueKind}


def parse(marked: str) -> tuple[str, tuple[Span, ...]]:
    """Compile marked text to plain text and spans.

    Args:
        marked: Text with inline markup.

    Returns:
        The plain text, and its spans sorted by start, the longer first.

    Raises:
        MarkupError: A mark is unknown, has no or a wrong subject, is empty, or is not closed. The message gives the
            offset in `marked`, never the text.
    """
    plain: list[str] = []
    length = 0
    open_marks: list[tuple[int, int, DetailKind | CueKind, Subject | None]] = []
    spans: list[Span] = []
    position = 0
    for token in _TOKEN.finditer(marked):
        piece = marked[position : token.start()]
        plain.append(piece)
        length += len(piece)
        position = token.end()
        escaped, kind_name, subject_name = token.groups()
        if escaped is not None:
            plain.append(escaped)
            length += 1
        elif token.group() == "]]":
            if not open_marks:
                raise MarkupError(f"A mark is closed at character {token.start()} that was never opened.")
            start, at, kind, subject = open_marks.pop()
            if start == length:
                raise MarkupError(f"The mark at character {at} is empty.")
            spans.append(Span(start, length, kind, subject))
        else:
            kind, subject = _kind_and_subject(kind_name, subject_name, token.start())
            open_marks.append((length, token.start(), kind, subject))
    plain.append(marked[position:])
    if open_marks:
        raise MarkupError(f"The mark at character {open_marks[-1][1]} is not closed.")
    return "".join(plain), tuple(sorted(spans, key=_order))


def render(text: str, spans: Iterable[Span]) -> str:
    """Write plain text and spans as marked text; the inverse of `parse`.

    Args:
        text: Plain text.
        spans: Spans over `text` that nest or stand apart.

    Returns:
        Text with inline markup.

    Raises:
        MarkupError: Two spans cross, or a span lies outside the text.
    """
    out: list[str] = []
    position = 0
    open_ends: list[int] = []

    def copy_until(end: int) -> None:
        nonlocal position
        out.append(_escape(text[position:end]))
        position = end

    for span in sorted(spans, key=_order):
        if not 0 <= span.start < span.end <= len(text):
            raise MarkupError(f"The span {span.start}-{span.end} lies outside a text of {len(text)} characters.")
        while open_ends and open_ends[-1] <= span.start:
            copy_until(open_ends.pop())
            out.append("]]")
        if open_ends and open_ends[-1] < span.end:
            raise MarkupError(
                f"The span {span.start}-{span.end} crosses one that ends at {open_ends[-1]}; inline markup cannot hold both."
            )
        copy_until(span.start)
        subject = f":{span.subject}" if span.subject else ""
        out.append(f"[[{span.kind}{subject}|")
        open_ends.append(span.end)
    while open_ends:
        copy_until(open_ends.pop())
        out.append("]]")
    copy_until(len(text))
    return "".join(out)


def _order(span: Span) -> tuple[int, int, str, str]:
    return span.start, -span.end, span.kind.value, span.subject or ""


def _escape(piece: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", piece)


def _kind_and_subject(kind: str | None, subject: str | None, at: int) -> tuple[DetailKind | CueKind, Subject | None]:
    if kind is None:
        raise MarkupError(f"The mark at character {at} has no kind; write a literal '[[' as '\\[\\['.")
    if kind in _CUE_KINDS:
        if subject is not None:
            raise MarkupError(f"The cue '{kind}' at character {at} has a subject; only personal details have one.")
        return CueKind(kind), None
    if kind not in _DETAIL_KINDS:
        raise MarkupError(f"The mark at character {at} has the unknown kind '{kind}'.")
    if subject not in set(Subject):
        raise MarkupError(f"The detail '{kind}' at character {at} needs a subject, one of: {', '.join(Subject)}.")
    return DetailKind(kind), Subject(subject)
