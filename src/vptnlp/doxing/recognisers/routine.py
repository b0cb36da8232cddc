"""Habits: when or where somebody usually is.

Format: "elke dinsdag om half acht", "'s vrijdags", "altijd rond zes uur", several weekdays in a row, office hours beside a
name; with the time and one phrase of place that follow.
Accuracy: whether a time tells a habit or a date depends on the sentence. "Elke" with a part of the week, and "'s vrijdags", are
read as habits unless the sender says what they themselves will do ("ik bel elke dag"); a single time needs a habitual verb
in the second or third person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vptnlp.doxing.base import Detail, Passage, candidate
from vptnlp.taxonomy import DetailKind

_DAY = r"(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)"
_PART = r"(?:ochtend|morgen|middag|avond|nacht)"
_HOUR = r"(?:[0-9]{1,2}(?:[.:u][0-9]{2})?(?: ?uur|u)?|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf)"
_CLOCK = rf"(?:(?:half|kwart (?:over|voor)|(?:vijf|tien|[0-9]{{1,2}})(?: minuten)? (?:over|voor)(?: half)?) )?{_HOUR}(?: uur)?(?:'?en)?(?: 's (?:ochtends|morgens|middags|avonds|nachts))?"
_AT = rf"(?:(?:om|rond|tegen|vanaf|tot|na|voor|omstreeks|van|iets na|vlak voor|circa|precies om) )(?:een uur of )?{_CLOCK}"
_SPAN = rf"(?: ?(?:tot|-|–|t/m) ?{_CLOCK})?"
_WHERE = r"(?:,? (?:alleen|bij|op|in|naar|over|langs|achter|door|aan|langs|vanuit|via|met) (?:(?:de|het|een|je|uw|haar|zijn|die|dat|'t|zn) )?(?:[a-zà-ÿ'-]{3,25}(?:,? (?:alleen|naar huis|bij de \w{3,15}|met \w{3,15}|los|fietst|loopt|gaat|heeft|zit|traint|speelt|rijdt))?))"
_TAIL = rf"(?:(?: ?,)? {_AT}{_SPAN})?(?: {_HOUR}(?: ?uur|u)(?!\w))?"
_EVERY = re.compile(
    rf"(?<!\w)(?:elke|iedere|elk|ieder) (?:(?:eerste|tweede|derde|vierde|laatste|twee|drie) )?(?:{_DAY}{_PART}?|{_PART}|dag|weekend|werkdag|schooldag)(?: (?:en|of) {_DAY}{_PART}?)?{_TAIL}(?: (?:kwart (?:over|voor)|half) {_HOUR})?{_WHERE}?"
)
_ADVERB = re.compile(
    rf"(?<![\w])(?:'?s (?:maandags|dinsdags|woensdags|donderdags|vrijdags|zaterdags|zondags)|(?:maan|dins|woens|donder|vrij|zater|zon)dags|doordeweeks|om de week|om het weekend|om de dag|door de week)(?: (?:en|of) (?:'?s )?\w{{4,8}}dags)?{_TAIL}{_WHERE}?"
)
_ALWAYS = re.compile(rf"(?<!\w)(?:altijd|steeds|meestal|dagelijks|vaak|standaard|gewoonlijk|vast) (?:{_AT}{_SPAN}|kwart (?:over|voor) {_HOUR}|half {_HOUR}|op {_DAY}{_PART}?{_TAIL}|'s (?:ochtends|avonds|middags|nachts|morgens)){_WHERE}?")
_DAYS = re.compile(
    rf"(?<!\w)(?:op )?(?:{_DAY}{_PART}?|ma|di|wo|do|vr)(?:(?:, ?| en | |/)(?:{_DAY}{_PART}?|ma|di|wo|do|vr|za|zo)(?![\w-])){{1,4}}(?:(?: t/m| tot en met) (?:{_DAY}|wo|do|vr|za|zo))?{_TAIL}{_WHERE}?"
)
_RANGE = re.compile(rf"(?<!\w)(?:{_DAY}|ma|di|wo|do) (?:t/m|tot en met|tot) (?:{_DAY}|wo|do|vr|za|zo)(?![\w-])(?:,? (?:van )?{_CLOCK}{_SPAN})?")
_SINGLE_DAY = re.compile(rf"(?<!\w)(?:op )?{_DAY}{_PART}?{_TAIL}(?: {_CLOCK})?{_WHERE}?")
_TIMED = re.compile(rf"(?<!\w)(?:(?:om|rond|tegen|vanaf|tot|na) {_CLOCK}{_SPAN}|(?:half|kwart (?:over|voor)|(?:vijf|tien) (?:over|voor)(?: half)?) {_HOUR}){_WHERE}?")
_DAYTIME = re.compile(rf"(?<!\w)'?s (?:ochtends|morgens|middags|avonds|nachts)(?: {_AT})?{_WHERE}?")
_SENTENCE = re.compile(r"[^.!?\n]*")
_SENDER_ACTS = re.compile(r"\b(?:ik|wij|we)\b[^.!?\n]{0,25}\b(?:bel|bellen|blijf|blijven|zie|zien|mail|mailen|schrijf|schrijven|betaal|hoor|denk|tel|kom|komen|stuur|bid|slaap|wacht|steek)\b|\b(?:blijf|bel|kom|stuur|wij) (?:ik|elke|elk)\b")
_PERSON = r"(?:je|jij|jou|u|ge|gij|uw|jouw|hij|zij|ze|die|haar|zijn|vrouw|man|zoon|zoontje|dochter|dochtertje|moeder|vader|oudste|jongste|meisje|kinderen)"
_MOVING = re.compile(
    rf"\b{_PERSON}\b[^.!?\n]{{0,40}}\b(?:fiets|fietst|fietsen|loop|loopt|wandelt|rookt|rook|traint|sport|parkeert|parkeer|zwemt|zwemmen|zingt|roeit|tennist|hockeyt|uitlaat|wielrennen|hardloopt|slaapt|stapt|sluit|eindigt|vertrekt|ophaalt|pauze|rookpauze|nachtdienst)\b"
)
_BEING = re.compile(
    rf"\b{_PERSON}\b[^.!?\n]{{0,40}}\b(?:rijdt|rij|zit|haalt|haal|brengt|breng|werkt|klaar|speelt|zet|staat|sta|laat|gaat|thuis|alleen|dienst|vroeg|weg|koopt|drinkt|neemt|wisselt|draait|traint|hebt|heeft|bent)\b"
)
_SELF = re.compile(r"\b(?:ik|wij|we) (?:loop|werk|ben|sta|zit|zwem|fiets|kom daar|lig|woon|heb)\b|\b(?:ben|zit|sta|werk|loop|kom) ik\b|\bbestuur zit\b|\bbereikbaar\b|\bwerkt? \b")
_DATED = re.compile(r" ?(?:[0-9]{1,2} (?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)|[0-9]{1,2}[-/][0-9])")
_ONE_OFF = re.compile(r"\b(?:vandaag|gisteren|morgen|vannacht|vanavond|vanmorgen|vanmiddag|gisteravond|aanstaande|komende|afgelopen|vorige|volgende|uiterlijk|zitting|vergadering|verschijnen|bezorgd|afspraak|aanmelden|was|stond|zat|kwam|ging|werd)\b")


class RoutineRecogniser:
    """Finds habits of time and place."""

    kinds = frozenset({DetailKind.ROUTINE})

    def find(self, text: str) -> Iterator[Detail]:
        """Yield candidates; see `vptnlp.doxing.base.Recogniser`."""
        passage = Passage.of(text)
        folded = passage.folded
        for pattern, score in ((_EVERY, 0.3), (_ADVERB, 0.35), (_ALWAYS, 0.35), (_DAYS, 0.3), (_RANGE, 0.3), (_SINGLE_DAY, 0.1), (_TIMED, 0.1), (_DAYTIME, 0.15)):
            for match in pattern.finditer(folded):
                yield _scored(passage, match, score)


def _scored(passage: Passage, match: re.Match[str], score: float) -> Detail:
    folded = passage.folded
    start = max(folded.rfind(mark, max(0, match.start() - 120), match.start()) for mark in ".!?\n") + 1
    found = _SENTENCE.match(folded, match.end())
    before = folded[max(start, match.start() - 120) : match.start()]
    sentence = before + folded[match.start() : min(found.end() if found else match.end(), match.end() + 80)]
    if _DATED.match(folded, match.end()):
        score -= 0.3
    if _MOVING.search(sentence):
        score += 0.4
    elif _BEING.search(sentence):
        score += 0.25
    elif _SELF.search(sentence):
        score += 0.2
    if score < 0.6 and _ONE_OFF.search(sentence):
        score -= 0.2
    if _SENDER_ACTS.search(sentence):
        score -= 0.3
    return candidate(match.start(), match.end(), DetailKind.ROUTINE, score)
