"""From the trained network to the file that inference reads: ONNX with fused attention, weights in 8 bits."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch

from vptnlp.training.network import Network


def export(network: Network, path: Path, *, int8: bool = True) -> None:
    """Write the network as ONNX.

    Inputs ``ids`` and ``mask`` (texts, tokens); outputs ``text`` (texts, outputs) and ``tokens`` (texts, tokens, token
    outputs).

    Args:
        network: The trained network.
        path: The file to write.
        int8: Whether weights are kept in 8 bits, and multiplied so.
    """
    network = network.eval()
    network.encoder.set_attn_implementation("eager")
    with tempfile.TemporaryDirectory() as folder:
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        _trace(network, plain)
        _fuse(network.encoder.config, plain, fused)
        if int8:
            _quantise(fused, path)
        else:
            path.write_bytes(fused.read_bytes())


def _trace(network: Network, path: Path) -> None:
    ids = torch.randint(5, 50, (2, 7))
    names = {"ids": ["texts", "length"], "mask": ["texts", "length"], "text": ["texts"], "tokens": ["texts", "length"]}
    with warnings.catch_warnings():
        # The older exporter writes the graph whose attention ONNX Runtime can fuse; the newer one's it cannot yet.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["ids", "mask"],
            output_names=["text", "tokens"],
            dynamic_axes={name: dict(enumerate(axes)) for name, axes in names.items()},
            opset_version=17,
            dynamo=False,
        )


def _fuse(config: Any, plain: Path, fused: Path) -> None:
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    options = FusionOptions("bert")
    model = optimize_model(
        str(plain),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    model.save_model_to_file(str(fused))


def _quantise(fused: Path, path: Path) -> None:
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Without the VNNI instructions, sums of 8-bit products overflow 16 bits; 7 bits of weight leave room.
    quantize_dynamic(
        str(fused),
        str(path),
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
