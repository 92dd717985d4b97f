"""The header of a GGUF file: what a model says of itself, read without trusting it.

Layout (little-endian): "GGUF", version u32, tensor count u64, key count u64, the keys with their values,
the tensor infos, padding, the tensors. See the GGUF specification in the ggml project.

Every count and length is checked against a bound and against the file's size before anything is read or
looped over; arrays are walked, never kept; at most one buffer of 1 MiB is held. Anything odd is a
ModelError. The `gguf` package builds an array view for each entry of the vocabulary instead, which takes
12 s and 700 MB for 262,144 of them; this takes a tenth of a second.
"""

from __future__ import annotations

import math
import os
import stat
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from cowrite.catalog.facts import GgufFacts, Value, facts_of
from cowrite.errors import ModelError

MAX_KEYS = 4096
MAX_TENSORS = 100_000
MAX_ARRAY = 1 << 24
MAX_TEXTS = 4_000_000
"""Texts in all arrays of a file together: the longest vocabularies with merges have a million."""
MAX_TEXT = 1 << 20
MAX_NAME = 4096
MAX_DIMENSIONS = 4
_BUFFER = 1 << 20

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_TEXT, _ARRAY = 8, 9

_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110),
    22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8),
    29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
"""Tensor type -> values and bytes of a block."""


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """Where a tensor is. shape: its sizes, the innermost first. type: GGUF's number. start, size: bytes of the
    file; size is 0 for types that are not known here."""

    shape: tuple[int, ...]
    type: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """A whole header: the facts, the keys that hold one value, and the tensors by name."""

    facts: GgufFacts
    values: dict[str, Value]
    tensors: dict[str, TensorInfo]


def read_facts(path: Path) -> GgufFacts:
    """The facts in a file's header. Raises ModelError where it is no whole GGUF file."""
    return read_header(path).facts


