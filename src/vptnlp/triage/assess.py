"""From facts to urgency, reasons, next steps and statute cards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vptnlp.messages import Factor, Labels, Scores, Span, StatuteCard, Step, Triage, Urgency
from vptnlp.taxonomy import CueKind
from vptnlp.triage.conditions import UNCERTAIN
from vptnlp.triage.facts import Facts, read_facts
from vptnlp.triage.rules import HEAVIEST, FactorRule, Rules

_CALM = Triage(Urgency.NONE, 0.0)


def assess_urgency(
    message_text: str,
    labels: Labels,
    scores: Scores,
    details: Sequence[Span],
    cues: Sequence[Span],
    rules: Rules,
) -> Triage:
    """Say how soon somebody must look at a message, why, and what to do.

    Args:
        message_text: The text the spans belong to.
        labels: Its labels.
        scores: Its calibrated probabilities; only the hostility is used, to tell the reader of doubt.
        details: Its personal details.
        cues: Its cues.
        rules: From `load_rules`.

    Returns:
        The triage. A message that is neither hostile nor speaks of self-harm has urgency ``none`` and no steps. The
        score rises with the points of the factors, from 0 to below 1; it is not a probability of violence.
    """
    low, high = rules.uncertain
    doubt = rules.bits["signals"][UNCERTAIN] if low <= scores.hostile < high else 0
    hostile = labels.hostile
    if not hostile and not any(cue.kind is CueKind.SELF_HARM for cue in cues):
        if not doubt:
            return _CALM
        held = [rule for rule in rules.factors if rule.when.holds(doubt)]
        return Triage(Urgency.NONE, 0.0, tuple(Factor(rule.key, rule.text) for rule in held))

    facts = read_facts(message_text, labels, details, cues, rules)
    mask = facts.mask | doubt
    held = [rule for rule in rules.factors if rule.when.holds(mask)]
    shown, points = _weigh(held, rules)
    start = dict(rules.levels)
    floor = Urgency.LOW if hostile else Urgency.NONE
    points = max(points, start.get(floor, 0), *(start.get(rule.at_least, 0) for rule in held))
    urgency = next((level for level, least in rules.levels if points >= least), Urgency.NONE)
    mask |= rules.bits["urgency"][urgency]
    return Triage(
        urgency,
        1.0 - 0.5 ** (points / rules.half_points),
        tuple(Factor(rule.key, rule.text, _places(rule.spans, facts)) for rule in shown),
        _steps(mask, urgency, rules),
        _cards(mask, facts, rules),
    )


def _weigh(held: Sequence[FactorRule], rules: Rules) -> tuple[list[FactorRule], int]:
    """The factors to show and their points together.

    Sums, caps and maxima of points that are never negative: a further factor cannot lower the result.
    """
    total = 0
    together: dict[str, int] = {}
    heaviest: dict[str, FactorRule] = {}
    for rule in held:
        if rule.group is None:
            total += rule.points
        elif rules.groups[rule.group] == HEAVIEST:
            if rule.group not in heaviest or rule.points > heaviest[rule.group].points:
                heaviest[rule.group] = rule
        else:
            together[rule.group] = together.get(rule.group, 0) + rule.points
    total += sum(rule.points for rule in heaviest.values())
    for group, points in together.items():
        cap = rules.groups[group]
        total += min(points, cap) if isinstance(cap, int) else points
    return [rule for rule in held if rule.group not in heaviest or heaviest[rule.group] is rule], total


def _places(names: Iterable[str], facts: Facts) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({place for name in names for place in facts.places.get(name, ())}))


def _steps(mask: int, urgency: Urgency, rules: Rules) -> tuple[Step, ...]:
    steps = [
        Step(rule.key, rule.text, rule.source, rule.due_hours[urgency])
        for rule in rules.steps
        if rule.when.holds(mask) and not rule.unless.holds(mask)
    ]
    # What is due first comes first; the file's order decides between equals.
    steps.sort(key=lambda step: (step.due_hours is None, step.due_hours or 0))
    return tuple(steps)


def _cards(mask: int, facts: Facts, rules: Rules) -> tuple[StatuteCard, ...]:
    cards = []
    for statute in rules.statutes:
        if not statute.when.holds(mask):
            continue
        present, missing, spans = [], [], []
        for element in statute.elements:
            shown = [showing for showing in element.shown if showing.when.holds(mask)]
            if shown:
                # The first says it best; all of them say where.
                present.append(shown[0].text)
                spans.append(_places((name for showing in shown for name in showing.places), facts))
            else:
                missing.append(element.not_shown)
        cards.append(StatuteCard(statute.article, tuple(present), tuple(missing), tuple(spans)))
    return tuple(cards)
