"""Redaction: personal details out, placeholders in, and back again.

So that messages can be shared with annotators or quoted in a report without exposing anybody again. What the recognisers miss
stays in the text: a redacted text is less harmful, not anonymous.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from vptnlp.doxing.base import Detail, Passage
from vptnlp.doxing.placeholders import KINDS, PATTERN, Placeholders
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind, Subject
from vptnlp.taxonomy import DetailKind as K

# A value of these kinds is the same thing wherever it stands; "34" or "moeder" is not.
_REPEATED = frozenset(
    {
        K.PERSON, K.ADDRESS, K.PHONE, K.EMAIL, K.HANDLE, K.URL, K.BSN, K.IBAN, K.ID_NUMBER, K.LICENCE_PLATE, K.COORDINATES,
        K.IP_ADDRESS,
    }
)  # fmt: skip
_SHORTEST = 3
# Keeps the search linear: many numbers may start with "06".
_VALUES_A_WORD = 32
_WORD = re.compile(r"\w+")
_NONE: Mapping[str, str] = MappingProxyType({})
_INSIDE = re.compile(r"\w\w")


@dataclass(frozen=True, slots=True)
class Replacement:
    """One stretch of text and what stands in its place.

    Attributes:
        start: First code point in the text as received.
        end: One past the last code point there.
        placeholder: What stands there now.
        kind: The kind of detail that the placeholder names.
        subject: Whose it is; None for a placeholder that the text had already.
        value: The words that stood there.
    """

    start: int
    end: int
    placeholder: str
    kind: DetailKind
    subject: Subject | None
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A redacted text.

    Attributes:
        text: The text with placeholders.
        replacements: What was replaced, in order; `restore` needs these.
    """

    text: str
    replacements: tuple[Replacement, ...]

    @property
    def values(self) -> tuple[tuple[str, str], ...]:
        """Placeholder and value of each replacement, in order: what a key file holds."""
        return tuple((r.placeholder, r.value) for r in self.replacements)


def redact(
    text: str,
    details: Iterable[Detail],
    *,
    kinds: Collection[DetailKind] | None = None,
    subjects: Collection[Subject] | None = None,
    state: Placeholders | None = None,
) -> Redacted:
    """Replace personal details by placeholders.

    Details that touch one another's words are replaced together, by one placeholder of the longest of them. A chosen name,
    number or address is replaced wherever the text has it again, unless a detail that was not chosen stands there.

    Args:
        text: A message as received.
        details: Its details, such as `find_details` gives.
        kinds: Which kinds to replace; None for all.
        subjects: Whose details to replace; None for everybody's.
        state: Keeps placeholders stable over several texts; None to number this text by itself.

    Returns:
        The redacted text and its replacements.

    Raises:
        ValueError: A detail lies outside the text.
    """
    known = Placeholders() if state is None else state
    given = list(details)
    if any(not 0 <= span.start < span.end <= len(text) for span in given):
        raise ValueError(
            f"A detail lies outside the text of {len(text)} characters; give the details of this very text."
        )
    chosen = [
        span
        for span in given
        if (kinds is None or span.kind in kinds) and (subjects is None or span.subject in subjects)
    ]
    # Earlier placeholders of a kind that is not chosen can stay: no new ones of that kind will come.
    earlier = [Span(match.start(), match.end(), KINDS[match[1]]) for match in PATTERN.finditer(text)]
    chosen += [span for span in earlier if kinds is None or span.kind in kinds]
    chosen += _again(text, chosen, given)
    pieces: list[str] = []
    replacements: list[Replacement] = []
    position = 0
    for start, end, span in _merged(chosen):
        kind, value = DetailKind(span.kind), text[start:end]
        placeholder = known.of(kind, value)
        replacements.append(Replacement(start, end, placeholder, kind, span.subject, value))
        pieces += (text[position:start], placeholder)
        position = end
    pieces.append(text[position:])
    return Redacted("".join(pieces), tuple(replacements))


def restore(text: str, values: Iterable[tuple[str, str]]) -> str:
    """Put the values back.

    Args:
        text: A redacted text. It may have been edited: placeholders may be gone, moved or repeated.
        values: Placeholder and value in the order of the redacted text (`Redacted.values`).

    Returns:
        The text with values for placeholders; exactly the received text where the redacted one was not edited. Where one
        value was written in several ways, they return in order, and the last one serves for the rest. A placeholder
        without a value stays.
    """
    return Restorer(in_order(values)).restore(text)


def in_order(values: Iterable[tuple[str, str]]) -> dict[str, deque[str]]:
    """The values of each placeholder, in order."""
    waiting: dict[str, deque[str]] = {}
    for placeholder, value in values:
        waiting.setdefault(placeholder, deque()).append(value)
    return waiting


class Restorer:
    """Restores texts one after another from the values of all of them together.

    Args:
        waiting: Placeholder to its values in order (`in_order`); taken from as texts are restored.
        otherwise: The value of a placeholder that is not among these.
    """

    def __init__(self, waiting: dict[str, deque[str]], otherwise: Mapping[str, str] = _NONE) -> None:
        self._waiting = waiting
        self._otherwise = otherwise

    def restore(self, text: str) -> str:
        """Put the values back in the next text."""
        return PATTERN.sub(lambda match: self._next(match.group()), text)

    def _next(self, placeholder: str) -> str:
        values = self._waiting.get(placeholder)
        if not values:
            return self._otherwise.get(placeholder, placeholder)
        return values.popleft() if len(values) > 1 else values[0]


def _merged(spans: Iterable[Detail]) -> Iterator[tuple[int, int, Detail]]:
    """Spans that overlap as one stretch each, with the longest span in it."""
    stretch: tuple[int, int, Detail] | None = None
    for span in sorted(spans, key=lambda s: (s.start, -s.end, s.kind, s.subject or "")):
        if stretch is None or span.start >= stretch[1]:
            if stretch is not None:
                yield stretch
            stretch = span.start, span.end, span
        else:
            start, end, longest = stretch
            longer = span.end - span.start > longest.end - longest.start
            stretch = start, max(end, span.end), span if longer else longest
    if stretch is not None:
        yield stretch


def _again(text: str, chosen: Sequence[Detail], given: Sequence[Detail]) -> list[Detail]:
    """Where the text has a chosen value again, whole and unmarked, in any case."""
    folded = Passage.of(text).folded
    # First word of a value to its values, each with how far in that word starts ("+31 6 ...").
    sought: dict[str, dict[str, tuple[int, Detail]]] = {}
    for span in chosen:
        value = folded[span.start : span.end].strip()
        first = _WORD.search(value)
        if span.kind in _REPEATED and span.subject is not None and len(value) >= _SHORTEST and first:
            values = sought.setdefault(first.group(), {})
            if len(values) < _VALUES_A_WORD:
                values.setdefault(value, (first.start(), span))
    if not sought:
        return []
    marked = [(start, end) for start, end, _ in _merged(given)]
    found = []
    for word in _WORD.finditer(folded):
        for value, (lead, span) in sought.get(word.group(), {}).items():
            start = word.start() - lead
            end = start + len(value)
            if start >= 0 and folded.startswith(value, start) and _whole(folded, start, end):
                before = bisect_left(marked, (end, 0)) - 1
                if before < 0 or marked[before][1] <= start:
                    found.append(Span(start, end, span.kind, span.subject, span.score))
    return found


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on beyond the edges of a stretch."""
    return not (_INSIDE.match(text, start - 1) if start else None) and not _INSIDE.match(text, end - 1)
