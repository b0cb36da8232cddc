"""`vptnlp train`: fit a model from a configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vptnlp.cli.common import need


def train(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="A TOML file such as configs/linear.toml.")],
) -> None:
    """Train a model and write its bundle."""
    from vptnlp.training.config import LinearConfig, load_config

    settings = load_config(config)
    need("sklearn", "fit", "fit a model")
    if isinstance(settings, LinearConfig):
        from vptnlp.training.linear import train as fit

        bundle = fit(settings, config.parent)
    else:
        from vptnlp.training.encoder_bundle import train as fine_tune

        bundle = fine_tune(settings, config.parent)
    print(f"Wrote {bundle.info.name} {bundle.info.version} to {bundle.path} (sha256 {bundle.info.sha256[:12]}).")
