"""The real models with their first layers only: the same file in all else, at a fraction of the work.

What they write is nonsense, but each part of the program meets in them what it meets in the whole ones: the
vocabulary, the weights' types, the sizes of a layer, and Gemma's two kinds of layers.
"""

from __future__ import annotations

import struct
from pathlib import Path

from cowrite.catalog.gguf import read_header

LAYERS = {"llama": 2, "gemma3": 6}
"""Those that are kept. Gemma's sixth is its first without a sliding window."""


def cut_model(whole: Path, path: Path) -> Path:
    """Write to `path` what remains of the GGUF file `whole`. Returns `path`."""
    header = read_header(whole)
    kind = header.facts.architecture
    layers = LAYERS[kind]
    kept = {
        name: info
        for name, info in header.tensors.items()
        if not name.startswith("blk.") or int(name.split(".")[1]) < layers
    }
    data = whole.read_bytes()
    infos, starts, at = b"", [], 0
    for name, info in kept.items():
        shape = struct.pack(f"<I{len(info.shape)}Q", len(info.shape), *info.shape)
        infos += _text(name) + shape + struct.pack("<IQ", info.type, at)
        starts.append(at)
        at += -(-info.size // 32) * 32
    # The keys stay as they are, up to where the first tensor is named; but one of them counts the layers.
    keys = data[24 : data.index(_text(next(iter(header.tensors))))]
    count = _text(f"{kind}.block_count") + struct.pack("<I", 4)
    place = keys.index(count) + len(count)
    keys = keys[:place] + struct.pack("<I", layers) + keys[place + 4 :]
    out = b"GGUF" + struct.pack("<I", 3) + struct.pack("<Q", len(kept)) + data[16:24] + keys + infos
    out += bytes(-len(out) % 32)
    with path.open("wb") as file:
        file.write(out)
        for start, info in zip(starts, kept.values(), strict=True):
            file.seek(len(out) + start)
            file.write(data[info.start : info.start + info.size])
        file.truncate(len(out) + at)
    return path


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()
