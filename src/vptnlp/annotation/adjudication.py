"""From answers that differ to one that holds: what to decide first, what was decided and why, and the corpus that results.

A decision file is a log in JSONL: a judgement row of the adjudicator with a ``reason``. Later rows about a message overrule
earlier ones, and nothing is ever taken out. The answers themselves stay what they were: each message of the corpus carries
them as ``votes``.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from vptnlp.annotation.agreement import measure
from vptnlp.annotation.judgements import Judgement, from_row, to_row
from vptnlp.annotation.tasks import GOLD, Task
from vptnlp.corpus import Example, files, rules
from vptnlp.corpus.records import CATEGORIES, CHANNELS, HOSTILE_CATEGORIES, REGIONS, REGISTERS
from vptnlp.corpus.version import How
from vptnlp.errors import CorpusError
from vptnlp.evaluation.metrics import match_spans
from vptnlp.messages import Labels, Span
from vptnlp.taxonomy import AXES, SINGLE_AXES, SPAN_KINDS, Doxing, Form, Threat

OnProblem = Callable[[str], None]

DISPUTED_AXES = (*AXES, "organised_crime", *SPAN_KINDS)
"""What answers can differ on, in the order of the assessment record."""

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """A message on which answers differ.

    Attributes:
        task: The message.
        answers: All answers to it, in the order given.
        axes: Axis or group of spans to how far the answers are apart on it, from 0 to 1; only those on which they differ.
        rarity: The same keys to how rare the rarest label or kind in dispute is, from 0 (in every answer) to 1 (in one).
        score: Sum over the axes of distance times (1 + rarity): many axes, strong differences and rare labels go first.
    """

    task: Task
    answers: tuple[Judgement, ...]
    axes: Mapping[str, float]
    rarity: Mapping[str, float]
    score: float

    def to_dict(self) -> dict[str, Any]:
        """The case as plain values, ready for JSON; ids, names and labels, no text."""
        return {
            "id": self.task.id,
            "score": self.score,
            "axes": dict(self.axes),
            "answers": [to_row(answer) for answer in self.answers],
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What holds for a message, and why.

    Attributes:
        judgement: Labels and spans that hold, by the adjudicator, with the moment of deciding.
        reason: Why, in the adjudicator's words.
    """

    judgement: Judgement
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answers and decisions give together.

    Attributes:
        examples: Messages that can go into a corpus, in the order of the tasks, each with its votes.
        open: Cases without a decision, most informative first. They are not among the examples.
        decided: How many examples follow from a decision.
        agreed: How many have two answers or more that are equal.
        majority: How many follow from most answers.
        single: How many have one answer only.
        unanswered: How many tasks have no answer and no decision.
        how: Id of each example to which of these it is.
    """

    examples: tuple[Example, ...]
    open: tuple[Case, ...]
    decided: int
    agreed: int
    majority: int
    single: int
    unanswered: int
    how: Mapping[str, How] = field(default_factory=dict)


def queue(tasks: Iterable[Task], judgements: Sequence[Judgement]) -> list[Case]:
    """The messages on which answers differ, most informative first.

    Spans count only between annotators who marked any of that group at all: others may not have been asked to.
    Messages that `GOLD` has answered are passed over, for their labels are known.

    Args:
        tasks: The messages.
        judgements: Answers, at most one for each annotator and message.

    Raises:
        CorpusError: An annotator answered a message twice.
    """
    answers = _by_item(judgements)
    shared = [j for held in answers.values() if len(held) > 1 for j in held]
    if not shared:
        return []
    apart = {d.item: d.axes for d in measure(shared, draws=0).disagreements}
    marking = _marking(judgements)
    rarity = _rarities(judgements)
    found = []
    for task in tasks:
        held = answers.get(task.id, [])
        if len(held) < 2:
            continue
        axes = dict(apart.get(task.id, {}))
        axes |= {group: d for group in SPAN_KINDS if (d := _span_distance(held, group, marking[group]))}
        if axes:
            rare = {axis: max(rarity[axis, key] for key in _in_dispute(held, axis)) for axis in axes}
            score = round(sum(d * (1 + rare[axis]) for axis, d in axes.items()), 4)
            found.append(Case(task, tuple(held), axes, rare, score))
    return sorted(found, key=lambda case: -case.score)


def proposal(answers: Sequence[Judgement]) -> Judgement:
    """Where to start deciding from: what at least half of the answers hold.

    On threat and doxing, where no value is in more than half of the answers, the strongest given stands, as in the taxonomy.

    Args:
        answers: One or more answers to the same message.
    """
    enough = len(answers) / 2
    labels: dict[str, Any] = {}
    for axis, kind in AXES.items():
        given = [getattr(a.labels, axis) for a in answers]
        if axis in SINGLE_AXES:
            most, times = Counter(given).most_common(1)[0]
            labels[axis] = most if times > enough else max(given, key=list(kind).index)
        else:
            labels[axis] = frozenset(label for label in kind if sum(label in held for held in given) >= enough)
    labels["organised_crime"] = sum(a.labels.organised_crime for a in answers) >= enough
    details = _common_spans([a.details for a in answers], enough)
    cues = _common_spans([a.cues for a in answers], enough)
    return Judgement(answers[0].item, "", Labels(**labels), details, cues)


def combine(
    tasks: Iterable[Task],
    judgements: Sequence[Judgement],
    decisions: Iterable[Decision],
    on_problem: OnProblem,
    settle: Callable[[Case], Judgement | None] | None = None,
) -> Outcome:
    """Make corpus messages of answers and decisions.

    A decision goes before all answers. Without one, equal answers hold, and so does an answer that stands alone; answers that
    differ stay open, unless `settle` settles them. A message that breaks a rule of the corpus is left out.

    Args:
        tasks: The messages. ``scenario``, ``channel``, ``register``, ``region`` and ``category`` are taken from their meta
            where these fit; without a scenario each message is one of its own.
        judgements: Answers, at most one for each annotator and message.
        decisions: What was decided; of several about one message the last holds.
        on_problem: Called with a full sentence for each message that is left out because of a rule.
        settle: Gives what holds where answers differ, or None to leave that open (`vptnlp.annotation.majority`).

    Raises:
        CorpusError: An annotator answered a message twice.
    """
    asked = list(tasks)
    final = {d.judgement.item: d.judgement for d in decisions}
    cases = {case.task.id: case for case in queue(asked, judgements)}
    answers, marking = _by_item(judgements), _marking(judgements)
    examples: list[Example] = []
    ways: dict[str, How] = {}
    settled: set[str] = set()
    unanswered = 0
    for task in asked:
        votes = answers.get(task.id, [])
        how: How
        if task.id in final:
            holds, how = final[task.id], "decided"
        elif task.id in cases:
            if settle is None or (most := settle(cases[task.id])) is None:
                continue
            settled.add(task.id)
            holds, how = most, "majority"
        elif votes:
            holds, how = _agreed(votes, marking), "agreed" if len(votes) > 1 else "single"
        else:
            unanswered += 1
            continue
        example = to_example(task, holds, votes)
        if faults := list(rules.errors(example)):
            on_problem(f"message '{task.id}' ({how}): {' '.join(faults)} The message is left out.")
            continue
        ways[task.id] = how
        examples.append(example)
    counts = Counter(ways.values())
    return Outcome(
        tuple(examples),
        tuple(case for case in cases.values() if case.task.id not in final and case.task.id not in settled),
        counts["decided"],
        counts["agreed"],
        counts["majority"],
        counts["single"],
        unanswered,
        ways,
    )


def to_example(task: Task, holds: Judgement, votes: Iterable[Judgement] = ()) -> Example:
    """The corpus message of a task with the labels and spans that hold.

    Args:
        task: The message.
        holds: What holds for it.
        votes: What each annotator answered.
    """
    meta = task.meta
    return Example(
        id=task.id,
        scenario=str(meta.get("scenario") or task.id),
        text=task.text,
        labels=holds.labels,
        details=holds.details,
        cues=holds.cues,
        channel=_known(meta, "channel", CHANNELS, "email"),
        register=_known(meta, "register", REGISTERS, "neutral"),
        region=_known(meta, "region", REGIONS, "nl"),
        category=_category(meta, holds.labels),
        votes=tuple({k: v for k, v in to_row(j).items() if k not in ("id", "answered_at")} for j in votes),
    )


def decision_to_row(decision: Decision) -> dict[str, Any]:
    """One row of a decision file."""
    return {**to_row(decision.judgement), "reason": decision.reason}


def decision_from_row(row: Mapping[str, Any], text: str | None = None) -> Decision:
    """Read one row of a decision file.

    Args:
        row: The row.
        text: The message, to check offsets against.

    Raises:
        CorpusError: The row is no judgement, or has no reason.
    """
    reason = row.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise CorpusError("The key 'reason' is missing or empty; a decision says why.")
    return Decision(from_row({key: value for key, value in row.items() if key != "reason"}, text), reason.strip())


def read_decisions(path: Path, texts: Mapping[str, str], on_problem: OnProblem) -> list[Decision]:
    """Read a decision file.

    Args:
        path: The file.
        texts: Texts by id.
        on_problem: Called with a full sentence for each row that cannot be used; the rest is read.

    Raises:
        CorpusError: The file cannot be read, or a line is no JSON object.
    """
    found = []
    for number, row in files.read_rows(path):
        item = row.get("id")
        text = texts.get(item) if isinstance(item, str) else None
        try:
            if text is None:
                raise CorpusError("There is no message with this id among the tasks.")
            found.append(decision_from_row(row, text))
        except CorpusError as error:
            on_problem(f"{path}, line {number}: {error} The decision is left out.")
    return found


def _by_item(judgements: Iterable[Judgement]) -> dict[str, list[Judgement]]:
    found: dict[str, list[Judgement]] = defaultdict(list)
    known = set()
    for judgement in judgements:
        if any(other.annotator == judgement.annotator for other in found[judgement.item]):
            raise CorpusError(
                f"The annotator '{judgement.annotator}' answered the item '{judgement.item}' twice; keep one answer."
            )
        found[judgement.item].append(judgement)
        if judgement.annotator == GOLD:
            known.add(judgement.item)
    return {item: held for item, held in found.items() if item not in known}


def _marking(judgements: Iterable[Judgement]) -> dict[str, set[str]]:
    """Group of spans to the annotators who marked any."""
    found: dict[str, set[str]] = {group: set() for group in SPAN_KINDS}
    for judgement in judgements:
        for group, names in found.items():
            if getattr(judgement, group):
                names.add(judgement.annotator)
    return found


def _held(answer: Judgement, axis: str) -> set[str]:
    """The labels of an axis, or the kinds of a group of spans, that an answer holds."""
    if axis in SPAN_KINDS:
        return {str(span.kind) for span in getattr(answer, axis)}
    value = getattr(answer.labels, axis)
    if axis == "organised_crime":
        return {"true"} if value else set()
    return {str(value)} if axis in SINGLE_AXES else {str(label) for label in value}


def _in_dispute(answers: Sequence[Judgement], axis: str) -> set[str]:
    held = Counter(key for answer in answers for key in _held(answer, axis))
    # Where all have the same kinds of spans, the places or subjects differ: then all of them are in dispute.
    return {key for key, times in held.items() if times < len(answers)} or set(held)


def _rarities(judgements: Sequence[Judgement]) -> dict[tuple[str, str], float]:
    """How rare each label and kind is among the answers: minus the logarithm of its share, scaled to 0..1."""
    held = Counter((axis, key) for j in judgements for axis in DISPUTED_AXES for key in _held(j, axis))
    scale = math.log(len(judgements)) or 1.0
    return {key: math.log(len(judgements) / n) / scale for key, n in held.items()}


def _span_distance(answers: Sequence[Judgement], group: str, marking: set[str]) -> float:
    """1 minus the mean over pairs of F1, in which equal spans count 1 and overlapping ones of a kind one half."""
    marked: list[tuple[Span, ...]] = [getattr(a, group) for a in answers if a.annotator in marking]
    pairs = [(one, other) for one, other in combinations(marked, 2) if one or other]
    if not pairs:
        return 0.0
    apart = []
    for one, other in pairs:
        alike = sum(
            1.0 if (a.start, a.end, a.subject) == (b.start, b.end, b.subject) else _HALF
            for a, b in match_spans(one, other)
        )
        apart.append(1 - 2 * alike / (len(one) + len(other)))
    return round(sum(apart) / math.comb(len(marked), 2), 4)


def _common_spans(marked: Sequence[tuple[Span, ...]], enough: float) -> tuple[Span, ...]:
    """Spans that enough answers have, most votes first where spans of one kind overlap."""
    votes = Counter(span for spans in marked for span in set(spans))
    kept: list[Span] = []
    for span, times in sorted(votes.items(), key=lambda item: (-item[1], item[0])):
        if times >= enough and not any(span.kind == other.kind and span.overlaps(other) for other in kept):
            kept.append(span)
    return tuple(sorted(kept))


def _agreed(votes: Sequence[Judgement], marking: Mapping[str, set[str]]) -> Judgement:
    """The answer that all gave, with the spans of those who mark any."""
    details = next((v.details for v in votes if v.annotator in marking["details"]), ())
    cues = next((v.cues for v in votes if v.annotator in marking["cues"]), ())
    return Judgement(votes[0].item, votes[0].annotator, votes[0].labels, details, cues)


def _known(meta: Mapping[str, Any], key: str, choices: frozenset[str], default: str) -> str:
    value = meta.get(key)
    return value if isinstance(value, str) and value in choices else default


def _category(meta: Mapping[str, Any], labels: Labels) -> str:
    """The category of the source where it fits the labels; else the one that the labels say."""
    fitting = HOSTILE_CATEGORIES if labels.hostile else CATEGORIES - HOSTILE_CATEGORIES
    if (given := _known(meta, "category", fitting, "")) or not labels.hostile:
        return given or "question"
    signs = {
        "threat": labels.threat != Threat.NONE,
        "doxing": labels.doxing != Doxing.NONE,
        "bribery": Form.BRIBERY in labels.forms,
        "stalking": Form.STALKING in labels.forms,
        "abuse": bool(labels.forms),
    }
    return next((category for category, holds in signs.items() if holds), "leverage")
