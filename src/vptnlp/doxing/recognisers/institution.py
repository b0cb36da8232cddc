"""Institutions that a person attends or visits: school, day care, club, hospital, faith community.

Format: a kind with a proper name ("basisschool De Regenboog"), a proper name that ends in a kind ("het Overvest College",
"Mariakliniek"), or a kind with an owner ("de school van je dochter").
Source: no standard; the forms are those that messages in VPT-NL show.
Accuracy: a kind with a capital after it is near certain, though a public body that is merely written to or talked about looks the
same. In lower case only "kind de/het word" is found; nicknames of schools are missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Case, Detail, Passage, candidate
from vptnlp.doxing.lexicon import places
from vptnlp.doxing.streets import is_clear_street
from vptnlp.doxing.vocabulary import CAPITALISED
from vptnlp.doxing.wordset import word_set
from vptnlp.taxonomy import DetailKind

_KINDS = (
    "basisschool|vrije school|vrije basisschool|gemeenteschool|school|lagere school|"
    "middelbare school|kleuterschool|obs|cbs|rkbs|kinderopvang|kinderdagverblijf|kdv|kdv's|"
    "crèche|creche|bso|naschoolse opvang|peuterspeelzaal|peuteropvang|"
    "gastouder|onthaalmoeder|college|lyceum|atheneum|gymnasium|mavo|scholengemeenschap|"
    "praktijkschool|muziekschool|dansschool|balletschool|zwemschool|rijschool|sportschool|"
    "fitness|fitnessclub|crossfit|gym|fysiotherapie|fysiotherapiepraktijk|inloophuis|tehuis|ggz|"
    "hockeyclub|voetbalclub|voetbalvereniging|tennisclub|tennisvereniging|korfbalclub|"
    "korfbalvereniging|handbalclub|turnvereniging|turnclub|gymvereniging|zwemclub|roeivereniging|"
    "schaatsclub|judoclub|judoschool|boksschool|kickboksschool|"
    "atletiekvereniging|volleybalclub|basketbalclub|honkbalclub|waterpoloclub|schietvereniging|"
    "schaakclub|bridgeclub|biljartclub|postduivenvereniging|manege|ponyclub|ponykamp|scouting|"
    "chiro|ksa|jeugdbeweging|"
    "zwembad|sporthal|sportpark|sportzaal|ijsbaan|speeltuin|speeltuinvereniging|kinderboerderij|"
    "bibliotheek|buurthuis|dorpshuis|wijkcentrum|buurtcentrum|jongerencentrum|jeugdhuis|"
    "moskee|kerk|parochie|synagoge|tempel|mandir|kapel|klooster|ziekenhuis|kliniek|"
    "streekziekenhuis|medisch centrum|zorgcentrum|verzorgingshuis|verpleeghuis|verpleegtehuis|"
    "bejaardenhuis|bejaardentehuis|rusthuis|"
    "woonzorgcentrum|serviceflat|hospice|dagbesteding|dagopvang|huize|revalidatiecentrum|"
    "ggz-kliniek|kinderkliniek|dialysecentrum|huisartsenpraktijk|tandartspraktijk|universiteit|hogeschool|koor|kerkkoor|kinderkoor|mannenkoor|gospelkoor|"
    "harmonie|fanfare|toneelvereniging|judovereniging|visclub|vmbo|havo|mbo|tc|vv|sv|"
    "kampeerboerderij|volkstuinvereniging|volkstuincomplex|camping|buurtvereniging"
)
_TAIL = (
    "college|lyceum|gymnasium|atheneum|ziekenhuis|kliniek|school|basisschool|gasthuis|hospitaal|"
    "kerk|moskee|kapel|instituut|university|mc|umc|academie|hogeschool|kinderopvang|"
    "kinderdagverblijf|zwembad|hof van onderwijs"
)
_COMPOUND_TAILS = (
    "college",
    "lyceum",
    "kliniek",
    "ziekenhuis",
    "kerk",
    "school",
    "gasthuis",
    "moskee",
    "gymnasium",
    "kapel",
    "basiliek",
)
_CAP = r"[A-ZÀ-Þ][\w'’-]{0,30}"
_NAME = (
    rf"(?:(?:de|het|'t|den|sint|st\.?|van|van de|van der|op|in) )?(?:'t )?{_CAP}(?: (?:van|de|het|"
    rf"der|den|en|met|op|voor|aan|ter|ten|{_CAP})){{0,4}}"
)
_KIND_NAME = re.compile(rf"(?<![\w-])(?:GO! )?(?P<kind>(?i:{_KINDS})) (?P<name>[\"“‘'`]?{_NAME})")
_NAME_TAIL = re.compile(
    rf"(?<![\w-])(?:(?:[Hh]et|[Dd]e) )?(?P<name>{_CAP}(?: (?:van|de|"
    rf"{_CAP})){{0,2}}) (?P<tail>(?i:{_TAIL}))(?![\w-])"
)
_COMPOUND = re.compile(rf"(?<![\w-])(?:(?:[Hh]et|[Dd]e) )?(?:(?:Sint|St\.?|Heilig) )?(?P<word>{_CAP})(?![\w-])")
_LOWER = re.compile(
    rf"(?<![\w-])(?P<kind>{_KINDS}) (?:(?:de|het|'t|sint|st) [a-zà-ÿ'-]{{3,20}}|[a-zà-ÿ]+(?:bol|"
    rf"oog|tuin|wijs|boom|dijk|veld|hof|berg|plein|pad|kamp))(?![\w-])"
)
_OWNED = re.compile(
    rf"(?<![\w-])(?:de|het|die) (?P<kind>{_KINDS}) (?:van|waar) (?:je|jouw|uw|jullie|zijn|haar|hun|"
    rf"mijn) (?:\w{{2,11}}e )?\w{{2,15}}(?: (?:zit|zitten|zat|naartoe gaat|heen gaat|op zit|traint|"
    rf"speelt|voetbalt|hockeyt|zwemt))?"
)
_ATTENDS = re.compile(
    r"\b(?:zit(?:ten)?|zat(?:en)?|gaat|gaan|ging|ligt|lag|lig|liggen|op|naar|bij|in|van|uit|"
    r"speelt|traint|voetbalt|zwemt|zingt|sport|op school|leerling|spoed|opgenomen|behandeld|"
    r"dienst|mis|ophaal\w*|ophalen|haalt|haal|brengt|breng\w*|student|studeert|studeer|docent|"
    r"arts)\b[^.!?\n]{0,25}$"
)
_GENERIC = re.compile(
    r"(?<![\w-])(?:de|het) (?:vrije basisschool|streekziekenhuis|moskee|scouting|kinderopvang|"
    r"hogeschool in \w+|voetbalvereniging waar [^.\n]{3,40}|kerk waar [^.\n]{3,40}|mbo|zwembad|"
    r"bso|crèche|kinderdagverblijf)(?![\w-])"
)
_PROPER = re.compile(
    rf"(?P<verb>\b(?:zit(?:ten)?|zat(?:en)?|gaat|gaan|ga|ging|ligt|lag|lig|zwemt|zwemmen|speelt|"
    rf"traint|brengt|breng|ophalen|van school|vertrokken|les|klas|leerling|opgenomen|geplaatst|"
    rf"terecht)\b[^.!?\n]{{0,30}})?\b(?:op|naar|bij|in|van|uit) (?P<name>(?:[Dd]e|[Hh]et|"
    rf"'t) {_CAP})(?![\w-])"
)
# University hospitals go by their letters.
_HOSPITAL = re.compile(r"(?<![\w-])(?:(?:[Hh]et|'t) )?(?:UMCG|UMCU|LUMC|MUMC|AMC|VUmc|VUMC|[Rr]adboudumc|UZA)(?![\w-])")
_PLAIN_KINDS = word_set(
    "basisschool kinderdagverblijf kinderopvang kdv peuterspeelzaal hockeyclub voetbalclub tennisclub"
)
_CLASS = re.compile(r"[, (]{1,3}(?:groep|klas|kamer|afdeling|[1-6] ?(?:havo|vwo|vmbo)|schoolplein)")
_NO_NAMES = word_set("""
    Geacht Edelachtbaar Edelgrootachtbaar Hele Lieve Beste Mijn Onze Uw Deze Die Elke Iedere Geen Hollandse
    Nederlandse Christelijke Openbare
