"""How many labels active learning saves: annotation played out on the corpus, each strategy beside drawing at random.

The train split is the pool. A run begins with the same random messages for every strategy, uncovers the labels of those
that `vptnlp.annotation.selection` chooses, learns from all that are uncovered, and is measured on dev: the mean over the
axes of macro-F1. Nothing is fitted or chosen on dev: calibration and thresholds come from the uncovered messages, each scored by
a model without it.

The model is least squares on the n-grams of the linear model (`vptnlp.annotation.least_squares`): as good at ordering
messages, and cheap enough to learn anew at every step. A committee with the encoder is not played out: the shipped encoder has
learned from these messages, so what it says of them tells what their labels are.

Two pools: the whole train split, nearly half of which is hostile, and one like an inbox, in which one message in ten is hostile.

Writes `benchmarks/learning_curves.json` and `docs/images/learning-curves.svg`. `make bench-learning` runs it.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vptnlp.annotation.least_squares import LeastSquares, held_outputs, ngrams
from vptnlp.annotation.selection import Pool, rarity, uncertainty
from vptnlp.annotation.tasks import Task, from_examples
from vptnlp.classify.base import decide
from vptnlp.classify.outputs import FLAGS, OUTPUTS, slices, to_scores
from vptnlp.corpus import Example, load_split
from vptnlp.messages import Labels
from vptnlp.taxonomy import AXES, SINGLE_AXES
from vptnlp.training.calibration import best_threshold

ROOT = Path(__file__).parents[1]
Array = np.ndarray[Any, np.dtype[Any]]

STRATEGIES = {
    "random": "random",
    "diversity": "diversity alone (`--by diversity`)",
    "rarity": "rare labels (`--by rarity`)",
    "uncertainty_alone": "uncertainty alone (`--no-diverse`)",
    "uncertainty": "uncertainty and diversity (the default)",
}
STEPS = {
    "whole": (200, 400, 700, 1000, 1400, 1800, 2400, 3000),
    "inbox": (200, 300, 400, 600, 800, 1000, 1300, 1600, 2000),
}
HOSTILE_SHARE = 0.1
COLOURS = dict(zip(STRATEGIES, ("#6b7280", "#b45309", "#7c3aed", "#0e7490", "#be123c"), strict=True))


class Corpus:
    """The messages, and how alike they are, computed once for all runs."""

    def __init__(self, train: Sequence[Example], dev: Sequence[Example]) -> None:
        self.train, self.dev = train, dev
        # Document frequencies come from all texts: those are there from the start, and are no labels.
        rows = ngrams([e.text for e in (*train, *dev)])
        own = rows[: len(train)]
        self.kernel = np.asarray((own @ own.T).todense())
        self.to_dev = np.asarray((rows[len(train) :] @ own.T).todense())
        self.held = held_outputs(train)
        self.place = {e.id: i for i, e in enumerate(train)}
        self.gold = {axis: columns([e.labels for e in dev], axis) for axis in (*AXES, "organised_crime")}

    def play(self, pool: Pool, strategy: str, steps: Sequence[int], seed: int) -> list[float]:
        """Macro-F1 on dev after each step of one run."""
        known = [self.place[task.id] for task in pool.choose(steps[0], diverse=False, seed=seed)]
        found = []
        for number, after in enumerate([*steps[1:], 0]):
            names = [self.train[i].id for i in known]
            model = LeastSquares(self.kernel[np.ix_(known, known)], self.held[known], names)
            found.append(self.measure(model, known))
            if after > len(known):
                worth = self.usefulness(strategy, model, known, pool.left)
                diverse = strategy not in ("random", "uncertainty_alone")
                chosen = pool.choose(after - len(known), worth, diverse=diverse, seed=seed + 1000 * number + 1)
                known += [self.place[task.id] for task in chosen]
        return found

    def usefulness(
        self, strategy: str, model: LeastSquares, known: Sequence[int], left: Sequence[Task]
    ) -> Mapping[str, float] | None:
        """What `annotate sample` would count for each message that is left."""
        if strategy in ("random", "diversity"):
            return None
        places = [self.place[task.id] for task in left]
        scores = [to_scores(row) for row in model.probabilities(self.kernel[np.ix_(places, known)]).tolist()]
        worth = rarity(scores, [self.train[i].labels for i in known]) if strategy == "rarity" else uncertainty(scores)
        return {task.id: float(value) for task, value in zip(left, worth, strict=True)}

    def measure(self, model: LeastSquares, known: Sequence[int]) -> float:
        """The mean over the axes of macro-F1 on dev."""
        cuts = thresholds(model.left_out, self.held[known])
        rows = model.probabilities(self.to_dev[:, known]).tolist()
        given = [decide(to_scores(row), cuts) for row in rows]
        macros = []
        for axis, gold in self.gold.items():
            said = columns(given, axis)
            both, either = (gold & said).sum(axis=0), gold.sum(axis=0) + said.sum(axis=0)
            macros.append(np.mean(2 * both[either > 0] / either[either > 0]))
        return float(np.mean(macros))


def columns(labels: Sequence[Labels], axis: str) -> Array:
    """Which labels of an axis hold, shape (messages, labels)."""
    if axis in FLAGS:
        return np.array([[getattr(held, axis)] for held in labels], dtype=bool)
    if axis in SINGLE_AXES:
        return np.array([[getattr(held, axis) == key for key in AXES[axis]] for held in labels], dtype=bool)
    return np.array([[key in getattr(held, axis) for key in AXES[axis]] for held in labels], dtype=bool)


def thresholds(scores: Array, held: Array) -> dict[str, dict[str, float]]:
    """The cuts of best F1, as `vptnlp train` chooses them."""
    found: dict[str, dict[str, float]] = {axis: {} for axis in (*AXES, *FLAGS)}
    for axis, where in slices().items():
        if axis in SINGLE_AXES:
            found[axis]["any"] = best_threshold(1 - scores[:, where.start], 1 - held[:, where.start])
    for column, (axis, label) in enumerate(OUTPUTS):
        if axis not in SINGLE_AXES:
            found[axis][label] = best_threshold(scores[:, column], held[:, column])
    return found


def draw_pool(train: Sequence[Example], kind: str, seed: int) -> list[Example]:
    """The messages that may be annotated."""
    if kind == "whole":
        return list(train)
    hostile = [e for e in train if e.labels.hostile]
    calm = len(train) - len(hostile)
    number = min(len(hostile), round(calm * HOSTILE_SHARE / (1 - HOSTILE_SHARE)))
    kept = {hostile[i].id for i in np.random.default_rng(seed).permutation(len(hostile))[:number]}
    return [e for e in train if not e.labels.hostile or e.id in kept]


def share_needed(steps: Sequence[int], curve: Sequence[float], aim: float) -> float | None:
    """The share of all labels after which a curve first reaches `aim`, on a straight line between steps; None if never."""
    if curve[0] >= aim:
        return steps[0] / steps[-1]
    for (n0, n1), (f0, f1) in zip(zip(steps, steps[1:]), zip(curve, curve[1:]), strict=True):  # noqa: B905, RUF007
        if f1 >= aim:
            return round((n0 + (n1 - n0) * (aim - f0) / (f1 - f0)) / steps[-1], 3)
    return None


def summary(steps: Sequence[int], runs: Mapping[str, Sequence[Sequence[float]]]) -> dict[str, Any]:
    """Mean curves with their intervals, and what each strategy needs to reach what drawing at random ends with."""
    means = {name: np.mean(of, axis=0) for name, of in runs.items()}
    aim = float(means["random"][-1])
    found: dict[str, Any] = {"steps": list(steps), "random_ends_at": round(aim, 4), "strategies": {}}
    for name, of in runs.items():
        # Normal interval of the mean over seeds; the messages of dev are the same in all.
        error = 1.96 * np.std(of, axis=0, ddof=1) / np.sqrt(len(of)) if len(of) > 1 else np.zeros(len(steps))
        paired = [share_needed(steps, own, rnd[-1]) for own, rnd in zip(of, runs["random"], strict=True)]
        found["strategies"][name] = {
            "macro_f1": np.round(means[name], 4).tolist(),
            "low": np.round(means[name] - error, 4).tolist(),
            "high": np.round(means[name] + error, 4).tolist(),
            "share_of_random": share_needed(steps, means[name], aim),
            "share_of_random_by_seed": paired,
        }
    return found


def sentence(kind: str, found: Mapping[str, Any]) -> str:
    """What a pool taught, in one sentence."""
    where = "one message in ten hostile" if kind == "inbox" else "nearly half of the messages hostile"
    last = found["steps"][-1]
    parts = []
    for name, title in STRATEGIES.items():
        share = found["strategies"].get(name, {}).get("share_of_random")
        if name != "random" and name in found["strategies"]:
            parts.append(f"{title}: {'never' if share is None else f'at {share:.0%}'}")
    return (
        f"With {where}, random drawing ends at macro-F1 {found['random_ends_at']:.3f} after {last} labels; "
        f"this is reached by {'; '.join(parts)} of the labels."
    )


def plot(results: Mapping[str, Any]) -> str:
    """Both pools side by side as SVG: mean curves with bands."""
    width, height, left, top, wide, high = 940, 400, 56, 40, 380, 250
    titles = {"whole": "whole train split (44% hostile)", "inbox": "like an inbox (10% hostile)"}
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="12" role="img">',
        "<title>Learning curves: macro-F1 on dev against the number of labels, for each strategy</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    values = [v for found in results.values() for s in found["strategies"].values() for v in (*s["low"], *s["high"])]
    low, high_value = np.floor(min(values) * 20) / 20, np.ceil(max(values) * 20) / 20
    for place, (kind, found) in enumerate(results.items()):
        x0, steps = left + place * (wide + 80), found["steps"]

        def x(n: float, x0: int = x0, last: int = steps[-1]) -> float:
            return round(x0 + wide * n / last, 1)

        def y(f: float) -> float:
            return round(top + high * (high_value - f) / (high_value - low), 1)

        out.append(f'<text x="{x0}" y="{top - 16}" font-size="14" font-weight="600">{titles[kind]}</text>')
        for tick in np.arange(low, high_value + 0.01, 0.05):
            out.append(f'<path d="M{x0} {y(tick)}h{wide}" stroke="#e5e7eb"/>')
            out.append(f'<text x="{x0 - 8}" y="{y(tick) + 4}" text-anchor="end" fill="#4b5563">{tick:.2f}</text>')
        for tick in range(0, steps[-1] + 1, 500):
            label = f'<text x="{x(tick)}" y="{top + high + 18}" text-anchor="middle" fill="#4b5563">{tick}</text>'
            out.append(label)
        out.append(f'<text x="{x0 + wide / 2}" y="{top + high + 36}" text-anchor="middle" fill="#4b5563">labels</text>')
        aim = y(found["random_ends_at"])
        out.append(f'<path d="M{x0} {aim}h{wide}" stroke="{COLOURS["random"]}" stroke-dasharray="2 4"/>')
        for name, own in found["strategies"].items():
            upper = [f"{x(n)},{y(f)}" for n, f in zip(steps, own["high"], strict=True)]
            lower = [f"{x(n)},{y(f)}" for n, f in zip(steps, own["low"], strict=True)]
            line = " ".join(f"{x(n)},{y(f)}" for n, f in zip(steps, own["macro_f1"], strict=True))
            dash = ' stroke-dasharray="6 3"' if name == "random" else ""
            band = " ".join([*upper, *reversed(lower)])
            out.append(f'<polygon points="{band}" fill="{COLOURS[name]}" opacity=".12"/>')
            out.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"{dash}/>')
    for place, (name, title) in enumerate(STRATEGIES.items()):
        x0, y0 = left + (place % 3) * 290, top + high + 62 + (place // 3) * 22
        out.append(f'<path d="M{x0} {y0 - 4}h22" stroke="{COLOURS[name]}" stroke-width="3"/>')
        out.append(f'<text x="{x0 + 30}" y="{y0}">{title.replace("`", "")}</text>')
    return "\n".join([*out, "</svg>", ""])


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpora/vpt-nl")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pools", nargs="*", choices=list(STEPS), default=list(STEPS))
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks/learning_curves.json")
    parser.add_argument("--plot", type=Path, default=ROOT / "docs/images/learning-curves.svg")
    return parser.parse_args()


def main() -> None:
    """Play, measure and write the results."""
    options = parse()
    corpus = Corpus(load_split(options.corpus, "train"), load_split(options.corpus, "dev"))
    pools: dict[str, Any] = {}
    for kind in options.pools:
        runs: dict[str, list[list[float]]] = {name: [] for name in STRATEGIES}
        pool: Pool | None = None
        for seed in range(options.seeds):
            if pool is None or kind == "inbox":
                pool = Pool(from_examples(draw_pool(corpus.train, kind, seed)))
            for name, of in runs.items():
                of.append(corpus.play(copy.deepcopy(pool), name, STEPS[kind], seed))
                print(f"{kind}, seed {seed}, {name}: {' '.join(f'{v:.3f}' for v in of[-1])}", file=sys.stderr)
        pools[kind] = summary(STEPS[kind], runs)
        pools[kind]["sentence"] = sentence(kind, pools[kind])
        print(pools[kind]["sentence"])
    results = {"corpus": options.corpus.name, "measured_on": "dev", "seeds": options.seeds, "pools": pools}
    options.output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    options.plot.write_text(plot(pools), encoding="utf-8")


if __name__ == "__main__":
    main()
