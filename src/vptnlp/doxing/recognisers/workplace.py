"""Where a private person works, or where somebody says a target or relative works.

Format: "werkt bij X", "baan in X", "koerier bij X", "op haar werk, X", where X is a proper name with or without a kind of
business before it, or a kind alone ("de vleesfabriek"); also the label "Werk:".
Source: no standard; the forms are those that messages in VPT-NL show.
Accuracy: depends on the verb; public bodies are left out, since the body that is written to is no personal detail. A business
by name without such a verb ("bakkerij Stroo") needs a person beside it, which `vptnlp.doxing.corroboration` looks at. A
company name under a signature is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.wordset import word_set
from vptnlp.taxonomy import DetailKind

_TAILS = tuple(
    sorted(
        word_set("""
    apotheek bakkerij bakker bloemist winkel markt bedrijf café cafe cafetaria drukkerij fabriek fietsenmaker
    stalling garage handel haven horeca hotel zagerij kapper kantoor kroeg kwekerij makelaar manege notaris
    opticien pizzeria praktijk reisbureau restaurant rijschool salon slager slagerij slachterij slachthuis
    snackbar supermarkt tandarts zorg centrum centrale tuinder uitzendbureau kraam afslag verpleeghuis
    verzorgingshuis webshop shop wasserij zaak ziekenhuis bank bibliotheek kinderopvang kinderdagverblijf school
    magazijn loods dierenarts dierenkliniek kliniek juwelier drogist drogisterij groothandel lab rederij kringloop
    frituur studio straat gasthuis wasstraat overslag redactie streekblad
