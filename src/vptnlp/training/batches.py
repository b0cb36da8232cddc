"""From labelled messages to batches of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vptnlp.classify.features import tokenise
from vptnlp.corpus import Example
from vptnlp.text import NormalisedText, lower_shouting, normalise
from vptnlp.training.gold import vote_means
from vptnlp.word_scores import BEGIN, INSIDE, KINDS, OUTSIDE, SUBJECTS, words_read

Array = np.ndarray[Any, np.dtype[Any]]

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Encoded:
    """One message ready for the network.

    Attributes:
        ids: Token ids.
        targets: Probability of each output, shape (outputs,).
        words: Index of the first token of each word.
        kinds: Outside, begin or inside for each word and kind, shape (words, kinds).
        subjects: Index of the subject of each word, `IGNORED` outside details.
    """

    ids: list[int]
    targets: Array
    words: list[int]
    kinds: Array
    subjects: list[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of several messages; `words` are indices into the flattened tokens."""

    ids: Tensor
    mask: Tensor
    targets: Tensor
    words: Tensor
    kinds: Tensor
    subjects: Tensor


@dataclass(frozen=True, slots=True)
class SpecialTokens:
    """Ids of tokens that stand for no text.

    Attributes:
        pad: Fills short messages.
        unknown: Stands for what has no token.
        ends: Before and after a text.
    """

    pad: int
    unknown: int
    ends: tuple[int, ...]

    @classmethod
    def of(cls, tokenizer: Any) -> SpecialTokens:
        """Find them in a `tokenizers.Tokenizer`, by the names that are usual."""
        ids = {name: tokenizer.token_to_id(name) for name in ("<pad>", "[PAD]", "<unk>", "[UNK]")}
        pad = next((i for name, i in ids.items() if "pad" in name.lower() and i is not None), 0)
        unknown = next((i for name, i in ids.items() if "unk" in name.lower() and i is not None), pad)
        return cls(pad, unknown, tuple(tokenizer.encode("").ids))

    @property
    def fixed(self) -> list[int]:
        """Those that keep their place: padding and ends."""
        return [self.pad, *self.ends]


def encode(example: Example, tokenizer: Any, longest: int) -> Encoded:
    """Tokenise one message and lay its labels over the tokens.

    Args:
        example: The message.
        tokenizer: A `tokenizers.Tokenizer`.
        longest: Tokens beyond this number are left out.
    """
    text = normalise(example.text)
    encoding = tokenizer.encode(lower_shouting(text.text))
    ids = encoding.ids[:longest]
    words, tokens = words_read(text.text, tokenise(text.text), encoding.offsets[:longest])
    kinds, subjects = _word_labels(example, text, words)
    return Encoded(ids, vote_means(example), tokens, kinds, subjects)


def _word_labels(example: Example, text: NormalisedText, words: Sequence[tuple[int, int]]) -> tuple[Array, list[int]]:
    kinds = np.full((len(words), len(KINDS)), OUTSIDE, np.int64)
    subjects = [IGNORED] * len(words)
    received = [text.to_received(start, end) for start, end in words]
    # Longest first: where spans of different subjects nest, the inner one says whose the word is.
    for span in sorted((*example.details, *example.cues), key=lambda s: s.start - s.end):
        column = KINDS.index(span.kind)
        inside = [i for i, (start, end) in enumerate(received) if start < span.end and span.start < end]
        for i in inside:
            kinds[i, column] = BEGIN if i == inside[0] else INSIDE
            if span.subject is not None:
                subjects[i] = SUBJECTS.index(span.subject)
    return kinds, subjects


def collate(rows: Sequence[Encoded], pad: int) -> Batch:
    """Pad messages to one length."""
    length = max(len(row.ids) for row in rows)
    ids = torch.full((len(rows), length), pad)
    mask = torch.zeros((len(rows), length), dtype=torch.long)
    words: list[int] = []
    for i, row in enumerate(rows):
        ids[i, : len(row.ids)] = torch.tensor(row.ids)
        mask[i, : len(row.ids)] = 1
        words += [i * length + at for at in row.words]
    return Batch(
        ids,
        mask,
        torch.from_numpy(np.stack([row.targets for row in rows])),
        torch.tensor(words, dtype=torch.long),
        torch.from_numpy(np.concatenate([row.kinds for row in rows])),
        torch.tensor([s for row in rows for s in row.subjects], dtype=torch.long),
    )


def batched(rows: Sequence[Encoded], budget: int, order: random.Random | None = None) -> Iterator[list[Encoded]]:
    """Group messages of like length so that a batch holds at most `budget` tokens, padding included.

    Args:
        rows: The messages.
        budget: Tokens a batch; a longer message is a batch by itself.
        order: Shuffles messages of like length and the batches; None for shortest first.
    """

    def key(row: Encoded) -> float:
        return len(row.ids) * (order.uniform(0.9, 1.1) if order else 1.0)

    groups: list[list[Encoded]] = [[]]
    for row in sorted(rows, key=key):
        group = groups[-1]
        if group and max(len(row.ids), *(len(r.ids) for r in group)) * (len(group) + 1) > budget:
            groups.append([])
        groups[-1].append(row)
    if order:
        order.shuffle(groups)
    yield from (group for group in groups if group)
