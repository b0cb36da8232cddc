"""Ages of persons.

Format: "7 jaar (oud)", "44-jarige", "een jaar of 40", "begin dertig", "M/23", "van 9" after a relative, "(13)" after a
name, "ik ben 61"; numbers in digits or words; months and weeks for babies.
Source: no standard; the forms are those that messages in VPT-NL show.
Accuracy: "oud" and "-jarige" are near certain. A bare number or "N jaar" is an age only right after a person or "ben",
"is", "wordt"; "jaar" is more often a duration ("al 7 jaar", "3 jaar cel").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.relations import RELATION_NOUNS
from vptnlp.doxing.spelled import number_words
from vptnlp.doxing.wordset import word_set
from vptnlp.taxonomy import DetailKind

_WORDS = "|".join(sorted((word for word in number_words() if word not in ("nul", "een")), key=len, reverse=True))
_N = rf"(?:[1-9],5|[1-9][0-9]?|1[0-1][0-9]|{_WORDS}|een(?= (?:jaar|maand)))(?![\w.,:/-]?[0-9])"
_TENS = "[2-9][05]|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig"
_UNIT = r"(?:jaar|jr\.?|maanden|maandjes|maand|mnd|weken)"
_OLD = re.compile(rf"(?<![\w.,€-]){_N} ?{_UNIT} oud(?!\w)")
_THING = re.compile(
    r"\b(?:huis|pand|gebouw|woning|flat|auto|wagen|fiets|boom|bomen|dak|brug|school|kerk|bedrijf|wet|regel|foto|brief|zaak|"
    r"ding|cv-ketel|ketel|hond|kat|dossier)\b[^.,;!?\n]{0,20}$"
)
_YEARED = re.compile(rf"(?<![\w.,-])(?:{_N}[- ]?jarige?)(?:[nr])?(?!\w)")
_ABOUT = re.compile(
    rf"(?<!\w)(?:een jaar of {_N}|(?:rond de|begin|midden|eind) (?:{_TENS}))(?!\w)(?! ?(?:euro|graden|keer|minuten|mensen|km))"
)
_ESTIMATED = re.compile(r"(?:\b(?:van|is|was|ben|man|vrouw|jongen|schat (?:hem|haar)),? |[,(] ?)$")
_POLICE = re.compile(r"(?<!\w)[mv]/(?P<age>[1-9][0-9])(?!\w|[/-]\w)")
_SELF = re.compile(
    rf"(?<!\w)(?:ik|wij|we) (?:ben|word|zijn|was) (?:nu |al |pas |zelf |thans |net |nog maar |inmiddels |"
    rf"bijna |toen |allebei |beiden )?(?P<age>{_N}(?: {_UNIT}| lentes)?)(?=[ ]*(?:[.,;!?)\n]|$| en | maar |"
    rf" dus | met | zit | heb | volgend | toen ))"
)
_OTHER = re.compile(
    rf"(?<!\w)(?:is|was|wordt|werd|bent|word)(?: (?:hij|ze|zij|ie))? (?:nu |al |pas |net |"
    rf"nog maar |inmiddels |toch |bijna |ongeveer |volgende week |morgen |vandaag |zo'n |"
    rf"toen )?(?P<age>{_N}(?: {_UNIT})?)(?=[ ]*(?:[.,;!?)\n]|$| en (?!{_N} (?:uur|euro))| geworden|"
    rf" jaar| toen))"
)
_BOTH = re.compile(
    rf"(?<!\w)(?:zijn|waren|worden)(?: nu| pas|"
    rf" al)? (?P<age>{_N})(?P<middle>, {_N})? en (?P<more>{_N})(?=(?: jaar)?(?:[.,;!?)\n]|$| en ))"
)
_BRACKETS = re.compile(rf"\((?P<age>{_N}(?: {_UNIT})?)(?P<more>(?: en |, ){_N}(?: {_UNIT})?)?[,)]")
_OF = re.compile(
    rf"(?<!\w)van (?:bijna |net |ongeveer |rond de |begin |eind )?(?P<age>{_N}(?: {_UNIT})?)(?!\w|"
    rf" of [0-9]| ?(?:uur|jaar of|seconden?|minuten|centimeter|cm|meter|kinderen|dochters|zonen|vrienden|"
    rf"keer|jaar of|euro|kilo|km|meter|procent|%|maart|april|mei|juni|juli|januari|februari|"
    rf"augustus|september|oktober|november|december|t/m|tot))"
)
_DURATION = re.compile(
    rf"(?<![\w.,€-])(?P<age>{_N} {_UNIT})(?!\w| ?(?:lang|geleden|cel|gevangenis|later|eerder|"
    rf"garantie))"
)
_PERSONS = RELATION_NOUNS | word_set("""
    jongen jongens meisje meisjes man vrouw kind kinderen mevrouw meneer heer leerling patiënt vent gast gozer
    dame knul knaap dreumes kereltje jochie mannetje
