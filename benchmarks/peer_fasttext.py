"""fastText (Joulin et al. 2017): a bag of words, word pairs and subwords, one logistic output a label."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
import peer_task
from peer_task import Array, Score, Task

FIXED = {"loss": "ova", "wordNgrams": 2, "minn": 2, "maxn": 5, "dim": 100, "bucket": 500_000, "minCount": 1}
TRIED = (
    {"epoch": 5, "lr": 0.5},
    {"epoch": 40, "lr": 0.5},
    {"epoch": 15, "lr": 0.5},
    {"epoch": 15, "lr": 1.0},
    {"epoch": 40, "lr": 0.2},
)
"""Settings in the order in which they are tried where time is left for them; the one best on dev stays. The first, which always
runs, tells how long an epoch takes."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LABEL = "__label__"


def learn(task: Task) -> tuple[Score, dict[str, Any]]:
    """The best of the settings tried."""
    started = time.monotonic()
    best: tuple[float, Score, dict[str, Any]] | None = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        path.write_text("\n".join(map(line, task.train, task.train_gold)) + "\n", encoding="utf-8")
        an_epoch, tried = 0.0, 0
        for settings in TRIED:
            begun = time.monotonic()
            if begun - started + an_epoch * settings["epoch"] > task.seconds:
                continue
            # One thread and a seed: the same model every time.
            model = fasttext.train_supervised(str(path), thread=1, seed=0, verbose=0, **FIXED, **settings)
            score = scorer(model, len(task.outputs))
            quality = peer_task.mean_average_precision(score(task.dev), task.dev_gold)
            print(f"fastText {settings}: {quality:.4f} on dev", flush=True)
            if best is None or quality > best[0]:
                best = (quality, score, settings)
            tried += 1
            an_epoch = (time.monotonic() - begun) / settings["epoch"]
    assert best is not None
    return best[1], {**FIXED, **best[2], "settings_tried": tried, "dev_mean_average_precision": round(best[0], 4)}


def words(text: str) -> str:
    """Words and punctuation marks in lower case, as fastText's own examples prepare texts."""
    return " ".join(_TOKEN.findall(text.lower()))


def line(text: str, gold: Array) -> str:
    """A message with its labels as fastText reads it."""
    return " ".join([*(f"{_LABEL}{i}" for i in np.flatnonzero(gold)), words(text)])


def scorer(model: Any, outputs: int) -> Score:
    """Log odds of a model."""

    def score(texts: Sequence[str]) -> Array:
        probabilities = np.zeros((len(texts), outputs))
        for row, text in enumerate(texts):
            # The function below `predict`, which asks NumPy 1 for something that NumPy 2 refuses.
            for probability, label in model.f.predict(words(text) + "\n", -1, 0.0, "strict"):
                probabilities[row, int(label.removeprefix(_LABEL))] = probability
        return peer_task.log_odds(probabilities)

    return score


if __name__ == "__main__":
    peer_task.run(["fasttext-wheel"], learn)
