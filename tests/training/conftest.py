"""A tiny tokenizer and encoder, made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vptnlp.corpus import load_split

CORPUS = Path(__file__).parents[2] / "corpora/vpt-nl"


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    """A small unigram tokenizer in the manner of the shipped one."""
    tokenizers = pytest.importorskip("tokenizers")
    from vptnlp.training.encoder_import import build_tokenizer

    letters = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?-'@:/()"
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(letter, -8.0) for letter in letters]
    pieces += [(f"▁{word}", -4.0) for word in ("ik", "je", "de", "het", "een", "en", "niet", "huis", "dood", "maak")]
    built = build_tokenizer(pieces)
    assert isinstance(built, tokenizers.Tokenizer)
    return built


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory, tokenizer: Any) -> Path:
    """A Hugging Face folder with a random encoder of two thin layers."""
    pytest.importorskip("torch")
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("encoder")
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        pad_token_id=1,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder with a part of VPT-NL."""
    from vptnlp.corpus import files

    folder = tmp_path_factory.mktemp("corpus")
    rows = [row for _, row in files.read_rows(files.split_path(CORPUS, "train"))]
    (folder / "data").mkdir()
    for split, part in (("train", rows[:160]), ("dev", rows[160:260]), ("test", rows[260:300])):
        files.write_jsonl(files.split_path(folder, split), part)
    assert load_split(folder, "dev")
    return folder
