"""The linear model: fallback and yardstick.

One linear map from n-grams to all labels, softmax for the single axes, a logistic function for each other label, and one
from token windows to cues. Calibration is folded into each: `scale` and `shift` on the raw scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from vptnlp.bundle import Bundle
from vptnlp.classify.base import Prediction, decide
from vptnlp.classify.features import FeatureConfig, TokenFeatures, tokenise
from vptnlp.classify.outputs import cue_fits, probabilities, shows_despair, to_scores
from vptnlp.classify.surface import WEIGHTS, SurfaceScorer
from vptnlp.messages import Labels, ModelInfo, Span
from vptnlp.taxonomy import CueKind
from vptnlp.text import NormalisedText, normalise

Array = np.ndarray[Any, np.dtype[Any]]

_BATCH = 256


class LinearClassifier:
    """Reads a bundle of kind ``linear``.

    Args:
        bundle: The opened bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        from safetensors.numpy import load_file

        config = FeatureConfig.model_validate(bundle.manifest.config["features"])
        tensors: Mapping[str, Array] = load_file(bundle.file(WEIGHTS))
        self._info = bundle.info
        self._thresholds = bundle.manifest.thresholds
        self._surface = SurfaceScorer(config, tensors)
        self._token_features = TokenFeatures(config)
        self._scale = tensors["scale"]
        self._shift = tensors["shift"]
        self._cue_weights = tensors["cue_weights"].astype(np.float32)
        self._cue_bias = tensors["cue_bias"]
        self._cue_thresholds = [self._thresholds["cues"][str(kind)] for kind in CueKind]

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._info

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Label texts; one prediction each, in the same order."""
        found: list[Prediction] = []
        for start in range(0, len(texts), _BATCH):
            found += self._predict_batch([normalise(text) for text in texts[start : start + _BATCH]])
        return found

    def _predict_batch(self, batch: Sequence[NormalisedText]) -> list[Prediction]:
        rows = probabilities(self._surface.raw([n.text for n in batch]), self._scale, self._shift)
        all_scores = [to_scores(row) for row in rows.tolist()]
        self_harm = shows_despair(rows, self._thresholds)
        all_labels = [decide(scores, self._thresholds) for scores in all_scores]
        return [
            Prediction(scores, labels, cues)
            for scores, labels, cues in zip(
                all_scores, all_labels, self._cues(batch, all_labels, self_harm.tolist()), strict=True
            )
        ]

    def _cues(
        self, batch: Sequence[NormalisedText], labels: Sequence[Labels], self_harm: Sequence[bool]
    ) -> Iterator[tuple[Span, ...]]:
        # Only these can hold cues; most of an inbox is neither.
        wanted = [held.hostile or despair for held, despair in zip(labels, self_harm, strict=True)]
        tokens = [tokenise(n.text) if want else [] for n, want in zip(batch, wanted, strict=True)]
        words: list[str] = []
        firsts: list[int] = []
        for normalised, spans in zip(batch, tokens, strict=True):
            firsts.append(len(words))
            words += [normalised.text[start:end] for start, end in spans]
            words += ["", ""]
        raw = self._cue_weights[self._token_features.columns(words)].sum(axis=1) + self._cue_bias
        scores = 1.0 / (1.0 + np.exp(-raw))
        for normalised, spans, first, held, despair in zip(batch, tokens, firsts, labels, self_harm, strict=True):
            own = scores[first : first + len(spans)]
            yield tuple(sorted(self._spans(normalised, spans, own, held, despair)))

    def _spans(
        self,
        normalised: NormalisedText,
        tokens: Sequence[tuple[int, int]],
        scores: Array,
        labels: Labels,
        self_harm: bool,
    ) -> Iterator[Span]:
        for column, kind in enumerate(CueKind):
            if not cue_fits(kind, labels, self_harm):
                continue
            inside = scores[:, column] >= self._cue_thresholds[column]
            for first, last in runs(inside):
                start, end = normalised.to_received(tokens[first][0], tokens[last][1])
                yield Span(start, end, kind, None, float(scores[first : last + 1, column].max()))


def runs(inside: Array) -> list[tuple[int, int]]:
    """First and last index of each run of true values; a gap of one token inside a run is bridged."""
    indices = np.flatnonzero(inside).tolist()
    found: list[tuple[int, int]] = []
    for i in indices:
        if found and i - found[-1][1] <= 2:
            found[-1] = (found[-1][0], i)
        else:
            found.append((i, i))
    return found
