"""Normalising for the model, with a map back to the text as received.

People hide words from filters, on purpose (look-alike letters, zero-width marks, leetspeak, spaced-out letters) or in
anger (repeated letters). The model reads the plain form; offsets it finds lead back to the received text.

Steps, in order: compatibility composition (Unicode NFKC, UAX #15), invisible marks dropped, look-alike letters of other
scripts to Latin (Unicode TR39 confusables) in words that mix scripts, spaced-out letters joined, leetspeak read, runs of
three or more equal letters cut to two.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

# Zero-width and bidirectional marks, soft hyphen, variation selectors, byte-order mark, tag characters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f]"
)
# A base character with its combining marks, composed as one unit so that offsets stay exact.
_CLUSTER = re.compile(r"[^\x00-\x7f][\u0300-\u036f]*|[\x00-\x7f][\u0300-\u036f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]+")
_SPACED = re.compile(
    r"(?<![\w.])(?:[^\W\d_](?:(?P<sep>[ \t_*~/|·-])(?P=sep)*[^\W\d_](?![^\W\d_])){3,}"  # i k  m a a k
    r"|[^\W\d_](?:\.[^\W\d_]){4,}(?!\.?\w))(?!\w)"  # k.l.o.o.t
)
_SPACED_GAP = re.compile(r"(?<=[^\W\d_])([ \t_*~/|·.-])(?=[^\W\d_])|[ \t_*~/|·-]{2,}")
_LEET_WORD = re.compile(r"(?<![\w@$!|.:/+-])[\w@$!|]++(?![:/]|\.\w)")
_LEET_HINT = re.compile(r"[^\W\d_][0134578@$!|]+[^\W\d_]|[134578@$|][^\W\d_]{2}")
_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i", "|": "l"}
# Ordinals, sizes, times, plates, models: digits that mean digits.
_NOT_LEET = re.compile(
    r"(?i:\d+(?:e|de|ste|x|u|h|k|m|km|kg|cm|mm|ml|m2|m3|g|gb|mb|tb|uur|min|jr|j|pk|cc|kwh|nd|st|th|plus|er|tje|tjes|jarige))"
    r"|[^\W\d_]+\d+|\d+[^\W\d_]|\d+[^\W\d_]+\d+|[A-Z\d]+"
)
_FEWEST_SHOUTED = 6
_REPEATED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """Normalised text and its way back.

    Attributes:
        text: The normalised text.
        received: The text as received.
    """

    text: str = field(repr=False)
    received: str = field(repr=False)
    _starts: tuple[int, ...] | None = field(default=None, repr=False)
    _ends: tuple[int, ...] | None = field(default=None, repr=False)

    def to_received(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the normalised text to the received text.

        Args:
            start: First code point in `text`.
            end: One past the last code point in `text`, larger than `start`.

        Returns:
            Start and end in `received`, covering all that the span was made of.

        Raises:
            ValueError: The span is empty or lies outside the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"The span {start}-{end} lies outside a text of {len(self.text)} characters.")
        if self._starts is None or self._ends is None:
            return start, end
        return self._starts[start], self._ends[end - 1]

    def from_received(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of the received text to the normalised text.

        Args:
            start: First code point in `received`.
            end: One past the last code point in `received`.

        Returns:
            Start and end in `text` of all that was made of the span; empty where nothing was.
        """
        if self._starts is None or self._ends is None:
            return start, end
        first = bisect_right(self._ends, start)
        return first, bisect_left(self._starts, end, lo=first)


