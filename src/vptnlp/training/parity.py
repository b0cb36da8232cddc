"""The gate between the trained network and what is shipped: the exported file must answer alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from vptnlp.classify.outputs import OUTPUTS
from vptnlp.errors import VptnlpError
from vptnlp.evaluation.metrics import calibration_error

Array = np.ndarray[Any, np.dtype[Any]]

LARGEST_LOSS = 0.005
LARGEST_FLIPS = 0.02
LARGEST_DRIFT = 0.02


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


def compare(network: Array, exported: Array, gold: Array, thresholds: Array) -> Parity:
    """Compare probabilities of the two on the same messages.

    Args:
        network: Calibrated probabilities of the network, shape (messages, outputs).
        exported: Those of the exported file, with the same calibration.
        gold: 0 or 1, same shape.
        thresholds: The probability from which each label is given, shape (outputs,).
    """
    before, after = network >= thresholds, exported >= thresholds
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