""")
    )
)
"""What the word for a business ends in."""
_BUSINESS = rf"\w{{0,14}}(?:{'|'.join(_TAILS)})"
_CAP = r"[A-ZÀ-Þ][\w'’&.-]{0,30}"
_PROPER = rf"(?:(?:[Dd]e |[Hh]et |'t )?{_CAP}(?: (?:&|en|de|van|der|den|{_CAP})){{0,3}})"
_ARTICLE = r"(?:(?:de|het|een|die|dat|je|uw|zijn|haar|mijn|onze|'t) )?"
_PLACE = (
    rf"{_ARTICLE}(?:(?:[a-zà-ÿ-]{{3,25}} )?{_PROPER}|{_BUSINESS}(?: (?:in|op|aan|waar) (?:de |"
    rf"het )?[\w'-]{{2,20}})?(?![\w-]))"
)
_VERB = (
    r"werk(?:t|te|en|ten)?|gewerkt|werkzaam|aan het werk|helpt|baan|baantje|bijbaan|stage|"
    r"in dienst|koerier|chauffeur|kassière|kassier|vakkenvuller|verpleegkundige|verpleger|"
    r"receptioniste?|lerares|leraar|"
    r"schoonmaker|schoonmaakster|boekhoud(?:er|ster)|tandtechnicus|monteur|lasser|medewerk(?:er|"
    r"ster)|eigenaar|eigenares|mijn baas|zijn baas|haar baas|kok|ober|serveerster|voor de klas|"
    r"achter de kassa|"
    r"(?:tandarts|dokters|apothekers|dierenarts|onderwijs|klassen|kapsters)?assistente?|kapper|kapster|bezorger|stratenmaker|gedetacheerd|loon|(?:vriendin|vrouw|man|"
    r"wijf|zus|moeder|vader|zoon|dochter) staat|is juf|juf|bijverdient|pianist|schoonmaak"
)
_BETWEEN = (
    r"(?: (?:er|daar|nu|nog|toch|hier|toen|overdag|parttime|fulltime|vast|ook|gewoon|al|voor|altijd|hè|"
    r"zelf|als \w+|op \w+dag(?:en)?|di|ma|wo|do|vr|za|zo|t/m|\w+daags|'s \w+|\d+ jaar|schoon|"
    r"tot \w+)[,]?){0,5}"
)
_WORKS = re.compile(
    rf"(?<!\w)(?P<verb>(?i:{_VERB})){_BETWEEN},? (?P<preposition>bij|in|op|aan|van|voor|"
    rf"vanuit) (?P<place>{_PLACE})"
)
_APPOSITION = re.compile(rf"(?<!\w)(?:mijn|zijn|haar|hun|je|uw) (?:werk|baas|baan)(?:, | \(|: )(?P<place>{_PLACE})")
_WHERE = re.compile(
    rf"(?P<place>{_ARTICLE}{_BUSINESS} {_PROPER}),? (?:\()?waar (?:hij|zij|ze|die|je|u|"
    rf"\w+ \w+)? ?werkt"
)
_LABEL = re.compile(r"(?:^|\n)[ >*•-]*(?i:werk|werkgever|werkt(?: bij)?|baan)(?: ?: ?)(?P<place>[^\n,;(]{3,45})")
_NAMED_BUSINESS = re.compile(rf"(?<![\w-])(?P<place>(?:(?i:{_BUSINESS})) {_PROPER})")
_PUBLIC = re.compile(
    r"(?i:\b(?:politie|gemeente|justitie|rechtbank|belastingdienst|uwv|svb|ind|coa|om|openbaar|"
    r"brandweer|ggd|provincie|dji|rijk|overheid|raad|stadhuis|gemeentehuis|loket|balie|"
    r"reclassering|"
    r"wijkteam|jeugdzorg|handhaving|defensie|douane|marechaussee|afdeling|zaak|zaken|markt|school|"
    r"centrum|bank|straat|u|jullie|je|ons|hem|haar|mij|woensdag|maandag|dinsdag|donderdag|vrijdag|"
    r"zaterdag|zondag)$)"
)
_AT_BUSINESS = re.compile(r"\b(?:bij|voor|vanuit|runt|uitbat\w{2,4} van|eigena\w{2,4} van) (?:de |het )?$")
_ROAD = re.compile(r"(?i:\b(?:snelweg|rijksweg|autosnelweg|rotonde|kruispunt)\b)")
_STRONG = re.compile(
    r"(?i:werk|\w*assistente?|kok|lasser|monteur|verpleegkundige|verpleger|vakkenvuller|"
    r"kassière|baan|bijbaan|stage|in dienst|voor de klas|gedetacheerd|helpt|.* staat)"
)
_SIGN = re.compile(
    r"werk|baan|stage|dienst|koerier|chauffeur|kass|eigena|verpleeg|klas|tand|lera|monteur|kapper|"
    r"kapster|bezorger|boekhoud|assistent|baas|kok\b|loon|helpt|pianist|winkel|zaak|bakker|markt|"
    r"praktijk|garage|salon|bedrijf|shop|kraam|fabriek|drogist|centr|drukkerij|apothe|studio|lasser|receptionist|vakkenvuller|verpleger|schoonm|ober\b|serveer|juf|"
    r"bezorg|gedetacheerd|stratenmaker|stal|handel|haven|horeca|hotel|zager|kroeg|kweker|makelaar|notaris|opticien|pizzeria|"
    r"restaurant|slager|slacht|zorg|tuinder|afslag|wasser|ziekenhuis|bank|school|magazijn|loods|dierenarts|kliniek|juwelier|"
    r"rederij|kringloop|frituur|overslag|redactie|bloemist|caf"
)


class WorkplaceRecogniser:
    """Finds where people work."""

    kinds = frozenset({DetailKind.WORKPLACE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if not _SIGN.search(passage.folded):
            return
        for match in _WORKS.finditer(passage):
            score = (
                0.85
                if _STRONG.match(match.group("verb")) and match.group("preposition") in ("bij", "in", "op", "vanuit")
                else 0.55
            )
            yield from _at(passage, match, score - 0.2 * (match.group("preposition") in ("van", "voor", "aan")))
        for pattern, score in ((_APPOSITION, 0.7), (_LABEL, 0.65)):
            for match in pattern.finditer(passage):
                yield from _at(passage, match, score)
        if "waar " in passage.folded and "werkt" in passage.folded:
            for match in _WHERE.finditer(passage):
                yield from _at(passage, match, 0.8)
        for match in _named(passage):
            yield from _at(passage, match, 0.5 if _AT_BUSINESS.search(passage.before(match.start(), 12)) else 0.4)


def _named(passage: Passage) -> Iterator[re.Match[str]]:
    """Businesses by name ("bakkerij Stroo"). Only words with the ending of a business are tried: the pattern is a slow one."""
    position = 0
    for word in passage.words:
        if word.start >= position and word.lower.endswith(_TAILS):
            match = _NAMED_BUSINESS.match(passage, word.start)
            if match:
                yield match
                position = match.end()


def _at(passage: Passage, match: re.Match[str], score: float) -> Iterator[Detail]:
    start = match.start("place")
    place = match.group("place").rstrip(" .")
    if place.endswith((" en", " van", " de", " der", " den", " &")):
        place = place.rsplit(" ", 1)[0]
    if not _PUBLIC.search(place) and not _ROAD.search(place) and len(place) > 2:
        yield candidate(start, start + len(place), DetailKind.WORKPLACE, score)
