"""Relatives named by their relation: "je dochtertje", "mijn vrouw", "die man van je", "ons moeder".

Format: a possessive, words such as "oudste" or "twee", and a relation noun, which may be a diminutive or plural; also
"de moeder van Delano", and a bare noun used as a name ("vader ligt in het ziekenhuis", "dochter: Linde").
Source: no standard; the forms are those that messages in VPT-NL show.
Accuracy: a possessive before a relation noun is near certain; "man" and "vrouw" with an article are not relatives. A bare
noun or "de kinderen" is a relative only where the message is about somebody's family, which the rules can only guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Case, Detail, Passage, candidate
from vptnlp.doxing.relations import POSSESSIVES, RELATION_NOUNS, WEAK_NOUNS
from vptnlp.doxing.vocabulary import FUNCTION_WORDS
from vptnlp.doxing.wordset import word_set
from vptnlp.taxonomy import DetailKind

_BETWEEN = word_set("""
    oudste jongste middelste eigen oude ouwe lieve kleine grote arme jonge mooie zieke overleden beide hele
    bejaarde demente dode aanstaande nieuwe vorige zwangere hoogzwangere gehandicapte dove blinde schattige
    dierbare enige andere laatste eerste tweede dikke vieze vuile lelijke domme schele autistische een twee drie
    vier vijf zes zeven acht negen 2 3 4 5 6 minderjarige volwassen pasgeboren tweejarige driejarige vierjarige
    vijfjarige zesjarige zevenjarige achtjarige lieveling wettige trotse bange kale blonde slimme lieftallige
    87-jarige bloedeigen
""")
_ARTICLES = frozenset({"de", "het", "die", "dat", "een", "'t", "t", "zo'n", "deze", "twee", "drie", "vier", "beide"})
_ARTICLE_NOUNS = word_set("""
    zoons zonen dochters broers zussen meiden neven kinderen kids kind dochter dochters zoon zoontje dochtertje
    kleinkinderen moeder vader ouders baby tweeling partner echtgenote echtgenoot broer zus zusje broertje gezin
    meisjes jongens kleintje kleintjes oudste jongste kleinste middelste kleuter peuter weduwe meisje
""")
_OF_YOURS = re.compile(r"(?P<you> van (?:jou|je|u|hem|haar|jullie|hun|mij|'m|d'r))(?![\w'])(?: (?P<next>[a-zà-ÿ']+))?")
_AFTER_YOU = FUNCTION_WORDS | {
    "werkt",
    "woont",
    "rijdt",
    "loopt",
    "fietst",
    "slaapt",
    "moest",
    "hebben",
    "nog",
    "dood",
    "kapot",
    "zien",
    "spelen",
    "wonen",
    "fietsen",
    "lopen",
    "slapen",
    "gaan",
    "krijgen",
    "vinden",
}
_OF_SOMEBODY = re.compile(
    r" van (?:(?:de|het|een|mijn|die) )?(?:agent|rechter|wethouder|burgemeester|officier|raadslid|"
    r"collega|verdachte|slachtoffer|tegenpartij|buren|melder|bewoner|[\w'-]{2,25})"
)
_ROLE_SURNAME = re.compile(
    r" van (?:de )?(?:agent|rechter|wethouder|burgemeester|officier|raadslid|collega|mevrouw|meneer|juf|meester)"
    r" (?:(?:van|de|der|den|el) ){0,2}[A-ZÀ-Þ][\w'’-]{1,30}"
)
_NAMED = re.compile(r"(?: heet| is | \(|: | genaamd|,? [A-ZÀ-Þ][a-zà-ÿ]+)")
_DECEASED = re.compile(r" zaliger(?!\w)")
_BARE = word_set("""
    vader moeder mama papa mam pap oma opa pa ma ouders dochter zoon zoontje dochtertje vrouw vriendin
    echtgenote echtgenoot partner broer zus kinderen schoonvader schoonmoeder
