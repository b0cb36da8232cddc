"""The whole way of an encoder in small: fine-tune, resume, export, calibrate, read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")

from vptnlp import Analyzer, bundle  # noqa: E402
from vptnlp.bundle import Bundle  # noqa: E402
from vptnlp.classify import open_classifier  # noqa: E402
from vptnlp.classify.encoder import WINDOW, EncoderClassifier  # noqa: E402
from vptnlp.classify.outputs import OUTPUTS  # noqa: E402
from vptnlp.corpus import load_split  # noqa: E402
from vptnlp.errors import ConfigError, VptnlpError  # noqa: E402
from vptnlp.taxonomy import SINGLE_AXES  # noqa: E402
from vptnlp.training import encoder, parity  # noqa: E402
from vptnlp.training.batches import SpecialTokens, encode  # noqa: E402
from vptnlp.training.config import EncoderConfig, load_config  # noqa: E402
from vptnlp.training.encoder_bundle import train  # noqa: E402
from vptnlp.training.parity import compare  # noqa: E402

CONFIG = """
[model]
name = "tiny"
version = "0.0.1"
kind = "encoder"
output = "bundle"
work = "work"
[corpus]
path = "corpus"
name = "small"
version = "0"
[encoder]
source = "{source}"
freeze_embeddings = false
[features]
char_bits = 10
word_bits = 8
[schedule]
epochs = {epochs}
batch_tokens = 2048
rate = 1e-3
average = 0.5
"""


def config_of(folder: Path, source: Path, epochs: int = 1) -> EncoderConfig:
    path = folder / "tiny.toml"
    path.write_text(CONFIG.format(source=source.as_posix(), epochs=epochs))
    config = load_config(path)
    assert isinstance(config, EncoderConfig)
    return config


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, small_corpus: Path, encoder_folder: Path) -> Bundle:
    """A bundle of the tiny encoder."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "corpus").symlink_to(small_corpus)
    (folder / "work").mkdir()
    (folder / "work/pretrained").symlink_to(encoder_folder)
    with pytest.MonkeyPatch.context() as patch:
        # A model that has hardly learned scores everything alike: any rounding flips it. The gate has a test of its own.
        patch.setattr(parity, "LARGEST_FLIPS", 1.0)
        patch.setattr(parity, "LARGEST_LOSS", 1.0)
        patch.setattr(parity, "LARGEST_DRIFT", 1.0)
        return train(config_of(folder, encoder_folder), folder)


def test_the_bundle_holds_all_that_inference_needs(trained: Bundle) -> None:
    manifest = json.loads((trained.path / "manifest.json").read_text())
    assert set(manifest["files"]) == {"model.onnx", "parity.safetensors", "tokenizer.json", "weights.safetensors"}
    assert len(manifest["calibration"]["scale"]) == len(OUTPUTS)
    assert len(manifest["fusion"]) == 22
    assert isinstance(open_classifier(trained), EncoderClassifier)


def test_a_batch_answers_as_one_by_one(trained: Bundle) -> None:
    classifier = EncoderClassifier(trained)
    texts = ["Ik maak je dood", "", "👍", "Beste Noa, dank voor het huis", "een " * 40]
    together = classifier.predict(texts)
    for text, prediction in zip(texts, together, strict=True):
        alone = classifier.predict([text])[0]
        for axis, scores in prediction.scores.axes.items():
            assert alone.scores.axes[axis] == pytest.approx(scores, abs=0.02)
        assert sum(prediction.scores.axes["threat"].values()) == pytest.approx(1, abs=1e-5)
    assert classifier.predict(texts)[3].scores == together[3].scores


def test_a_long_message_is_read_whole(trained: Bundle) -> None:
    classifier = EncoderClassifier(trained)
    text = "een huis en de rest " * 300
    (raw,) = classifier.raw([text])
    words = raw.words
    assert len(words.offsets) == 1500
    assert words.offsets[-1][1] == len(text) - 1
    assert len(classifier._tokenizer.encode(text).ids) > 3 * WINDOW
    assert raw.encoder.shape == (len(OUTPUTS),)
    assert np.abs(words.kinds.sum(-1) - 1).max() < 1e-5
    assert (words.subjects < 0).all()


