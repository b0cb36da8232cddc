"""Habits: when or where somebody usually is.

Format: "elke dinsdag om half acht", "'s vrijdags", "altijd rond zes uur", several weekdays in a row, office hours beside a
name; with the time and one phrase of place that follow.
Source: no standard; the forms are those that messages in VPT-NL show.
Accuracy: whether a time tells a habit or a date depends on the sentence. "Elke" with a part of the week, and "'s vrijdags", are
read as habits unless the sender says what they themselves will do ("ik bel elke dag"); a single time needs a habitual verb
in the second or third person.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_DAY = r"(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
_PART = r"(?:ochtend|morgen|middag|avond|nacht)"
_HOUR = r"(?:[0-9]{1,2}(?:[.:u][0-9]{2})?(?: ?uur|u)?|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf)"
_CLOCK = (
    rf"(?:(?:half|kwart (?:over|voor)|(?:vijf|tien|[0-9]{{1,2}})(?: minuten)? (?:over|"
    rf"voor)(?: half)?) )?{_HOUR}(?: uur)?(?:'?en)?(?: 's (?:ochtends|morgens|middags|avonds|"
    rf"nachts))?"
)
_AT = (
    rf"(?:(?:om|rond|tegen|vanaf|tot|na|voor|omstreeks|van|iets na|vlak voor|circa|"
    rf"precies om) )(?:een uur of )?{_CLOCK}"
)
_SPAN = rf"(?: ?(?:tot|-|–|t/m) ?{_CLOCK})?"
_WHERE = (
    r"(?:,? (?:alleen|bij|op|in|naar|over|langs|achter|onder|voor|door|aan|vanuit|via|met) "
    r"(?:(?:de|het|een|je|uw|mijn|haar|zijn|die|dat|'t|zn) )?"
    r"(?!(?:met|bij|naar|van|op|in|langs|door)\b)(?:[a-zà-ÿ'-]{3,25}(?:,? (?:alleen|naar huis|"
    r"bij de \w{3,15}|met \w{3,15}|los|fietst|loopt|gaat|heeft|zit|traint|speelt|rijdt))?))"
)
_TAIL = rf"(?:(?: ?,)? {_AT}{_SPAN})?(?: {_HOUR}(?: ?uur|u)(?!\w))?"
_EVERY = re.compile(
    rf"(?<!\w)(?:elke|iedere|elk|ieder) (?:(?:eerste|tweede|derde|vierde|laatste|twee|"
    rf"drie) )?(?:{_DAY}{_PART}?|{_PART}|dag|weekend|werkdag|schooldag)(?: (?:en|"
    rf"of) {_DAY}{_PART}?)?{_TAIL}(?: (?:kwart (?:over|voor)|half) {_HOUR})?{_WHERE}?"
)
_ADVERB = re.compile(
    rf"(?<![\w])(?:'?s (?:maandags|dinsdags|woensdags|donderdags|vrijdags|zaterdags|zondags)|"
    rf"(?:maan|dins|woens|donder|vrij|zater|zon)dags|doordeweeks|om de week|om het weekend|"
    rf"om de dag|door de week)(?: (?:en|of) (?:'?s )?\w{{4,8}}dags)?{_TAIL}{_WHERE}?"
)
_ALWAYS = re.compile(
    rf"(?<!\w)(?:altijd|steeds|meestal|dagelijks|vaak|standaard|gewoonlijk|vast) (?:{_AT}{_SPAN}|"
    rf"kwart (?:over|voor) {_HOUR}|half {_HOUR}|op {_DAY}{_PART}?{_TAIL}|'s (?:ochtends|avonds|"
    rf"middags|nachts|morgens)){_WHERE}?"
)
_DAYS = re.compile(
    rf"(?<!\w)(?:op )?(?:{_DAY}{_PART}?|ma|di|wo|do|vr)(?:(?:, ?| en | |/)(?:{_DAY}{_PART}?|ma|di|"
    rf"wo|do|vr|za|zo)(?![\w-])){{1,4}}(?:(?: t/m| tot en met) (?:{_DAY}|wo|do|vr|za|"
    rf"zo))?{_TAIL}{_WHERE}?"
)
_RANGE = re.compile(
    rf"(?<!\w)(?:{_DAY}|ma|di|wo|do) (?:t/m|tot en met|tot) (?:{_DAY}|wo|do|vr|za|"
    rf"zo)(?![\w-])(?:,? (?:van )?{_CLOCK}{_SPAN})?"
)
_SINGLE_DAY = re.compile(rf"(?<!\w)(?:op )?{_DAY}{_PART}?{_TAIL}(?: {_CLOCK})?{_WHERE}?")
_TIMED = re.compile(
    rf"(?<!\w)(?:(?:om|rond|tegen|vanaf|tot|na) {_CLOCK}{_SPAN}|(?:half|kwart (?:over|voor)|"
    rf"(?:vijf|tien) (?:over|voor)(?: half)?) {_HOUR}){_WHERE}?"
)
_DAYTIME = re.compile(rf"(?<!\w)'?s (?:ochtends|morgens|middags|avonds|nachts)(?: {_AT})?{_WHERE}?")
_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=[0-9])){1,240}")
_TIME_WORD = re.compile(
    r"dag|week|nacht|morgen|\bom\b|\bs (?:och|mid|av|na|mor)|weekend|ochtend|avond|middag|altijd|meestal|half|kwart|"
    r"\b(?:ma|di|wo|do|vr)\b|rond|tegen|vanaf|tot\b|na\b"
)
_SENDER_ACTS = re.compile(
    r"\b(?:ik|wij|we)\b[^.!?\n]{0,25}\b(?:bel|bellen|blijf|blijven|zie|zien|mail|mailen|schrijf|"
    r"schrijven|betaal|hoor|denk|tel|kom|komen|stuur|bid|slaap|wacht|steek)\b|\b(?:blijf|bel|kom|"
    r"stuur|wij) (?:ik|elke|elk)\b"
)
_PERSON = (
    r"(?:je|jij|jou|u|ge|gij|uw|jouw|hij|zij|ze|die|haar|zijn|vrouw|man|zoon|zoontje|dochter|"
    r"dochtertje|moeder|vader|oudste|jongste|meisje|kinderen)"
)
_MOVING = re.compile(
    rf"\b{_PERSON}\b[^.!?\n]{{0,40}}\b(?:fiets|fietst|fietsen|loop|loopt|wandelt|speelt|rookt|rook|traint|"
    rf"sport|parkeert|parkeer|zwemt|zwemmen|zingt|roeit|tennist|hockeyt|uitlaat|wielrennen|"
    rf"hardloopt|slaapt|stapt|sluit|eindigt|vertrekt|ophaalt|pauze|rookpauze|nachtdienst|hond uit(?:laat)?)\b"
)
_BEING = re.compile(
    rf"\b{_PERSON}\b[^.!?\n]{{0,40}}\b(?:rijdt|rij|zit|haalt|haal|brengt|breng|werkt|klaar|"
    rf"zet|staat|sta|laat|gaat|thuis|alleen|dienst|vroeg|weg|koopt|drinkt|neemt|wisselt|draait|"
    rf"traint|hebt|heeft|bent)\b"
)
_SELF = re.compile(
    r"\b(?:ik|wij|we) (?:loop|werk|ben|sta|zit|zwem|fiets|kom daar|lig|woon|heb)\b|\b(?:ben|zit|"
    r"sta|werk|loop|kom) ik\b|\bbestuur zit\b|\bbereikbaar\b|\bwerkt? \b"
)
_DATED = re.compile(
    r" ?(?:[0-9]{1,2} (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|"
    r"november|december)|[0-9]{1,2}[-/][0-9])"
)
_ONE_OFF = re.compile(
    r"\b(?:vandaag|gisteren|morgen|vannacht|vanavond|vanmorgen|vanmiddag|gisteravond|aanstaande|"
    r"komende|afgelopen|vorige|volgende|uiterlijk|zitting|vergadering|verschijnen|bezorgd|"
    r"afspraak|aanmelden|was|stond|zat|kwam|ging|werd)\b"
)


_EVERY_WEEKDAY = re.compile(rf"(?=(?:elke|iedere) (?:eerste |tweede |laatste )?{_DAY}){_EVERY.pattern}")
_PATTERNS = (
    (_EVERY_WEEKDAY, 0.5),
    (_EVERY, 0.3),
    (_ADVERB, 0.35),
    (_ALWAYS, 0.35),
    (_DAYS, 0.5),
    (_RANGE, 0.55),
    (_SINGLE_DAY, 0.1),
    (_TIMED, 0.1),
    (_DAYTIME, 0.15),
)


class RoutineRecogniser:
    """Finds habits of time and place."""

    kinds = frozenset({DetailKind.ROUTINE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        if not _TIME_WORD.search(folded):
            return
        sentences = [match.span() for match in _SENTENCE.finditer(folded)]
        starts = [start for start, _ in sentences]
        habits: dict[int, tuple[float, bool]] = {}
        for pattern, base in _PATTERNS:
            for match in pattern.finditer(folded):
                sentence = max(bisect_right(starts, match.start()) - 1, 0)
                if sentence not in habits:
                    habits[sentence] = _habit(folded[slice(*sentences[sentence])])
                gain, once = habits[sentence]
                score = base + gain - 0.2 * (once and base + gain < 0.6) - 0.3 * bool(_DATED.match(folded, match.end()))
                yield candidate(match.start(), match.end(), DetailKind.ROUTINE, score)


def _habit(sentence: str) -> tuple[float, bool]:
    """How much a sentence speaks of a habit, and whether it rather speaks of one occasion."""
    gain = (
        0.4 if _MOVING.search(sentence) else 0.25 if _BEING.search(sentence) else 0.2 if _SELF.search(sentence) else 0.0
    )
    return gain - 0.3 * bool(_SENDER_ACTS.search(sentence)), bool(_ONE_OFF.search(sentence))
