"""What the words around a detail show about whose it is: the features of `vptnlp.doxing.ownership`.

A feature is a short name such as ``near:second`` (the nearest pronoun before the detail is "je" or "u"). Every feature also
exists joined to the group of the detail's kind (``name&near:second``), since "je" before a name says something else than
"je" before a telephone number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from vptnlp.doxing.base import Detail, Passage
from vptnlp.doxing.relations import POSSESSIVES
from vptnlp.taxonomy import DetailKind as K
from vptnlp.taxonomy import Subject

GROUPS: dict[K, str] = {
    K.PERSON: "name",
    K.FAMILY: "family",
    K.PHONE: "phone",
    K.EMAIL: "email",
    K.URL: "url",
    K.HANDLE: "handle",
    K.IBAN: "iban",
    K.ADDRESS: "where",
    K.POSTCODE: "where",
    K.PLACE: "where",
    K.AGE: "age",
    K.DATE_OF_BIRTH: "identity",
    K.BSN: "identity",
    K.ID_NUMBER: "identity",
    K.LICENCE_PLATE: "vehicle",
    K.VEHICLE: "vehicle",
    K.INSTITUTION: "daily",
    K.WORKPLACE: "work",
    K.ROUTINE: "seen",
    K.APPEARANCE: "seen",
    K.COORDINATES: "trace",
    K.IP_ADDRESS: "trace",
}
"""Kinds that behave alike when it comes to whose they are."""

_PRONOUN = re.compile(
    r"(?<![\w'])(?:(?P<first>ik|mij|me|mijn|mn|m'n|mijne|wij|we|ons|onze)|(?P<second>je|jij|jou|jouw|u|uw|gij|ge|uwen|jullie|jw)|"
    r"(?P<third>hij|zij|ze|hem|haar|zijn|z'n|zn|dr|d'r|hun|hen|ie|die|iemand))(?![\w'])"
)
_MESSAGE = {
    "msg:second": re.compile(r"(?<!\w)(?:je|jij|jou|jouw|u|uw|gij|ge)(?!\w)"),
    "msg:first": re.compile(r"(?<!\w)(?:ik|mijn|mn|m'n|wij|ons|onze)(?!\w)"),
    "msg:greets": re.compile(r"^\W*(?:onderwerp:[^\n]*\n\W*)?(?:beste|geachte|lieve|dag|hoi|hallo|hey|hee|yo|goede\w+|mevrouw|meneer|mijnheer|ha|hi|ja)\b"),
    "msg:closes": re.compile(r"(?:groet|hoogachtend|mvg|grtz|liefs|gr\.)[\w ]{0,20}[,.\n]"),
    "msg:quotes": re.compile(r"(?:^|\n)>|\"[^\"]{15,}\""),
    "msg:official": re.compile(r"betrokkene|proces-verbaal|notitie|verdachte|verbalisant|overdracht|verslag|aangifte|melding|cliënt|rapport|rechtbank heeft|politie bevestigt|collega|beklaagde|dossier"),
    "msg:calls": re.compile(r"\b(?:delen|deel dit|allemaal|jongens|mensen|bel (?:hem|haar|ze|m)|ga (?:langs|er)|langsgaan|verspreid\w*|doorsturen|app hem|wie weet|wie woont|zoek)\b"),
    "msg:list": re.compile(r"(?:\n[^\n]{3,40}:[^\n]+){2}"),
    "msg:abuse": re.compile(
        r"\b(?:kanker\w*|kk\w*|tering\w*|tyfus\w*|hoer\w*|rat|ratten|slet|teef|mongool\w*|flikker|vuile|vieze|smerige|kut\w*|klootzak\w*|landverrader\w*|wout\w*|juten|smeris\w*|heks|trut|debiel|lul|nsb\w*|"
        r"zakkenvuller\w*|verrader\w*|tuig|laffe|gluiperd|huichelaar|dikke|rotzak|eikel|sukkel|wijf|zielig|schijnheilige?|kop|bek)\b"
    ),
    "msg:reports": re.compile(
        r"\b(?:ontving|ontvangen|kreeg|gekregen|stuurde|schreef|bedreigd\w*|bedreiging\w*|bedreigt|aangifte|melden|meld|gemeld|doorgestuurd|screenshots?|lastiggevallen|afzender|letterlijk|riep|zie onder|hieronder)\b"
    ),
    "msg:sells": re.compile(r"\b(?:aanbieding|korting|offerte|bestel\w*|actie|gratis|afmelden|prijzen|nieuwsbrief|www)\b|€"),
    "msg:decides": re.compile(r"\b(?:besluit|dwangsom|bezwaar maken|uw aanvraag|opgeroepen|dient u|vordering|termijn|deurwaarder|beslag|ingevolge|op grond van|wij verzoeken u|is uitgesteld)\b"),
    "msg:pleads": re.compile(r"\b(?:namens (?:mijn )?cliënte?|cliënte?|advocaat|mr\.|appel|verweerschrift|bezwaarschrift|voorlopige voorziening|dagvaard\w*)\b"),
    "msg:asks": re.compile(r"\b(?:graag|kunt u|kun je|alstublieft|aub|alvast|zou u|wilt u|kan ik|mag ik|ik wil)\b"),
    "msg:tells_public": re.compile(r"\b(?:volgers|jongens|mannen|mensen|ouders|buren|gasten|iedereen|allemaal|broeders)\b"),
    "msg:watches": re.compile(r"\b(?:ik zie|wij zien|wij weten|ik weet waar|we weten|zag je|zag u|elke (?:dag|avond|ochtend)|volg je|gevolgd|mooie?|leuke?)\b"),
    "msg:condoles": re.compile(r"gecondoleerd|deelneming|sterkte|overleden|begrafenis|uitvaart|rouw\w*|kaars"),
    "msg:voicemail": re.compile(r"\beh\b|\bpunt\b.*\bkomma\b|^\W*(?:ja|goede\w+|goeie\w+) (?:\w+ ){0,3}met\b"),
    "msg:threat": re.compile(r"\b(?:anders|brand\w*|dood|kapot|kogel|mes|slopen|fik|bloed\w*|pijn|molotov|steek|schiet|sla)\b"),
}
_CLOSING = re.compile(
    r"(?:^|[\n.!?]\s*|, )(?:met )?(?:de )?(?:meeste |vriendelijke |hartelijke |warme |dankbare |nodige )*(?:groet(?:en|jes)?|hoogacht\w*|mvg|grtz?|liefs|gr|vr\. ?gr|dank|bedankt|respect|x+)(?: van)?[ ,.!\n]"
)
_GREETS = re.compile(
    r"(?:^|\n|[.!?] )[>\s]*(?:(?:zeer )?(?:beste|geachte|hooggeachte|lieve|dag|hoi|hallo|hey|hee|heey|yo|ja|zeg|ewa|goede\w+|goeie\w+|ha|hi|hello|dushi|aan|zo|edelachtbare|mi brada)[ ,]{1,2}){1,2}(?:[\w.'-]+ ){0,3}$"
)
_TITLE = re.compile(
    r"(?:meneer|mevrouw|mijnheer|mevr\.?|mw\.?|dhr\.?|heer|mr\.?|dr\.?|dokter|agent\w*|wijkagent|hoofdagent|rechter|officier|burgemeester|wethouder|raadslid|commissaris|inspecteur|juf|meester|rechercheur|directeur|griffier) $"
)
_BEFORE = {
    "cue:introduces": re.compile(r"(?:ik ben|ik heet|mijn naam(?: is)?|hier met|hier is|spreekt met|(?:^|\n|ja |hallo |hier |goedemiddag |goedemorgen )met|wij zijn|met mij|mijn gegevens:?) (?:de heer |mevrouw |meneer )?$"),
    "cue:voice": re.compile(r"^\W*(?:\w+ ){0,7}(?:met|het is|dit is|hier is|ik ben|ben)(?: met)? (?:het |mevrouw |meneer |oom |tante |oma )?$"),
    "cue:signs": re.compile(r"(?:groet(?:en|jes)?|gr|mvg|grtz?|hoogachtend|hoogachting|liefs|x+|tot (?:straks|zo|dan|morgen)|dank|bedankt)(?: van| namens)?[ ,.!\n-]{1,4}(?:(?:mr|ir|dr|drs)\. )?$"),
    "cue:greetings_to": re.compile(r"(?:groet\w*|knuffel|kus|aai|liefs) (?:aan|voor) $"),
    "cue:hails": re.compile(r"(?:luister|eraan|dank je|dankjewel|dank|hé|hè|hoor|toch|oke|ok|sorry|zo|nou|zeg|jij|ja|kom|lief|meneer|mevrouw|proficiat|gefeliciteerd|gecondoleerd met \w+ \w+,) $"),
    "cue:contact_me": re.compile(
        r"(?:(?:bel|belt|bellen|app|appen|mail|sms|bereik\w*|terugbel\w*|stuur)[^.\n]{0,18}\b(?:mij|me|ik|ons)\b|mij[^.\n]{0,22}(?:bereik\w*|bellen|terug\w*)|mijn (?:\w+ )?(?:nummer|mobiel|mail\w*|adres|telefoon|gegevens|rekening|bsn|iban|kenteken|paspoort|rijbewijs|email|insta)|"
        r"ik ben bereikbaar|ik woon|wij wonen|ik werk|terug op|reageren|persoonlijk op)[^.\n]{0,25}$"
    ),
    "cue:contact_org": re.compile(
        r"(?:\b(?:kijk op|ga naar|via|bestel|afmelden|aanmelden|meer informatie|info|vragen\?|klantenservice|servicedesk|redactie|griffie|secretariaat|balie|meldpunt|pers|factuur|bezoek|onze website|openingstijden|volg|voor vragen|"
        r"spoed|telefonisch op|nummer van de|mailen naar|contact opnemen|rekening(?:nummer)? van|ten name van|t\.n\.v\.|overmaken|op rekening|bijgeschreven)\b)[^\n]{0,30}$"
    ),
    "cue:lives": re.compile(r"(?:woon\w*|woning|adres|verblijv\w+|huis|thuis|optrekje|bewoner\w*|slaap\w*|in de straat|portiek)[^.\n]{0,30}$"),
    "cue:called": re.compile(r"(?:heet|heette|genaamd|noemt zich|naam is|op naam van)[ :]{1,2}(?:\w+ )?$"),
    "cue:from": re.compile(r"(?:^|\n)[> ]*(?:van|afzender|from) ?: [^\n]{0,30}$|afzender[^.\n]{0,25}$"),
    "cue:to": re.compile(r"(?:^|\n)[> ]*(?:aan|to|cc|t\.a\.v\.) ?:? [^\n]{0,30}$"),
    "cue:drives": re.compile(r"(?:rijdt|rij|rijden)[^.\n]{0,20}$"),
    "cue:colleague": re.compile(r"(?:collega|coll\.|contactpersoon|chauffeur|mentor|docent|bewaarder|buurman|buurvrouw|vriend|wijkagent|hoofdagent|met)(?:'s)? $"),
    "cue:party": re.compile(r"(?:verdachte|cliënte?|aangever|aangeefster|getuige|slachtoffer|bestuurder|betrokkene|appellant|melder|bewoner|man|vrouw|jongen|leerling|patiënt)[^.\n]{0,25}$"),
    "cue:their_number": re.compile(r"(?:zijn|haar|zn|z'n|dr|d'r|privé|prive|privénummer|mobiel van|nummer van|hem|haar|m|hun)(?: \w+)?[ :.,]{1,3}(?:is |was |op )?$"),
    "cue:about": re.compile(r"(?:tegen|over|door|zaak|brief|aan|bij|met|voor|namens|van) (?:de |het |een )?(?:\w+ )?$"),
    "cue:possessive_first": re.compile(r"(?:mijn|mn|m'n|ons|onze|me) (?:\w+ )?$"),
    "cue:possessive_second": re.compile(r"(?:je|jouw|jou|uw|uwen|jullie) (?:\w+ )?$"),
    "cue:possessive_third": re.compile(r"(?:zijn|haar|hun|zn|z'n|dr|d'r) (?:\w+ )?$"),
    "cue:i_am": re.compile(r"\b(?:ik ben|ik word|ik was|ben ik|word ik)(?: \w+)? $"),
}
_AFTER = {
    "then:role": re.compile(r", (?:een )?[a-zà-ÿ-]{4,30}(?:$|[\n.,])"),
    "then:you": re.compile(r"[,.!]? ?(?:eh )?(?:jij|je|u|jou|gij|ge|uw|heb je|ben je|hebt u|bent u|wil jij|kun jij|zie onder)\b"),
    "then:lives": re.compile(r" (?:woont|heet|rijdt|werkt|denkt|slaapt|zit|moet|gaat|krijgt|wordt|had|heeft|is)\b"),
    "then:here": re.compile(r",? hier\b"),
    "then:verb": re.compile(r"(?: \([^)]{1,20}\))? (?:is|was|heeft|had|zegt|zei|krijgt|kreeg|komt|kwam|zit|zat|mag|moet|wil|kan|gaat|ging|slaat|durft|wordt|werd|staat|belde|belt|schreef|doet|deed|zong|neemt)\b"),
    "then:quotes": re.compile(r"\s*\n\s*(?:>|van:|-----|op \w+ )"),
    "then:comma_line": re.compile(r"\s*,\s*(?:\n|[a-z])"),
    "then:colon": re.compile(r" ?:"),
}
_ROLE_MAILBOX = re.compile(
    r"^(?:info|redactie|pers|tips?|contact|klant\w*|service\w*|bestuur|secretaris\w*|secretariaat|penningmeester|griffie|balie|handhaving|veiligheid|mods|regelingen|loket|post|mail|receptie|administratie|hulp|help\w*|support|"
    r"meld\w*|aanmeld\w*|inschrijv\w*|verkoop|sales|planning|team\w*|raad|college|gemeente|communicatie|webmaster|noreply|no-reply|privacy|fg|ict|it|hr|bezwaar\w*|facturen?|facturatie|directie|school|bso|actie|kassa|tickets|bestel\w*)(?:[@.\d-]|$)"
)
_SENTENCE_MARKS = ".!?\n"
_WINDOW = 80


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for a whole message, computed once for all its details.

    Attributes:
        passage: The message.
        facts: Features of the message.
        signature: Where the signature starts; the length of the text where there is none.
        body: Where the text starts after white space.
        letters: For each offset, how many letters stand before it outside the details.
    """

    passage: Passage
    facts: tuple[str, ...]
    signature: int
    body: int
    letters: tuple[int, ...]


