"""Names of persons.

Format: first name, surname or both, with initials and particles ("in 't Veld", "el Bakkali"); first names and surnames come
from the lists in ``data/``. Titles are not part of the name.
Source: Dutch and Flemish naming customs; the lists are from where ``data/README.md`` says.
Accuracy: a name on the lists with a capital inside a sentence is likely right. Words around it decide for the rest: titles
("meneer"), greetings, "ik heet", a signature, a relation ("je zoon Milan"). In lower case, names that are ordinary words
("roos", "bakker") need such a word. Names that are on no list and stand without any sign are missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from vptnlp.doxing import lexicon
from vptnlp.doxing.base import Case, Detail, Passage, Word, candidate
from vptnlp.doxing.relations import RELATION_NOUNS
from vptnlp.doxing.streets import is_clear_street
from vptnlp.doxing.vocabulary import (
    CAPITALISED,
    FUNCTION_WORDS,
    GREETINGS,
    ORGANISATION_WORDS,
    ROLE_WORDS,
    STRONG_TITLES,
    TITLES,
)
from vptnlp.doxing.wordset import word_set
from vptnlp.taxonomy import DetailKind

_PARTICLES = word_set("""
    van de den der het t ter ten te el al op in aan d von ben bin di da dos du la le af abu ould uit vd
