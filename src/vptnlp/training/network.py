"""The multi-task network: one encoder, heads for all labels of a text and for all spans of its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from vptnlp.classify.outputs import OUTPUTS
from vptnlp.word_scores import KINDS, TOKEN_OUTPUTS

_AXES: tuple[str, ...] = tuple(dict.fromkeys(axis for axis, _ in OUTPUTS))
_OUTSIDE_BIAS = 4.0
"""Most words are outside every span; starting there spares the first steps from unlearning the contrary."""


class Network(nn.Module):
    """Reads tokens, answers with raw scores for the text and for every token.

    The text is read once for each axis: attention with a learned query picks the tokens that matter to it, beside the
    mean of all tokens. So one threatening sentence in a long mail is not averaged away.

    Args:
        source: Name or folder of a Hugging Face encoder, or a configuration of one (its weights are then random).
        dropout: Share of values dropped before each head.
    """

    def __init__(self, source: str | Path | Any, dropout: float = 0.1) -> None:
        super().__init__()
        if isinstance(source, str | Path):
            self.encoder = AutoModel.from_pretrained(source, **_options(source))
        else:
            self.encoder = AutoModel.from_config(source, **_options(source))  # type: ignore[no-untyped-call]
        # On a CPU plain attention learns over twice as fast in 16 bits as the fused kind; ONNX Runtime fuses it later.
        self.encoder.set_attn_implementation("eager")
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.queries = nn.Linear(width, len(_AXES))
        self.heads = nn.ModuleList(nn.Linear(2 * width, n) for n in _widths())
        self.tokens = nn.Linear(width, TOKEN_OUTPUTS)
        with torch.no_grad():
            self.tokens.bias[: 3 * len(KINDS)].view(len(KINDS), 3)[:, 0] = _OUTSIDE_BIAS

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Score a batch.

        Args:
            ids: Token ids, shape (texts, tokens).
            mask: 1 for tokens, 0 for padding, same shape.

        Returns:
            Raw scores of the texts (texts, outputs) and of the tokens (texts, tokens, token outputs).
        """
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        attention = (self.queries(hidden) + (weight - 1) * 1e4).softmax(dim=1)
        picked = attention.transpose(1, 2) @ hidden
        text = [head(self.dropout(torch.cat([picked[:, i], mean], dim=-1))) for i, head in enumerate(self.heads)]
        return torch.cat(text, dim=-1), self.tokens(self.dropout(hidden))


def _widths() -> list[int]:
    return [sum(axis == name for axis, _ in OUTPUTS) for name in _AXES]


def _options(source: Any) -> dict[str, Any]:
    """A pooling layer is not used, and dropout inside the encoder costs 40% of the time on a CPU: both are left out."""
    config = AutoConfig.from_pretrained(source) if isinstance(source, str | Path) else source
    for name in ("attention_probs_dropout_prob", "hidden_dropout_prob"):
        if hasattr(config, name):
            setattr(config, name, 0.0)
    pooling = {"add_pooling_layer": False} if config.model_type in _POOLED else {}
    return pooling if not isinstance(source, str | Path) else {"config": config, **pooling}


_POOLED = frozenset({"bert", "roberta", "xlm-roberta", "camembert"})