def context_of(text: str, details: Sequence[Detail]) -> Context:
    """Read what holds for a whole message with these details."""
    passage = Passage.of(text)
    folded = passage.folded
    facts = [name for name, pattern in _MESSAGE.items() if pattern.search(folded)]
    facts.append("msg:short" if len(folded) < 120 else "msg:long" if len(folded) > 700 else "msg:middle")
    closings = [match.start() for match in _CLOSING.finditer(folded)]
    signature = closings[-1] if closings and len(folded) - closings[-1] < 320 and closings[-1] > 0.2 * len(folded) else len(folded)
    return Context(passage, tuple(facts), signature, len(folded) - len(folded.lstrip()), _letters(folded, details))


def _letters(text: str, details: Sequence[Detail]) -> tuple[int, ...]:
    inside = bytearray(len(text) + 1)
    for detail in details:
        inside[detail.start : detail.end] = b"\1" * (detail.end - detail.start)
    return tuple(accumulate((char.isalpha() and not covered for char, covered in zip(text, inside, strict=False)), initial=0))


def features_of(context: Context, details: Sequence[Detail], index: int, subjects: Sequence[Subject]) -> list[str]:
    """The features of one detail.

    Args:
        context: Of the message.
        details: All details of the message, sorted by start.
        index: Which of them.
        subjects: Whose the details before it are.

    Returns:
        Names of the features that hold; each also joined to the group of the kind.
    """
    detail = details[index]
    passage, folded = context.passage, context.passage.folded
    start, end = detail.start, detail.end
    sentence = max(folded.rfind(mark, max(0, start - _WINDOW), start) for mark in _SENTENCE_MARKS) + 1
    before = folded[max(sentence, start - _WINDOW) : start]
    wide = folded[max(0, start - 60) : start]
    after = folded[end : end + 30]
    found = ["always", f"kind:{detail.kind}"]
    found += _position(context, start, end)
    found += [name for name, pattern in _BEFORE.items() if pattern.search(wide)]
    found += [name for name, pattern in _AFTER.items() if pattern.match(after)]
    if _GREETS.search(wide):
        found.append("cue:greets")
    if _TITLE.search(wide):
        found.append("cue:title")
    found.append(f"near:{_last_pronoun(before)}")
    found.append(f"then:{_first_pronoun(after)}")
    found += _neighbours(details, index, subjects, folded)
    found += _of_kind(passage, detail)
    group = GROUPS[detail.kind]  # type: ignore[index]
    return found + [f"{group}&{name}" for name in found] + [f"{group}&{name}" for name in context.facts] + list(context.facts)


