"""The encoder model: a transformer that reads a message whole, through ONNX Runtime.

Scores of n-grams are added to the encoder's (`vptnlp.classify.surface`), each axis with a weight of its own.

Long messages are read in windows that overlap. Labels are pooled so that the worst window speaks for the message; each
word is scored by the window in which it stands furthest from an edge.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vptnlp.bundle import Bundle
from vptnlp.classify.base import Prediction, decide
from vptnlp.classify.features import FeatureConfig, tokenise
from vptnlp.classify.outputs import OUTPUTS, cue_fits, probabilities, shows_despair, slices, to_scores
from vptnlp.classify.surface import WEIGHTS, SurfaceScorer
from vptnlp.messages import Labels, ModelInfo, Span
from vptnlp.taxonomy import SINGLE_AXES, CueKind
from vptnlp.text import NormalisedText, lower_shouting, normalise
from vptnlp.word_scores import TOKEN_OUTPUTS, WordScores, words_read

Array = np.ndarray[Any, np.dtype[Any]]

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
WINDOW, OVERLAP = 254, 64
"""Tokens of a window, and how many of them it shares with the next."""

_PLAIN_WORD = re.compile(r"(?<![\w@./:-])[a-zA-Z\u00c0-\u024f]{2,}+(?![\w@/]|[.:-]\w)")
_FEWEST_LETTERS, _LETTERS_A_PIECE = 12, 1.8
"""Words of so many letters together are illegible when their pieces hold fewer letters than this; a piece of ordinary text holds
three or four. Links, numbers, codes and other scripts do not count. Chosen for the vocabulary of the shipped encoder."""

_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_HELD_TOKENS = 32_768
"""So many tokens are scored before their texts are labelled; it bounds the memory."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One text, its token ids and where these stand in it."""

    text: NormalisedText
    ids: list[int]
    offsets: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Raw:
    """What the parts of the model say of one text, before calibration.

    Attributes:
        encoder: Scores by the encoder, shape (outputs,).
        surface: Scores by n-grams, same shape.
        words: Scores of the words.
        legible: False where the letters form hardly any words.
    """

    encoder: Array
    surface: Array
    words: WordScores
    legible: bool


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of the tokens of one text; `start` to `end` of its tokens are scored here, from `first` on."""

    first: int
    ids: list[int]
    start: int
    end: int


class EncoderClassifier:
    """Reads a bundle of kind ``encoder``.

    Args:
        bundle: The opened bundle.
    """

    def __init__(self, bundle: Bundle) -> None:
        import onnxruntime
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._info = bundle.info
        self._thresholds = bundle.manifest.thresholds
        calibration = bundle.manifest.calibration
        self._scale = np.array(calibration.get("scale", 1.0), np.float32)
        self._shift = np.array(calibration.get("shift", 0.0), np.float32)
        self._mix = np.array([bundle.manifest.mix.get(axis, 0.0) for axis, _ in OUTPUTS], np.float32)
        features = FeatureConfig.model_validate(bundle.manifest.config["features"])
        self._surface = SurfaceScorer(features, load_file(bundle.file(WEIGHTS)))
        self._tokenizer = Tokenizer.from_file(str(bundle.file(TOKENIZER)))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        ends = self._tokenizer.encode("").ids
        self._first, self._last = ends[0], ends[-1]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _cores()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            bundle.file(MODEL).read_bytes(), options, providers=["CPUExecutionProvider"]
        )

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._info

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Label texts; one prediction each, in the same order."""
        return [self._predict(raw) for raw in self.raw(texts)]

    def raw(self, texts: Sequence[str]) -> Iterator[Raw]:
        """Uncalibrated scores of each text, in the same order."""
        held: list[_Reading] = []
        tokens = 0
        for text in texts:
            normalised = normalise(text)
            encoding = self._tokenizer.encode(lower_shouting(normalised.text), add_special_tokens=False)
            held.append(_Reading(normalised, encoding.ids, encoding.offsets))
            tokens += len(encoding.ids)
            if tokens >= _HELD_TOKENS:
                yield from self._score(held)
                held, tokens = [], 0
        yield from self._score(held)

    def _score(self, readings: Sequence[_Reading]) -> Iterator[Raw]:
        if not readings:
            return
        surface = self._surface.raw([reading.text.text for reading in readings])
        for reading, scores in zip(readings, surface, strict=True):
            pooled, tokens = self._read(reading.ids)
            words, first = words_read(reading.text.text, tokenise(reading.text.text), reading.offsets)
            offsets = [reading.text.to_received(start, end) for start, end in words]
            legible = _is_legible(reading.text.text, reading.offsets)
            yield Raw(pooled, scores, WordScores.from_raw(offsets, tokens[first]), legible)

    def _read(self, ids: list[int]) -> tuple[Array, Array]:
        """Raw scores of a text, (outputs,), and of its tokens, (tokens, token outputs)."""
        texts: list[Array] = []
        tokens = np.zeros((len(ids), TOKEN_OUTPUTS), np.float32)
        for window in _windows(ids):
            # By itself: the 8-bit products of a run share one scale, so the neighbours of a text would change its scores.
            row = np.array([[self._first, *window.ids, self._last]], np.int64)
            text, scores = self._session.run(["text", "tokens"], {"ids": row, "mask": np.ones_like(row)})
            texts.append(text[0])
            tokens[window.start : window.end] = scores[
                0, 1 + window.start - window.first : 1 + window.end - window.first
            ]
        return _pool(np.stack(texts)), tokens

    def probabilities(self, raw: Array, surface: Array) -> Array:
        """Calibrated probabilities of raw scores of the encoder and of n-grams, all of shape (texts, outputs)."""
        return probabilities(raw + self._mix * surface, self._scale, self._shift)

    def _predict(self, raw: Raw) -> Prediction:
        rows = self.probabilities(raw.encoder[None], raw.surface[None])
        scores = to_scores(rows[0].tolist())
        labels = decide(scores, self._thresholds)
        despair = bool(shows_despair(rows, self._thresholds)[0])
        cues = tuple(sorted(self._cues(raw.words, labels, despair)))
        return Prediction(scores, labels, cues, raw.words, raw.legible)

    def _cues(self, words: WordScores, labels: Labels, self_harm: bool) -> Iterator[Span]:
        for kind in CueKind:
            if cue_fits(kind, labels, self_harm):
                yield from words.spans(
                    kind, self._thresholds["cues"][str(kind)], self._thresholds.get("cue_least", {}).get(str(kind), 0.0)
                )