def test_offsets_lead_back_to_the_text_as_received(trained: Bundle) -> None:
    text = "Dág  𝐍𝐨𝐚,\r\nik m4ak j\u200be d o o d 😡"
    words = next(EncoderClassifier(trained).raw([text])).words
    assert all(0 <= start < end <= len(text) for start, end in words.offsets)
    assert [text[a:b] for a, b in words.offsets][:2] == ["Dág", "𝐍𝐨𝐚"]


def test_the_analyzer_joins_rules_and_model(trained: Bundle) -> None:
    found = Analyzer.load(trained.path).assess("Bel mij op 06-81234567 of mail naar noa@voorbeeld.example.")
    assert {d.kind for d in found.details} >= {"PHONE", "EMAIL"}
    assert all(d.subject for d in found.details)


def test_a_run_that_stopped_goes_on(tmp_path: Path, small_corpus: Path, encoder_folder: Path, tokenizer: Any) -> None:

    examples, dev = load_split(small_corpus, "train")[:60], load_split(small_corpus, "dev")[:30]
    config = config_of(tmp_path, encoder_folder, epochs=2)

    def run(work: Path, epochs: int) -> Any:
        schedule = config.schedule.model_copy(update={"epochs": epochs, "patience": 9})
        changed = config.model_copy(update={"schedule": schedule})
        return encoder.fine_tune(changed, encoder_folder, tokenizer, examples, dev, work)

    run(tmp_path / "whole", 2)
    state = torch.load(tmp_path / "whole/state.pt", weights_only=True)
    assert state["epoch"] == 2
    assert (tmp_path / "whole/best.pt").is_file()
    before = (tmp_path / "whole/state.pt").read_bytes()
    run(tmp_path / "whole", 2)
    assert (tmp_path / "whole/state.pt").read_bytes() == before, "a finished run has nothing left to do"


def test_a_run_is_known_again_by_another_process(tmp_path: Path, small_corpus: Path, encoder_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from vptnlp.corpus import load_split; from vptnlp.training import encoder;"
        "from vptnlp.training.config import load_config;"
        "print(encoder._fingerprint(load_config(Path(sys.argv[1])), load_split(Path(sys.argv[2]), 'dev')))"
    )
    config_of(tmp_path, encoder_folder)
    seen = {
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "tiny.toml"), str(small_corpus)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_training_learns(tmp_path: Path, small_corpus: Path, encoder_folder: Path, tokenizer: Any) -> None:

    examples = load_split(small_corpus, "train")[:40]
    rows = [encode(e, tokenizer, 256) for e in examples]
    network = encoder.Network(encoder_folder, 0.0)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    special = SpecialTokens.of(tokenizer)
    losses = []
    for _ in range(12):
        batch = encoder.collate(rows, special.pad)
        loss = encoder._loss(*network(batch.ids, batch.mask), batch, 0.0)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]


def test_the_gate_refuses_an_export_that_answers_otherwise() -> None:
    order = np.random.default_rng(0)
    gold = order.integers(0, 2, (200, len(OUTPUTS)))
    good = np.clip(gold * 0.8 + 0.1 + order.normal(0, 0.05, gold.shape), 0, 1)
    half: dict[str, dict[str, float]] = {}
    for axis, label in OUTPUTS:
        half.setdefault(axis, {})["any" if axis in SINGLE_AXES else label] = 0.5
    compare(good, good, gold, half).check()
    with pytest.raises(VptnlpError, match="threat/direct flips"):
        compare(good, 1 - good, gold, half).check()


def test_the_shipped_bundle_answers_as_the_network_that_it_was_made_of(root: Path) -> None:
    dev = [e for corpus in ("vpt-nl", "vpt-nl-extra") for e in load_split(root / "corpora" / corpus, "dev")]
    parity.repeat(bundle.load("vpt-nl-base"), dev).check()


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(CONFIG.format(source="x", epochs=1).replace("epochs", "epoch"))
    with pytest.raises(ConfigError, match="Did you mean 'epochs'"):
        load_config(path)


def test_a_damaged_file_is_refused(trained: Bundle, tmp_path: Path) -> None:
    import shutil

    from vptnlp.errors import BundleError

    copy = tmp_path / "copy"
    shutil.copytree(trained.path, copy)
    with (copy / "model.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(BundleError, match="damaged"):
        bundle.load(copy)
