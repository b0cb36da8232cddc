"""The configuration of a training run, read from TOML by `vptnlp train`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pydantic

from vptnlp.classify.features import FeatureConfig
from vptnlp.config import Section


class ModelSection(Section):
    """Name and version of the bundle, and where it is written."""

    name: str
    version: str
    kind: Literal["linear"]
    output: Path


class CorpusSection(Section):
    """The corpus folder; paths are relative to the configuration file."""

    path: Path
    name: str
    version: str


class FitSection(Section):
    """Strength of the fit: inverse regularisation for each part of the model."""

    single: float = pydantic.Field(default=10.0, gt=0)
    multi: float = pydantic.Field(default=10.0, gt=0)
    cues: float = pydantic.Field(default=1.0, gt=0)


class TrainingConfig(Section):
    """A whole training configuration."""

    model: ModelSection
    corpus: CorpusSection
    features: FeatureConfig = FeatureConfig()
    fit: FitSection = FitSection()
