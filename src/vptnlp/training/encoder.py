"""Fine-tunes an encoder on all labels and spans at once.

A run keeps its state in the work folder after every epoch and goes on from there when it is started again.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import Progress
from torch import Tensor
from torch.nn import functional

from vptnlp.classify.outputs import OUTPUTS, slices
from vptnlp.corpus import Example
from vptnlp.corpus.records import to_compiled
from vptnlp.taxonomy import SINGLE_AXES
from vptnlp.training.augment import augment, quotable
from vptnlp.training.batches import IGNORED, Batch, Encoded, SpecialTokens, batched, collate, encode
from vptnlp.training.config import EncoderConfig, ScheduleSection
from vptnlp.training.network import Network
from vptnlp.word_scores import KINDS

Array = np.ndarray[Any, np.dtype[Any]]

_AXIS_WEIGHT = {"threat": 1.5, "doxing": 1.5, "hostile": 1.5}
_TEXT_WEIGHT, _KIND_WEIGHT, _SUBJECT_WEIGHT = 0.25, 1.0, 0.4
_LARGEST_GRADIENT = 1.0


@dataclass(frozen=True)
class FineTuned:
    """The outcome of a run: the best network, how many epochs were run, and how many seconds they took."""

    network: Network
    epochs: int
    seconds: float


@dataclass(frozen=True)
class RawScores:
    """Raw scores of a set of messages: texts (messages, outputs), and words (words, token outputs) for each message."""

    texts: Array
    words: list[Array]


def fine_tune(
    config: EncoderConfig,
    source: str | Path,
    tokenizer: Any,
    train: Sequence[Example],
    dev: Sequence[Example],
    work: Path,
) -> FineTuned:
    """Fit the network; keep the running average of weights that scores best on dev.

    Args:
        config: The configuration.
        source: Folder or name of the pretrained encoder.
        tokenizer: Its `tokenizers.Tokenizer`, without padding or truncation.
        train: Messages to learn from.
        dev: Messages to choose by.
        work: Where the state of the run is kept.

    Returns:
        The best network, ready for inference, and what it took.
    """
    schedule = config.schedule
    torch.manual_seed(schedule.seed)
    network = Network(source, schedule.dropout)
    if config.encoder.freeze_embeddings:
        network.encoder.get_input_embeddings().weight.requires_grad_(False)
    average = torch.optim.swa_utils.AveragedModel(
        network,
        multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(schedule.average),  # type: ignore[no-untyped-call]
    )
    optimizer = torch.optim.AdamW(_groups(network, schedule), weight_decay=schedule.weight_decay, fused=True)
    dev_rows = [encode(e, tokenizer, schedule.longest) for e in dev]
    run = _Run(work, _fingerprint(config, train), network, average, optimizer)
    run.resume()
    quotes = quotable(train)
    while run.epoch < schedule.epochs and run.epochs_since_best < schedule.patience:
        started = time.monotonic()
        order = random.Random(f"{schedule.seed}-{run.epoch}")  # noqa: S311 - chance, not secrecy
        torch.manual_seed(schedule.seed + run.epoch)
        rows = [encode(augment(e, order, quotes), tokenizer, schedule.longest) for e in train]
        batches = list(batched(rows, schedule.batch_tokens, order))
        _one_epoch(run, schedule, batches, tokenizer)
        average.eval()
        figures = quality(dev_rows, predict(_network(average), dev_rows))
        run.finish_epoch(figures, time.monotonic() - started)
    return FineTuned(run.best(), run.epoch, run.seconds)


def predict(network: Network, rows: Sequence[Encoded], budget: int = 4096) -> RawScores:
    """Raw scores of messages, in their order."""
    texts: list[Array] = [np.empty(0)] * len(rows)
    words: list[Array] = [np.empty(0)] * len(rows)
    place = {id(row): i for i, row in enumerate(rows)}
    with torch.inference_mode():
        for group in batched(rows, budget):
            batch = collate(group, 1)
            text, tokens = network(batch.ids, batch.mask)
            for i, row in enumerate(group):
                texts[place[id(row)]] = text[i].numpy()
                words[place[id(row)]] = tokens[i, row.words].numpy()
    return RawScores(np.stack(texts), words)


def quality(rows: Sequence[Encoded], raw: RawScores) -> dict[str, float]:
    """What training steers by: mean average precision of the labels, and micro-F1 of words for spans.

    Returns:
        ``labels``, ``threat``, ``doxing``, ``words``, ``subjects`` and their weighted mean ``score``.
    """
    from sklearn.metrics import average_precision_score

    gold = np.stack([row.targets for row in rows]) > 0.5
    precision = {}
    where = slices()
    for column, (axis, label) in enumerate(OUTPUTS):
        scores = raw.texts[:, column]
        if axis in SINGLE_AXES:
            part = raw.texts[:, where[axis]]
            scores = scores - np.logaddexp.reduce(part, axis=1)
        if gold[:, column].any():
            precision[axis, label] = float(average_precision_score(gold[:, column], scores))
    words = np.concatenate(raw.words)
    kinds = np.concatenate([row.kinds for row in rows])
    given = words[:, : 3 * len(KINDS)].reshape(len(words), len(KINDS), 3).argmax(-1)
    hits = ((given > 0) & (kinds > 0)).sum()
    f1 = 2 * hits / max((given > 0).sum() + (kinds > 0).sum(), 1)
    subjects = np.concatenate([np.array(row.subjects) for row in rows])
    known = subjects != IGNORED
    right = (words[known, 3 * len(KINDS) :].argmax(-1) == subjects[known]).mean() if known.any() else 0.0
    labels = float(np.mean(list(precision.values())))
    return {
        "labels": labels,
        "threat": float(average_precision_score(~gold[:, where["threat"].start], _not_none(raw.texts, "threat"))),
        "doxing": float(average_precision_score(~gold[:, where["doxing"].start], _not_none(raw.texts, "doxing"))),
        "words": float(f1),
        "subjects": float(right),
        "score": 0.6 * labels + 0.3 * float(f1) + 0.1 * float(right),
    }


def _network(average: Any) -> Network:
    network: Network = average.module
    return network


def _not_none(raw: Array, axis: str) -> Array:
    part = raw[:, slices()[axis]]
    return np.asarray(np.logaddexp.reduce(part[:, 1:], axis=1) - part[:, 0])


class _Run:
    """The state of a run, on disk after every epoch."""

    def __init__(self, work: Path, fingerprint: str, network: Network, average: Any, optimizer: Any) -> None:
        self.network, self.average, self.optimizer = network, average, optimizer
        self.epoch = 0
        self.epochs_since_best = 0
        self.seconds = 0.0
        self._best_score = -1.0
        self._fingerprint = fingerprint
        self._state = work / "state.pt"
        self._best = work / "best.pt"
        work.mkdir(parents=True, exist_ok=True)

    def resume(self) -> None:
        """Take up the state of an unfinished run of the same configuration and data."""
        if not self._state.exists():
            return
        state = torch.load(self._state, weights_only=True)
        if state["fingerprint"] != self._fingerprint:
            return
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.epochs_since_best = state["epoch"], state["epochs_since_best"]
        self._best_score, self.seconds = state["best_score"], state["seconds"]

    def finish_epoch(self, figures: dict[str, float], seconds: float) -> None:
        """Note how the epoch went and keep the state."""
        self.epoch += 1
        self.seconds += seconds
        self.epochs_since_best += 1
        if figures["score"] > self._best_score:
            self._best_score, self.epochs_since_best = figures["score"], 0
            _save(_network(self.average).state_dict(), self._best)
        print(f"Epoch {self.epoch}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()), flush=True)
        _save(
            {
                "fingerprint": self._fingerprint,
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "epoch": self.epoch,
                "epochs_since_best": self.epochs_since_best,
                "best_score": self._best_score,
                "seconds": self.seconds,
            },
            self._state,
        )

    def best(self) -> Network:
        """The network with the weights of the best epoch."""
        self.network.load_state_dict(torch.load(self._best, weights_only=True))
        return self.network.eval()


def _save(content: Any, path: Path) -> None:
    """Write a file of torch whole or not at all: a run may be stopped at any moment."""
    half = path.with_suffix(".half")
    torch.save(content, half)
    half.replace(path)


def _one_epoch(run: _Run, schedule: ScheduleSection, batches: Sequence[Sequence[Encoded]], tokenizer: Any) -> None:
    special = SpecialTokens.of(tokenizer)
    steps = schedule.epochs * len(batches)
    run.network.train()
    base = [group["initial"] for group in run.optimizer.param_groups]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(f"Epoch {run.epoch + 1}", total=len(batches))
        for i, group in enumerate(batches):
            share = _rate_share((run.epoch * len(batches) + i) / steps, schedule.warm_up)
            for parameters, rate in zip(run.optimizer.param_groups, base, strict=True):
                parameters["lr"] = rate * share
            batch = collate(group, special.pad)
            hide(batch, special, schedule.word_dropout)
            with torch.autocast("cpu", torch.bfloat16, enabled=schedule.precision == "bfloat16"):
                text, tokens = run.network(batch.ids, batch.mask)
            loss = _loss(text.float(), tokens.float(), batch, schedule.smoothing)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(run.network.parameters(), _LARGEST_GRADIENT)
            run.optimizer.step()
            run.optimizer.zero_grad(set_to_none=True)
            run.average.update_parameters(run.network)
            progress.advance(bar)


def hide(batch: Batch, special: SpecialTokens, share: float) -> None:
    """Replace a share of the tokens, those around the text and padding excepted, by the unknown token (in place)."""
    chosen = (torch.rand(batch.ids.shape) < share) & ~torch.isin(batch.ids, torch.tensor(special.fixed))
    batch.ids[chosen] = special.unknown


def _rate_share(done: float, warm_up: float) -> float:
    """The share of the full learning rate: a rise, then a straight line to a twentieth."""
    if done < warm_up:
        return done / warm_up
    return 1 - 0.95 * (done - warm_up) / (1 - warm_up)


def _loss(text: Tensor, tokens: Tensor, batch: Batch, smoothing: float) -> Tensor:
    total = text.new_zeros(())
    where = slices()
    for axis, part in where.items():
        target = batch.targets[:, part]
        weight = _AXIS_WEIGHT.get(axis, 1.0)
        if axis in SINGLE_AXES:
            soft = target * (1 - smoothing) + smoothing / target.shape[1]
            total = total + 4 * weight * functional.cross_entropy(text[:, part], soft)
        else:
            soft = target * (1 - smoothing) + smoothing / 2
            losses = functional.binary_cross_entropy_with_logits(text[:, part], soft, reduction="none")
            total = total + weight * losses.sum(1).mean()
    words = tokens.reshape(-1, tokens.shape[-1])[batch.words]
    kinds = words[:, : 3 * len(KINDS)].reshape(-1, 3)
    kind_loss = functional.cross_entropy(kinds, batch.kinds.reshape(-1), reduction="sum") / max(len(words), 1)
    loss = _TEXT_WEIGHT * total + _KIND_WEIGHT * kind_loss
    if (batch.subjects != IGNORED).any():
        subject = functional.cross_entropy(words[:, 3 * len(KINDS) :], batch.subjects, ignore_index=IGNORED)
        loss = loss + _SUBJECT_WEIGHT * subject
    return loss


def _groups(network: Network, schedule: ScheduleSection) -> list[dict[str, Any]]:
    """Parameters with their learning rates: heads, then layers from top to bottom, then embeddings."""
    layers = network.encoder.config.num_hidden_layers
    groups: dict[float, list[torch.nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if not name.startswith("encoder."):
            rate = schedule.head_rate
        else:
            parts = name.split(".")
            depth = int(parts[parts.index("layer") + 1]) + 1 if "layer" in parts else 0
            rate = schedule.rate * schedule.layer_decay ** (layers - depth)
        groups.setdefault(rate, []).append(parameter)
    return [{"params": parameters, "lr": rate, "initial": rate} for rate, parameters in groups.items()]


def _fingerprint(config: EncoderConfig, train: Sequence[Example]) -> str:
    # How long it lasts may change on the way: fewer epochs end a run where it stands.
    kept = config.model_dump_json(exclude={"model": True, "schedule": {"epochs", "patience"}})
    digest = hashlib.sha256(kept.encode())
    for example in train:
        digest.update(json.dumps(to_compiled(example), sort_keys=True).encode())
    return digest.hexdigest()
