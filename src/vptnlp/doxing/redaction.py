"""Redaction: personal details out, placeholders in, and back again.

So that messages can be shared with annotators or quoted in a report without exposing anybody again. What the recognisers miss
stays in the text: a redacted text is less harmful, not anonymous.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from vptnlp.doxing.base import Detail
from vptnlp.doxing.placeholders import KINDS, PATTERN, Placeholders
from vptnlp.doxing.repeats import EXACT, Repeats, plain_words
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind, Subject

_NONE: Mapping[str, str] = MappingProxyType({})


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
    number or address is replaced wherever the text, or a later text of the same `state`, has it again (`vptnlp.doxing.repeats`);
    a name stays where a detail stands that was not chosen.

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
    chosen = _chosen(given, kinds, subjects)
    again = _again(text, chosen, given, known)
    learn(text, chosen, state=known)
    # Earlier placeholders of a kind that is not chosen can stay: no new ones of that kind will come.
    earlier = [Span(match.start(), match.end(), KINDS[match[1]]) for match in PATTERN.finditer(text)]
    chosen += [span for span in (*earlier, *again) if kinds is None or span.kind in kinds]
    pieces: list[str] = []
    replacements: list[Replacement] = []
    position = 0
    for start, end, span in _merged(chosen):
        # A mark that composes with no letter belongs to the letter before it all the same.
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        kind, value = DetailKind(span.kind), text[start:end]
        placeholder = known.of(kind, value)
        replacements.append(Replacement(start, end, placeholder, kind, span.subject, value))
        pieces += (text[position:start], placeholder)
        position = end
    pieces.append(text[position:])
    return Redacted("".join(pieces), tuple(replacements))


def learn(
    text: str,
    details: Iterable[Detail],
    *,
    state: Placeholders,
    kinds: Collection[DetailKind] | None = None,
    subjects: Collection[Subject] | None = None,
) -> None:
    """Have later calls of `redact` replace these values too, for texts that belong together; arguments as there."""
    for span in _chosen(details, kinds, subjects):
        state.seen.add(span, text, carried=True)


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


def _chosen(
    details: Iterable[Detail], kinds: Collection[DetailKind] | None, subjects: Collection[Subject] | None
) -> list[Detail]:
    return [
        span
        for span in details
        if (kinds is None or span.kind in kinds) and (subjects is None or span.subject in subjects)
    ]


def _again(text: str, chosen: Sequence[Detail], given: Sequence[Detail], known: Placeholders) -> list[Detail]:
    """Where the text has a chosen value again, or one that was replaced in an earlier text."""
    here = Repeats()
    for span in chosen:
        here.add(span, text)
    words = plain_words(text)
    taken = set(chosen)
    others = [(start, end) for start, end, _ in _merged(span for span in given if span not in taken)]
    found = []
    for repeats in (here, known.seen):
        for span in repeats.find(text, words):
            before = bisect_left(others, (span.end, 0)) - 1
            if span.kind in EXACT or before < 0 or others[before][1] <= span.start:
                found.append(span)
    return found
