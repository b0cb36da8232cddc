"""The gate between the trained network and what is shipped: the exported file must answer alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file
from sklearn.metrics import f1_score

from vptnlp.bundle import Bundle
from vptnlp.classify.base import Thresholds, decide
from vptnlp.classify.encoder import EncoderClassifier
from vptnlp.classify.outputs import OUTPUTS, shows_despair, to_scores
from vptnlp.corpus import Example
from vptnlp.errors import VptnlpError
from vptnlp.evaluation.metrics import calibration_error
from vptnlp.training.gold import gold_matrix, label_row

Array = np.ndarray[Any, np.dtype[Any]]

LARGEST_LOSS = 0.005
LARGEST_FLIPS = 0.02
LARGEST_DRIFT = 0.02

FILE = "parity.safetensors"
"""The file in a bundle with the network's own scores of the messages of dev that it judges."""


@dataclass(frozen=True, slots=True)
class Parity:
    """How far the exported file is from the network, on dev.

    Attributes:
        macro_f1_loss: Macro-F1 over all labels, network minus exported.
        flips: Label to the share of messages where the two decide otherwise.
        calibration: Label to the growth of the expected calibration error.
    """

    macro_f1_loss: float
    flips: dict[str, float]
    calibration: dict[str, float]

    def check(self) -> None:
        """Refuse an export that is too far off.

        Raises:
            VptnlpError: Macro-F1 falls by more than half a point, or a label flips or drifts too often; all are named.
        """
        faults = [f"{name} flips in {share:.1%}" for name, share in self.flips.items() if share > LARGEST_FLIPS]
        faults += [
            f"{name} is calibrated worse by {x:.3f}" for name, x in self.calibration.items() if x > LARGEST_DRIFT
        ]
        if self.macro_f1_loss > LARGEST_LOSS:
            faults.append(f"macro-F1 falls by {self.macro_f1_loss:.4f}")
        if faults:
            raise VptnlpError(f"The exported model differs too much from the trained one: {'; '.join(faults)}.")


def compare(network: Array, exported: Array, gold: Array, thresholds: Thresholds) -> Parity:
    """Compare probabilities of the two, and the labels that are made of them, on the same messages.

    Args:
        network: Calibrated probabilities of the network, shape (messages, outputs).
        exported: Those of the exported file, with the same calibration.
        gold: 0 or 1, same shape.
        thresholds: The thresholds of the bundle.
    """
    before, after = (_decided(rows, thresholds) for rows in (network, exported))
    names = ["/".join(output) for output in OUTPUTS]
    score = {"average": "macro", "zero_division": 0.0}
    return Parity(
        macro_f1_loss=float(f1_score(gold, before, **score) - f1_score(gold, after, **score)),
        flips=dict(zip(names, (before != after).mean(axis=0).tolist(), strict=True)),
        calibration={
            name: calibration_error(gold[:, i], exported[:, i]) - calibration_error(gold[:, i], network[:, i])
            for i, name in enumerate(names)
        },
    )


def keep(folder: Path, reference: Array) -> None:
    """Keep raw scores of the network in a bundle's folder, of all messages of dev that it judges.

    Args:
        folder: The folder.
        reference: Raw scores, shape (messages, outputs); NaN where it does not judge.
    """
    rows = np.flatnonzero(~np.isnan(reference[:, 0]))
    save_file({"rows": rows, "scores": reference[rows].astype(np.float32)}, folder / FILE)


def repeat(bundle: Bundle, dev: Sequence[Example]) -> Parity:
    """Repeat the comparison on the messages that a bundle keeps the network's scores of.

    Args:
        bundle: The bundle.
        dev: The dev splits that it was made with, in their order.
    """
    kept = load_file(bundle.file(FILE))
    held = [dev[i] for i in kept["rows"].tolist()]
    classifier = EncoderClassifier(bundle)
    scored = list(classifier.raw([e.text for e in held]))
    own, surface = np.stack([raw.encoder for raw in scored]), np.stack([raw.surface for raw in scored])
    before, after = (classifier.probabilities(raw, surface) for raw in (kept["scores"], own))
    return compare(before, after, gold_matrix(held), bundle.manifest.thresholds)


def _decided(rows: Array, thresholds: Thresholds) -> Array:
    """Which labels are given, shape (messages, outputs)."""
    despair = shows_despair(rows, thresholds)
    labels = [decide(to_scores(row.tolist()), thresholds) for row in rows]
    return np.array([label_row(held, bool(sad)) for held, sad in zip(labels, despair, strict=True)], bool)
