"""A decoder of the Llama and Gemma 3 families in torch, with low-rank additions that are trained.

It computes what llama.cpp computes for these architectures, on weights that lie as GGUF files have them (so
that an adapter needs no rearranging): Llama's heads are turned in pairs of neighbours, Gemma's in halves.
Whether it does is checked after each training (`learning.agreement`).
Llama: arXiv 2307.09288; Gemma 3: arXiv 2503.19786; LoRA: arXiv 2106.09685.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cowrite.learning.lora.weights import LAYER, NORMS, Shape, Weights

LOCAL_BASE = 10_000.0
"""The base of the rotations in Gemma's layers with a sliding window."""

LOCAL_LAYERS = 6
"""Of so many layers in a row, Gemma's last looks back at everything."""


class Network:
    """Weights in memory, and the additions (`adapter`: "blk.0.attn_q" -> A of (rank, in), B of (out, rank))."""

    def __init__(
        self, weights: Weights, kept: NDArray[np.int64], adapter: dict[str, tuple[Tensor, Tensor]]
    ) -> None:
        """kept: the vocabulary's rows that are there, ascending; tokens are places in it from then on."""
        self.shape: Shape = weights.shape
        self.adapter = adapter
        self.scale = 1.0
        """Of the additions: alpha / rank, or 0 for the model as it came."""
        self._parts = {
            f"blk.{layer}.{part}": weights.get(f"blk.{layer}.{part}")
            for layer in range(self.shape.layers)
            for part in (*LAYER, *NORMS[self.shape.architecture])
        }
        self.keep(weights, kept)
        self._norm = weights.get("output_norm")
        self._gemma = self.shape.architecture == "gemma3"

    def keep(self, weights: Weights, kept: NDArray[np.int64]) -> None:
        """Hold these rows of the vocabulary, ascending, in place of those before."""
        self._embedding = weights.rows("token_embd", kept)
        self._output = weights.output_rows(kept) if weights.has("output") else self._embedding

    def hidden(self, tokens: Tensor) -> Tensor:
        """The last layer's values, normed, for tokens of shape (sequences, length)."""
        length = tokens.shape[1]
        x = functional.embedding(tokens, self._embedding)
        if self._gemma:
            x = x * math.sqrt(self.shape.width)
        turns = {base: self._turns(length, base) for base in (self.shape.rope_base, LOCAL_BASE)}
        for layer in range(self.shape.layers):
            local = self._gemma and (layer + 1) % LOCAL_LAYERS != 0
            base = LOCAL_BASE if local else self.shape.rope_base
            x = self._layer(x, layer, turns[base], self.shape.window if local else 0)
        return self._normed(x, self._norm)

    def logits(self, hidden: Tensor) -> Tensor:
        """Logits over the kept rows."""
        return functional.linear(hidden, self._output)

    # The parts of a layer

    def _layer(self, x: Tensor, layer: int, turns: tuple[Tensor, Tensor], window: int) -> Tensor:
        name = f"blk.{layer}."
        norm = self._parts
        seen = self._attention(self._normed(x, norm[name + "attn_norm"]), name, turns, window)
        if self._gemma:
            seen = self._normed(seen, norm[name + "post_attention_norm"])
        x = x + seen
        inner = self._normed(x, norm[name + "ffn_norm"])
        gate = self._project(inner, name + "ffn_gate")
        gate = functional.gelu(gate, approximate="tanh") if self._gemma else functional.silu(gate)
        inner = self._project(gate * self._project(inner, name + "ffn_up"), name + "ffn_down")
        if self._gemma:
            inner = self._normed(inner, norm[name + "post_ffw_norm"])
        return x + inner

    def _attention(self, x: Tensor, name: str, turns: tuple[Tensor, Tensor], window: int) -> Tensor:
        shape = self.shape

        def heads(part: str, count: int) -> Tensor:
            flat = self._project(x, name + part)
            return flat.view(*flat.shape[:2], count, shape.head_width).transpose(1, 2)

        query, key = heads("attn_q", shape.heads), heads("attn_k", shape.kv_heads)
        value = heads("attn_v", shape.kv_heads)
        if self._gemma:
            query = self._normed(query, self._parts[name + "attn_q_norm"])
            key = self._normed(key, self._parts[name + "attn_k_norm"])
        query, key = self._turned(query, turns), self._turned(key, turns)
        length = x.shape[1]
        mask = None
        if window and length > window:
            ones = torch.ones(length, length, dtype=torch.bool)
            mask = ones.tril() & ones.triu(1 - window)
        seen = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, is_causal=mask is None, enable_gqa=True
        )
        return self._project(seen.transpose(1, 2).flatten(2), name + "attn_output")

    def _project(self, x: Tensor, name: str) -> Tensor:
        out = functional.linear(x, self._parts[name])
        pair = self.adapter.get(name)
        if pair is None or not self.scale:
            return out
        return out + functional.linear(functional.linear(x, pair[0]) * self.scale, pair[1])

    def _normed(self, x: Tensor, weight: Tensor) -> Tensor:
        return functional.rms_norm(x, weight.shape, weight, self.shape.epsilon)

    def _turns(self, length: int, base: float) -> tuple[Tensor, Tensor]:
        half = self.shape.head_width // 2
        steps = base ** (-torch.arange(half, dtype=torch.float64) / half)
        angles = torch.arange(length, dtype=torch.float64)[:, None] * steps
        return angles.cos().float(), angles.sin().float()

    def _turned(self, x: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
        cos, sin = turns
        if self._gemma:
            first, second = x.chunk(2, dim=-1)
            return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)
        first, second = x[..., 0::2], x[..., 1::2]
        turned = torch.stack((first * cos - second * sin, second * cos + first * sin), dim=-1)
        return turned.flatten(-2)
