"""Relatives named by their relation: "je dochtertje", "mijn vrouw", "die man van je", "ons moeder".

Format: a possessive, words such as "oudste" or "twee", and a relation noun, which may be a diminutive or plural; also
"de moeder van Delano", and a bare noun used as a name ("vader ligt in het ziekenhuis", "dochter: Linde").
Accuracy: a possessive before a relation noun is near certain; "man" and "vrouw" with an article are not relatives. A bare
noun or "de kinderen" is a relative only where the message is about somebody's family, which the rules can only guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Case, Detail, Passage, candidate
from vptnlp.doxing.relations import POSSESSIVES, RELATION_NOUNS, WEAK_NOUNS
from vptnlp.taxonomy import DetailKind

_BETWEEN = frozenset(
    """oudste jongste middelste eigen oude ouwe lieve kleine grote arme jonge mooie zieke overleden beide hele bejaarde demente dode aanstaande nieuwe vorige
    zwangere hoogzwangere gehandicapte dove blinde schattige dierbare enige andere laatste eerste tweede dikke vieze vuile lelijke domme schele autistische
    een twee drie vier vijf zes zeven acht negen 2 3 4 5 6 minderjarige volwassen pasgeboren tweejarige driejarige vierjarige vijfjarige zesjarige zevenjarige achtjarige
    lieveling wettige trotse bange kale blonde slimme lieftallige 87-jarige""".split()
)
_ARTICLES = frozenset({"de", "het", "die", "dat", "een", "'t", "t", "zo'n", "deze", "twee", "drie", "vier", "beide"})
_ARTICLE_NOUNS = frozenset(
    """kinderen kids kind dochter dochters zoon zoontje dochtertje kleinkinderen moeder vader ouders baby tweeling partner echtgenote echtgenoot broer zus
    zusje broertje gezin meisjes jongens kleintje kleintjes oudste jongste kleinste middelste kleuter peuter weduwe meisje""".split()
)
_OF_YOURS = re.compile(r" van (?:je|jou|u|hem|haar|jullie|hun|mij|'m|d'r)(?!\w)(?! [a-zà-ÿ]{3,})")
_OF_SOMEBODY = re.compile(
    r" van (?:(?:de|het|een|mijn|die) )?(?:agent|rechter|wethouder|burgemeester|officier|raadslid|collega|verdachte|slachtoffer|tegenpartij|buren|melder|bewoner|[\w'-]{2,25})"
)
_NAMED = re.compile(r"(?: heet| is | \(|: | genaamd|,? [A-ZÀ-Þ][a-zà-ÿ]+)")
_DECEASED = re.compile(r" zaliger(?!\w)")
_BARE = frozenset(
    "vader moeder mama papa mam pap oma opa pa ma ouders dochter zoon zoontje dochtertje vrouw vriendin echtgenote echtgenoot partner broer zus kinderen schoonvader schoonmoeder".split()
)
_BARE_BEFORE = re.compile(r"(?:^|[.!?:;\n,(>\"-]|\b(?:met|en|dat|of|van|bij|voor|aan|lag|ligt|als|zoals|door|werkrooster|tegen|om|naar|want|toen|heeft|ook)) ?$")
_KIN_AS_NAME = frozenset("vader moeder mama papa mam pap oma opa".split())
_OWNING = re.compile(r"\b(?:heb|hebt|heeft|hebben|met|had|en|als|van|voor|waar)(?: ook| gewoon| nog| zelf)? $")
_TELEGRAM = re.compile(r" (?:is|zit|heeft|staat|werkt|woont|belde|belt|heet|van|naar|meldt|was|komt|slaapt|op)\b")
_SURNAMED = re.compile(r" (?!Is |Heeft |Was )[A-ZÀ-Þ][a-zà-ÿ]+")
_MODIFIERS = frozenset({"oudste", "jongste", "middelste", "kleinste", "kleine"})
_CALLED = frozenset("oma opa tante oom ome ma pa nonkel bomma mama papa oma's".split())
_COLLEAGUE = re.compile(r" (?:collega|medewerker|lid|leden|ambtenaar|klant|brief|besluit|bericht|mail)")


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
        return candidate(words[first - 1].start, end, DetailKind.FAMILY, _after_possessive(passage, first - 1, previous, noun))
    if previous in _ARTICLES or (first < index and words[first].lower in _ARTICLES):
        start = words[first - 1].start if previous in _ARTICLES else words[first].start
        return _after_article(passage, start, end, previous or words[first].lower, noun)
    return _bare(passage, words[first].start, end, noun)


def _modifies(passage: Passage, index: int) -> bool:
    """Whether "oudste" or "kleine" stands before the noun that it describes ("je oudste zoon")."""
    words = passage.words
    return index + 1 < len(words) and words[index + 1].lower in RELATION_NOUNS and _adjacent(passage, index + 1)


def _adjacent(passage: Passage, index: int) -> bool:
    return passage.folded[passage.words[index - 1].end : passage.words[index].start] in (" ", " '")


def _after_possessive(passage: Passage, index: int, possessive: str, noun: str) -> float:
    score = 0.9
    if possessive in ("u", "der", "hen", "j", "r", "m", "me", "ze"):
        score = 0.55 if noun not in WEAK_NOUNS else 0.3
    if possessive in ("ze", "u", "zijn") and index and passage.words[index - 1].lower in ("wij", "we", "zij", "ze", "jullie", "die", "dat"):
        return 0.2
    if possessive in ("ons", "onze") and noun in ("vriend", "vriendin", "man", "vrouw", "mannen"):
        return 0.3
    if possessive in ("me", "ze", "u") and noun in ("man", "vrouw", "vriend", "vriendin", "ma", "pa"):
        score = 0.6
    if possessive == "je" and noun in ("jongen", "meisje", "lief", "mannetje", "man") and passage.before(passage.words[index].start, 12).endswith(("ben ", "bent ", "als ", "dat ", "of ")):
        score = 0.45
    if noun in ("jongens", "mannen", "familie", "meisje", "jongen") and possessive in ("mijn", "ons", "onze", "zijn", "hun"):
        score = 0.5 if noun == "familie" else 0.35
    return score


def _after_article(passage: Passage, start: int, end: int, article: str, noun: str) -> Detail | None:
    folded = passage.folded
    if (match := _OF_YOURS.match(folded, end)) and noun not in ("kind", "familie"):
        return candidate(start, match.end(), DetailKind.FAMILY, 0.85)
    if (
        article == "de"
        and noun not in ("jongens", "mannen", "familie", "kinderen", "meisje", "jongen", "man", "kleine", "oudste", "jongste")
        and (match := _OF_SOMEBODY.match(folded, end))
    ):
        return candidate(start, match.end(), DetailKind.FAMILY, 0.7)
    if noun not in _ARTICLE_NOUNS:
        return None
    score = 0.3
    if article in ("de", "het", "die") and noun not in ("meisje", "jongens", "meisjes", "vader", "moeder", "partner", "ouders", "dochter", "zoon", "kind"):
        score = 0.4
    second_person = not passage.vocabulary.isdisjoint(("je", "jij", "jouw", "u", "uw"))
    family_talk = not passage.vocabulary.isdisjoint(("vrouw", "man", "slapen", "slaapt", "thuis", "school", "mijn", "gezin"))
    score += 0.05 * second_person + 0.05 * family_talk
    if _NAMED.match(passage, end):
        score += 0.1
    if article in ("een", "twee", "drie", "vier") and _OWNING.search(passage.before(start, 20)):
        score += 0.15
    return candidate(start, end, DetailKind.FAMILY, score)


def _bare(passage: Passage, start: int, end: int, noun: str) -> Detail | None:
    if noun not in _BARE:
        return None
    before = passage.before(start, 14)
    score = 0.1
    if noun == "ma" or (passage[start].islower() and noun in ("vrouw", "partner")):
        return None
    if _BARE_BEFORE.search(before):
        score = 0.35
        if noun in _KIN_AS_NAME and not _OF_SOMEBODY.match(passage.folded, end):
            score = 0.5
        elif passage[start].isupper() and passage.case is Case.MIXED and _TELEGRAM.match(passage.folded, end):
            score = 0.5
    if _NAMED.match(passage, end):
        score += 0.15
    return candidate(start, end, DetailKind.FAMILY, score)