def replace_surrogates(text: str) -> str:
    """Replace each lone surrogate, which no encoding can write, by U+FFFD; the length stays."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def normalise(text: str) -> NormalisedText:
    """Normalise one text.

    Args:
        text: Text as received; any Unicode, lone surrogates included.

    Returns:
        The normalised text with its offset map. Never longer than 18 times the text (the largest NFKC expansion).
    """
    draft = _Draft(replace_surrogates(text))
    if not text.isascii():
        draft.substitute(_CLUSTER, lambda m: unicodedata.normalize("NFKC", m.group()))
        draft.substitute(_INVISIBLE, lambda m: "")
        draft.substitute(_WORD, _latinise)
    draft.substitute(_SPACED, lambda m: None, inside=_join_spaced)
    if _LEET_HINT.search(draft.text):
        draft.substitute(_LEET_WORD, _read_leet)
    draft.substitute(_REPEATED, lambda m: m.group()[:2])
    return draft.finish()


def lower_shouting(text: str) -> str:
    """Write words that are shouted in lower case, character by character: the length stays.

    Pieces of words are learned from ordinary writing; what is shouted falls apart into letters, and a model misses it.

    Args:
        text: Any text.

    Returns:
        The text in which every run of words in capitals of at least six letters together is in lower case; a single abbreviation
        stays, and so does a letter whose lower case is longer than one character.
    """
    quiet = list(text)
    run: list[re.Match[str]] = []
    for match in (*_WORD.finditer(text), None):
        if match and match.group().isupper():
            run.append(match)
            continue
        if sum(len(word.group()) for word in run) >= _FEWEST_SHOUTED:
            for word in run:
                quiet[word.start() : word.end()] = [low if len(low := c.lower()) == 1 else c for c in word.group()]
        run = []
    return "".join(quiet)


class _Draft:
    """Text under change with the source range of each of its characters."""

    def __init__(self, received: str) -> None:
        self.received = received
        self.text = received
        self.starts: list[int] | None = None
        self.ends: list[int] | None = None

    def substitute(
        self,
        pattern: re.Pattern[str],
        replace: Callable[[re.Match[str]], str | None],
        inside: Callable[[re.Match[str]], list[tuple[int, int, str]]] | None = None,
    ) -> None:
        edits: list[tuple[int, int, str]] = []
        for match in pattern.finditer(self.text):
            if inside:
                edits += inside(match)
                continue
            new = replace(match)
            if new is not None and new != match.group():
                edits.append((match.start(), match.end(), new))
        if edits:
            self._apply(edits)

    def _apply(self, edits: list[tuple[int, int, str]]) -> None:
        starts = self.starts if self.starts is not None else list(range(len(self.text)))
        ends = self.ends if self.ends is not None else list(range(1, len(self.text) + 1))
        text: list[str] = []
        new_starts: list[int] = []
        new_ends: list[int] = []
        position = 0
        for start, end, new in edits:
            text += (self.text[position:start], new)
            new_starts += starts[position:start]
            new_ends += ends[position:start]
            if len(new) == end - start:
                new_starts += starts[start:end]
                new_ends += ends[start:end]
            else:
                new_starts += [starts[start]] * len(new)
                new_ends += [ends[end - 1]] * len(new)
            position = end
        text.append(self.text[position:])
        self.text = "".join(text)
        self.starts = new_starts + starts[position:]
        self.ends = new_ends + ends[position:]

    def finish(self) -> NormalisedText:
        if self.starts is None or self.ends is None:
            return NormalisedText(self.text, self.received)
        return NormalisedText(self.text, self.received, tuple(self.starts), tuple(self.ends))


def _join_spaced(match: re.Match[str]) -> list[tuple[int, int, str]]:
    """Edits that join spaced-out letters; a wider gap than one separator is a space between words."""
    edits = []
    for gap in _SPACED_GAP.finditer(match.group()):
        start, end = match.start() + gap.start(), match.start() + gap.end()
        edits.append((start, end, "" if gap.group(1) else " "))
    return edits


def _read_leet(match: re.Match[str]) -> str | None:
    if "|" in (match.group()[0], match.group()[-1]):
        return None  # the edge of a cell
    word = match.group().rstrip("!")
    tail = match.group()[len(word) :]
    letters = sum(c.isalpha() for c in word)
    if letters == len(word) or letters < 2 or len(word) - letters > letters or _NOT_LEET.fullmatch(word):
        return None
    plain = "".join(_LEET.get(c, c) for c in word)
    return plain + tail if plain.isalpha() else None


def _latinise(match: re.Match[str]) -> str | None:
    """Look-alike letters to Latin, in a word that mixes Latin with another script; a wholly foreign word stays."""
    word = match.group()
    if word.isascii() or not any(c.isascii() for c in word):
        return None
    return "".join(c if c < "\u0250" else _look_alike(c) for c in word)


@cache
def _look_alike(char: str) -> str:
    from confusable_homoglyphs import confusables

    found = confusables.is_confusable(char, greedy=True, preferred_aliases=["latin"])
    for entry in found or ():
        for glyph in entry["homoglyphs"]:
            if len(glyph["c"]) == 1 and glyph["c"].isascii() and glyph["c"].isalpha():
                return str(glyph["c"]).lower() if char.islower() else str(glyph["c"])
    return char