""")
_BARE_BEFORE = re.compile(
    r"(?:^|[.!?:;\n,(>\"-]|\b(?:met|en|dat|of|van|bij|voor|aan|lag|ligt|als|zoals|door|"
    r"werkrooster|tegen|om|naar|want|toen|heeft|ook)) ?$"
)
_KIN_AS_NAME = word_set("vader moeder ouders mama papa oma opa")
_PLURALS = word_set("""
    kinderen kids zoons zonen dochters broers zussen kleinkinderen neven nichten
""")
_ROLE_BEFORE = re.compile(
    r"\b(?:als|geen|ben|is|bent|was|word|wordt|worden|werd|goede|slechte|alleenstaande|jonge|"
    r"beste|lieve|hallo|dag|die|elke|iedere|hé|ja|voor|aan|zonder|jaar|vroeg|riep|volgende|door|"
    r"van|naar|slapen|op|tegen) $"
)
_OWNING = re.compile(r"\b(?:heb|hebt|heeft|hebben|met|had|en|als|van|voor|waar)(?: ook| gewoon| nog| zelf)? $")
_TELEGRAM = re.compile(r" (?:is|zit|heeft|staat|werkt|woont|belde|belt|heet|van|naar|meldt|was|komt|slaapt|op)\b")
_SURNAMED = re.compile(r" (?!Is |Heeft |Was )[A-ZÀ-Þ][a-zà-ÿ]+")
_MODIFIERS = frozenset({"oudste", "jongste", "middelste", "kleinste", "kleine"})
_CALLED = word_set("oma opa tante oom ome ma pa nonkel bomma mama papa oma's")
_SAYING = re.compile(r" (?:natuur|aarde|overste|aller)\b")
_COLLEAGUE = re.compile(r" (?:collega|medewerker|lid|leden|ambtenaar|klant|brief|besluit|bericht|mail)")
# "zijn" and "ze" are possessives and verbs or subjects; "me" and "u" stand for "mijn" and "uw" in speech only.
_ALSO_VERBS = frozenset({"zijn", "ze", "u"})
_SUBJECTS = frozenset({"wij", "we", "zij", "ze", "jullie", "die", "dat"})
_SPOKEN = frozenset({"u", "der", "hen", "j", "r", "m", "me", "ze"})
_PARTNERS = frozenset({"man", "vrouw", "vriend", "vriendin"})
_ANYBODY = frozenset({"jongen", "meisje", "lief", "mannetje", "man"})
_OWN_CIRCLE = frozenset({"jongens", "mannen", "familie", "meisje", "jongen"})
_NOT_OF_SOMEBODY = _OWN_CIRCLE | {"kinderen", "man", "kleine", "oudste", "jongste"}
_PUBLIC_NOUNS = word_set("meisje jongens meisjes vader moeder partner ouders dochter zoon kind")
_SECOND_PERSON = frozenset({"je", "jij", "jouw", "u", "uw"})
_HOME = word_set("vrouw man slapen slaapt thuis school mijn gezin")


class FamilyRecogniser:
    """Finds relatives by relation."""

    kinds = frozenset({DetailKind.FAMILY})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if passage.vocabulary.isdisjoint(RELATION_NOUNS):
            return
        for index, word in enumerate(passage.words):
            if word.lower in RELATION_NOUNS and (found := _relative(passage, index)):
                yield found


def _relative(passage: Passage, index: int) -> Detail | None:
    words, folded = passage.words, passage.folded
    noun = words[index].lower
    if noun == "moeder" and _SAYING.match(folded, words[index].end):
        return None
    if noun in _MODIFIERS and (_modifies(passage, index) or _COLLEAGUE.match(folded, words[index].end)):
        return None
    first = index
    while first and index - first < 3 and words[first - 1].lower in _BETWEEN and _adjacent(passage, first):
        first -= 1
    end = words[index].end
    if match := _DECEASED.match(folded, end):
        end = match.end()
    elif noun in _CALLED and (match := _SURNAMED.match(passage, end)):
        return candidate(words[index].start, match.end(), DetailKind.FAMILY, 0.6)
    previous = words[first - 1].lower if first and _adjacent(passage, first) else ""
    if previous in POSSESSIVES:
        return candidate(
            words[first - 1].start, end, DetailKind.FAMILY, _after_possessive(passage, first - 1, previous, noun)
        )
    if previous in _ARTICLES or (first < index and words[first].lower in _ARTICLES):
        start = words[first - 1].start if previous in _ARTICLES else words[first].start
        return _after_article(passage, start, end, previous or words[first].lower, noun)
    if first < index:
        return None
    return _bare(passage, words[first].start, end, noun)


def _modifies(passage: Passage, index: int) -> bool:
    """Whether "oudste" or "kleine" stands before the noun that it describes ("je oudste zoon")."""
    words = passage.words
    return index + 1 < len(words) and words[index + 1].lower in RELATION_NOUNS and _adjacent(passage, index + 1)


def _adjacent(passage: Passage, index: int) -> bool:
    return passage.folded[passage.words[index - 1].end : passage.words[index].start] in (" ", " '")


def _after_possessive(passage: Passage, index: int, possessive: str, noun: str) -> float:
    """The score of a noun after the possessive that is word `index`."""
    before = passage.words[index - 1].lower if index else ""
    if possessive in _ALSO_VERBS and before in _SUBJECTS:
        return 0.2  # "wij zijn vader", "u moeder" after "die"
    if possessive in ("ons", "onze") and noun in _PARTNERS:
        return 0.3  # "onze vriend" is anybody
    if possessive in _SPOKEN:
        return 0.6 if noun in _PARTNERS else 0.3 if noun in WEAK_NOUNS else 0.55
    if possessive == "je" and noun in _ANYBODY and before in ("ben", "bent", "als", "dat", "of"):
        return 0.45  # "dat je man genoeg bent"
    if noun in _OWN_CIRCLE and possessive in ("mijn", "zijn", "hun", "ons", "onze"):
        return 0.5 if noun == "familie" else 0.35  # "mijn jongens" is a crew as often as sons
    return 0.9


def _after_article(passage: Passage, start: int, end: int, article: str, noun: str) -> Detail | None:
    folded = passage.folded
    yours = _OF_YOURS.match(folded, end)
    if yours and noun not in ("kind", "familie") and (yours.group("next") is None or yours.group("next") in _AFTER_YOU):
        return candidate(start, yours.end("you"), DetailKind.FAMILY, 0.85)
    if article in ("de", "het") and noun not in _NOT_OF_SOMEBODY and (somebody := _OF_SOMEBODY.match(folded, end)):
        if surname := _ROLE_SURNAME.match(passage, end):
            somebody = surname
        return candidate(start, somebody.end(), DetailKind.FAMILY, 0.7)
    if noun not in _ARTICLE_NOUNS:
        return None
    score = 0.3
    if article in ("de", "het", "die") and noun not in _PUBLIC_NOUNS:
        score += 0.1
    if article == "de" and noun in ("dochter", "zoon", "moeder", "vader"):
        score += 0.1
    if article in ("een", "twee", "drie", "vier") and _OWNING.search(passage.before(start, 20)):
        score += 0.15
    if not passage.vocabulary.isdisjoint(_SECOND_PERSON):
        score += 0.05
    if not passage.vocabulary.isdisjoint(_HOME):
        score += 0.05
    if _NAMED.match(passage, end):
        score += 0.1
    return candidate(start, end, DetailKind.FAMILY, score)


def _bare(passage: Passage, start: int, end: int, noun: str) -> Detail | None:
    """A relation without possessive or article, used as a name or in telegram style."""
    folded = passage.folded
    before = passage.before(start, 20)
    if noun in _PLURALS and _OWNING.search(before):
        return candidate(start, end, DetailKind.FAMILY, 0.55)
    if noun not in _BARE or (passage[start].islower() and noun in ("vrouw", "partner")):
        return None
    score = 0.35 if _BARE_BEFORE.search(before) else 0.1
    if noun in _KIN_AS_NAME:
        score = 0.2 if _OF_SOMEBODY.match(folded, end) or _ROLE_BEFORE.search(before) else 0.5
    elif passage[start].isupper() and passage.case is Case.MIXED and _TELEGRAM.match(folded, end):
        score = 0.5
    if _NAMED.match(passage, end):
        score += 0.15
    return candidate(start, end, DetailKind.FAMILY, score)
