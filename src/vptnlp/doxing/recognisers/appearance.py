"""What an observer saw: house, door, garden, pets, clothing, hair, marks.

Format: a noun of these fields with a colour or another adjective, after "die", "dat", "je", "uw", "met" or "mooie"; marks such
as a tattoo or a scar by themselves.
Source: no standard; the forms are those that messages in VPT-NL show.
Accuracy: low by nature: "de blauwe deur" may be anybody's. Nouns that only an observer knows score higher, and the message
must speak to or about somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.doxing.colours import COLOUR
from vptnlp.taxonomy import DetailKind

_HOUSE = (
    "voordeur|achterdeur|tuindeur(?:en)?|garagedeur|deur|deurmat|deurbel|deurklopper|brievenbus|"
    "gordijn(?:en)?|vitrage|jaloezieën|luiken|kozijn(?:en)?|raam|erker|dakkapel|dak|rieten dak|"
    "schoorsteen|gevel|balkon|veranda|"
    "serre|carport|schuur|schuurtje|tuinhuis(?:je)?|tuin|voortuin|achtertuin|hek|hekje|heg|haag|"
    "schutting|poort|poortje|oprit|vijver|trampoline|schommel|glijbaan|springkussen|zwembadje|"
    "zandbak|beuk|klimroos|blauweregen|"
    "hortensia'?s|geraniums|rozen|tuinkabouters?|kabouters?|vlag|bankje|bloembakken|zonnepanelen|"
    "lampje|buitenlamp|kerstverlichting|sticker|klimop|conifeer|coniferen|tegeltje|huisje|huis"
)
_PETS = (
    "hond|hondje|labrador|teckel|tekkel|tekkels|herder|poedel|retriever|golden retriever|bulldog|"
    "kat|poes|pup|puppy|kater|konijn|paard|pony|papegaai"
)
_CLOTHES = (
    "jas|jasje|jack|trui|hoodie|vest|vestje|sjaal|shawl|muts|mutsje|pet|petje|bril|brilletje|"
    "hoed|rok|rokje|jurk|jurkje|broek|broekje|laarzen|laarsjes|schoenen|schoentjes|sneakers|"
    "regenjas|regenjasje|trainingspak|trainingsjack|"
    "trainingsbroek|pak|overhemd|blouse|bloesje|t-shirt|shirt|hakken|tas|tasje|rugzak|rugtas|"
    "rugzakje|fietstas(?:sen)?|buideltasje|helm|helmpje|koptelefoon|airpods|oorbellen|ketting|"
    "pyjama|badmuts|handschoenen|pakje|sokken"
)
_BODY = (
    "haar|haren|krullen|staart|staartje|paardenstaart|paardenstaartje|vlecht|vlechten|vlechtjes|"
    "knot|knotje|pony|stekeltjes|lokken|baard|baardje|snor|snorretje|sik|tattoo|tattoos|tatoeage|"
    "tatoeages|litteken|moedervlek|piercing|beugel|"
    "sproeten|buik|bos krullen|kop|ogen|kale kop|neus|nagels|gezicht"
)
_FIXTURES = (
    "keuken|hesje|hoofddoek|hoofddoekje|fiets|bakfiets|kinderzitje|kinderwagen|buggy|rollator|"
    "stoeltje|rolstoel|fietskar"
)
_COMPOUND = (
    r"[a-zà-ÿ]{2,12}(?:deur|hek|hekje|tuin|tuintje|jas|jasje|muts|hoed|hoedje|broek|shirt|hond|"
    r"hondje|lampje|lampjes|gordijn|gordijnen|luiken|jurk|jurkje|tas|trui|pet|petje|huisje|keuken|"
    r"suit|pakje|schoenen|laarzen)"
)
_NOUN = rf"(?:{_COMPOUND}|{_HOUSE}|{_PETS}|{_CLOTHES}|{_BODY}|{_FIXTURES})"
_FORM = (
    "kleine|grote|lange|korte|scheve|oude|ouwe|nieuwe|hoge|lage|dikke|dunne|rieten|houten|glazen|"
    "kapotte|dure|leuke|mooie|lelijke|fraaie|gekke|openslaande|blonde|blond|kale|krullend|"
    "krullende|lekkere|lieve|zwarte|enorme|"
    "spiegelende|leren|spijker|wollen|vieze|smalle|brede|losse|halfopen|gebroken|versleten|"
    "pas geverfde|net geverfde|geverfde|vrolijke|schuine|ronde|strakke|witgeverfde|stoere|"
    "schattige|bruin|roodharige|blauwgeverfde|hele|zo'n"
)
_ADJECTIVE = rf"(?:{COLOUR}|{_FORM})"
_DETERMINER = r"(?:die|dat|de|het|een|'n|je|jouw|jou|uw|zijn|zn|z'n|haar|dr|d'r|hun|zo'n|twee|drie|met)"
_TAIL = (
    rf"(?: (?:met|van|in|langs|op|aan|voor) (?:(?:de|het|een|dat|die|je|uw|zn|zijn|"
    rf"haar) )?(?:{_ADJECTIVE} )?[\wà-ÿ'-]{{3,20}}(?: (?:en|in|met) (?:(?:een|de|zn|zijn|"
    rf"haar) )?[\wà-ÿ'-]{{3,20}})?)?"
)
_DESCRIBED = re.compile(
    rf"(?<![\w-])(?:(?P<determiner>{_DETERMINER}) )?(?:(?P<possessive>je|uw|jouw) )?"
    rf"(?P<adjective>(?:{_ADJECTIVE}(?:,| en)? ){{1,3}})(?P<noun>{_NOUN})(?![\w-])"
    rf"(?:(?! (?:aan|op|in|van|voor) (?:je|jou|u|mij|ons|hem|haar)(?!\w)){_TAIL})?"
)
_SPOT = r"(?:(?:de|het|een|zijn|zn|z'n|haar|je|uw) )?[\wà-ÿ'-]{2,20}"
_MARKED = re.compile(
    r"(?<![\w-])(?:(?:die|dat|een|je|uw|zijn|haar|met) )?"
    r"(?:litteken|tattoo|tatoeage|moedervlek|piercing|stekeltjes|paardenstaartje?|vlechtjes)(?!\w)"
    rf"(?: (?:in|op|van|onder|door|links|rechts|achter|boven) {_SPOT}(?: (?:in|van|op) {_SPOT})?)?"
)
_PRAISED = re.compile(
    rf"(?<![\w-])(?P<adjective>mooie|leuke|fraaie|lekkere|prachtige|schattige|gezellige|nette|"
    rf"aparte) (?P<noun>{_HOUSE}|{_PETS}|{_CLOTHES})(?= (?:heb|heeft|hebben|hebt|hè|he|trouwens|"
    rf"toch|van je|van u|was|had|zeg)|[.!,]|$)"
)
_PLAIN = re.compile(rf"(?<![\w-])(?:die|dat) (?P<noun>{_HOUSE}|{_PETS}|{_CLOTHES}) (?:met|van) [^.,;!?\n]{{3,35}}")
_SEEN = re.compile(
    r"\b(?:je|jij|jouw|jou|u|uw|ge|gij|hij|zij|zijn|haar|zn|dr|d'r|woont|zie|zag|gezien|staat|"
    r"stond|herken\w*|te herkennen|signalement|draagt|droeg|aan had|had je|huis)\b"
)
_TRIGGER = re.compile(rf"(?<![\w-]){_NOUN}(?![\w-])")
_CLEAR = re.compile(
    rf"(?:{_BODY}|voordeur|gordijn(?:en)?|brievenbus|erker|veranda|hek|hekje|heg|tuinkabouters?|"
    rf"jas|jasje|muts|pet|sjaal|bril|rugzak|trainingspak|hond|labrador|tekkels?|rieten dak|dak|"
    rf"trampoline|klimroos)$"
)
_COLOURED = re.compile(COLOUR)


class AppearanceRecogniser:
    """Finds descriptions of houses, pets, clothing and looks."""

    kinds = frozenset({DetailKind.APPEARANCE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        if not _TRIGGER.search(folded):
            return
        for match in _DESCRIBED.finditer(folded):
            yield candidate(match.start(), match.end(), DetailKind.APPEARANCE, _score(passage, match))
        for match in _MARKED.finditer(folded):
            yield candidate(match.start(), match.end(), DetailKind.APPEARANCE, 0.5)
        for match in _PRAISED.finditer(folded):
            yield candidate(match.start(), match.end(), DetailKind.APPEARANCE, 0.55)
        for match in _PLAIN.finditer(folded):
            yield candidate(
                match.start(),
                match.end(),
                DetailKind.APPEARANCE,
                0.4 + 0.1 * bool(_SEEN.search(passage.before(match.start(), 60))),
            )


def _score(passage: Passage, match: re.Match[str]) -> float:
    score = 0.3
    determiner = match.group("determiner") or ""
    if determiner in (
        "die",
        "dat",
        "je",
        "jouw",
        "uw",
        "zijn",
        "zn",
        "z'n",
        "haar",
        "dr",
        "d'r",
        "met",
        "zo'n",
    ) or match.group("possessive"):
        score += 0.15
    if _COLOURED.search(match.group("adjective")):
        score += 0.1
    if _CLEAR.search(match.group("noun")):
        score += 0.1
    if _SEEN.search(passage.before(match.start(), 60)) or _SEEN.search(passage.after(match.end(), 30)):
        score += 0.1
    return score
