"""Addresses: a street with a house number.

Format: street names as in the BAG (NL) and CRAB/BeSt (BE), with common abbreviations; house number with letter, addition
("12-hs", "12 bis", "12/3", "15-III", "12 bus 2.1", "100 t/m 122"); "Postbus 12"; "nummer 43" where somebody lives.
Accuracy: a street ending and a capital are near certain. A street without ending ("Poolster 33") needs a word such as
"woont", the start of a line or a comma before it, or a postcode, town or name beside it, which
`vptnlp.doxing.corroboration` looks at. Numbers in words are read only after a clear street and a word about living.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vptnlp.doxing import lexicon
from vptnlp.doxing.base import Case, Detail, Passage, Word, candidate
from vptnlp.doxing.spelled import number_words
from vptnlp.doxing.streets import (
    FRENCH_NOUNS,
    NOT_BEFORE_NUMBER,
    NOT_STREETS,
    PARTICLES,
    PREFIXES,
    STREET_NOUNS,
    has_street_ending,
    is_clear_street,
)
from vptnlp.taxonomy import DetailKind

_ADDITION = (
    r"(?: ?t/?m ?[0-9]{1,4}| bus [0-9]{1,3}(?:\.[0-9]{1,2}|[a-z])?|"
    r"[ /-]?(?:hs|huis|bis|bg|rd|zw|rood|zwart|boven|beneden|iii|ii|iv|i|v)(?!\w)(?! (?:de|het|een|die|dat) )|"
    r"-?[a-z](?![\w'])| [a-z](?=[,.;)\n]|$)| [a-h](?= )|[/-][0-9]{1,3}(?:-?[a-z](?!\w))?)"
)
_UNITS = (
    r" ?(?:%|°|euro|eur\b|uur|u\b|jaar|jr\b|keer|x\b|dagen|dag\b|weken|week\b|maanden|maand\b|"
    r"minuten|minuut|min\b|seconden|km|m2|"
    r"m²|meter|m\b|kg|kilo|gram|graden|mensen|man\b|personen|procent|punten|mille|ton\b|k\b|stuks|"
    r"liter|januari|februari|maart|april|"
    r"mei\b|juni|juli|augustus|september|oktober|november|december|jan\b|feb\b|mrt|apr\b|aug\b|"
    r"sept?\b|okt\b|nov\b|dec\b)"
)
_NUMBER = re.compile(
    rf"(?<=[\w.][ ])(?:(?:huisnummer|nummer|nr\.?) )?[1-9][0-9]{{0,3}}"
    rf"(?:{_ADDITION}){{0,2}}(?![\w@€])(?![.,:/-][0-9])(?!{_UNITS})"
)
_BOX = re.compile(r"(?<!\w)(?:postbus|antwoordnummer|po box|p\.o\. box)(?: nr\.?)? [0-9]{1,6}(?!\w)")
_HOUSE = re.compile(
    r"(?<!\w)(?:huisnummer|nummer|huisnr\.?|nr\.?) [1-9][0-9]{0,3}(?:-?[a-z](?!\w)|"
    r"-[0-9i]{1,3})?(?![\w.:,-]?[0-9a-z])"
)
_HOUSE_CONTEXT = re.compile(
    r"(?:woon\w*|won(?:en|ende|ing)|bewoners? van|buur\w*|zij|hij|wij|huis|flat|"
    r"pand)\W{1,2}(?:\w+ ){0,2}(?:op |van |aan |bij )?$"
)
_LIVING = re.compile(
    r"(?:woon\w*|wonen\w*|woning\w*|adres\w*|verblij\w+|gevestigd|gelegen|thuis|pand|huis\w*|"
    r"slaap\w*|slapen|locatie|bezorg\w*|afleveren|ophalen)"
    r"\W{1,3}(?:\w{1,9}\W{1,2}){0,2}$"
)
_PREPOSITION = re.compile(
    r"(?:\b(?:aan|op|naar|bij|richting|langs|te|van|vanaf|in|voor|achter)(?: de| het| 't| den)?|"
    r"=) $"
)
_BLOCK = re.compile(r"(?:^|[\n(:;]|, | - |/ )[ >]*$")
_CLOSED = re.compile(r"\s*(?:$|[.,;:)!?\n]| (?:in|te|bij)\b)")
_ABBREVIATIONS = ("str", "ln", "pln", "sngl", "stwg", "wg", "dr", "pl")
# With a capital these belong to the name: "Het Spoor 61", "Achter de Hoven 114".
_NAME_OPENINGS = frozenset({"de", "het", "'t", "t", "den", "achter", "onder", "boven", "buiten", "tussen"})
_PREPOSITIONS = frozenset({"in", "op", "aan", "bij", "te", "tot", "over", "en"})
_MAX_WORDS = 5


class AddressRecogniser:
    """Finds streets with a house number, PO boxes and bare house numbers."""

    kinds = frozenset({DetailKind.ADDRESS})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if passage.digit_count:
            yield from _with_digits(passage)
        if not passage.vocabulary.isdisjoint(number_words()):
            yield from _with_words(passage)


def _with_digits(passage: Passage) -> Iterator[Detail]:
    folded = passage.folded
    for match in _BOX.finditer(folded):
        yield candidate(match.start(), match.end(), DetailKind.ADDRESS, 0.95)
    if "nummer " in folded or "nr" in folded:
        for match in _HOUSE.finditer(folded):
            score = 0.6 if _HOUSE_CONTEXT.search(passage.before(match.start(), 40)) else 0.3
            yield candidate(match.start(), match.end(), DetailKind.ADDRESS, score)
    ends: dict[int, int] = {}
    for match in _NUMBER.finditer(folded):
        if not ends:
            ends = {word.end: index for index, word in enumerate(passage.words)}
        index = ends.get(match.start() - 1)
        if index is None and folded[match.start() - 2] == ".":
            index = ends.get(match.start() - 2)
            if index is not None and not passage.words[index].lower.endswith(_ABBREVIATIONS):
                continue  # a sentence ends there: "in Zwolle. 3 kinderen"
        if index is not None and match.group()[0] in "hn" and not is_clear_street(passage.words[index].lower):
            continue  # "taxi nummer 12"
        if index is not None and (found := _street(passage, index)):
            start, score = found
            if _CLOSED.match(folded, match.end()):
                score += 0.1
            if " bus " in match.group():
                score += 0.3
            yield candidate(start, match.end(), DetailKind.ADDRESS, score)


def _with_words(passage: Passage) -> Iterator[Detail]:
    words, numbers = passage.words, number_words()
    for index in range(1, len(words)):
        if words[index].lower in numbers and is_clear_street(words[index - 1].lower):
            found = _street(passage, index - 1)
            if found and _LIVING.search(passage.before(found[0], 40)):
                yield candidate(found[0], words[index].end, DetailKind.ADDRESS, 0.65)


def _street(passage: Passage, last: int) -> tuple[int, float] | None:
    """Where the street that ends with word `last` starts, and its score; None where it is no street."""
    words = passage.words
    word = words[last]
    clear = is_clear_street(word.lower)
    capital = passage[word.start].isupper() and passage.case is not Case.SHOUTED
    named = capital and _opens_with_article(passage, last)
    if not clear and not named and (word.lower in NOT_BEFORE_NUMBER or len(word.lower) < 3 or word.lower[0].isdigit()):
        return None
    if word.lower in NOT_STREETS and not (capital and last and passage[words[last - 1].start].isupper()):
        return None
    first = _first_word(passage, last, capital)
    if named and not clear and first == last:
        first = last - 1
    start = words[first].start
    if words[first].lower.startswith("s-") and passage.folded[start - 1 : start] == "'":
        start -= 1
    if capital:
        score = 0.8 if clear else 0.45 if has_street_ending(word.lower) else 0.2
        score += 0.4 * (words[first].lower in STREET_NOUNS | FRENCH_NOUNS and first < last)
        score += 0.15 * (not clear and first < last and words[first].lower in _NAME_OPENINGS)
    else:
        score = 0.55 if clear else 0.2 if has_street_ending(word.lower) else 0.02
        score += 0.4 * (words[first].lower in STREET_NOUNS and first < last)
    if not clear and first == last and word.lower in lexicon.first_names():
        score -= 0.2
    before = passage.before(start, 40)
    if _LIVING.search(before):
        score += 0.4
    elif _PREPOSITION.search(before):
        score += 0.2
    elif _BLOCK.search(before):
        score += 0.15
    return start, score


def _first_word(passage: Passage, last: int, capital: bool) -> int:
    """The first word of the street name: back over capitals, particles and words such as "oude"."""
    words = passage.words
    first = last
    for index in range(last - 1, max(last - _MAX_WORDS, -1), -1):
        word = words[index]
        gap = passage[word.end : words[index + 1].start]
        if gap not in (" ", ". ") and not (gap == " '" and words[index + 1].lower in ("t", "s")):
            break
        written = (
            gap in (" ", " '") and capital and passage[word.start].isupper() and not _opens_sentence(passage, word)
        )
        opens_street = word.lower in FRENCH_NOUNS or (
            word.lower in STREET_NOUNS and words[index + 1].lower in PARTICLES
        )
        if word.lower in PREFIXES or opens_street or written:
            first = index
        elif (word.lower not in PARTICLES and word.lower != "t") or (
            word.lower in _PREPOSITIONS and words[index - 1].lower not in STREET_NOUNS
        ):
            break
    return last if _is_full_name(words[first:last]) and is_clear_street(words[last].lower) else first


def _is_full_name(words: Sequence[Word]) -> bool:
    """Whether the words before a street are who lives there: "Sanne Bakker Lindelaan 4"."""
    return len(words) > 1 and words[0].lower in lexicon.first_names() and words[-1].lower in lexicon.surnames()


def _opens_with_article(passage: Passage, last: int) -> bool:
    """Whether a capital article stands right before word `last` inside a sentence or a list: "naar De Dam", ": Het Spoor"."""
    if not last:
        return False
    article, word = passage.words[last - 1], passage.words[last]
    return (
        article.lower in ("de", "het", "den")
        and passage[article.start].isupper()
        and passage[article.end : word.start] == " "
        and re.search(r"[\w,:] $", passage.before(article.start, 2)) is not None
    )


def _opens_sentence(passage: Passage, word: Word) -> bool:
    """Whether a capital may come from the start of a sentence alone (and the word is no first name)."""
    return not re.search(r"[\w,]\s$", passage.before(word.start, 2)) and word.lower not in lexicon.first_names()
