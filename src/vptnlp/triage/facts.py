"""What an assessed message shows, as facts that conditions can ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import CueKind, Subject
from vptnlp.triage.conditions import HOSTILE, ORGANISED_CRIME, Reach
from vptnlp.triage.deadlines import hours_until
from vptnlp.triage.rules import Rules

Place = tuple[int, int]
_PRIVATE = frozenset({Subject.TARGET, Subject.RELATIVE})


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one message.

    Attributes:
        mask: One bit a fact, as in `Rules.bits`.
        places: Kind of detail or cue, or name of a pattern, to where the text shows it.
    """

    mask: int
    places: Mapping[str, Sequence[Place]]


def read_facts(text: str, labels: Labels, details: Sequence[Span], cues: Sequence[Span], rules: Rules) -> Facts:
    """Collect the facts of one message.

    Details of the sender, of bystanders and of organisations are no facts: they put neither the target nor a relative
    at risk.
    """
    bits = rules.bits
    mask = bits["threat"][labels.threat] | bits["doxing"][labels.doxing]
    for key, held in (("nature", labels.nature), ("aims", labels.aims), ("forms", labels.forms)):
        for label in held:
            mask |= bits[key][label]
    for target in labels.targets:
        mask |= bits["targets"][target]
    if labels.organised_crime:
        mask |= bits["signals"][ORGANISED_CRIME]
    if labels.hostile:
        mask |= bits["signals"][HOSTILE]

    places: dict[str, list[Place]] = {}
    soonest: float | None = None
    for cue in cues:
        mask |= bits["cues"][cue.kind]
        places.setdefault(cue.kind, []).append((cue.start, cue.end))
        if cue.kind is CueKind.DEADLINE:
            mask |= bits["deadline"][Reach.ANY]
            hours = hours_until(cue.text_of(text))
            if hours is not None and (soonest is None or hours < soonest):
                soonest = hours
    for detail in details:
        if detail.subject in _PRIVATE:
            mask |= bits["details"][detail.kind] | bits["subjects"][detail.subject]
            places.setdefault(detail.kind, []).append((detail.start, detail.end))
            places.setdefault(detail.subject, []).append((detail.start, detail.end))
    if soonest is not None and soonest <= rules.week_hours:
        mask |= bits["deadline"][Reach.WEEK]
        if soonest <= rules.day_hours:
            mask |= bits["deadline"][Reach.DAY]
    for name, pattern in rules.patterns.items():
        found = [match.span() for match in pattern.finditer(text) if match.end() > match.start()]
        if found:
            mask |= bits["signals"][name]
            places[name] = found
    return Facts(mask, places)
