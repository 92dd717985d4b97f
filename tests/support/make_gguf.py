"""Small GGUF files, whole or broken, for tests."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

_CODES = {
    "u8": (0, "B"),
    "u16": (2, "H"),
    "u32": (4, "I"),
    "f32": (6, "f"),
    "bool": (7, "?"),
    "u64": (10, "Q"),
}

PLAIN: dict[str, tuple[str, Any]] = {
    "general.architecture": ("text", "llama"),
    "general.name": ("text", "Tiny"),
    "general.license": ("text", "mit"),
    "general.file_type": ("u32", 15),
    "llama.block_count": ("u32", 2),
    "llama.context_length": ("u32", 512),
    "llama.embedding_length": ("u32", 64),
    "llama.attention.head_count": ("u32", 4),
    "llama.attention.head_count_kv": ("u32", 2),
    "tokenizer.ggml.tokens": ("texts", ["a", "b", "c"]),
    "tokenizer.ggml.scores": ("f32s", [0.0, 1.0, 2.0]),
}


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def entry(key: str, kind: str, value: Any) -> bytes:
    if kind == "text":
        return text(key) + struct.pack("<I", 8) + text(value)
    if kind == "texts":
        return text(key) + struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value))
    if kind.endswith("s"):
        number, code = _CODES[kind[:-1]]
        body = struct.pack(f"<{len(value)}{code}", *value)
        return text(key) + struct.pack("<IIQ", 9, number, len(value)) + body
    number, code = _CODES[kind]
    return text(key) + struct.pack("<I", number) + struct.pack("<" + code, value)


def gguf(
    values: dict[str, tuple[str, Any]] | None = None,
    *,
    version: int = 3,
    tensors: tuple[tuple[str, tuple[int, ...]], ...] = (("token_embd.weight", (64, 3)),),
    keys: int | None = None,
    tensor_count: int | None = None,
    payload: bytes | None = None,
) -> bytes:
    """A file with these keys and F32 tensors. `keys` and `tensor_count` may lie."""
    values = PLAIN if values is None else values
    count = len(tensors) if tensor_count is None else tensor_count
    out = b"GGUF" + struct.pack("<IQQ", version, count, len(values) if keys is None else keys)
    out += b"".join(entry(key, kind, value) for key, (kind, value) in values.items())
    offset = 0
    for name, shape in tensors:
        out += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        out += struct.pack("<IQ", 0, offset)
        total = 4
        for size in shape:
            total *= size
        offset += -(-total // 32) * 32
    out += b"\0" * (-len(out) % 32)
    return out + (b"\0" * offset if payload is None else payload)


def write_gguf(path: Path, data: bytes | None = None) -> Path:
    path.write_bytes(gguf() if data is None else data)
    return path
