"""What the harness and a peer exchange: texts and gold labels in, raw scores out, as files in one folder.

The harness (`peers.py`) writes the task; a worker (`peer_fasttext.py`, `peer_spacy.py`, `peer_setfit.py`) runs in the
environment of the peers, learns from the train split, chooses its own settings by dev, and writes log odds of every output.
vptnlp itself is not installed there, so this module needs nothing but NumPy and scikit-learn.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Score = Callable[[Sequence[str]], Array]
"""From texts to log odds, shape (texts, outputs)."""

SURE = 1e-6
"""No probability is nearer to 0 or 1 than this: log odds stay finite."""


@dataclass(frozen=True)
class Task:
    """What a peer is given.

    Attributes:
        outputs: Names of the outputs, such as ``threat=veiled``.
        train: Texts to learn from.
        train_gold: What holds for them, 0 or 1, shape (texts, outputs).
        dev: Texts to choose settings by.
        dev_gold: What holds for these.
        others: Texts to score without gold: the test split and VPT-Check.
        seconds: Time to learn in; a peer stops there with what it has.
        encoder: Folder of the pretrained encoder.
    """

    outputs: list[str]
    train: list[str]
    train_gold: Array
    dev: list[str]
    dev_gold: Array
    others: list[str]
    seconds: float
    encoder: str

    def write(self, folder: Path) -> None:
        """Write the task, gold labels as rows of 0 and 1."""
        content = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in vars(self).items()}
        (folder / "task.json").write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Task:
        """Read the task."""
        content = json.loads((folder / "task.json").read_text(encoding="utf-8"))
        for name in ("train_gold", "dev_gold"):
            content[name] = np.array(content[name], np.int8)
        return cls(**content)


@dataclass(frozen=True)
class Answer:
    """What a peer gave.

    Attributes:
        dev: Log odds on dev, shape (texts, outputs).
        others: Log odds of the other texts.
        about: ``versions`` of packages, ``settings``, ``training_seconds``.
    """

    dev: Array
    others: Array
    about: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Answer:
        """Read what a worker wrote."""
        with np.load(folder / "answer.npz") as found:
            about = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
            return cls(found["dev"], found["others"], about)


def run(packages: Sequence[str], learn: Callable[[Task], tuple[Score, dict[str, Any]]]) -> None:
    """The main function of a worker.

    Args:
        packages: Whose versions are told.
        learn: From a task to a scorer and the settings that it was made with.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    task = Task.read(folder)
    started = time.perf_counter()
    score, settings = learn(task)
    taken = time.perf_counter() - started
    np.savez(folder / "answer.npz", dev=score(task.dev), others=score(task.others))
    about = {
        "versions": {name: importlib.metadata.version(name) for name in packages},
        "settings": settings,
        "training_seconds": round(taken, 1),
    }
    (folder / "answer.json").write_text(json.dumps(about), encoding="utf-8")


def log_odds(probabilities: Array) -> Array:
    """Log odds of probabilities."""
    held = np.clip(probabilities.astype(np.float64), SURE, 1 - SURE)
    return np.asarray(np.log(held / (1 - held)))


def mean_average_precision(scores: Array, gold: Array) -> float:
    """Mean average precision over the outputs that occur: what every peer chooses its settings by, as our training does."""
    from sklearn.metrics import average_precision_score

    held = np.flatnonzero(gold.any(axis=0))
    return float(np.mean([average_precision_score(gold[:, i], scores[:, i]) for i in held]))
