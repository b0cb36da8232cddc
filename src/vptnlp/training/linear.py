"""Fits the linear model and writes its bundle. The same corpus and configuration give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from vptnlp import bundle
from vptnlp.bundle import Bundle
from vptnlp.classify.features import FeatureConfig, TextFeatures, TokenFeatures, tokenise, weigh
from vptnlp.classify.outputs import OUTPUTS, slices
from vptnlp.classify.surface import WEIGHTS, SurfaceScorer
from vptnlp.corpus import Example
from vptnlp.errors import ConfigError
from vptnlp.taxonomy import SINGLE_AXES, CueKind
from vptnlp.text import normalise
from vptnlp.training.calibration import Array, best_threshold, calibrate, calibrate_binary, sigmoid
from vptnlp.training.config import FitSection, LinearConfig
from vptnlp.training.data import load_data
from vptnlp.training.gold import gold_matrix
from vptnlp.training.identity import identity

_IRRELEVANT = 1e-4
"""Weights smaller than this are written as zero: they cannot change a score visibly, and zeros compress."""


def train(config: LinearConfig, root: Path) -> Bundle:
    """Fit on train, calibrate on dev, write the bundle.

    Args:
        config: The configuration.
        root: The folder that its paths are relative to.

    Returns:
        The written bundle.

    Raises:
        CorpusError: A corpus cannot be read.
        ConfigError: A label has no example in train, or corpora do not go together.
    """
    from safetensors.numpy import save_file
    from threadpoolctl import threadpool_limits

    data = load_data(config.corpus, root)
    examples, dev = data.train, data.dev
    tensors = fit_surface(config.features, config.fit, examples)
    with threadpool_limits(1):
        raw = SurfaceScorer(config.features, tensors).raw([normalise(e.text).text for e in dev])
        tensors["scale"], tensors["shift"], thresholds = calibrate(raw, gold_matrix(dev))
        cue_tensors, thresholds["cues"] = _fit_cues(config, examples, dev)
    output = root / config.model.output
    output.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(t) for name, t in {**tensors, **cue_tensors}.items()}, output / WEIGHTS)
    return bundle.write(
        output,
        {
            **identity(config, root),
            "config": config.model_dump(mode="json", include={"features", "fit"}),
            "thresholds": thresholds,
        },
    )


def fit_surface(features: FeatureConfig, fit: FitSection, examples: Sequence[Example]) -> dict[str, Array]:
    """Fit the linear map from n-grams to outputs.

    Args:
        features: Which n-grams.
        fit: Strength of the fit.
        examples: Messages to learn from.

    Returns:
        The tensors of `vptnlp.classify.surface.SurfaceScorer`.

    Raises:
        ConfigError: A label has no example.
    """
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    counts = TextFeatures(features).rows([normalise(e.text).text for e in examples])
    frequency = np.bincount(counts.columns, minlength=features.columns)
    idf = np.log((1 + len(examples)) / (1 + frequency)).astype(np.float16).astype(np.float32) + np.float32(1)
    weighed = weigh(counts, idf)
    x = sparse.csr_matrix((weighed.values, weighed.columns, weighed.starts), (len(examples), features.columns))
    gold = gold_matrix(examples)
    _check_labels(gold)
    weights = np.zeros((x.shape[1], len(OUTPUTS)), np.float32)
    bias = np.zeros(len(OUTPUTS), np.float32)
    where = slices()
    with threadpool_limits(1):  # parallel sums differ from run to run in the last bit
        for axis in SINGLE_AXES:
            model = LogisticRegression(C=fit.single, class_weight="balanced", max_iter=1000)
            model.fit(x, gold[:, where[axis]].argmax(axis=1))
            weights[:, where[axis]], bias[where[axis]] = model.coef_.T, model.intercept_
        for column, (axis, _) in enumerate(OUTPUTS):
            if axis not in SINGLE_AXES:
                model = _binary(fit.multi).fit(x, gold[:, column])
                weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    return {"idf": idf, "weights": _store(weights), "bias": bias}


def _fit_cues(
    config: LinearConfig, examples: Sequence[Example], dev: Sequence[Example]
) -> tuple[dict[str, Array], dict[str, float]]:
    x, gold = _token_matrix(config.features, examples)
    x_dev, gold_dev = _token_matrix(config.features, dev)
    weights = np.zeros((x.shape[1], len(CueKind)), np.float32)
    bias = np.zeros(len(CueKind), np.float32)
    thresholds: dict[str, float] = {}
    for column in range(len(CueKind)):
        model = _binary(config.fit.cues, None).fit(x, gold[:, column])
        weights[:, column], bias[column] = model.coef_[0], model.intercept_[0]
    stored = _store(weights)
    raw = np.asarray(x_dev @ stored.astype(np.float32)) + bias
    for column, kind in enumerate(CueKind):
        scale, shift = calibrate_binary(raw[:, column], gold_dev[:, column])
        # Folded in, so that inference needs no calibration of its own for cues.
        stored[:, column] = (stored[:, column].astype(np.float32) * scale).astype(np.float16)
        bias[column] = bias[column] * scale + shift
        thresholds[str(kind)] = round(best_threshold(sigmoid(raw[:, column] * scale + shift), gold_dev[:, column]), 4)
    return {"cue_weights": stored, "cue_bias": bias}, thresholds


def _token_matrix(config: FeatureConfig, examples: Sequence[Example]) -> tuple[sparse.csr_matrix, Array]:
    """Features and gold cue kinds of all tokens, texts divided by two empty ones."""
    words: list[str] = []
    gold: list[list[int]] = []
    for example in examples:
        normalised = normalise(example.text)
        for start, end in tokenise(normalised.text):
            words.append(normalised.text[start:end])
            left, right = normalised.to_received(start, end)
            gold.append(
                [
                    int(any(c.kind == kind and c.start < right and left < c.end for c in example.cues))
                    for kind in CueKind
                ]
            )
        words += ["", ""]
        gold += [[0] * len(CueKind)] * 2
    columns = TokenFeatures(config).columns(words)
    starts = np.arange(0, columns.size + 1, columns.shape[1])
    x = sparse.csr_matrix(
        (np.ones(columns.size, np.float32), columns.ravel(), starts), (len(words), 1 << config.token_bits)
    )
    x.sum_duplicates()
    return x, np.array(gold, np.int8)


def _binary(strength: float, class_weight: str | None = "balanced") -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, solver="liblinear", class_weight=class_weight, random_state=0)


def _store(weights: Array) -> Array:
    stored: Array = np.where(np.abs(weights) < _IRRELEVANT, 0, weights).astype(np.float16)
    return stored


def _check_labels(gold: Array) -> None:
    empty = [f"{axis} {label}" for (axis, label), n in zip(OUTPUTS, gold.sum(axis=0), strict=True) if n == 0]
    if empty:
        raise ConfigError(f"The train split has no example of: {', '.join(empty)}.")
