"""SetFit (Tunstall et al. 2022) on the same pretrained encoder: pairs of messages first, then a logistic head on its embeddings.

In the first stage two messages that share a label are drawn together and others apart; `none` of threat and doxing is no label
there, harmless is one. All pairs of the corpus would take days on two cores, so a fixed number of them is drawn.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import peer_task
import torch
from datasets import Dataset
from peer_task import Array, Score, Task
from sentence_transformers import SentenceTransformer, models
from setfit import SetFitModel, Trainer, TrainingArguments
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from transformers import TrainerCallback, TrainerControl, TrainerState

PAIRS, BATCH, RATE = 4096, 16, 2e-5
PAIR_TOKENS, TOKENS = 128, 512
"""How much of a message the first stage reads, and the head."""

STRENGTHS = (0.3, 1.0, 3.0, 10.0)
PREFIX = "query: "
"""What this encoder expects before a text (Wang et al. 2024)."""


class Deadline(TrainerCallback):
    """Ends the first stage when its time is over."""

    def __init__(self, end: float) -> None:
        self._end = end
        self.steps = 0

    def on_step_end(self, args: Any, state: TrainerState, control: TrainerControl, **_: Any) -> TrainerControl:
        self.steps = state.global_step
        control.should_training_stop |= time.monotonic() > self._end
        return control


def learn(task: Task) -> tuple[Score, dict[str, Any]]:
    """Both stages; the strength of the head is chosen by dev."""
    deadline = Deadline(time.monotonic() + task.seconds)
    torch.manual_seed(0)
    transformer = models.Transformer(task.encoder, max_seq_length=PAIR_TOKENS)
    # As in our own training: plain attention learns over twice as fast in 16 bits on a CPU as the fused kind.
    transformer.auto_model.set_attn_implementation("eager")
    pooling = models.Pooling(transformer.get_word_embedding_dimension(), "mean")
    body = SentenceTransformer(modules=[transformer, pooling], device="cpu")
    model = SetFitModel(model_body=body, model_head=head(1.0), multi_target_strategy="one-vs-rest")
    contrast(model, task, deadline)
    body.max_seq_length = TOKENS

    train, dev = embed(body, task.train), embed(body, task.dev)
    found = []
    for strength in STRENGTHS:
        fitted = head(strength).fit(train, task.train_gold)
        scores = peer_task.log_odds(fitted.predict_proba(dev))
        found.append((peer_task.mean_average_precision(scores, task.dev_gold), strength, fitted))
        print(f"SetFit, head {strength}: {found[-1][0]:.4f} on dev", flush=True)
    quality, strength, fitted = max(found, key=lambda row: row[0])
    settings = {
        "pairs": deadline.steps * BATCH, "batch": BATCH, "rate": RATE, "pair_tokens": PAIR_TOKENS, "tokens": TOKENS,
        "head_strength": strength, "dev_mean_average_precision": round(quality, 4),
    }  # fmt: skip
    return lambda texts: peer_task.log_odds(fitted.predict_proba(embed(body, texts))), settings


def head(strength: float) -> OneVsRestClassifier:
    """One logistic regression a label, SetFit's own kind of head."""
    return OneVsRestClassifier(LogisticRegression(C=strength, max_iter=1000))


def contrast(model: SetFitModel, task: Task, deadline: Deadline) -> None:
    """The first stage: SetFit's own trainer on the cosine of pairs."""
    kept = [i for i, name in enumerate(task.outputs) if not name.endswith("=none") and name != "hostile=true"]
    harmless = 1 - task.train_gold[:, [task.outputs.index("hostile=true")]]
    labels = np.concatenate([task.train_gold[:, kept], harmless], axis=1)
    data = Dataset.from_dict({"text": [PREFIX + text for text in task.train], "label": labels.tolist()})
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            batch_size=BATCH,
            max_steps=max(1, min(PAIRS, len(task.train) ** 2 // 2) // BATCH),
            body_learning_rate=RATE,
            save_strategy="no",
            logging_strategy="no",
            report_to="none",
            show_progress_bar=False,
            seed=0,
        )
        trainer = Trainer(model=model, args=arguments, train_dataset=data, callbacks=[deadline])
        # 16 bits, as our own training does: over three times as fast on a processor that has them.
        with torch.autocast("cpu", torch.bfloat16):
            trainer.train_embeddings(*trainer.dataset_to_parameters(data), args=arguments)


def embed(body: SentenceTransformer, texts: Sequence[str]) -> Array:
    """Mean-pooled embeddings, shape (texts, width)."""
    with torch.autocast("cpu", torch.bfloat16):
        found = body.encode(
            [PREFIX + text for text in texts], batch_size=16, show_progress_bar=False, convert_to_tensor=True
        )
    return np.asarray(found.float().numpy())


if __name__ == "__main__":
    peer_task.run(["setfit", "sentence-transformers", "transformers", "torch"], learn)
