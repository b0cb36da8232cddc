"""Institutions that a person attends or visits: school, day care, club, hospital, faith community.

Format: a kind with a proper name ("basisschool De Regenboog"), a proper name that ends in a kind ("het Overvest College",
"Mariakliniek"), or a kind with an owner ("de school van je dochter").
Accuracy: a kind with a capital after it is near certain, though a public body that is merely written to or talked about looks the
same. In lower case only "kind de/het word" is found; nicknames of schools are missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Case, Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_KINDS = (
    "basisschool|vrije school|vrije basisschool|gemeenteschool|school|lagere school|middelbare school|kleuterschool|obs|cbs|rkbs|kinderopvang|kinderdagverblijf|kdv|kdv's|crèche|creche|bso|naschoolse opvang|peuterspeelzaal|peuteropvang|"
    "gastouder|onthaalmoeder|college|lyceum|atheneum|gymnasium|mavo|scholengemeenschap|praktijkschool|muziekschool|dansschool|balletschool|zwemschool|rijschool|sportschool|fitness|crossfit|gym|"
    "hockeyclub|voetbalclub|voetbalvereniging|tennisclub|tennisvereniging|korfbalclub|korfbalvereniging|handbalclub|turnvereniging|turnclub|gymvereniging|zwemclub|roeivereniging|schaatsclub|judoclub|judoschool|boksschool|kickboksschool|"
    "atletiekvereniging|volleybalclub|basketbalclub|honkbalclub|waterpoloclub|schietvereniging|schaakclub|bridgeclub|biljartclub|postduivenvereniging|manege|ponyclub|ponykamp|scouting|chiro|ksa|jeugdbeweging|"
    "zwembad|sporthal|sportpark|sportzaal|ijsbaan|speeltuin|speeltuinvereniging|kinderboerderij|bibliotheek|buurthuis|dorpshuis|wijkcentrum|buurtcentrum|jongerencentrum|jeugdhuis|"
    "moskee|kerk|parochie|synagoge|tempel|mandir|kapel|klooster|gemeente|ziekenhuis|kliniek|streekziekenhuis|medisch centrum|zorgcentrum|verzorgingshuis|verpleeghuis|verpleegtehuis|bejaardenhuis|bejaardentehuis|rusthuis|"
    "woonzorgcentrum|serviceflat|hospice|dagbesteding|dagopvang|huize|revalidatiecentrum|ggz-kliniek|dialysecentrum|huisartsenpraktijk|tandartspraktijk|universiteit|hogeschool|koor|harmonie|fanfare|toneelvereniging|judovereniging|visclub|vmbo|havo|mbo|tc|vv|sv|kampeerboerderij|volkstuinvereniging|volkstuincomplex|camping|buurtvereniging"
)
_TAIL = (
    "college|lyceum|gymnasium|atheneum|ziekenhuis|kliniek|school|basisschool|gasthuis|hospitaal|kerk|moskee|kapel|instituut|university|mc|umc|academie|hogeschool|kinderopvang|kinderdagverblijf|zwembad|hof van onderwijs"
)
_COMPOUND_TAILS = ("college", "lyceum", "kliniek", "ziekenhuis", "kerk", "school", "gasthuis", "moskee", "gymnasium", "kapel", "basiliek")
_ARTICLE = r"(?:(?:de|het|'t|een|d'|onze|zijn|haar|je|uw) )?"
_CAP = r"[A-ZÀ-Þ][\w'’-]{0,30}"
_NAME = rf"(?:(?:de|het|'t|den|sint|st\.?|van|van de|van der|op|in) )?(?:'t )?{_CAP}(?: (?:van|de|het|der|den|en|met|op|voor|aan|ter|ten|{_CAP})){{0,4}}"
_KIND_NAME = re.compile(rf"(?<![\w-])(?P<kind>(?i:{_KINDS})) (?P<name>[\"“‘'`]?{_NAME})")
_NAME_TAIL = re.compile(rf"(?<![\w-])(?:(?:[Hh]et|[Dd]e) )?(?P<name>{_CAP}(?: (?:van|de|{_CAP})){{0,2}}) (?P<tail>(?i:{_TAIL}))(?![\w-])")
_COMPOUND = re.compile(rf"(?<![\w-])(?:(?:[Hh]et|[Dd]e) )?(?:(?:Sint|St\.?|Heilig) )?(?P<word>{_CAP})(?![\w-])")
_LOWER = re.compile(rf"(?<![\w-])(?P<kind>{_KINDS}) (?:(?:de|het|'t|sint|st) [a-zà-ÿ'-]{{3,20}}|[a-zà-ÿ]+(?:bol|oog|tuin|wijs|boom|dijk|veld|hof|berg|plein|pad|kamp))(?![\w-])")
_OWNED = re.compile(
    rf"(?<![\w-])(?:de|het|die) (?P<kind>{_KINDS}) (?:van|waar) (?:je|jouw|uw|jullie|zijn|haar|hun|mijn) (?:\w{{3,12}} )?\w{{2,15}}(?: (?:zit|zitten|zat|naartoe gaat|heen gaat|op zit|traint|speelt|voetbalt|hockeyt|zwemt))?"
)
_ATTENDS = re.compile(
    r"\b(?:zit(?:ten)?|zat(?:en)?|gaat|gaan|ging|ligt|lag|lig|liggen|op|naar|bij|in|van|uit|speelt|traint|voetbalt|zwemt|zingt|sport|op school|leerling|spoed|opgenomen|behandeld|dienst|mis|ophaal\w*|ophalen|haalt|haal|brengt|breng\w*|student|studeert|studeer|docent|arts)\b[^.!?\n]{0,25}$"
)
_MEDICAL = re.compile(r"(?:ligt|lag|lig|liggen|opgenomen|behandeld|arts|artsen|spoed|geopereerd|bevallen) (?:\w+ ){0,3}$")
_GENERIC = re.compile(r"(?<![\w-])(?:de|het) (?:vrije basisschool|streekziekenhuis|moskee|scouting|kinderopvang|hogeschool in \w+|voetbalvereniging waar [^.\n]{3,40}|kerk waar [^.\n]{3,40}|mbo|zwembad|bso|crèche|kinderdagverblijf)(?![\w-])")
_CIVIC = re.compile(r"(?:gemeente|universiteit|politie)$")
_NO_NAMES = frozenset({"Geacht", "Edelgrootachtbaar", "Hele", "Lieve", "Beste", "Mijn", "Onze", "Uw", "Deze", "Die", "Elke", "Iedere", "Geen", "Hollandse", "Nederlandse", "Christelijke", "Openbare"})
_STOP_AFTER = frozenset({"De", "Het", "Een", "Ik", "U", "Je", "Wij", "We", "Hij", "Zij", "Ze", "En", "Maar", "Dat", "Dit", "Als", "Wat", "Er"})
_SIGN = re.compile("(?i:school|colleg|lyceum|club|vereniging|opvang|verblijf|kdv|bso|crèche|creche|obs|cbs|ziekenhuis|kliniek|gasthuis|kerk|moskee|parochie|tempel|huis|huize|zorg|zwem|sport|manege|scouting|chiro|biblio|centrum|gymn|atheneum|univers|hogesch|koor|kapel|speel|mbo|crossfit|camping|gym|hospi|flat|gastouder|ponykamp|gemeente)")


class InstitutionRecogniser:
    """Finds schools, clubs, hospitals, faith communities and the like that people attend."""

    kinds = frozenset({DetailKind.INSTITUTION})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        if not _SIGN.search(passage.folded):
            return
        yield from _kind_and_name(passage)
        yield from _name_and_kind(passage)
        for match in _OWNED.finditer(passage.folded):
            if match.group("kind") != "gemeente":
                yield candidate(match.start(), match.end(), DetailKind.INSTITUTION, 0.55)
        if passage.case is Case.LOWER or passage.case is Case.MIXED:
            for match in _LOWER.finditer(passage.folded):
                if match.group("kind") != "gemeente":
                    yield candidate(match.start(), match.end(), DetailKind.INSTITUTION, 0.45 + 0.1 * bool(_ATTENDS.search(passage.before(match.start(), 40))))
        for match in _GENERIC.finditer(passage.folded):
            yield candidate(match.start(), match.end(), DetailKind.INSTITUTION, 0.35 + 0.2 * bool(_ATTENDS.search(passage.before(match.start(), 40))))


def _kind_and_name(passage: Passage) -> Iterator[Detail]:
    for match in _KIND_NAME.finditer(passage):
        kind = match.group("kind").lower()
        if kind in ("gemeente", "universiteit", "politie") or match.group("name").split()[0] in _STOP_AFTER and len(match.group("name").split()) == 1:
            continue
        score = 0.6
        if kind in ("school", "kerk", "bibliotheek", "zwembad", "camping", "tandartspraktijk", "huisartsenpraktijk", "gym", "koor", "college") :
            score = 0.5
        before = passage.before(match.start(), 45)
        if _ATTENDS.search(before):
            score += 0.15
        yield candidate(match.start(), _trimmed(match.group(), match.start()), DetailKind.INSTITUTION, score)


def _name_and_kind(passage: Passage) -> Iterator[Detail]:
    for match in _NAME_TAIL.finditer(passage):
        if match.group("name") not in _NO_NAMES:
            yield candidate(match.start(), match.end(), DetailKind.INSTITUTION, 0.5 + 0.15 * bool(_ATTENDS.search(passage.before(match.start(), 45))))
    for match in _COMPOUND.finditer(passage):
        word = match.group("word").lower()
        if not word.endswith(_COMPOUND_TAILS) or word in _COMPOUND_TAILS or word in _ORDINARY:
            continue
        opens = not passage.before(match.start("word"), 2).strip() or passage.before(match.start("word"), 2)[0] in ".!?\n"
        score = 0.5 - 0.3 * opens + 0.15 * bool(_ATTENDS.search(passage.before(match.start(), 45)))
        yield candidate(match.start(), match.end(), DetailKind.INSTITUTION, score)


_ORDINARY = frozenset(
    "basisschool middelbareschool hogeschool hoogeschool streekziekenhuis basisscholen rijschool dansschool muziekschool sportschool vrijeschool kinderkliniek hoofdkerk ziekenhuis tennisschool kleuterschool".split()
)


def _trimmed(name: str, start: int) -> int:
    """End of a name without a trailing particle."""
    trimmed = re.sub(r"(?: (?:van|de|het|der|den|en|met|op|voor|aan|ter|ten))+$", "", name)
    return start + len(trimmed)