""")
_NOT_AGES = re.compile(
    r"(?:klas|groep|havo|vwo|vmbo|kamer|artikel|art|paragraaf|week|lijn|deel|bijlage|punt|nummer|"
    r"nr|zaal|x|huis|flat)\.? ?\(?$"
)
_UNIT_END = re.compile(rf"{_UNIT}$")
_COMMA_BEFORE = re.compile(r"[,(]\s?$")
_COMMA_YEARS = re.compile(
    rf"(?<=[\wà-ÿ)]), (?:ca\.? |circa |ongeveer |± ?)?(?P<age>{_N} jaar)(?=, | en (?:nu|nog|slecht|al)|\. )"
)
_ONCE = re.compile(
    rf"(?<!\w)(?:man|vrouw|jongen|meisje|bestuurder|verdachte|slachtoffer|patiënt|bewoner|"
    rf"bewoonster|leerling|zoon|dochter|kind|moeder|vader),? (?:ca\.? |circa |ongeveer |± ?)?"
    rf"(?P<age>{_N}(?: {_UNIT})?)(?=[,.)\n]|$| en )"
)
_COMMA_AGE = re.compile(rf"(?<=[\wà-ÿ)]), (?P<age>{_N})(?=,|\.?\s*$|\n|\. )")
_LAST_WORD = re.compile(r"([^\W\d_][\w'-]*),? $")


class AgeRecogniser:
    """Finds ages."""

    kinds = frozenset({DetailKind.AGE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if not passage.digit_count and passage.vocabulary.isdisjoint(number_words()) and "jarig" not in passage.folded:
            return
        folded = passage.folded
        if "oud" in folded:
            for match in _OLD.finditer(folded):
                score = 0.3 if _THING.search(passage.before(match.start(), 40)) else 0.9
                yield candidate(match.start(), match.end(), DetailKind.AGE, score)
        if "jarig" in folded:
            yield from (candidate(m.start(), m.end(), DetailKind.AGE, 0.8) for m in _YEARED.finditer(folded))
        for match in _ABOUT.finditer(folded):
            sure = match.group().startswith("een jaar of") or _ESTIMATED.search(passage.before(match.start(), 20))
            score = 0.65 if sure else 0.35
            yield candidate(match.start(), match.end(), DetailKind.AGE, score)
        yield from (_at(m, 0.6) for m in _POLICE.finditer(folded))
        yield from (_at(m, 0.75) for m in _SELF.finditer(folded))
        for match in _OTHER.finditer(folded):
            score = 0.5 if _about_person(passage, match.start()) else 0.2
            yield _at(match, score + 0.2 * ("jaar" in match.group("age")))
        for match in _BOTH.finditer(folded):
            for group in ("age", "middle", "more"):
                if match.group(group):
                    lead = 2 if group == "middle" else 0
                    yield candidate(match.start(group) + lead, match.end(group), DetailKind.AGE, 0.55)
        if "(" in folded:
            for match in _BRACKETS.finditer(folded):
                yield from _in_brackets(passage, match)
        if "van" in passage.vocabulary:
            for match in _OF.finditer(folded):
                yield _at(
                    match,
                    0.65
                    if _after_person(passage, match.start())
                    else 0.3
                    if _UNIT_END.search(match.group("age"))
                    else 0.1,
                )
        for match in _DURATION.finditer(folded):
            yield _at(
                match,
                0.3
                if passage.before(match.start(), 2) in (", ", " (", "\n", "- ")
                or _COMMA_BEFORE.search(passage.before(match.start(), 3))
                else 0.1,
            )
        yield from _after_comma(passage)


def _after_comma(passage: Passage) -> Iterator[Detail]:
    """Ages between commas ("Otto, 58, tandarts"), which need a name before them (corroboration)."""
    for match in _COMMA_AGE.finditer(passage.folded):
        yield _at(match, 0.3)
    for match in _COMMA_YEARS.finditer(passage.folded):
        yield _at(match, 0.5)
    for match in _ONCE.finditer(passage.folded):
        yield _at(match, 0.55)


def _at(match: re.Match[str], score: float) -> Detail:
    return candidate(match.start("age"), match.end("age"), DetailKind.AGE, score)


def _in_brackets(passage: Passage, match: re.Match[str]) -> Iterator[Detail]:
    before = passage.before(match.start(), 12)
    if _NOT_AGES.search(before):
        return
    previous = _word_before(passage, match.start())
    named = bool(previous) and passage[match.start() - len(previous) - 1].isupper()
    score = 0.7 if previous in _PERSONS else 0.5 if named else 0.3
    yield _at(match, score)
    if match.group("more"):
        start = match.start("more") + (4 if match.group("more").startswith(" en ") else 2)
        yield candidate(start, match.end("more"), DetailKind.AGE, score)


def _about_person(passage: Passage, start: int) -> bool:
    previous = _word_before(passage, start)
    return (
        previous in _PERSONS
        or previous in ("hij", "zij", "ze", "die", "je", "u", "jij")
        or (
            bool(previous)
            and passage[start - len(previous) - 1].isupper()
            and previous not in ("dit", "dat", "het", "er", "alles")
        )
    )


def _after_person(passage: Passage, start: int) -> bool:
    previous = _word_before(passage, start)
    return previous in _PERSONS or (
        bool(previous)
        and previous.endswith(("je", "jes", "ster", "man", "vrouw"))
        and previous[0].isalpha()
        and previous not in ("beetje", "stukje")
    )


def _word_before(passage: Passage, start: int) -> str:
    match = _LAST_WORD.search(passage.before(start, 30))
    return match.group(1) if match else ""
