"""Writes a GGUF file in the shape of a known model of a billion parameters, with random weights: for speed.

    python tests/bench/made_up_model.py llama-1b /tmp/made-up/llama-1b.gguf
    python tests/bench/made_up_model.py llama-1b-q5 /tmp/made-up/llama-1b-q5.gguf
    cowrite bench --model /tmp/made-up/llama-1b.gguf

Types of weights are those that llama.cpp's `Q4_K_M` and `Q5_K_M` have for these shapes: where a row is no
multiple of 256 values (1,152 of Gemma 3 1B), there is a smaller type in the place of one with a K in its name.
The vocabulary is that of a real model of the test-suite, filled up with tokens that no text has.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFReader, GGUFWriter

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from real_models import model_file


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a model, and which types its weights have: most of them, and the finer ones."""

    architecture: str
    like: str
    layers: int
    width: int
    inner: int
    heads: int
    key_heads: int
    head: int
    vocabulary: int
    most: Type = Type.Q4_K
    finer: Type = Type.Q6_K


SHAPES = {
    "llama-1b": Shape("llama", "smollm2", 16, 2048, 8192, 32, 8, 64, 128_256),
    "llama-1b-q5": Shape("llama", "smollm2", 16, 2048, 8192, 32, 8, 64, 128_256, Type.Q5_K),
    "gemma3-1b": Shape("gemma3", "gemma", 26, 1152, 6912, 4, 1, 256, 262_144),
    "gemma3-small": Shape("gemma3", "gemma", 2, 512, 768, 4, 1, 256, 262_144),
    "llama-small": Shape("llama", "smollm2", 2, 512, 768, 8, 4, 64, 49_152),
    "llama-small-q5": Shape("llama", "smollm2", 2, 512, 768, 8, 4, 64, 49_152, Type.Q5_K),
}

SMALLER = {Type.Q4_K: Type.Q5_0, Type.Q5_K: Type.Q5_1, Type.Q6_K: Type.Q8_0}
"""What llama.cpp takes where rows have no multiple of 256 values."""

HALVES: dict[Type, tuple[int, dict[int, float]]] = {
    Type.Q4_K: (144, {0: 8e-5, 2: 6e-4}),
    Type.Q5_K: (176, {0: 4e-5, 2: 6e-4}),
    Type.Q6_K: (210, {208: 1.5e-5}),
    Type.Q5_0: (22, {0: 2e-3}),
    Type.Q5_1: (24, {0: 2e-3, 2: -3e-2}),
    Type.Q8_0: (34, {0: 3e-4}),
}
"""A block's bytes, and where its scales of 16 bits are, with values that give weights of about 0.02."""


def write(name: str, path: Path, seed: int = 1) -> Path:
    """Write the model of this shape to `path`."""
    shape = SHAPES[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = GGUFWriter(str(path), shape.architecture)
    _metadata(writer, shape, name)
    chance = np.random.default_rng(seed)
    for tensor, kind, width, height in _tensors(shape):
        if kind is Type.F32:
            writer.add_tensor(tensor, np.ones(width, dtype=np.float32))
        else:
            writer.add_tensor(tensor, _blocks(chance, kind, width, height), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _metadata(writer: GGUFWriter, shape: Shape, name: str) -> None:
    writer.add_name(f"made up {name}")
    writer.add_block_count(shape.layers)
    writer.add_context_length(32_768)
    writer.add_embedding_length(shape.width)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    if shape.architecture == "gemma3":
        writer.add_sliding_window(512)
    else:
        writer.add_rope_dimension_count(shape.head)
        writer.add_vocab_size(shape.vocabulary)
    _vocabulary(writer, shape)


def _vocabulary(writer: GGUFWriter, shape: Shape) -> None:
    for field in GGUFReader(str(model_file(shape.like).path)).fields.values():
        if not field.name.startswith("tokenizer.ggml."):
            continue
        value: Any = field.contents()
        missing = shape.vocabulary - len(value) if isinstance(value, list) else 0
        match field.name.removeprefix("tokenizer.ggml."):
            case "tokens":
                value += [f"[unused {number}]" for number in range(missing)]
            case "token_type":
                value += [5] * missing  # unused
            case "scores":
                value += [-1e4] * missing
            case _:
                pass
        sub_type = field.types[-1] if isinstance(value, list) else None
        writer.add_key_value(field.name, value, field.types[0], sub_type)


def _tensors(shape: Shape) -> list[tuple[str, Type, int, int]]:
    """Names, types, values of a row and rows."""
    wide, narrow = shape.heads * shape.head, shape.key_heads * shape.head
    gemma = shape.architecture == "gemma3"
    found = [("token_embd", shape.finer, shape.width, shape.vocabulary)]
    for layer in range(shape.layers):
        eighth = shape.layers // 8
        often = layer < eighth or layer >= 7 * eighth or (layer - eighth) % 3 == 2
        better = shape.finer if often else shape.most
        found += [
            (f"blk.{layer}.{part}", kind, width, height)
            for part, kind, width, height in (
                ("attn_q", shape.most, shape.width, wide),
                ("attn_k", shape.most, shape.width, narrow),
                ("attn_v", better, shape.width, narrow),
                ("attn_output", shape.most, wide, shape.width),
                ("ffn_gate", shape.most, shape.width, shape.inner),
                ("ffn_up", shape.most, shape.width, shape.inner),
                ("ffn_down", better, shape.inner, shape.width),
            )
        ]
        norms = [("attn_norm", shape.width), ("ffn_norm", shape.width)]
        if gemma:
            norms += [("post_attention_norm", shape.width), ("post_ffw_norm", shape.width)]
            norms += [("attn_q_norm", shape.head), ("attn_k_norm", shape.head)]
        found += [(f"blk.{layer}.{part}", Type.F32, width, 1) for part, width in norms]
    found.append(("output_norm", Type.F32, shape.width, 1))
    return [
        (f"{name}.weight", kind if width % 256 == 0 else SMALLER.get(kind, kind), width, height)
        for name, kind, width, height in found
    ]


def _blocks(chance: np.random.Generator, kind: Type, width: int, height: int) -> Any:
    """Rows of blocks whose bits are chance's, but for their scales."""
    size, halves = HALVES[kind]
    values = 256 if kind in (Type.Q4_K, Type.Q5_K, Type.Q6_K) else 32
    blocks = chance.integers(0, 256, (height * width // values, size), dtype=np.uint8)
    for at, value in halves.items():
        blocks[:, at : at + 2] = np.frombuffer(np.float16(value).tobytes(), dtype=np.uint8)
    return blocks.reshape(height, -1)


def main() -> None:
    """Write the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("path", type=Path)
    arguments = parser.parse_args()
    made = write(arguments.shape, arguments.path)
    print(f"{made}: {made.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
