"""`vptnlp bundle`: look at a model folder and check it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from vptnlp import bundle as bundles

app = typer.Typer(help="Look at a model folder and check it.", no_args_is_help=True)

BundlePath = Annotated[str, typer.Argument(metavar="PATH", help="A bundle folder, or the name of a shipped one.")]


@app.command()
def info(path: BundlePath = bundles.DEFAULT) -> None:
    """Print what a bundle says of itself, and its figures."""
    opened = bundles.load(path)
    record = {"path": str(opened.path), "sha256": opened.info.sha256, **opened.manifest.model_dump()}
    record["headline"] = opened.metrics().get("headline", {})
    print(json.dumps(record, ensure_ascii=False, indent=2))


@app.command()
def verify(path: BundlePath = bundles.DEFAULT) -> None:
    """Check every file of a bundle against its hash."""
    opened = bundles.load(path)
    count = len(opened.manifest.files)
    print(f"The bundle '{opened.manifest.name}' {opened.manifest.version} is whole: {count} files checked.")
