"""spaCy's `textcat_multilabel`: the ensemble of a small convolutional network and a bag of words and word pairs."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import peer_task
import spacy
from peer_task import Array, Score, Task
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

BATCH, DROPOUT, PATIENCE, EPOCHS = 32, 0.2, 3, 20
WIDTH = 96
MODEL = {
    "@architectures": "spacy.TextCatEnsemble.v2",
    "tok2vec": {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": WIDTH,
            "rows": [5000, 5000, 1000, 2500, 1000],
            "attrs": ["NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE"],
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": WIDTH,
            "window_size": 1,
            "maxout_pieces": 3,
            "depth": 2,
        },
    },
    "linear_model": {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": False,
        "length": 262144,
        "ngram_size": 2,
        "no_output_layer": False,
    },
}


def learn(task: Task) -> tuple[Score, dict[str, Any]]:
    """Learn until dev no longer gains, or the time is over; the best weights stay."""
    started = time.monotonic()
    fix_random_seed(0)
    nlp = spacy.blank("nl")
    textcat = nlp.add_pipe("textcat_multilabel", config={"model": MODEL})
    for name in task.outputs:
        textcat.add_label(name)
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": dict(zip(task.outputs, map(float, gold), strict=True))})
        for text, gold in zip(task.train, task.train_gold, strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples)
    score = scorer(nlp, task.outputs)
    order = random.Random(0)
    best, kept, since, epochs = -1.0, b"", 0, 0
    while epochs < EPOCHS and since < PATIENCE and not over(task, started):
        order.shuffle(examples)
        for batch in minibatch(examples, BATCH):
            nlp.update(batch, sgd=optimizer, drop=DROPOUT)
            if over(task, started):
                break
        epochs, since = epochs + 1, since + 1
        with nlp.use_params(optimizer.averages):
            quality = peer_task.mean_average_precision(score(task.dev), task.dev_gold)
            print(f"spaCy, epoch {epochs}: {quality:.4f} on dev", flush=True)
            if quality > best:
                best, kept, since = quality, textcat.to_bytes(), 0
    textcat.from_bytes(kept)
    return score, {
        "width": WIDTH, "depth": 2, "ngram_size": 2, "batch": BATCH, "dropout": DROPOUT, "epochs": epochs,
        "best_epoch": epochs - since, "out_of_time": over(task, started), "dev_mean_average_precision": round(best, 4),
    }  # fmt: skip


def over(task: Task, started: float) -> bool:
    """Whether the time to learn in is over."""
    return time.monotonic() - started > task.seconds


def scorer(nlp: Any, outputs: Sequence[str]) -> Score:
    """Log odds of a pipeline as it stands."""

    def score(texts: Sequence[str]) -> Array:
        rows = [[doc.cats[name] for name in outputs] for doc in nlp.pipe(texts, batch_size=64)]
        return peer_task.log_odds(np.array(rows))

    return score


if __name__ == "__main__":
    peer_task.run(["spacy"], learn)
