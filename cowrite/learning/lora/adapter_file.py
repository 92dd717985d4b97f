"""Adapters as llama.cpp reads them: GGUF files with pairs of matrices by the names of the model's tensors."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import dequantize

from cowrite.catalog.gguf import read_header
from cowrite.errors import ModelError
from cowrite.learning.lora.weights import Shape

Pairs = dict[str, tuple[torch.Tensor, torch.Tensor]]
"""Name of a projection ("blk.0.attn_q") -> A of (rank, values in) and B of (values out, rank)."""


def write_adapter(path: Path, architecture: str, alpha: float, pairs: Pairs) -> None:
    """Write an adapter. Raises OSError where the disk is full or the folder is gone."""
    writer = GGUFWriter(path, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, pair in pairs.items():
        for end, values in zip("ab", pair, strict=True):
            floats = values.detach().to(torch.float32).contiguous().numpy()
            writer.add_tensor(f"{name}.weight.lora_{end}", floats)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def read_adapter(path: Path, shape: Shape) -> tuple[float, Pairs]:
    """Alpha and the pairs of an adapter for a model of this shape. Raises ModelError where it is none."""
    header = read_header(path)
    alpha = header.values.get("adapter.lora.alpha", 0.0)
    if header.facts.type != "adapter" or not isinstance(alpha, int | float) or alpha <= 0:
        raise ModelError(f"{path} is no adapter that can be trained further.", _HINT)
    if header.facts.architecture != shape.architecture:
        raise ModelError(f"The adapter {path} is one for another model.", _HINT)
    data = np.memmap(path, dtype=np.uint8, mode="r")
    ends: dict[str, dict[str, torch.Tensor]] = {}
    for tensor, info in header.tensors.items():
        name, _, end = tensor.rpartition(".weight.lora_")
        rows = data[info.start : info.start + info.size].reshape(math.prod(info.shape[1:]), -1)
        values = dequantize(np.array(rows), GGMLQuantizationType(info.type))
        ends.setdefault(name, {})[end] = torch.from_numpy(np.array(values, dtype=np.float32))
    if not ends or any(set(pair) != {"a", "b"} for pair in ends.values()):
        raise ModelError(f"{path} is no adapter that can be trained further.", _HINT)
    return float(alpha), {name: (pair["a"], pair["b"]) for name, pair in ends.items()}


_HINT = "Start anew with `cowrite learn --now --fresh`, or go back with `cowrite learn rollback`."