""")
_NEW_SENTENCE = word_set("De Het Een Ik U Je Wij We Hij Zij Ze En Maar Dat Dit Als Wat Er")
_ORDINARY = word_set("""
    basisschool middelbareschool hogeschool hoogeschool streekziekenhuis basisscholen rijschool dansschool
    muziekschool sportschool vrijeschool kinderkliniek hoofdkerk ziekenhuis tennisschool kleuterschool
""")
_LOOSE_KINDS = word_set(
    "school kerk bibliotheek zwembad camping tandartspraktijk huisartsenpraktijk gym koor college universiteit"
)
_TRAILING = re.compile(r"(?: (?:van|de|het|der|den|en|met|op|voor|aan|ter|ten))+$")
_SIGN = re.compile(
    "school|scholen|fysio|ggz|colleg|lyceum|club|vereniging|opvang|verblijf|kdv|bso|crèche|creche|obs|cbs|"
    "ziekenhuis|kliniek|gasthuis|kerk|moskee|parochie|tempel|huis|huize|zorg|zwem|sport|manege|"
    "scouting|chiro|biblio|centrum|gymn|atheneum|univers|hogesch|koor|kapel|speel|mbo|crossfit|"
    "camping|gym|hospi|flat|gastouder|ponykamp|gemeente|vmbo|havo|mavo|rkbs|ksa|jeugdbeweging|praktijk|"
    r"harmonie|fanfare|ijsbaan|synagoge|mandir|klooster|dagbesteding|medisch|\b(?:tc|vv|sv)\b"
)


class InstitutionRecogniser:
    """Finds schools, clubs, hospitals, faith communities and the like that people attend."""

    kinds = frozenset({DetailKind.INSTITUTION})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        for match in _HOSPITAL.finditer(passage):
            yield _scored(passage, match.start(), match.end(), 0.4)
        if not _SIGN.search(passage.folded):
            if passage.case is Case.MIXED:
                yield from _proper_only(passage)
            return
        yield from _kind_and_name(passage)
        yield from _name_and_kind(passage)
        yield from _proper_only(passage)
        for match in _OWNED.finditer(passage.folded):
            yield candidate(match.start(), match.end(), DetailKind.INSTITUTION, 0.55)
        if passage.case is not Case.SHOUTED:
            for match in _LOWER.finditer(passage.folded):
                plain = match.group("kind") in _PLAIN_KINDS
                yield _scored(passage, match.start(), match.end(), 0.55 if plain else 0.45, attended=0.1)
        for match in _GENERIC.finditer(passage.folded):
            yield _scored(passage, match.start(), match.end(), 0.35, attended=0.2)


def _scored(passage: Passage, start: int, end: int, score: float, attended: float = 0.15) -> Detail:
    """A candidate that gains `attended` where somebody goes, lies or is brought there."""
    if _ATTENDS.search(passage.before(start, 45)):
        score += attended
    return candidate(start, end, DetailKind.INSTITUTION, score)


def _kind_and_name(passage: Passage) -> Iterator[Detail]:
    """A kind and a proper name: "basisschool De Regenboog"."""
    for match in _KIND_NAME.finditer(passage):
        if match.group("name") not in _NEW_SENTENCE:
            end = match.start() + len(_TRAILING.sub("", match.group()))
            yield _scored(passage, match.start(), end, 0.5 if match.group("kind").lower() in _LOOSE_KINDS else 0.6)


def _name_and_kind(passage: Passage) -> Iterator[Detail]:
    """A proper name that ends in a kind: "het Overvest College", "Mariakliniek"."""
    for match in _NAME_TAIL.finditer(passage):
        if match.group("name") not in _NO_NAMES:
            yield _scored(passage, match.start(), match.end(), 0.5)
    for match in _COMPOUND.finditer(passage):
        word = match.group("word").lower()
        if word.endswith(_COMPOUND_TAILS) and word not in _COMPOUND_TAILS and word not in _ORDINARY:
            before = passage.before(match.start("word"), 2)
            opens_sentence = not before.strip() or before[0] in ".!?\n"
            yield _scored(passage, match.start(), match.end(), 0.2 if opens_sentence else 0.5)


def _proper_only(passage: Passage) -> Iterator[Detail]:
    """A proper name with an article ("De Triangel") after a verb of attending, or with a class or ward after it."""
    for match in _PROPER.finditer(passage):
        name = match.group("name")
        lower = name.split(" ", 1)[1].lower()
        if (
            lower in CAPITALISED
            or name.lower() in places()
            or lower in places()
            or is_clear_street(lower)
            or name.isupper()
        ):
            continue
        score = 0.35 if name[0].isupper() else 0.15
        score += 0.2 * bool(match.group("verb")) + 0.3 * bool(_CLASS.match(passage.folded, match.end()))
        yield candidate(match.start("name"), match.end("name"), DetailKind.INSTITUTION, score)
