"""`vptnlp train`: fit a model from a configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vptnlp.config import read_toml


def train(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="A TOML file such as configs/linear.toml.")],
) -> None:
    """Train a model and write its bundle."""
    from vptnlp.training.config import TrainingConfig
    from vptnlp.training.linear import train as fit

    settings = read_toml(config, TrainingConfig)
    bundle = fit(settings, config.parent)
    print(f"Wrote {bundle.info.name} {bundle.info.version} to {bundle.path} (sha256 {bundle.info.sha256[:12]}).")