def _position(context: Context, start: int, end: int) -> list[str]:
    folded = context.passage.folded
    found: list[str] = []
    line_start = folded.rfind("\n", 0, start) + 1
    line_end = folded.find("\n", end)
    line_end = len(folded) if line_end < 0 else line_end
    if start >= context.signature:
        found.append("pos:signature")
    if start - context.body < 3:
        found.append("pos:first_word")
    elif start - context.body < 40:
        found.append("pos:opening")
    if len(folded) - end < 4:
        found.append("pos:last_word")
    elif len(folded) - end < 60:
        found.append("pos:ending")
    if (not start or folded[:start].rstrip(" ")[-1:] in ".!?)\n") and (not folded[end:].strip(" .!") or folded[end : end + 2].strip(" .,!")[:1] == "\n"):
        found.append("pos:alone")
    rest = context.letters[-1] - context.letters[end]
    if rest <= 30 and context.letters[start] > 20:
        found.append("pos:tail" if rest <= 12 else "pos:near_tail")
    if context.letters[start] <= 12:
        found.append("pos:head")
    elif context.letters[start] <= 40:
        found.append("pos:near_head")
    if folded[line_start : line_start + 1] == ">":
        found.append("pos:quoted")
    if line_start and not folded[line_start:start].strip(" >*-•"):
        found.append("pos:opens_line")
        if not folded[end:line_end].strip(" .,!"):
            found.append("pos:own_line")
    if line_start and line_end - line_start < 60 and len(folded) - line_end < 200:
        found.append("pos:late_short_line")
    return found


