"""A model folder: layout, manifest, hashes, safe load. Never pickle.

::

    <name>/
    ├── manifest.json      what it is, where from, and the SHA-256 of every other file
    ├── weights.safetensors (linear) or model.onnx and tokenizer.json (encoder)
    ├── metrics.json       figures on the test split
    ├── suite.json         pass rates on the functional suite
    └── MODEL_CARD.md

The manifest's own SHA-256 names the bundle in every assessment. It holds no dates or paths, so that the same
training run gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pydantic

from vptnlp.checksums import sha256
from vptnlp.errors import BundleError
from vptnlp.messages import ModelInfo

FORMAT = 1
MANIFEST = "manifest.json"
DEFAULT = "vpt-nl-base"
"""The bundle that `Analyzer.load` takes when none is named."""

# Written after training by evaluation, so outside the hash that names the model.
_REPORTS = ("metrics.json", "suite.json", "MODEL_CARD.md")


class AddedCorpus(pydantic.BaseModel):
    """A corpus that a model was trained on beside the first; its train split counted `repeat` times."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    sha256: str
    repeat: int = 1


class CorpusReference(pydantic.BaseModel):
    """Which corpus a model was trained on, and which others with it."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    sha256: str
    # The manifest's bytes name the model: with one corpus they stay what they were.
    add: tuple[AddedCorpus, ...] = pydantic.Field(default=(), exclude_if=lambda added: not added)


class Manifest(pydantic.BaseModel):
    """What a bundle says of itself.

    Attributes:
        format: Version of the bundle format, `FORMAT`.
        name: Name of the bundle.
        version: Version of the bundle (semantic versioning).
        kind: Which classifier reads it.
        taxonomy: Version of the labels.
        corpus: The training corpus or corpora.
        config: The training configuration.
        training: Epochs, seconds and threads of the run, where it was a long one.
        thresholds: Axis to label to the probability from which the label is given.
        calibration: Scale and shift of each raw score, where the weights do not hold them.
        mix: Axis to the weight of the n-grams' scores beside the encoder's.
        fusion: Kind of personal detail to the cuts that join rules and model (`vptnlp.doxing.fusion`).
        files: File name to SHA-256.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    format: int = FORMAT
    name: str
    version: str
    kind: Literal["linear", "encoder"]
    taxonomy: str
    corpus: CorpusReference
    config: dict[str, Any]
    training: dict[str, int] = {}
    thresholds: dict[str, dict[str, float]]
    calibration: dict[str, list[float]] = {}
    mix: dict[str, float] = {}
    fusion: dict[str, tuple[float, float] | tuple[float, float, float]] = {}
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened model folder whose files are known to be whole."""

    path: Path
    manifest: Manifest
    info: ModelInfo

    def file(self, name: str) -> Path:
        """The path of a file that the manifest lists.

        Raises:
            BundleError: The manifest does not list it.
        """
        if name not in self.manifest.files:
            raise BundleError(f"The bundle '{self.path}' has no file '{name}'.")
        return self.path / name

    def metrics(self) -> dict[str, Any]:
        """The figures measured for this bundle; empty when it was not evaluated."""
        path = self.path / "metrics.json"
        if not path.exists():
            return {}
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return loaded


def find(name: str | Path) -> Path:
    """Find a bundle by path or by the name of one that is shipped.

    Raises:
        BundleError: There is none; the message says which are shipped.
    """
    path = Path(name)
    if (path / MANIFEST).is_file():
        return path
    shipped = {p.parent.name: p.parent for root in reversed(_roots()) for p in sorted(root.glob(f"*/{MANIFEST}"))}
    if str(name) in shipped:
        return shipped[str(name)]
    known = ", ".join(sorted(shipped)) or "none"
    raise BundleError(f"There is no bundle '{name}'; give a folder with a {MANIFEST}, or a shipped one: {known}.")


def load(name: str | Path = DEFAULT) -> Bundle:
    """Open a bundle and check every file against its hash.

    Args:
        name: A folder, or the name of a shipped bundle.

    Raises:
        BundleError: It is missing, of another format, or a file is missing or damaged.
    """
    path = find(name)
    raw = (path / MANIFEST).read_bytes()
    try:
        manifest = Manifest.model_validate_json(raw)
    except pydantic.ValidationError as error:
        where = ", ".join(sorted({".".join(map(str, e["loc"])) or "the whole" for e in error.errors()}))
        raise BundleError(f"The manifest of the bundle '{path}' cannot be read; look at: {where}.") from None
    if manifest.format != FORMAT:
        raise BundleError(f"The bundle '{path}' has format {manifest.format}; this version reads format {FORMAT}.")
    for file, expected in manifest.files.items():
        target = path / file
        if target.parent != path or not target.is_file():
            raise BundleError(f"The bundle '{path}' lacks the file '{file}'; install or copy it again.")
        if sha256(target) != expected:
            raise BundleError(f"The file '{file}' of the bundle '{path}' is damaged; install or copy it again.")
    return Bundle(path, manifest, ModelInfo(manifest.name, manifest.version, hashlib.sha256(raw).hexdigest()))


def write(path: Path, manifest: Mapping[str, Any]) -> Bundle:
    """Finish a folder whose model files stand there: hash them, write the manifest, open it.

    Args:
        path: The folder with the model files.
        manifest: The fields of `Manifest` except ``files`` and ``format``.

    Returns:
        The opened bundle.
    """
    files = {
        file.name: sha256(file)
        for file in sorted(path.iterdir())
        if file.is_file() and file.name != MANIFEST and file.name not in _REPORTS
    }
    whole = Manifest.model_validate({**manifest, "files": files})
    text = json.dumps(whole.model_dump(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (path / MANIFEST).write_text(text, encoding="utf-8")
    return load(path)


def _roots() -> list[Path]:
    """Where bundles are shipped: inside the installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parent
    return [root for root in (package / "models", package.parents[1] / "models") if root.is_dir()]
