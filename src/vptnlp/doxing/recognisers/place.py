"""Places where somebody lives, stays or passes: towns, districts, streets without a number.

Format: the gazetteer in ``data/places.txt``; a street by its ending.
Accuracy: a town after a postcode or an address is near certain (`vptnlp.doxing.corroboration`). Elsewhere a town is often
merely talked about, so words such as "woont in" or "kom uit" are needed; they are looked for in the same sentence. Towns
that are ordinary words ("Best", "Echt") need a capital. Districts outside the list are missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing import lexicon
from vptnlp.doxing.base import Case, Detail, Passage, candidate
from vptnlp.doxing.streets import is_clear_street
from vptnlp.taxonomy import DetailKind

_MAX_WORDS = 5
_LIVING = re.compile(
    r"\b(?:woon\w*|wonen\w*|wonend\w*|verblij\w+|logeer\w*|logeren|verhuis\w*|thuis|zit nu|"
    r"zit nou|kom uit|komt uit|komen uit|afkomstig|gevestigd|opgegroeid|geboren|ouders|"
    r"huis|huisje|flat|woning|kamers|appartement|schoonouders|familie|zomerhuis\w*|"
    r"vakantiehuis\w*|caravan|camping|man uit|vrouw uit|jongen uit|bewoner|"
    r"te vinden|gezien|zag|tank\w*|geparkeerd|kerk van|begraafplaats van|boerderij|adres|gezin)\b[^.!?\n]{0,40}$"
)
_IN = re.compile(r"(?:\b(?:in|te|uit|naar|op|vanuit|bij|buiten|rond|nabij) (?:de |het )?)$")
_TE = re.compile(r"\bte $")
_FROM = re.compile(
    r"(?:man|vrouw|jongen|meisje|jarige?|verdachte|koppel|gezin|groeten|groet|liefs|vrijwilliger|"
    r"student|moeder|vader|oma|opa|met [\w ]{2,25}) uit $"
)
_ORGANISATION = re.compile(
    r"(?:gemeente|politie|rechtbank|provincie|burgemeester(?: van)?|raad van|gemeenteraad|stad|fc|"
    r"sc|nac|universiteit|hogeschool|ziekenhuis|station|regio|district|basisteam|"
    r"bureau|stadhuis|arrondissement|ggd|ggz|omgevingsdienst|veiligheidsregio|vv|sv|school in|"
    r"krant|wijkteam|parket|gerechtshof|hof|azc|pi|wethouder(?: van)?|oost|west|noord|zuid|radio|"
    r"rtv|team|unit|eenheid|afdeling|locatie)[ -]$"
)
_STREET_BEFORE = re.compile(
    r"\b(?:in|op|aan|langs|achter|bij|van|door|uit|naar|hoek|richting|voorbij|rond)(?: de| het|"
    r" 't| den)? $"
)
_HOUSE_NUMBER_AFTER = re.compile(r" [1-9][0-9]{0,2}[a-z]?(?:$|[.,;)\n]| (?:in|te) )")
_NUMBER_AFTER = re.compile(r",? (?:nr\.? ?|nummer )?[0-9]")


class PlaceRecogniser:
    """Finds towns, districts and streets."""

    kinds = frozenset({DetailKind.PLACE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        words = passage.words
        places = lexicon.places()
        index = 0
        while index < len(words):
            last = _longest(passage, index, places)
            if last >= index:
                yield _town(passage, index, last)
                index = last + 1
                continue
            if is_clear_street(words[index].lower) and (found := _street(passage, index)):
                yield found
            index += 1


def _longest(passage: Passage, index: int, places: frozenset[str]) -> int:
    """Index of the last word of the longest listed place that starts at word `index`, or -1."""
    words = passage.words
    start = words[index].start
    if words[index].lower not in lexicon.place_openings():
        return -1
    for last in range(min(index + _MAX_WORDS, len(words)) - 1, index - 1, -1):
        name = passage.folded[start : words[last].end]
        if name in places and _written_as_place(passage, start, name):
            return last
        if start and passage.folded[start - 1] == "'" and f"'{name}" in places:
            return last
    return -1


def _written_as_place(passage: Passage, start: int, name: str) -> bool:
    if passage[start].isupper() and passage.case is not Case.SHOUTED:
        return True
    return len(name) > 3 and name not in lexicon.place_words()


def _town(passage: Passage, first: int, last: int) -> Detail:
    start, end = passage.words[first].start, passage.words[last].end
    if start and passage.folded[start - 1] == "'" and passage.folded[start:end] not in lexicon.places():
        start -= 1
    before = passage.before(start, 80)
    name = passage.folded[start:end]
    capital = passage[start].isupper() and passage.case is Case.MIXED
    if name in lexicon.place_words() and len(name) > 1 and passage[start:end].isupper():
        capital = False  # "EEN" is a village and a shouted word
    score = 0.2 if capital else 0.1
    if name in lexicon.place_words() or name in lexicon.first_names():
        score -= 0.1
    if _ORGANISATION.search(before):
        return candidate(start, end, DetailKind.PLACE, 0.05)
    if _HOUSE_NUMBER_AFTER.match(passage.folded, end):
        score -= 0.3  # "het Spui 12" is a street
    if _IN.search(before):
        score += 0.3 + 0.05 * bool(_TE.search(before))
        if _LIVING.search(before):
            score += 0.35
        elif _FROM.search(before):
            score += 0.3
    return candidate(start, end, DetailKind.PLACE, score)


def _street(passage: Passage, index: int) -> Detail | None:
    """A street without a number; with one it is an address."""
    word = passage.words[index]
    if _NUMBER_AFTER.match(passage.folded, word.end):
        return None
    capital = passage[word.start].isupper() and passage.case is Case.MIXED
    preposition = bool(_STREET_BEFORE.search(passage.before(word.start, 14)))
    score = (0.35 if capital else 0.15) + 0.2 * preposition
    if _LIVING.search(passage.before(word.start, 60)):
        score += 0.2
    return candidate(word.start, word.end, DetailKind.PLACE, score)
