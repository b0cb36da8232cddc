"""Vehicles: make, model, colour or kind.

Format: a make or model with colour ("witte Skoda Fabia"), possessive ("uw Skoda") or "rijdt (in)", or a kind with a colour
("groene bestelbus", "rode fiets"); diminutives such as "fiatje".
Source: no standard; makes and models as people write them.
Accuracy: colour with make is near certain. A model alone ("golf", "polo") is a word or a sport, and a kind alone names no
vehicle in particular, so both need a colour or an owner beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.colours import COLOUR
from vptnlp.taxonomy import DetailKind

_MAKES = (
    "audi|bmw|mercedes(?:-benz)?|volkswagen|vw|opel|ford|fiat|renault|peugeot|citro[eë]n|toyota|"
    "kia|seat|skoda|škoda|volvo|tesla|hyundai|mazda|nissan|suzuki|"
    "honda|mitsubishi|dacia|mini cooper|mini|smart|porsche|jaguar|land rover|range rover|jeep|"
    "lexus|saab|alfa romeo|alfa|cupra|lynk|byd|polestar|subaru|chevrolet|daf|iveco|"
    "vespa|piaggio|yamaha|kawasaki|harley|gazelle|batavus|sparta|giant|koga|stella|vanmoof|"
    "babboe|urban arrow|canta|biro|polaris|scania"
)
_MODELS = (
    "golf|polo|passat|tiguan|touran|up|caddy|transporter|id\\.?[34]|caravelle|astra|corsa|zafira|"
    "vectra|mokka|insignia|vivaro|combo|focus|fiesta|mondeo|transit|ka|kuga|"
    "punto|panda|500|ducato|doblo|clio|megane|m[eé]gane|sc[eé]nic|twingo|captur|kangoo|trafic|"
    "master|zoe|20[5-8]|30[6-8]|500[68]|partner|expert|c[1-5]|berlingo|jumper|jumpy|picasso|"
    "yaris|aygo|corolla|auris|prius|rav4|hilux|picanto|rio|ceed|niro|sportage|ibiza|leon|arona|"
    "ateca|alhambra|octavia|fabia|superb|kodiaq|v40|v50|v60|v70|xc40|xc60|xc90|s60|"
    "model [3syx]|i10|i20|i30|kona|tucson|mx-?5|cx-?[357]|micra|qashqai|juke|swift|alto|vitara|"
    "ignis|civic|jazz|space star|colt|outlander|sandero|duster|logan|"
    "a[1-8]|q[2-8]|rs ?[3-7]|s[3-5]|x[1-6]|amarok|crafter|multivan|arteon|mustang|ranger|galaxy|"
    "s-max|c-max|cayman|wrangler|scirocco|beetle|kever|eend|i3|ioniq|modus|espace|laguna|jogger|"
    "spring|[1-7]-serie|[ecab]-klasse|vito|sprinter|viano|e-tron|taycan|cayenne|defender|"
    "discovery|zip|berini"
)
_CLEAR_MODELS = (
    "passat|tiguan|touran|transporter|caravelle|astra|corsa|zafira|vectra|insignia|vivaro|fiesta|"
    "mondeo|ducato|doblo|clio|megane|mégane|scenic|twingo|captur|kangoo|berlingo|"
    "yaris|aygo|corolla|auris|prius|picanto|sportage|ibiza|octavia|fabia|kodiaq|qashqai|micra|"
    "sandero|duster|sprinter|vito|caddy|golf|polo|picasso|model [3syx]"
)
_KINDS = (
    "auto|autootje|bakkersbus|dubbeldekker|touringcar|rollator|wagen|wagentje|bus|busje|bestelbus|bestelbusje|bestelauto|bestelwagen|camper|"
    "caravan|vrachtwagen|vrachtauto|bakwagen|bakfietsje|jeep|suv|stationwagen|stationcar|cabrio|"
    "scooter|scootertje|snorscooter|brommer|brommertje|snorfiets|motor|motorfiets|fiets|fietsje|"
    "damesfiets|herenfiets|omafiets|kinderfiets|bakfiets|e-bike|ebike|fatbike|racefiets|"
    "mountainbike|tractor|trekker|aanhanger|aanhangwagen|quad|scootmobiel|canta|brommobiel|taxi|"
    "boot|bootje|sloep|leaseauto|lease|bolide|kar|karretje|otto|waggie|bak|step"
)
_KIND_WORDS = frozenset(_KINDS.split("|"))
_DIM = "(?:'?[tk]?je|ke)?"
_MAKE = re.compile(rf"(?<![\w-])(?:{_MAKES}){_DIM}(?: (?:{_MODELS})(?![\w-]))?(?: (?:{_KINDS}))?(?![\w-])")
_AMBIGUOUS_MODELS = (
    "up|zip|leon|focus|ka|zoe|panda|transit|punto|partner|amarok|crafter|mustang|ranger|hilux|superb|kever|eend|swift|juke|kona|"
    "tucson|alto|logan|expert|trafic|vivaro|jumper|jumpy|master|vitz|ioniq|spring|jogger|zoë"
)
_COLOURED = re.compile(
    rf"(?<![\w-]){COLOUR}(?: en {COLOUR})? (?:\w{{3,12}}e )?"
    rf"(?P<thing>(?:{_MAKES}|{_CLEAR_MODELS}|{_AMBIGUOUS_MODELS}){_DIM}(?: (?:{_MODELS}))?(?: (?:{_KINDS}))?|{_KINDS})(?![\w-])"
)
_CLEAR_MODEL = re.compile(rf"(?<![\w-])(?:{_CLEAR_MODELS}){_DIM}(?![\w-])")
_COLOURED_NAME = re.compile(rf"(?<![\w-])(?:(?i:{COLOUR})) [A-Z][\w-]{{2,20}}(?: [A-Z0-9][\w-]{{0,12}})?(?![\w-])")
_OWNER = re.compile(
    r"(?:\b(?:je|jouw|uw|uwen|jullie|zijn|zn|z'n|haar|hun|mijn|mn|m'n|die|de|onze|een|'n|dat|"
    r"dikke|nieuwe|oude|ouwe) (?:\w{2,12}e )?)$"
)
_STRONG_OWNER = re.compile(
    r"(?:\b(?:je|jouw|uw|uwen|zijn|zn|z'n|haar|hun|mijn|mn|m'n|onze|rijdt(?: een| in een| in)?|"
    r"rij(?:den)?(?: een| in een| in)?|auto|wagen|bus|merk)[ :,]{1,2}(?:\w{2,12}e )?)$"
)
_TRIGGER = re.compile(rf"(?<![\w-])(?:{_MAKES}|{_CLEAR_MODELS}|{_AMBIGUOUS_MODELS}|{_KINDS}){_DIM}(?![\w-])")


class VehicleRecogniser:
    """Finds vehicles by make, model, colour and kind."""

    kinds = frozenset({DetailKind.VEHICLE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        for match in _COLOURED_NAME.finditer(passage):
            yield candidate(match.start(), match.end(), DetailKind.VEHICLE, 0.25)
        if not _TRIGGER.search(folded):
            return
        for match in _COLOURED.finditer(folded):
            made = match.group("thing") not in _KIND_WORDS
            yield candidate(match.start(), match.end(), DetailKind.VEHICLE, 0.98 if made else 0.55)
        for match in _MAKE.finditer(folded):
            yield candidate(match.start(), match.end(), DetailKind.VEHICLE, _score(passage, match))
        for match in _CLEAR_MODEL.finditer(folded):
            score = 0.55 if _STRONG_OWNER.search(passage.before(match.start(), 30)) else 0.3
            yield candidate(match.start(), match.end(), DetailKind.VEHICLE, score)


def _score(passage: Passage, match: re.Match[str]) -> float:
    before = passage.before(match.start(), 35)
    score = 0.35 + 0.2 * (" " in match.group()) + 0.1 * passage[match.start()].isupper()
    if match.group() in ("mini", "smart", "seat", "giant", "alfa", "stella", "sparta", "ford", "daf", "jeep"):
        score -= 0.2
    if _STRONG_OWNER.search(before):
        score += 0.3
    elif _OWNER.search(before):
        score += 0.1
    return min(score, 0.9)
