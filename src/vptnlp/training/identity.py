"""What a manifest says of where a bundle comes from; the same for every kind of model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vptnlp import taxonomy
from vptnlp.corpus import fingerprint
from vptnlp.training.config import EncoderConfig, LinearConfig


def identity(config: LinearConfig | EncoderConfig, root: Path) -> dict[str, Any]:
    """Name, version, kind, taxonomy and corpora of the bundle that a configuration makes.

    Args:
        config: The configuration.
        root: The folder that its paths are relative to.
    """
    return {
        "name": config.model.name,
        "version": config.model.version,
        "kind": config.model.kind,
        "taxonomy": taxonomy.VERSION,
        "corpus": {
            "name": config.corpus.name,
            "version": config.corpus.version,
            "sha256": fingerprint(root / config.corpus.path),
            "add": [
                {"name": c.name, "version": c.version, "sha256": fingerprint(root / c.path), "repeat": c.repeat}
                for c in config.corpus.add
            ],
        },
    }
