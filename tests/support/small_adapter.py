"""Adapters for the small model, which change what it writes or nothing at all."""

from __future__ import annotations

import random
import struct
from pathlib import Path

from make_gguf import gguf

WIDTH, RANK = 576, 4


def adapter(path: Path, scale: float) -> Path:
    """A LoRA adapter for the small model's first layer; with scale 0 it changes nothing."""
    rng = random.Random(3)
    down = [rng.uniform(-1, 1) for _ in range(WIDTH * RANK)]
    up = [rng.uniform(-scale, scale) for _ in range(WIDTH * RANK)]
    values: dict[str, tuple[str, object]] = {
        "general.architecture": ("text", "llama"),
        "general.type": ("text", "adapter"),
        "adapter.type": ("text", "lora"),
        "adapter.lora.alpha": ("f32", float(RANK)),
    }
    name = "blk.0.attn_q.weight"
    tensors = ((f"{name}.lora_a", (WIDTH, RANK)), (f"{name}.lora_b", (RANK, WIDTH)))
    payload = struct.pack(f"<{len(down) * 2}f", *down, *up)
    path.write_bytes(gguf(values, tensors=tensors, payload=payload))
    return path
