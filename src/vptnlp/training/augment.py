"""Augmentation that keeps labels and spans: other spelling, names, streets and numbers, and what stands around a message.

A change is a list of edits (start, end, replacement) of the text; spans move along with them.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from vptnlp.corpus import Example
from vptnlp.messages import Span
from vptnlp.taxonomy import DetailKind
from vptnlp.training import trappings

Edit = tuple[int, int, str]
Change = Callable[[Example, random.Random], list[Edit]]

_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"[^\s.!?][^.!?\n]*[.!?]*")
_NUMBERED = frozenset(
    {
        DetailKind.PHONE,
        DetailKind.LICENCE_PLATE,
        DetailKind.ADDRESS,
        DetailKind.POSTCODE,
        DetailKind.ID_NUMBER,
        DetailKind.COORDINATES,
    }
)
_STREET = re.compile(
    r"[^\W\d_]{3,}(?:straat|laan|weg|plein|dijk|gracht|singel|kade|hof|pad|dreef)(?=\s+\d)", re.IGNORECASE
)
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5"}
_EMOJI = "😀😂😡🤬🙏👍🔥❤😢😉👀💀"
_HEADERS = (
    "Op {day} mrt. om {hour}:12 schreef {name}:",
    "Van: {name}\nVerzonden: {day} juni {hour}:41\nOnderwerp: RE: uw bericht",
    "----- Oorspronkelijk bericht -----\nVan: {name}",
)


def edit(example: Example, edits: Sequence[Edit]) -> Example:
    """Apply edits to a message.

    Args:
        example: The message.
        edits: Ascending, not overlapping.

    Returns:
        The message with its spans moved; the unchanged one when an edit would leave a span empty.
    """
    parts: list[str] = []
    last = 0
    for start, end, new in edits:
        parts += (example.text[last:start], new)
        last = end
    parts.append(example.text[last:])
    details, cues = _moved(example.details, edits), _moved(example.cues, edits)
    if details is None or cues is None:
        return example
    return replace(example, text="".join(parts), details=details, cues=cues)


def _moved(spans: Sequence[Span], edits: Sequence[Edit]) -> tuple[Span, ...] | None:
    moved = []
    for span in spans:
        start = _boundary(span.start, edits, closing=False)
        end = _boundary(span.end, edits, closing=True)
        if end <= start:
            return None
        moved.append(replace(span, start=start, end=end))
    return tuple(moved)


def _boundary(position: int, edits: Sequence[Edit], *, closing: bool) -> int:
    """Where a boundary of a span goes. One inside a replaced stretch moves out, so that the span covers the replacement."""
    moved = position
    for start, end, new in edits:
        if end < position or (end == position and (start < end or not closing)):
            moved += len(new) - (end - start)
        elif start < position < end:
            moved += start - position + (len(new) if closing else 0)
    return moved


def augment(example: Example, order: random.Random, quotes: Sequence[str]) -> Example:
    """Change a message at random, or leave it.

    Args:
        example: The message.
        order: Source of chance.
        quotes: Harmless texts without personal details; one may be quoted below, several may stand around the message.
    """
    for change, share in _CHANGES:
        if order.random() < share:
            example = edit(example, change(example, order))
    if quotes and order.random() < _BURIED_SHARE:
        example = edit(example, buried(example, order, quotes))
    if quotes and order.random() < _QUOTE_SHARE:
        example = replace(example, text=example.text + _quoted(order, order.choice(quotes)))
    if order.random() < _MARKED_SHARE:
        example = edit(example, marked(example, order))
    return example


_QUOTE_SHARE = 0.03
_BURIED_SHARE = 0.2
_STRETCH_SHARE = 0.6
"""How many of the buried messages have only a few calm sentences around them."""
_MARKED_SHARE = 0.18
_LONGEST_BURIED, _MOST_AROUND = 700, 1100
"""Characters of a message that is buried, and of the text around it: together they stay within what training reads."""


def buried(example: Example, order: random.Random, calm: Sequence[str]) -> list[Edit]:
    """Calm texts before and after, so that one sentence in a long message counts as much as by itself."""
    if len(example.text) > _LONGEST_BURIED:
        return []
    gap = order.choice(("\n\n", "\n", " "))
    if order.random() < _STRETCH_SHARE:
        around = [_stretch(text, order) for text in order.sample(calm, min(len(calm), order.randint(1, 2)))]
    else:
        around = order.sample(calm, min(len(calm), order.randint(1, 5)))
    while sum(len(text) for text in around) > _MOST_AROUND:
        around.pop()
    first = order.randint(0, len(around))
    before = "".join(text + gap for text in around[:first])
    after = "".join(gap + text for text in around[first:])
    return [(0, 0, before), (len(example.text), len(example.text), after)]


def _stretch(text: str, order: random.Random) -> str:
    """One to three sentences in a row."""
    sentences = _SENTENCE.findall(text) or [text]
    first = order.randrange(len(sentences))
    return " ".join(sentences[first : first + order.randint(1, 3)])


def marked(example: Example, order: random.Random) -> list[Edit]:
    """Marks of mail systems, forms and exports before, behind or around the text."""
    end = len(example.text)
    way = order.choice(("around", "before", "after", "both"))
    if way == "around":
        opening, closing = trappings.around(order)
    else:
        opening = trappings.before(order) if way != "after" else ""
        closing = trappings.after(order) if way != "before" else ""
    return [(0, 0, opening), (end, end, closing)]


def lower_case(example: Example, order: random.Random) -> list[Edit]:
    """No capitals."""
    return [(i, i + 1, c.lower()) for i, c in enumerate(example.text) if c.isupper()]


def stressed(example: Example, order: random.Random) -> list[Edit]:
    """One in twelve longer words in capitals."""
    return [(m.start(), m.end(), m.group().upper()) for m in _WORD.finditer(example.text) if order.random() < 1 / 12]


def typos(example: Example, order: random.Random) -> list[Edit]:
    """One in twelve longer words gets two letters swapped, one dropped or one doubled."""
    edits: list[Edit] = []
    for match in _WORD.finditer(example.text):
        if order.random() > 1 / 12:
            continue
        i = order.randrange(match.start() + 1, match.end() - 1)
        a, b = example.text[i], example.text[i + 1]
        edits.append(order.choice([(i, i + 2, b + a), (i, i + 1, ""), (i, i + 1, a + a)]))
    return edits


def plain_letters(example: Example, order: random.Random) -> list[Edit]:
    """No accents."""
    edits = []
    for i, c in enumerate(example.text):
        plain = unicodedata.normalize("NFD", c)[0]
        if plain != c and c.isalpha():
            edits.append((i, i + 1, plain))
    return edits


def no_punctuation(example: Example, order: random.Random) -> list[Edit]:
    """Full stops, commas and the like at the end of words go."""
    return [(m.start(), m.end(), "") for m in re.finditer(r"(?<=[^\W\d_])[.,;:!?]+(?=\s|$)", example.text)]


def leetspeak(example: Example, order: random.Random) -> list[Edit]:
    """One in five longer words in leetspeak."""
    edits = []
    for match in _WORD.finditer(example.text):
        if order.random() < 1 / 5:
            edits += [
                (i, i + 1, _LEET[c.lower()]) for i, c in enumerate(match.group(), match.start()) if c.lower() in _LEET
            ]
    return edits


def spaced_letters(example: Example, order: random.Random) -> list[Edit]:
    """One in fifteen longer words with spaces between its letters."""
    edits: list[Edit] = []
    for match in _WORD.finditer(example.text):
        if order.random() < 1 / 15:
            edits += [(i, i, " ") for i in range(match.start() + 1, match.end())]
    return edits


def emoji(example: Example, order: random.Random) -> list[Edit]:
    """A few emoji after words."""
    gaps = [m.start() for m in re.finditer(r"(?<=\w)(?=\s|$)", example.text)]
    return [(i, i, " " + order.choice(_EMOJI)) for i in sorted(order.sample(gaps, min(len(gaps), order.randint(1, 2))))]


def other_names(example: Example, order: random.Random) -> list[Edit]:
    """Other names for the persons, the same name for the same person; handles and addresses of mail keep theirs."""
    persons = [span for span in example.details if span.kind == DetailKind.PERSON and not _covered(span, example)]
    names: dict[str, str] = {}
    # The longest first: who is named in full may be called by the first or last name elsewhere.
    for old in sorted({span.text_of(example.text) for span in persons}, key=lambda name: (-len(name), name)):
        new = names.setdefault(old, _name_like(old, order))
        if len(old.split()) > 1 and len(new.split()) > 1:
            names.setdefault(old.split()[0], new.split()[0])
            names.setdefault(old.split()[-1], new.split()[-1])
    return [(span.start, span.end, names[span.text_of(example.text)]) for span in persons]


def other_streets(example: Example, order: random.Random) -> list[Edit]:
    """Other names for the streets of addresses, the same for the same street; house numbers stay."""
    streets: dict[str, str] = {}
    edits = []
    for span in example.details:
        match = _STREET.match(span.text_of(example.text)) if span.kind == DetailKind.ADDRESS else None
        if match and not _covered(span, example):
            old = match.group()
            new = streets.setdefault(old.lower(), order.choice(_streets()))
            edits.append((span.start, span.start + len(old), new.lower() if old.islower() else new))
    return sorted(edits)


def other_numbers(example: Example, order: random.Random) -> list[Edit]:
    """Other digits in phone numbers, plates, house numbers, postcodes and coordinates; those with a checksum stay."""
    edits = []
    for span in example.details:
        if span.kind in _NUMBERED:
            digits = [i for i in range(span.start, span.end) if example.text[i] in "123456789"]
            edits += [
                (i, i + 1, order.choice("123456789")) for i in digits[2 if span.kind == DetailKind.PHONE else 0 :]
            ]
    return sorted(edits)


def _covered(span: Span, example: Example) -> bool:
    return any(
        other is not span and other.overlaps(span) and other.kind != DetailKind.FAMILY for other in example.details
    )


def _name_like(old: str, order: random.Random) -> str:
    first, last = _names()
    parts = old.split()
    if len(parts) == 1:
        new = order.choice(first if order.random() < 0.6 else last).split()[-1]
    else:
        new = f"{order.choice(first)} {order.choice(last)}"
    return new.lower() if old.islower() else new.upper() if old.isupper() and len(old) > 2 else new


@cache
def _names() -> tuple[list[str], list[str]]:
    from faker import Faker

    faker = Faker(["nl_NL", "nl_BE", "tr_TR"])
    faker.seed_instance(0)
    return sorted({faker.first_name() for _ in range(800)}), sorted({faker.last_name() for _ in range(1200)})


@cache
def _streets() -> list[str]:
    from faker import Faker

    faker = Faker("nl_NL")
    faker.seed_instance(0)
    return sorted({faker.street_name() for _ in range(600)})


def _quoted(order: random.Random, text: str) -> str:
    header = order.choice(_HEADERS).format(day=order.randint(1, 28), hour=order.randint(8, 22), name="het loket")
    return f"\n\n{header}\n" + "\n".join(f"> {line}" for line in text.splitlines())


_CHANGES: tuple[tuple[Change, float], ...] = (
    (other_names, 0.3),
    (other_streets, 0.3),
    (other_numbers, 0.3),
    (typos, 0.15),
    (lower_case, 0.1),
    (stressed, 0.06),
    (no_punctuation, 0.08),
    (plain_letters, 0.05),
    (leetspeak, 0.02),
    (spaced_letters, 0.02),
    (emoji, 0.06),
)
"""Each change with the share of messages that get it; several may hit one message."""


def quotable(examples: Sequence[Example]) -> list[str]:
    """Harmless texts of some length without personal details or despair, which would stand unmarked where they are quoted."""
    return [e.text for e in examples if not (e.labels.hostile or e.details or e.cues) and 60 < len(e.text) < 500]


def describe() -> dict[str, Any]:
    """The changes and their shares, for the manifest."""
    return {
        **{change.__name__: share for change, share in _CHANGES},
        "quoted_reply": _QUOTE_SHARE,
        "buried": _BURIED_SHARE,
        "marked": _MARKED_SHARE,
    }