""")
_OPENING_PARTICLES = _PARTICLES - {"op", "in", "aan", "uit", "al", "t", "d", "af", "het"}
_MAX_INITIALS = 5
# Between two capitals these are part of a name: "Mo el Khattabi".
_NAME_PARTICLES = frozenset({"el", "ait", "von", "di"})
_NEED_ARTICLE = frozenset({"op", "in", "aan", "uit"})
_ABBREVIATED_TITLES = word_set("mr mrs dr drs ir ing prof mw mevr dhr bc fam coll pr")
_VOICE = frozenset(
    {"ja", "nou", "nee", "oke", "oké", "zo", "hello", "hee", "salaam", "amai", "merci", "jij", "gij", "he", "hè"}
)
_CLOSING = re.compile(
    r"(?:groet(?:en|jes)?|groetend|grtz?|grt|gr|mvg|mvrgr|vrgr|hoogachtend|hoogachting|liefs|"
    r"knuffel|kus|xx?x?|doeg|mzzl|gegroet|dank|bedankt|thanks|toegenegen|cheers|"
    r"respect|groete|groetn|vriendelijk|ondertekend|getekend|afzender|namens)(?: (?:van|namens|"
    r"uit|terug|aan allen))?[ ,.!:\n-]{1,6}$"
)
_INTRODUCED = re.compile(
    r"(?:(?:ik|jij|je|hij|zij|ze|die|dat|u|wie|hond|kat|kind|en) (?:heet|heette)|heet(?:te|ten)?|"
    r"mijn naam is|naam is|naam|namen|genaamd|geheten|genoemd|(?:hier|spreekt|u) met|"
    r"(?:^|\n|ja |hallo |goedemiddag |goeiemiddag |goedemorgen )met|dit is|hier is|ik ben|"
    r"wij zijn|ben ik|tegen|bij|collega'?s?|contactpersoon|chauffeur|cliënte?|verdachte|aangever|"
    r"verbalisant|"
    r"bel|vraag naar|op naam van|t\.?a\.?v\.?|aan)[ :,]{1,2}(?:even |eh |de |toch |nu )?$"
)
_STRONG_INTRODUCTION = re.compile(
    r"(?:heet(?:te|ten)?(?: nu| eigenlijk)?|naam is|(?:mijn|zijn|haar) naam|genaamd|geheten|"
    r"t\.?a\.?v\.?|op naam van|ik ben|spreekt met|hier met|u met|ben ik) ?:? ?$"
)
_LABEL = re.compile(
    r"(?:^|\n)[ >*-]*(?:naam|van|aan|contact(?:persoon)?|cliënt|patiënt|bewoner|melder|leerling|"
    r"chauffeur|ondertekend|getekend) ?: ?$"
)
_LINE_END = re.compile(r"[ .,!)x]*(?:$|\n)")
_AT_LINE_START = re.compile(r"\n[ >*-]*$")
_TAIL = " .!)x❤️😘🙏👋🙂😉\n"
_LAST_WITH_ROLE = re.compile(r", [a-zà-ÿ0-9 .&'/-]{2,40}[.)]?\s*$")
_VERB = re.compile(
    r" (?:is|was|heeft|had|zit|zat|woont|werkt|wordt|werd|gaat|ging|kan|kon|wil|wilde|mag|moet|"
    r"zegt|zei|durft|komt|kwam|rijdt|fietst|staat|stond|ligt|lag|doet|weet|belt|krijgt|slaapt)\b"
)
_AGED = re.compile(r"(?: \((?:nu )?[0-9]{1,2}(?: jaar)?\)|, [0-9]{1,2}(?: jaar)?,)")
_VOCATIVE = re.compile(r"(?:,|:|!| (?:jij|je|u|jou|heb|ben|wil|kun|kan|hier|luister|eh|met)\b)")
_SIGNED = re.compile(r",? ?(?:[,(:/|-]|\n|[a-zé-]{3,30}(?:\n|$))")
_ARTICLE = re.compile(r"(?:\b(?:de|het|een|'t|die|dat|deze|dit|geen) )$")
_PLACE_BEFORE = re.compile(r"\b(?:in|te|uit|naar|vanuit|richting|gemeente|politie|rechtbank|regio|stad|station) $")


class _Name(NamedTuple):
    """A run of words that may be a name.

    Attributes:
        first: Index of its first word.
        last: Index of its last word.
        base: The score of its form alone.
        known: Whether the lists hold the first name, or the surname where there is no first name.
    """

    first: int
    last: int
    base: float
    known: bool


_TRIGGERS = TITLES | GREETINGS | _VOICE | {"heet", "heette", "heten", "geheten", "genaamd", "is", "naam", "ben"}


_NO_NAMES = TITLES | GREETINGS | _VOICE | ORGANISATION_WORDS | RELATION_NOUNS


class PersonRecogniser:
    """Finds names of persons."""

    kinds = frozenset({DetailKind.PERSON})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        words = passage.words
        index = 0
        listed = False
        while index < len(words):
            name = _read(passage, index)
            if name is None:
                index += 1
                listed = False
                continue
            start, end = words[name.first].start, words[name.last].end
            start -= words[name.first].lower == "t" and passage.folded[start - 1 : start] == "'"
            end = _without_genitive(passage, end)
            score = name.base + _context(passage, name, start, end)
            if listed and passage.folded[words[index - 1].end : start] in (" en ", ", ", " & ", "/", " / "):
                score += 0.2
            if score >= 0.2:
                yield candidate(start, end, DetailKind.PERSON, score)
            listed = score >= 0.5
            index = name.last + 1


def _read(passage: Passage, index: int) -> _Name | None:
    """The longest name that starts at word `index`, or None where none can start."""
    word = passage.words[index]
    lower = _bare(word)
    capital = passage[word.start].isupper() and passage.case is not Case.SHOUTED
    if len(lower) == 1 and passage[word.end : word.end + 1] == ".":
        return _with_initials(passage, index, capital)
    if _is_listed(lower) and lower not in FUNCTION_WORDS and (capital or len(lower) > 2):
        return None if lower in GREETINGS and _leads(passage, index) else _with_first_name(passage, index, capital)
    if capital and lower in _OPENING_PARTICLES:
        return _with_particle(passage, index)
    if capital and lower not in CAPITALISED and len(lower) > 1:
        return None if lower in _NO_NAMES or (lower in ROLE_WORDS and not index) else _capitalised(passage, index)
    if lower in _OPENING_PARTICLES | {"t"} and (name := _after_title(passage, index)):
        return name
    if not index or passage.words[index - 1].lower not in _TRIGGERS:
        return None
    if lower in _OPENING_PARTICLES and passage.words[index - 1].lower in STRONG_TITLES:
        surname = _surname_at(passage, index, capital=True) or _surname_at(passage, index, capital=False)
        return _Name(index, surname.last, 0.2, True) if surname and surname.last > index else None
    if lower not in FUNCTION_WORDS and lower in lexicon.surnames():
        return _Name(index, index, 0.0 if lower in lexicon.name_words() else 0.2, True)
    return None


def _bare(word: Word) -> str:
    """The word in lower case, without the ending of "Fatima's"."""
    return word.lower.removesuffix("'s")


def _is_listed(lower: str) -> bool:
    """Whether a word is a first name, or first names joined by a hyphen: "jan-willem"."""
    names = lexicon.first_names()
    return lower in names or ("-" in lower and all(part in names for part in lower.split("-")))


def _after_title(passage: Passage, index: int) -> _Name | None:
    """A surname with particles in lower case after a title or where a sentence starts: "agent ter Haar", "van Dijk is"."""
    opens = _opens_sentence(passage, index)
    title = "" if opens else passage.words[index - 1].lower
    apostrophe = passage.words[index].lower == "t"
    if passage.case is not Case.MIXED or not (title in TITLES or (opens and not apostrophe)):
        return None
    surname = _surname_at(passage, index, capital=True)
    if surname is None or surname.last == index or not (surname.known or title in STRONG_TITLES):
        return None
    last = surname.last
    lower = passage.words[last].lower
    if lower in lexicon.first_names() or (lower in lexicon.name_words() and _joins_capital(passage, last)):
        return None  # "van Thijs heb ik", "van de Grote Kerk"
    return _Name(index, last, 0.4 if opens else 0.2, surname.known)


def _joins_capital(passage: Passage, index: int) -> bool:
    return _joined(passage, index) and passage[passage.words[index + 1].start].isupper()


def _leads(passage: Passage, index: int) -> bool:
    """Whether word `index` opens a sentence and a capital follows, as "Lieve" in "Lieve Tess" does."""
    return _opens_sentence(passage, index) and _joins_capital(passage, index)


def _with_first_name(passage: Passage, index: int, capital: bool) -> _Name:
    words = passage.words
    last = index
    while (
        capital
        and last + 2 < len(words)
        and last < index + 2
        and _is_first_name(passage, last + 1)
        and _joined(passage, last)
    ):
        if not (_joined(passage, last + 1) and _surname_at(passage, last + 2, capital)):
            break
        last += 1
    surname = _surname_at(passage, last + 1, capital) if _joined(passage, last) else None
    if surname:
        return _Name(index, surname.last, (0.9 if surname.known else 0.75) if capital else 0.65, True)
    lower = _bare(words[index])
    ordinary = lower in lexicon.name_words()
    if capital and len(lower) > 3 and passage[words[index].start : words[index].end].isupper():
        return _Name(index, index, 0.1 if ordinary else 0.45, True)
    if capital and _opens_sentence(passage, index):
        return _Name(index, index, 0.2 if ordinary else 0.5, True)
    if capital:
        return _Name(index, index, 0.5 if ordinary else 0.7, True)
    if passage.case is Case.LOWER:
        return _Name(index, index, 0.1 if ordinary else 0.5 if len(lower) > 3 else 0.3, True)
    return _Name(index, index, 0.0 if ordinary else 0.35, True)


def _with_initials(passage: Passage, index: int, capital: bool) -> _Name | None:
    """A name that starts with initials ("A.P. in 't Veld"); a single initial with a capital ("A.") scores low."""
    words = passage.words
    if not capital and passage.case is Case.MIXED and words[index].start and passage[words[index].start - 1] == ".":
        return None  # the end of "t.a.v."
    last = index
    while (
        last + 1 < len(words)
        and last < index + _MAX_INITIALS
        and _after_point(passage, last)
        and _is_initial(passage, last + 1)
        and (capital or passage[words[last + 1].start].islower())
    ):
        last += 1
    if not capital and last > index and last + 1 < len(words) and passage[words[last + 1].start].isupper():
        return None  # an abbreviation before a name: "t.a.v. Smit"
    surname = _surname_at(passage, last + 1, capital) if last + 1 < len(words) and _after_point(passage, last) else None
    if surname:
        return _Name(index, surname.last, 0.75 if capital else 0.55, surname.known)
    return _Name(index, last, 0.1, False) if capital else None


def _with_particle(passage: Passage, index: int) -> _Name | None:
    """A surname whose first particle has a capital: "Van der Meulen"."""
    surname = _surname_at(passage, index, capital=True)
    if surname is None or surname.last == index:
        return None
    if passage.folded[passage.words[index].start : passage.words[surname.last].end] in lexicon.places():
        return None
    ordinary = passage.words[surname.last].lower in lexicon.name_words()
    if ordinary or not surname.known:
        base = 0.2 if surname.known and passage.words[index].lower == "van" else 0.1
    else:
        base = 0.5 if surname.last > index + 1 else 0.4
    return _Name(index, surname.last, base, surname.known)


def _capitalised(passage: Passage, index: int) -> _Name:
    """A word with a capital that is no first name on the list."""
    lower = _bare(passage.words[index])
    shouted = len(lower) > 1 and passage[passage.words[index].start : passage.words[index].end].isupper()
    opens = _opens_sentence(passage, index)
    surname = _surname_at(passage, index + 1, capital=True) if _joined(passage, index) else None
    plain = surname is not None and (surname.last == index + 1 or not passage[passage.words[index + 1].start].isupper())
    if surname and surname.known and plain:
        return _Name(index, surname.last, 0.3 if opens else 0.5, False)
    if surname and surname.last > index + 1 and passage.words[index + 1].lower in _NAME_PARTICLES:
        return _Name(index, surname.last, 0.5, True)
    if surname and surname.last == index + 1:
        return _Name(index, surname.last, 0.1, False)
    before = passage.words[max(index - 1, 0)]
    if lower in lexicon.places() or passage.folded[before.start : passage.words[index].end] in lexicon.places():
        return _Name(index, index, 0.0, lower in lexicon.surnames())
    if lower in lexicon.surnames() and lower not in lexicon.name_words():
        return _Name(index, index, 0.3 if opens else 0.45, True)
    return _Name(index, index, 0.0 if shouted else 0.05, False)


class _Surname(NamedTuple):
    last: int
    known: bool


def _surname_at(passage: Passage, index: int, capital: bool) -> _Surname | None:
    """The surname with its particles that starts at word `index`.

    Args:
        passage: The text.
        index: Index of the first word, past the end or not.
        capital: Whether the name is written with capitals; without them the surname must be on the list.
    """
    words = passage.words
    last = index
    while last + 1 < len(words) and last < index + 3 and words[last].lower in _PARTICLES and _joined(passage, last):
        last += 1
    if last >= len(words) or (last == index + 1 and words[index].lower in _NEED_ARTICLE):
        return None
    if words[last].lower.rpartition("-")[2] in _PARTICLES and "-" in words[last].lower:
        last = _after_married_name(passage, last, capital)
    word = words[last]
    parts = _bare(word).split("-")
    known = parts[0] in lexicon.surnames() or parts[-1] in lexicon.surnames()
    if capital:
        if (
            not passage[word.start].isupper()
            or word.lower in CAPITALISED
            or len(word.lower) < 2
            or word.lower[0].isdigit()
        ):
            return None
        if not known and is_clear_street(word.lower):
            return None
        if (
            last > index
            and not known
            and (passage.startswith("van", words[index].start) and _is_no_surname(passage, index, last))
        ):
            return None
    elif not known or (last == index and word.lower in lexicon.name_words() and not _closes(passage, word.end)):
        return None
    elif passage.case is Case.MIXED and _is_first_name(passage, last):
        return None  # "ken Jan-Willem"
    return _Surname(last, known)


def _closes(passage: Passage, end: int) -> bool:
    """Whether a line ends after a word, or a verb in the third person follows."""
    return bool(_LINE_END.match(passage.folded, end) or _VERB.match(passage.folded, end))


def _after_married_name(passage: Passage, last: int, capital: bool) -> int:
    """The last word of a double surname whose second part has particles ("Meer-de Boer"), from its first part."""
    words = passage.words
    following = last
    while following < last + 3 and _joined(passage, following):
        following += 1
        lower = words[following].lower
        if lower not in _PARTICLES:
            known = passage[words[following].start].isupper() if capital else lower in lexicon.surnames()
            return following if known else last
    return last


def _is_no_surname(passage: Passage, first: int, last: int) -> bool:
    """Whether "van" and what follows rather say where somebody works or lives: "van Vergunningen", "van het Wmo-loket"."""
    word = passage.words[last]
    text = passage[word.start : word.end]
    return (
        passage.words[first + 1].lower == "het"
        or (len(text) > 1 and text.isupper())
        or word.lower in lexicon.places()
        or word.lower in lexicon.first_names()
        or word.lower.endswith(("ingen", "zaken", "enten", "loket", "team", "werk", "zorg", "huis"))
    )


def _joined(passage: Passage, index: int) -> bool:
    """Whether only a space (and the apostrophe of "'t") stands between word `index` and the next."""
    words = passage.words
    return index + 1 < len(words) and passage.folded[words[index].end : words[index + 1].start] in (" ", " '")


def _after_point(passage: Passage, index: int) -> bool:
    return passage.folded[passage.words[index].end : passage.words[index + 1].start] in (".", ". ", ".'", ". '")


def _is_initial(passage: Passage, index: int) -> bool:
    word = passage.words[index]
    return len(word.lower) == 1 and passage[word.end : word.end + 1] == "."


def _is_first_name(passage: Passage, index: int) -> bool:
    word = passage.words[index]
    return passage[word.start].isupper() and _is_listed(word.lower)


def _opens_sentence(passage: Passage, index: int) -> bool:
    if index == 0:
        return True
    between = passage.folded[passage.words[index - 1].end : passage.words[index].start]
    return any(char in '.!?:\n"“>•*' for char in between) or between == " - "


def _without_genitive(passage: Passage, end: int) -> int:
    return end - 2 if passage.folded[end - 2 : end] == "'s" else end


def _context(passage: Passage, name: _Name, start: int, end: int) -> float:
    """What the words around a name add to its score."""
    words = passage.words
    before = passage.before(start, 40)
    written = passage[start].isupper() or name.known
    previous = words[name.first - 1].lower if name.first else ""
    gap = passage.folded[words[name.first - 1].end : start] if name.first else ""
    lower = words[name.first].lower
    score = 0.0
    titled = previous in TITLES and (gap == " " or (gap == ". " and previous in _ABBREVIATED_TITLES))
    greeted = previous in GREETINGS and gap in (" ", ", ") and lower not in ROLE_WORDS
    if titled or greeted:
        score += 0.5
    elif previous in _VOICE and name.known and gap in (" ", ", "):
        score += 0.35
    elif _STRONG_INTRODUCTION.search(before) or _LABEL.search(before):
        score += 0.45
    elif previous in RELATION_NOUNS and gap in (" ", ", ", " (", ": "):
        score += 0.5 if passage[start].isupper() else 0.3 if name.known else 0.0
    elif _CLOSING.search(before) and _ends_line(passage, end):
        score += 0.5 if name.known or name.last == name.first else 0.35
    elif written and _INTRODUCED.search(before):
        score += 0.2
    else:
        score += _position(passage, name, start, end, before)
    if _ARTICLE.search(before) and previous not in TITLES:
        score -= 0.1 if previous in ("die", "een", "geen") and name.known else 0.35
    if passage[start].isupper() and _AGED.match(passage.folded, end):
        score += 0.45
    if previous in ORGANISATION_WORDS and gap == " ":
        score -= 0.6
    if name.last == name.first and lower in lexicon.places() and _PLACE_BEFORE.search(before):
        score -= 0.5
    return score


def _position(passage: Passage, name: _Name, start: int, end: int, before: str) -> float:
    """What the place in the message adds: a line of its own, the first or the last words."""
    line_start = not before or bool(_AT_LINE_START.search(before))
    full = name.last > name.first or name.known
    if line_start and not passage.folded[:start].strip():
        leads = _VERB if name.known and name.last > name.first else _VOCATIVE
        return 0.35 if full and (leads.match(passage.folded, end) or _VOCATIVE.match(passage.folded, end)) else 0.0
    if line_start and _ends_line(passage, end):
        return 0.45 if full else 0.15
    if line_start and _SIGNED.match(passage.folded, end) and full:
        return 0.35
    at_end = not passage.folded[end : end + 20].strip(_TAIL) and len(passage) - end < 20
    if full and at_end:
        return 0.3 if _opens_sentence(passage, name.first) else 0.1
    if (
        full
        and _opens_sentence(passage, name.first)
        and (_LAST_WITH_ROLE.match(passage.folded, end) or _VERB.match(passage.folded, end))
    ):
        return 0.3
    return 0.0


def _ends_line(passage: Passage, end: int) -> bool:
    return bool(_LINE_END.match(passage.folded, end))