def _last_pronoun(before: str) -> str:
    last = "none"
    for match in _PRONOUN.finditer(before):
        last = match.lastgroup or last
    return last


def _first_pronoun(after: str) -> str:
    match = _PRONOUN.search(after)
    return f"{match.lastgroup}_follows" if match else "none_follows"


def _neighbours(details: Sequence[Detail], index: int, subjects: Sequence[Subject], folded: str) -> list[str]:
    """Whose the details just before are, and whether this name was seen before."""
    detail = details[index]
    found: list[str] = []
    if detail.kind == K.PERSON and not any(other.kind == K.PERSON for other in details[index + 1 :]):
        found.append("last_name")
    if not index:
        return [*found, "prev:none"]
    previous = details[index - 1]
    gap = detail.start - previous.end
    if gap <= 0:
        found.append(f"inside:{subjects[index - 1]}")
    elif gap <= 6 and "\n\n" not in folded[previous.end : detail.start]:
        found.append(f"touches:{subjects[index - 1]}")
    elif gap <= 40:
        found.append(f"prev:{subjects[index - 1]}")
    else:
        found.append(f"earlier:{subjects[index - 1]}")
    for position in range(index - 1, -1, -1):
        other = details[position]
        if other.kind in (K.PERSON, K.FAMILY):
            found.append(f"{'who' if detail.start - other.end <= 120 else 'far_who'}:{subjects[position]}")
            break
    else:
        found.append("who:none")
    if detail.kind == K.PERSON:
        name = folded[detail.start : detail.end].split()[-1]
        for position in range(index - 1, -1, -1):
            if details[position].kind == K.PERSON and name in folded[details[position].start : details[position].end]:
                found.append(f"same:{subjects[position]}")
                break
    return found


