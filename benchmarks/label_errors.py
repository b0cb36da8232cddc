"""How many planted label errors `vptnlp annotate suspects` ranks in its first tenth.

Of the messages 5% get a wrong answer, drawn with a seed; texts and spans stay. What is flipped:

- an axis with one value: another value, each as likely;
- an axis with any number of values: one label, each as likely, is added or taken away; organised crime is turned round;
- `hostility`: all labels of a hostile message are taken away, or a harmless one gets those of a random hostile message;
- `any`: each message one axis, each as likely.

Many such flips break a rule of the taxonomy (a harmless message with a nature), which `vptnlp corpus validate` would tell
by itself. So each kind is also planted *silently*: flips are drawn until the labels break no rule.

Scores are out of sample: learned from the flipped labels of the other messages of the same set, or from a bundle that never
saw the set. Writes `benchmarks/label_errors.json`, in which a run replaces the sets that it measured.
`make bench-learning` runs it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from vptnlp import Analyzer
from vptnlp.annotation.duplicates import group_duplicates
from vptnlp.annotation.least_squares import LeastSquares, held_outputs, inverse_of, ngrams
from vptnlp.annotation.suspects import find_suspects
from vptnlp.annotation.tasks import Task
from vptnlp.classify.outputs import to_scores
from vptnlp.corpus import Example, load_split, rules
from vptnlp.messages import Labels, Message, Scores
from vptnlp.taxonomy import AXES, SINGLE_AXES, Label

ROOT = Path(__file__).parents[1]
KINDS = (*AXES, "organised_crime", "hostility", "any")
SHARE, LOOKED_AT = 0.05, 0.1
_OF_LABELS = ("A message that is not hostile has no", "A hostile message has", "A veiled", "Bribery is", "An aim that")


def flip(labels: Labels, kind: str, draw: random.Random, hostile: Sequence[Labels]) -> Labels:
    """Wrong labels of one kind."""
    if kind == "hostility":
        return Labels() if labels.hostile else draw.choice(hostile)
    axis = draw.choice([*AXES, "organised_crime"]) if kind == "any" else kind
    if axis == "organised_crime":
        return replace(labels, organised_crime=not labels.organised_crime)
    held = getattr(labels, axis)
    changed: dict[str, Any] = {}
    if axis in SINGLE_AXES:
        changed[axis] = draw.choice([value for value in AXES[axis] if value != held])
    else:
        wrong: Label = draw.choice(list(AXES[axis]))
        changed[axis] = held ^ {wrong}
    return replace(labels, **changed)


def plant(examples: Sequence[Example], kind: str, seed: int, silent: bool) -> tuple[list[Example], set[str]]:
    """The messages with errors planted, and the ids of those that have one."""
    draw = random.Random(seed)
    hostile = [e.labels for e in examples if e.labels.hostile]
    found, wrong = list(examples), set[str]()
    for i in draw.sample(range(len(examples)), len(examples)):
        if len(wrong) == round(SHARE * len(examples)):
            break
        labels = flip(examples[i].labels, kind, draw, hostile)
        if not (silent and breaks_rule(labels)):
            found[i] = replace(examples[i], labels=labels)
            wrong.add(examples[i].id)
    return found, wrong


def breaks_rule(labels: Labels) -> bool:
    """Whether labels contradict one another by the taxonomy; spans are not looked at."""
    problems = rules.errors(Example("", "", "", labels))
    return any(problem.startswith(_OF_LABELS) for problem in problems)


class Messages:
    """A set of messages, with all that does not depend on their labels computed once."""

    def __init__(self, examples: Sequence[Example], model: str | None) -> None:
        self.examples = examples
        self.alike = group_duplicates(Task(e.id, e.text) for e in examples)
        self.fixed: dict[str, Scores] | None = None
        if model is not None:
            asked = [Message(e.id, e.text) for e in examples]
            self.fixed = {a.message.id: a.scores for a in Analyzer.load(model).assess_many(asked)}
            return
        rows = ngrams([e.text for e in examples])
        self.kernel = np.asarray((rows @ rows.T).todense())
        self.inverse = inverse_of(self.kernel)

    def scores(self, noisy: Sequence[Example]) -> dict[str, Scores]:
        """What `vptnlp annotate suspects` would go by."""
        if self.fixed is not None:
            return self.fixed
        groups = [e.scenario for e in noisy]
        model = LeastSquares(self.kernel, held_outputs(noisy), groups, inverse=self.inverse)
        return {e.id: to_scores(row) for e, row in zip(noisy, model.left_out.tolist(), strict=True)}

    def measure(self, kind: str, seed: int, silent: bool) -> dict[str, float]:
        """What a second look at the first tenth would find, and what was promised."""
        noisy, wrong = plant(self.examples, kind, seed, silent)
        found = find_suspects(noisy, self.scores(noisy), self.alike)
        first = found[: round(len(noisy) * LOOKED_AT)]
        return {"found": len(wrong & {s.item for s in first}) / len(wrong), "gain": sum(s.gain for s in first)}


def run(messages: Messages, title: str, seeds: int, kinds: Sequence[str]) -> dict[str, Any]:
    """All kinds of errors in one set of messages."""
    results: dict[str, Any] = {}
    for kind in kinds:
        for silent in (False, True)[: 1 if kind == "hostility" else 2]:
            rows = [messages.measure(kind, seed, silent) for seed in range(seeds)]
            name = f"{kind}, silent" if silent else kind
            results[name] = {key: round(float(np.mean([row[key] for row in rows])), 4) for key in rows[0]}
            results[name]["lowest"] = round(min(row["found"] for row in rows), 4)
            print(f"{title}, {name}: {results[name]}", file=sys.stderr, flush=True)
    return results


def table(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Found in the first tenth, a column a set."""
    rows = [f"| planted | {' | '.join(results)} |", f"| --- |{' ---: |' * len(results)}"]
    for name in next(iter(results.values())):
        cells = [f"{of[name]['found']:.0%}" for of in results.values()]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> None:
    """Plant, measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpora/vpt-nl")
    parser.add_argument("--model", default="vpt-nl-base", help="a bundle that was trained on train alone")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument(
        "--sets", nargs="*", choices=("train", "held-out", "model"), default=["train", "held-out", "model"]
    )
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks/label_errors.json")
    options = parser.parse_args()
    unseen = [*load_split(options.corpus, "dev"), *load_split(options.corpus, "test")]
    sets: dict[str, tuple[Sequence[Example], str | None]] = {
        "train": (load_split(options.corpus, "train"), None),
        "held-out": (unseen, None),
        "model": (unseen, options.model),
    }
    titles = {
        "train": f"train ({len(sets['train'][0])}), learned from the rest",
        "held-out": f"dev and test ({len(unseen)}), learned from the rest",
        "model": f"dev and test, `--model {options.model}`",
    }
    results: dict[str, Any] = {}
    if options.output.is_file():
        results = json.loads(options.output.read_text(encoding="utf-8"))["sets"]
    for name in options.sets:
        examples, model = sets[name]
        found = run(Messages(examples, model), titles[name], options.seeds, options.kinds)
        results[titles[name]] = {"seeds": options.seeds, "messages": len(examples), "planted": found}
        about = {"share": SHARE, "looked_at": LOOKED_AT, "sets": results}
        options.output.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    print(table({title: of["planted"] for title, of in results.items()}))


if __name__ == "__main__":
    main()