def _is_legible(text: str, pieces: Sequence[tuple[int, int]]) -> bool:
    """Whether the letters form words that the tokenizer knows, and not random typing or another language."""
    words = [match.span() for match in _PLAIN_WORD.finditer(text)]
    letters = sum(end - start for start, end in words)
    if letters < _FEWEST_LETTERS:
        return True
    inside = 0
    ahead = iter(words)
    start, end = next(ahead)
    for first, last in pieces:
        while end <= first:
            start, end = next(ahead, (len(text), len(text) + 1))
        inside += last > start and last > first
    return letters >= _LETTERS_A_PIECE * inside


def _windows(ids: list[int]) -> Iterator[_Window]:
    """Windows over the tokens of one text; a text without tokens has one, so that it is scored too."""
    first = 0
    while True:
        last = min(first + WINDOW, len(ids))
        start = first + OVERLAP // 2 if first else 0
        end = last if last == len(ids) else last - OVERLAP // 2
        yield _Window(first, ids[first:last], start, end)
        if last == len(ids):
            return
        first = last - OVERLAP


def _pool(rows: Array) -> Array:
    """One row of raw scores from those of all windows, shape (windows, outputs): the worst window speaks.

    For a single axis this is the window that is surest of another answer than ``none``; elsewhere the highest score.
    """
    if len(rows) == 1:
        return np.asarray(rows[0])
    pooled = rows.max(axis=0)
    where = slices()
    for axis in SINGLE_AXES:
        part = rows[:, where[axis]]
        worst = int((np.logaddexp.reduce(part[:, 1:], axis=1) - part[:, 0]).argmax())
        pooled[where[axis]] = part[worst]
    return np.asarray(pooled)


def _cores() -> int:
    """Processor cores that we may use: those of the process, or fewer where its container has a quota (Linux cgroup v2)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        return max(1, min(cores, int(quota) // int(period)))
    except (OSError, ValueError):
        # No such file, or "max": no quota.
        return cores