def _of_kind(passage: Passage, detail: Detail) -> list[str]:
    """What the text of the detail itself shows."""
    own = passage.folded[detail.start : detail.end]
    match detail.kind:
        case K.FAMILY:
            first = own.split(" ")[0]
            return [f"own:{POSSESSIVES.get(first, 'article' if first in ('de', 'het', 'die', 'een', 'dat') else 'bare')}"] + (
                ["own:of_yours"] if own.endswith((" van je", " van jou", " van u")) else []
            )
        case K.EMAIL:
            return ["own:role_mailbox"] if _ROLE_MAILBOX.match(own) else [f"own:mailbox_{_names_in(passage, detail)}"]
        case K.PHONE:
            digits = re.sub(r"[^0-9]", "", own)
            mobile = digits.startswith(("06", "316", "00316", "04", "324"))
            return ["own:mobile" if mobile else "own:landline"]
        case K.ADDRESS:
            return ["own:po_box"] if own.startswith(("postbus", "antwoord")) else []
        case K.PERSON:
            return ["own:full" if " " in own else "own:single"]
        case _:
            return []


def _names_in(passage: Passage, detail: Detail) -> str:
    """Whether words of the local part of an e-mail address occur elsewhere in the message (a name does)."""
    local = _local_parts(passage.folded[detail.start : detail.end])
    rest = passage.vocabulary
    return "named" if any(part in rest for part in local) else "other"


@lru_cache(maxsize=64)
def _local_parts(address: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[^a-zà-ÿ]+", address.split("@")[0]) if len(part) > 2)
