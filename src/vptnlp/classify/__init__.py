"""Inference: classifiers that give calibrated probabilities, labels and spans."""

from __future__ import annotations

from vptnlp.bundle import Bundle
from vptnlp.classify.base import Classifier, Prediction, decide

__all__ = ["Classifier", "Prediction", "decide", "open_classifier"]


def open_classifier(bundle: Bundle) -> Classifier:
    """The classifier that reads a bundle, by its manifest's ``kind``."""
    if bundle.manifest.kind == "encoder":
        from vptnlp.classify.encoder import EncoderClassifier

        return EncoderClassifier(bundle)
    from vptnlp.classify.linear import LinearClassifier

    return LinearClassifier(bundle)
