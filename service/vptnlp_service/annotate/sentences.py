"""The rules of the corpus in the words of the page. A test checks that none is missing."""

from __future__ import annotations

import re
from collections.abc import Callable

from vptnlp.taxonomy import AXIS_DUTCH, Aim, CueKind, DetailKind

_KINDS = {str(kind): kind.dutch for kind in (*DetailKind, *CueKind)}
_GROUPS = {"details": "gegevens", "cues": "aanwijzingen"}


def _kinds(names: str) -> str:
    return " en ".join(f"‘{_KINDS[name]}’" for name in names.split(", "))


_SENTENCES: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (
        r"A message that is not hostile has no organised crime\.",
        lambda _: f"Een bericht dat niet vijandig is, heeft geen {AXIS_DUTCH['organised_crime']}.",
    ),
    (
        r"A message that is not hostile has no cue (.+)\.",
        lambda m: f"Een bericht dat niet vijandig is, heeft geen aanwijzing {_kinds(m[1])}.",
    ),
    (
        r"A message that is not hostile has no (\w+)\.",
        lambda m: f"Een bericht dat niet vijandig is, heeft geen {AXIS_DUTCH[m[1]]}.",
    ),
    (
        r"A cue 'threat_phrase' goes with .+",
        lambda _: f"Markeer bij een dreiging de {_KINDS['threat_phrase']}, en alleen bij een dreiging.",
    ),
    (
        r"A hostile message has at least one nature\.",
        lambda _: "Een vijandig bericht heeft altijd een aard: instrumenteel, emotioneel of allebei.",
    ),
    (
        r"A veiled threat has the aim 'intimidate'\.",
        lambda _: f"Bij een bedekte dreiging hoort het doel ‘{Aim.INTIMIDATE.dutch}’.",
    ),
    (
        r"A conditional threat has a cue 'condition'\.",
        lambda _: f"Markeer bij een voorwaardelijke dreiging de {_KINDS['condition']}.",
    ),
    (
        r"A doxing call has a cue 'call_to_action'\.",
        lambda _: f"Markeer bij de doxing ‘oproep’ ook de aanwijzing ‘{_KINDS['call_to_action']}’.",
    ),
    (r"Bribery has a cue 'offer'\.", lambda _: f"Markeer bij omkoping het {_KINDS['offer']}."),
    (r"Bribery is instrumental\.", lambda _: "Omkoping is altijd instrumenteel van aard."),
    (
        r"An aim that wants behaviour makes the nature instrumental\.",
        lambda _: "Wie gedrag wil (onderzoek, optreden of besluit), schrijft instrumenteel: kies die aard erbij.",
    ),
    (
        r"An exposure has a usable detail of the target or a relative\.",
        lambda _: "Markeer bij een onthulling het bruikbare gegeven van het doelwit of een naaste.",
    ),
    (
        r"Two (\w+) of kind (\w+) overlap at \d+\.",
        lambda m: f"Twee {_GROUPS[m[1]]} van de soort {_kinds(m[2])} overlappen elkaar.",
    ),
    (
        r"The (\w+) at \d+-\d+ starts or ends with white space\.",
        lambda m: f"De markering {_kinds(m[1])} begint of eindigt met een spatie.",
    ),
)


def in_dutch(sentence: str) -> str:
    """A sentence of `vptnlp.corpus.rules.errors` in Dutch; one that is not known here stays as it is."""
    for pattern, say in _SENTENCES:
        if match := re.fullmatch(pattern, sentence):
            return say(match)
    return sentence
