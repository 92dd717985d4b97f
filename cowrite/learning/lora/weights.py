"""A GGUF model's weights as floats, its vocabulary cut to the rows that a training needs.

The header is read by `catalog.gguf`, which takes a fifth of a second where the gguf package takes seconds for
a large vocabulary; that package turns the blocks into floats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGMLQuantizationType
from gguf.quants import dequantize
from numpy.typing import NDArray

from cowrite.catalog.gguf import Header, TensorInfo, read_header
from cowrite.errors import ModelError

KNOWN = ("gemma3", "llama")
"""GGUF's names of the architectures that `network` can evaluate."""

LAYER = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
"""The projections of a layer, by GGUF's names."""

NORMS = {
    "llama": ("attn_norm", "ffn_norm"),
    "gemma3": (
        *("attn_norm", "ffn_norm", "attn_q_norm", "attn_k_norm"),
        *("post_attention_norm", "post_ffw_norm"),
    ),
}
"""The norms of a layer, by GGUF's names. Gemma's files hold them with the 1 added that its papers leave out."""

_HINT = "Passages, order and taste are learned with every model; `cowrite models list` shows the others."


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a model's architecture its evaluation needs. Names follow GGUF's keys."""

    architecture: str
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_width: int
    epsilon: float
    rope_base: float
    window: int
    """Tokens that a layer with a sliding window looks back; 0 where there is no such layer."""


class Weights:
    """Tensors of one file. `get` gives floats, `rows` some rows of the embedding."""

    def __init__(self, path: Path) -> None:
        """Read the header. Raises ModelError where the file is no model that can be trained."""
        self._header: Header = read_header(path)
        self.shape = _shape(self._header, path)
        self._path = path

    @property
    def vocabulary(self) -> int:
        return self._header.tensors["token_embd.weight"].shape[1]

    def get(self, name: str) -> torch.Tensor:
        """One tensor, dequantised, its rows first."""
        info = self._header.tensors[f"{name}.weight"]
        return self._floats(info, slice(None))

    def rows(self, name: str, kept: NDArray[np.int64]) -> torch.Tensor:
        """Some rows of a tensor, dequantised."""
        return self._floats(self._header.tensors[f"{name}.weight"], kept)

    def output_rows(self, kept: NDArray[np.int64]) -> torch.Tensor:
        """Some rows of what makes logits of hidden values: many models use their embedding for it."""
        return self.rows("output" if self.has("output") else "token_embd", kept)

    def size(self, name: str) -> tuple[int, int]:
        """Values out of a projection, and into it."""
        into, out = self._header.tensors[f"{name}.weight"].shape
        return out, into

    def has(self, name: str) -> bool:
        return f"{name}.weight" in self._header.tensors

    def _floats(self, info: TensorInfo, rows: Any) -> torch.Tensor:
        # Mapped anew for each tensor: what stays mapped counts as this process's memory.
        data = np.memmap(self._path, np.uint8, "r", info.start, (info.size,))
        if len(info.shape) > 1:
            data = data.reshape(math.prod(info.shape[1:]), -1)[rows]
        floats = dequantize(np.ascontiguousarray(data), GGMLQuantizationType(info.type))
        return torch.from_numpy(np.array(floats, dtype=np.float32))


def _shape(header: Header, path: Path) -> Shape:
    facts, values = header.facts, header.values
    name = facts.architecture
    if name not in KNOWN:
        raise ModelError(
            f"A model of the architecture '{name}' can't be trained here; {' and '.join(KNOWN)} can.",
            _HINT,
        )

    def number(key: str, otherwise: float) -> float:
        value = values.get(f"{name}.{key}", otherwise)
        return float(value) if isinstance(value, int | float) else otherwise

    odd = [key for key in values if f"{name}.rope.scaling" in key or f"{name}.expert" in key]
    wanted = {f"blk.{n}.{part}" for n in range(facts.layers) for part in (*LAYER, *NORMS[name])}
    wanted |= {"token_embd", "output_norm"}
    held = {tensor.removesuffix(".weight") for tensor in header.tensors}
    if odd or held - {"output"} != wanted:
        more = sorted([*odd, *(held ^ wanted) - {"output"}])
        raise ModelError(
            f"{path} can't be trained here: it differs from the models of its architecture that are known "
            f"({', '.join(more[:3])}).",
            _HINT,
        )
    return Shape(
        architecture=name,
        layers=facts.layers,
        width=facts.embedding,
        heads=facts.heads,
        kv_heads=facts.kv_heads,
        head_width=facts.key_length,
        epsilon=number("attention.layer_norm_rms_epsilon", 1e-6),
        rope_base=number("rope.freq_base", 10_000.0),
        window=int(number("attention.sliding_window", 0)) if name == "gemma3" else 0,
    )