def read_header(path: Path) -> Header:
    """The header of a file. Raises ModelError where it is no whole GGUF file."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise ModelError(f"{path} is a folder, not a model.", "Name the GGUF file in it.")
        if not stat.S_ISREG(facts.st_mode):
            raise ModelError(f"{path} is not a regular file.", "Name a GGUF file.")
        with path.open("rb", buffering=0) as file:
            return _Header(file, os.fstat(file.fileno()).st_size, path).header()
    except FileNotFoundError:
        raise ModelError(
            f"There is no model file {path}.", "`cowrite models list` shows the known models."
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise ModelError(f"{path} can't be read: {reason}.") from error


class _Header:
    """One pass over a header, from its first byte to its last tensor info."""

    def __init__(self, file: BinaryIO, size: int, path: Path) -> None:
        self._file, self._size, self._path = file, size, path
        self._buffer, self._at, self._start = b"", 0, 0
        self._texts = MAX_TEXTS
        self._lengths: dict[str, int] = {}

    def header(self) -> Header:
        if self._size < 4 or self._take(4) != b"GGUF":
            raise ModelError(
                f"{self._path} is not a GGUF file.",
                "Models for cowrite are GGUF files, as of llama.cpp.",
            )
        version = self._number("I")
        if version not in (2, 3):
            raise self._odd(f"has GGUF version {version}, 2 and 3 are known")
        tensors, keys = self._number("Q"), self._number("Q")
        if tensors > MAX_TENSORS or keys > MAX_KEYS:
            raise self._odd("claims more entries than a model has")
        values = self._keys(keys)
        infos = self._tensors(tensors, values)
        parameters = sum(math.prod(info.shape) for info in infos.values())
        return Header(facts_of(values, self._lengths, parameters, self._path), values, infos)

    def _odd(self, what: str) -> ModelError:
        return ModelError(
            f"{self._path} is damaged or no model: its header {what}.", "Get the file again."
        )

    # -- bytes

    @property
    def _offset(self) -> int:
        return self._start + self._at

    def _need(self, count: int) -> None:
        if count > self._size - self._offset:
            raise ModelError(
                f"{self._path} is truncated: it ends within its header.", "Get the file again."
            )

    def _fill(self, count: int) -> None:
        """Have `count` bytes (at most a buffer) at hand."""
        self._need(count)
        if len(self._buffer) - self._at >= count:
            return
        self._start += self._at
        self._at = 0
        self._file.seek(self._start)
        self._buffer = self._file.read(max(_BUFFER, count)) or b""
        if len(self._buffer) < count:  # it shrank since it was opened
            raise self._odd("can't be read to its end")

    def _take(self, count: int) -> bytes:
        self._fill(count)
        self._at += count
        return self._buffer[self._at - count : self._at]

    def _skip(self, count: int) -> None:
        self._need(count)
        self._at += count
        if self._at > len(self._buffer):
            self._start += self._at
            self._at, self._buffer = 0, b""

    def _number(self, code: str) -> int:
        return int(struct.unpack("<" + code, self._take(struct.calcsize("<" + code)))[0])

    def _text(self, limit: int = MAX_TEXT) -> str:
        length = self._number("Q")
        if length > limit:
            raise self._odd("holds a text that is too long")
        return self._take(length).decode("utf-8", "replace")

    def _skip_texts(self, count: int) -> None:
        self._texts -= count
        if self._texts < 0:
            raise self._odd("holds too many texts")
        self._need(count * 8)
        unpack = struct.Struct("<Q").unpack_from
        for _ in range(count):
            if len(self._buffer) - self._at < 8:
                self._fill(8)
            (length,) = unpack(self._buffer, self._at)
            self._at += 8
            if length <= len(self._buffer) - self._at:
                self._at += length
            else:
                self._skip(length)

    # -- entries

    def _keys(self, count: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        seen: set[str] = set()
        for _ in range(count):
            key = self._text(MAX_NAME)
            if key in seen:
                raise self._odd("holds a key twice")
            seen.add(key)
            kind = self._number("I")
            value = self._array(key) if kind == _ARRAY else self._value(kind)
            if value is not None:
                values[key] = value
        return values

    def _value(self, kind: int) -> Value:
        if kind == _TEXT:
            text = self._text()
            return text if len(text) <= 1000 else text[:1000]
        if kind not in _SCALARS:
            raise self._odd(f"holds a value of the unknown type {kind}")
        code = "<" + _SCALARS[kind]
        value: Value = struct.unpack(code, self._take(struct.calcsize(code)))[0]
        return value

    def _array(self, key: str) -> Value | None:
        """Walk over an array. Of one number a layer, the largest is given back."""
        kind, count = self._number("I"), self._number("Q")
        if count > MAX_ARRAY:
            raise self._odd("holds an array without end")
        self._lengths[key] = count
        if kind == _TEXT:
            self._skip_texts(count)
            return None
        if kind not in _SCALARS:
            raise self._odd(f"holds an array of the unknown type {kind}")
        size = struct.calcsize("<" + _SCALARS[kind])
        if ".attention." not in key or not 0 < count <= MAX_KEYS:
            self._skip(count * size)
            return None
        numbers: tuple[Value, ...] = struct.unpack(
            f"<{count}{_SCALARS[kind]}", self._take(count * size)
        )
        return max((n for n in numbers if isinstance(n, int)), default=0)

    def _tensors(self, count: int, values: dict[str, Value]) -> dict[str, TensorInfo]:
        """The tensor infos by name. Raises where the file ends before the tensors do."""
        found: list[tuple[str, TensorInfo]] = []
        end = 0
        for _ in range(count):
            name = self._text(MAX_NAME)
            dimensions = self._number("I")
            if dimensions > MAX_DIMENSIONS:
                raise self._odd("holds a tensor with too many dimensions")
            shape = tuple(self._number("Q") for _ in range(dimensions))
            kind, offset = self._number("I"), self._number("Q")
            total = math.prod(shape)
            if total >= 1 << 50:
                raise self._odd("holds a tensor without end")
            values_in, bytes_in = _BLOCKS.get(kind, (1, 0))
            info = TensorInfo(shape, kind, offset, -(-total // values_in) * bytes_in)
            found.append((name, info))
            end = max(end, offset + info.size)
        alignment = values.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
            raise self._odd("has no sensible alignment")
        start = -(-self._offset // alignment) * alignment
        if start + end > self._size and count:
            raise ModelError(
                f"{self._path} is truncated: {self._size:,} bytes are there, "
                f"{start + end:,} are needed.",
                "Get the file again.",
            )
        return {name: replace(info, start=start + info.start) for name, info in found}
