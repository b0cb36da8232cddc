"""From answers and decisions to the next version of a corpus, in which nothing changes silently."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vptnlp.annotation.adjudication import Case, Decision, Outcome, combine, decision_from_row, decision_to_row
from vptnlp.annotation.judgements import Judgement, from_row, judgements_of, to_row
from vptnlp.annotation.tasks import GOLD, Task, from_examples, gold_of
from vptnlp.corpus import Example, splits
from vptnlp.corpus.grouping import Item, group
from vptnlp.corpus.version import Entry, How, Version
from vptnlp.errors import ConfigError

OnProblem = Callable[[str], None]

GROUP_BY = ("scenario", "thread", "from", "subject")
"""Columns of the source by which messages are kept together, where they exist."""

SHARES: Mapping[str, float] = {"train": 0.6, "dev": 0.2, "test": 0.2}
_LARGE = 0.25  # share of the new messages from which a group is worth a remark

_REPLY = re.compile(r"^(?:(?:re|fw|fwd|antw|antwoord|doorst|betr)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"<([^<>\s]+)>\s*$")
# A placeholder of `vptnlp redact` stands for another person in each run of it.
_PLACEHOLDER = re.compile(r"\[[A-Z-]+-\d+\]")


@dataclass(frozen=True, slots=True)
class Built:
    """A version and how it differs from the one before.

    Attributes:
        version: The version.
        added: Ids of messages that are new in it.
        changed: Ids of messages with other labels or spans than before.
        revoted: Ids of messages with other answers and the same labels.
        removed: Ids that were taken out.
        disputed: Ids of earlier messages on which new answers differ; they keep their labels until somebody decides.
        open: All cases without a decision, most informative first.
        unanswered: How many tasks nobody answered.
        remarks: Sentences about large groups.
    """

    version: Version
    added: tuple[str, ...]
    changed: tuple[str, ...]
    revoted: tuple[str, ...]
    removed: tuple[str, ...]
    disputed: tuple[str, ...]
    open: tuple[Case, ...]
    unanswered: int
    remarks: tuple[str, ...]

    def changelog(self) -> str:
        """What changed, in Dutch, as a list of Markdown."""
        how = Counter(entry.how for entry in self.version.entries.values())
        ways: dict[How, str] = {
            "decided": "beslist", "agreed": "gelijke antwoorden", "majority": "meerderheid", "single": "één antwoord",
            "given": "uit een ander corpus",
        }  # fmt: skip
        lines = [
            f"- {len(self.version.examples)} berichten: {len(self.added)} erbij, {len(self.changed)} veranderd, "
            f"{len(self.removed)} eruit.",
            "- Labels: " + ", ".join(f"{ways[key]} {how[key]}" for key in ways if how[key]) + ".",
        ]
        for name, ids in (("Veranderd", self.changed), ("Eruit", self.removed), ("Nog te beslissen", self.disputed)):
            if ids:
                lines.append(f"- {name}: {', '.join(f'`{i}`' for i in ids)}.")
        return "\n".join(lines)


def build(
    earlier: Version,
    tasks: Iterable[Task],
    judgements: Sequence[Judgement],
    decisions: Sequence[Decision],
    on_problem: OnProblem,
    *,
    number: str,
    remove: Collection[str] = (),
    settle: Callable[[Case], Judgement | None] | None = None,
    group_by: Sequence[str] = GROUP_BY,
    shares: Mapping[str, float] = SHARES,
) -> Built:
    """Make the next version.

    Messages of the earlier version keep their split, and their labels too unless new answers or a new decision say otherwise.
    Where new answers differ from what holds, the labels stay until somebody decides. Of two answers by one annotator about a
    message the new one counts.

    Args:
        earlier: The version before; one without messages to begin with.
        tasks: The messages, those without an answer too.
        judgements: New answers. Those to messages that `GOLD` answered too are passed over, unless they are tasks.
        decisions: New decisions.
        on_problem: Called with a full sentence for each message or answer that is left out.
        number: Number of the new version.
        remove: Ids to take out, for good.
        settle: As for `vptnlp.annotation.adjudication.combine`.
        group_by: Columns by which messages are kept in one split, beside near-duplicates.
        shares: Split to share of the messages; adds up to 1.

    Raises:
        ConfigError: There are no messages, or too few groups to divide.
    """
    gone = {*earlier.removed, *remove}
    for name in sorted(set(remove) - earlier.examples.keys()):
        on_problem(f"message '{name}': the corpus has no message with this id to take out.")
    kept = {name: e for name, e in earlier.examples.items() if name not in gone}
    asked = _asked(kept, tasks, gone, on_problem)
    given = _usable(judgements, asked, kept, gone, on_problem)
    votes = _votes(earlier, kept)
    before = dict(votes)
    for judgement in given:
        votes[judgement.item, judgement.annotator] = judgement
    settled = {d.judgement.item: d for d in decisions if d.judgement.item in asked}
    touched = {key[0] for key in votes if votes[key] != before.get(key)} | settled.keys()
    open_tasks = [task for name, task in asked.items() if name not in kept or name in touched]
    outcome = combine(open_tasks, list(votes.values()), _decisions(earlier, kept, settled), on_problem, settle)
    added, entries, remarks = _place(outcome, asked, kept, earlier, number, group_by, shares, on_problem)
    examples = dict(kept)
    changed: list[str] = []
    revoted: list[str] = []
    disputed: list[str] = []
    for name in (name for name in kept if name in touched):
        new = next((e for e in outcome.examples if e.id == name), None)
        own = tuple(_vote(v) for (item, _), v in votes.items() if item == name)
        if new is None:
            disputed.append(name)
            examples[name] = replace(kept[name], votes=own)
            continue
        examples[name] = replace(new, scenario=kept[name].scenario, votes=own)
        entries[name] = replace(entries[name], how=_how(entries[name], outcome.how[name], settled.keys() & {name}))
        (changed if _gold(new) != _gold(kept[name]) else revoted).append(name)
    examples |= {e.id: e for e in added}
    version = Version(
        earlier.name,
        number,
        examples,
        {name: entries[name] for name in examples},
        tuple(to_row(vote) for (item, _), vote in votes.items() if item in examples),
        tuple(r for r in earlier.log if r.get("id") in examples)
        + tuple(decision_to_row(d) for name, d in settled.items() if name in examples),
        tuple(sorted(gone)),
        earlier.changes,
    )
    out = tuple(name for name in earlier.examples if name in gone)
    return Built(
        version, tuple(e.id for e in added), tuple(changed), tuple(revoted), out, tuple(disputed), outcome.open,
        outcome.unanswered, remarks,
    )  # fmt: skip


def _asked(
    kept: Mapping[str, Example], tasks: Iterable[Task], gone: set[str], on_problem: OnProblem
) -> dict[str, Task]:
    """All messages by id: those of the corpus, and the new ones."""
    found = {task.id: task for task in from_examples(kept.values())}
    for task in tasks:
        if task.id in gone:
            continue
        if task.id in found and found[task.id].text != task.text:
            on_problem(
                f"task '{task.id}': this id stands for a message with another text; the task is left out. Give the file it "
                "comes from another name, and redact all files of one version together."
            )
            continue
        found.setdefault(task.id, replace(task, meta=_flat(task.meta)))
    return found


def _usable(
    judgements: Sequence[Judgement],
    asked: Mapping[str, Task],
    kept: Mapping[str, Example],
    gone: set[str],
    on_problem: OnProblem,
) -> list[Judgement]:
    checks = {j.item for j in judgements if j.annotator == GOLD and j.item not in asked}
    found = []
    for j in judgements:
        if j.item in checks or j.item in gone:
            continue
        if j.item not in asked:
            on_problem(f"task '{j.item}', annotator '{j.annotator}': there is no such task; the answer is left out.")
        elif any(span.end > len(asked[j.item].text) for span in j.details + j.cues):
            on_problem(
                f"task '{j.item}', annotator '{j.annotator}': a span lies outside the text; the answer is left out."
            )
        else:
            found.append(j)
    return found


def _votes(earlier: Version, kept: Mapping[str, Example]) -> dict[tuple[str, str], Judgement]:
    """The answers that the corpus has, by message and annotator."""
    held = [from_row(row) for row in earlier.votes] or judgements_of(kept.values())
    return {(j.item, j.annotator): j for j in held if j.item in kept}


def _decisions(earlier: Version, kept: Mapping[str, Example], settled: Mapping[str, Decision]) -> list[Decision]:
    """What was decided: in a corpus of other making every label, then what the log says, then what is new."""
    given = [e for name, e in kept.items() if earlier.entries[name].how == "given"]
    old = [decision_from_row(row) for row in earlier.log if row.get("id") in kept]
    return [*(Decision(j, "-") for j in gold_of(given)), *old, *settled.values()]


def _how(entry: Entry, how: How, decided: Collection[str]) -> How:
    """How labels came about; those of other making stay that until somebody decides here."""
    return entry.how if entry.how == "given" and not decided else how


def _place(
    outcome: Outcome,
    asked: Mapping[str, Task],
    kept: Mapping[str, Example],
    earlier: Version,
    number: str,
    group_by: Sequence[str],
    shares: Mapping[str, float],
    on_problem: OnProblem,
) -> tuple[list[Example], dict[str, Entry], tuple[str, ...]]:
    """New messages with their scenario and split; the entries of all; remarks."""
    entries = {name: earlier.entries[name] for name in kept}
    new = [e for e in outcome.examples if e.id not in kept]
    keys = {e.id: _keys(asked[e.id].meta, group_by, number) for e in new}
    held = [Item(e.id, e.text, entries[e.id].keys) for e in kept.values()]
    split_of = {name: entry.split for name, entry in entries.items()}
    found = group(
        [Item(e.id, e.text, keys[e.id]) for e in new], held, {n: e.scenario for n, e in kept.items()}, split_of
    )
    for name in found.torn:
        on_problem(
            f"message '{name}': it belongs with messages of different splits (sender, thread or nearly the same text), so it "
            "would give the test away. The message is left out."
        )
    placed = [replace(e, scenario=found.scenario[e.id]) for e in new if e.id in found.scenario]
    if not placed and not kept:
        raise ConfigError("No message can go into the corpus: none has an answer or a decision that holds.")
    fixed = {e.scenario: split_of[name] for name, e in kept.items()}
    divided = splits.split_by_scenario([*kept.values(), *placed], shares, seed=earlier.name, fixed=fixed)
    if empty := [split for split, share in shares.items() if share and not divided[split]]:
        groups = len({e.scenario for e in (*kept.values(), *placed)})
        raise ConfigError(
            f"There are {len(placed) + len(kept)} messages in {groups} groups, too few to fill {', '.join(empty)}; annotate "
            "more, or choose with --group-by what keeps messages together."
        )
    where = {e.id: split for split, examples in divided.items() for e in examples}
    for e in placed:
        entries[e.id] = Entry(where[e.id], outcome.how[e.id], number, keys[e.id])
    return placed, entries, _remarks(placed)


def _remarks(placed: Sequence[Example]) -> tuple[str, ...]:
    sizes = Counter(e.scenario for e in placed)
    return tuple(
        f"{n} of {len(placed)} new messages belong together (with '{name}'); see --group-by if they should not."
        for name, n in sizes.most_common(3)
        if n > 2 and n > _LARGE * len(placed)
    )


def _flat(meta: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a message, those that `vptnlp redact` carries under ``meta`` too."""
    inner = meta.get("meta")
    if isinstance(inner, str):
        try:
            inner = json.loads(inner)
        except ValueError:
            inner = None
    return {**(inner if isinstance(inner, dict) else {}), **{k: v for k, v in meta.items() if k != "meta"}}


def _keys(meta: Mapping[str, Any], columns: Sequence[str], number: str) -> frozenset[str]:
    """Hashes of what a message is grouped by."""
    found = set()
    for column in columns:
        value = str(meta.get(column) or "").strip()
        if column == "subject":
            value = _REPLY.sub("", value)
        elif column == "from" and (address := _ADDRESS.search(value)):
            value = address[1]
        if not value:
            continue
        scope = number if _PLACEHOLDER.search(value) else ""
        found.add(hashlib.sha256(f"{column} {scope} {value.casefold()}".encode()).hexdigest()[:16])
    return frozenset(found)


def _vote(judgement: Judgement) -> dict[str, Any]:
    return {key: value for key, value in to_row(judgement).items() if key not in ("id", "answered_at")}


def _gold(example: Example) -> tuple[Any, ...]:
    return example.labels, example.details, example.cues


def empty(name: str) -> Version:
    """A corpus without messages, to begin with."""
    return Version(name, "0.0.0", {}, {})
