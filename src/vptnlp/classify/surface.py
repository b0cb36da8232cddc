"""Scores from surface forms: one linear map from n-grams to all outputs.

The linear model is this and calibration; the encoder model adds it to its own scores, because n-grams know rare words
that a small encoder has not learned, at a hundredth of the cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vptnlp.classify.features import FeatureConfig, TextFeatures, weigh

Array = np.ndarray[Any, np.dtype[Any]]

WEIGHTS = "weights.safetensors"


class SurfaceScorer:
    """Scores texts by their n-grams.

    Args:
        config: Which n-grams.
        tensors: ``idf`` (features,), ``weights`` (features, outputs) and ``bias`` (outputs,).
    """

    def __init__(self, config: FeatureConfig, tensors: Mapping[str, Array]) -> None:
        self._features = TextFeatures(config)
        self._idf = tensors["idf"].astype(np.float32)
        self._weights = tensors["weights"].astype(np.float32)
        self._bias = tensors["bias"]

    def raw(self, texts: Sequence[str]) -> Array:
        """Uncalibrated scores of normalised texts: shape (texts, outputs)."""
        return weigh(self._features.rows(texts), self._idf).times(self._weights) + self._bias
