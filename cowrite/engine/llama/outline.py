"""What a model's file holds, without loading it: its weights by name, type and size, and its layers.

By gguf.h, the reader of GGUF files in llama.cpp's own library.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cowrite.engine.llama.ggml import POINTER, call

_NUMBERS = {
    4: ("gguf_get_val_u32", ctypes.c_uint32),
    5: ("gguf_get_val_i32", ctypes.c_int32),
    10: ("gguf_get_val_u64", ctypes.c_uint64),
    11: ("gguf_get_val_i64", ctypes.c_int64),
}
"""Types of values that are whole numbers of four bytes or more (`enum gguf_type`), with what reads them."""

_STRING = 8
"""GGUF_TYPE_STRING."""

_BLOCK = re.compile(r"blk\.(\d+)\.")


class _Start(ctypes.Structure):
    """gguf.h's `struct gguf_init_params`."""

    _fields_ = (("no_alloc", ctypes.c_bool), ("context", POINTER))


@dataclass(frozen=True, slots=True)
class Weight:
    """A tensor of the file. kind: its ggml type. size: bytes."""

    name: str
    kind: int
    size: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A model's layers, in bytes.

    blocks: the weights of each, in order. output: those that make likelihoods of what the last block gives.
    tied: they are the same as those of the input. cell_bytes: of a token in the KV cache of one block, 16-bit.
    """

    blocks: tuple[int, ...]
    output: int
    tied: bool
    cell_bytes: int


class GgufFile:
    """An open file: its weights, and the numbers of its head."""

    def __init__(self, handle: ctypes.c_void_p) -> None:
        self._handle = handle

    def weights(self) -> Iterator[Weight]:
        """All tensors. Raises MissingError."""
        for index in range(call("gguf_get_n_tensors", ctypes.c_int64, self._handle)):
            at = self._handle, ctypes.c_int64(index)
            name = bytes(call("gguf_get_tensor_name", ctypes.c_char_p, *at))
            kind = int(call("gguf_get_tensor_type", ctypes.c_int, *at))
            size = int(call("gguf_get_tensor_size", ctypes.c_size_t, *at))
            yield Weight(name.decode("utf-8", "replace"), kind, size)

    def number(self, key: str) -> int | None:
        """A whole number of the head; None where there is none, or one for each layer."""
        at, kind = self._find(key)
        if at is None or kind not in _NUMBERS:
            return None
        return int(call(*_NUMBERS[kind], self._handle, at))

    def text(self, key: str) -> str:
        """A text of the head, empty where there is none."""
        at, kind = self._find(key)
        if at is None or kind != _STRING:
            return ""
        return bytes(call("gguf_get_val_str", ctypes.c_char_p, self._handle, at)).decode(
            "utf-8", "replace"
        )

    def _find(self, key: str) -> tuple[ctypes.c_int64 | None, int]:
        index = int(call("gguf_find_key", ctypes.c_int64, self._handle, key.encode()))
        if index < 0:
            return None, -1
        at = ctypes.c_int64(index)
        return at, int(call("gguf_get_kv_type", ctypes.c_int, self._handle, at))


@contextmanager
def opened(path: Path) -> Iterator[GgufFile | None]:
    """The file, None where it can't be read as one. Raises MissingError."""
    start = _Start(True, None)
    handle = POINTER(call("gguf_init_from_file", POINTER, str(path).encode(), start))
    if handle.value is None:
        yield None
        return
    try:
        yield GgufFile(handle)
    finally:
        call("gguf_free", None, handle)


def outline(path: Path) -> Outline:
    """A file's layers; none of them where it can't be read. Raises MissingError."""
    with opened(path) as file:
        if file is None:
            return Outline((), 0, False, 0)
        blocks: dict[int, int] = {}
        ends: dict[str, int] = {}
        for weight in file.weights():
            if (block := _BLOCK.match(weight.name)) is not None:
                blocks[int(block[1])] = blocks.get(int(block[1]), 0) + weight.size
            else:
                ends[weight.name] = weight.size
        tied = "output.weight" not in ends
        output = ends.get("token_embd.weight" if tied else "output.weight", 0)
        sizes = tuple(blocks[number] for number in sorted(blocks))
        return Outline(sizes, output, tied, _cell_bytes(file))


def _cell_bytes(file: GgufFile) -> int:
    """Bytes of a token's keys and values in one block; the most there can be, where the file varies them."""
    architecture = file.text("general.architecture")
    heads = file.number(f"{architecture}.attention.head_count") or 1
    held = file.number(f"{architecture}.attention.head_count_kv") or heads
    width = (file.number(f"{architecture}.embedding_length") or 0) // heads
    key = file.number(f"{architecture}.attention.key_length") or width
    value = file.number(f"{architecture}.attention.value_length") or key
    return held * (key + value) * 2
