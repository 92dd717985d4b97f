"""Graphics processors that llama.cpp was built for, and how much of a model one of them takes.

llama.cpp puts the last layers of a model on a device first: the output, then the last block, and so on
(`n_gpu_layers` of llama.h). A layer takes its weights and its cells of the KV cache with it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.engine.backend import NoDeviceError, NoRoomError
from cowrite.engine.llama import ggml
from cowrite.engine.llama.ggml import POINTER
from cowrite.engine.llama.outline import Outline, outline

GRAPHICS, INTEGRATED, ACCELERATOR = 1, 2, 3
"""GGML_BACKEND_DEVICE_TYPE_GPU, _IGPU and _ACCEL of ggml-backend.h."""

RESERVE = 512 << 20
"""Bytes of a device's memory that are left to what llama.cpp works with and to what is on the screen."""


@dataclass(frozen=True, slots=True)
class Device:
    """One graphics processor. handle: ggml-backend.h's `ggml_backend_dev_t`. free: bytes, as it says now."""

    handle: int
    description: str
    kind: int
    free: int


@dataclass(frozen=True, slots=True)
class Offload:
    """What of a model goes to a device. layers, whole: how many, and of how many, the output among them.

    moved: bytes of weights that the processor's memory need not hold.
    """

    device: Device
    layers: int
    whole: int
    moved: int

    @property
    def rest(self) -> float:
        """The share of layers that stays with the processor, 0 to 1."""
        return 1 - self.layers / self.whole

    def __str__(self) -> str:
        part = "all layers" if not self.rest else f"{self.layers} of {self.whole} layers"
        return f"{self.device.description} ({part})"


def devices() -> list[Device]:
    """The graphics processors here, none where llama.cpp was built for none."""
    found = []
    try:
        for number in range(ggml.call("ggml_backend_dev_count", ctypes.c_size_t)):
            handle = ggml.call("ggml_backend_dev_get", POINTER, ctypes.c_size_t(number))
            kind = ggml.call("ggml_backend_dev_type", ctypes.c_int, POINTER(handle))
            if kind in (GRAPHICS, INTEGRATED):
                found.append(_device(handle, kind))
    except ggml.MissingError:
        return []
    return found


def _device(handle: int, kind: int) -> Device:
    said = ggml.call("ggml_backend_dev_description", ctypes.c_char_p, POINTER(handle)) or b""
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    places = ctypes.byref(free), ctypes.byref(total)
    ggml.call("ggml_backend_dev_memory", None, POINTER(handle), *places)
    name = bytes(said).decode("utf-8", "replace").strip()
    return Device(handle, name or "graphics processor", kind, free.value)


def offload_for(path: Path, tokens: int) -> Offload:
    """What of the model in this file goes to a device here, with a context of so many tokens.

    Raises NoDeviceError and NoRoomError.
    """
    found = devices()
    if not found:
        raise NoDeviceError
    device = max(found, key=lambda one: (one.kind == GRAPHICS, one.free))
    return shared_out(device, outline(path), tokens)


def shared_out(device: Device, model: Outline, tokens: int) -> Offload:
    """As many of the model's layers as the device has room for. Raises NoRoomError."""
    cells = model.cell_bytes * tokens
    steps = [model.output, *(block + cells for block in reversed(model.blocks))]
    layers = _fitting(device.free - RESERVE, steps)
    if not layers:
        raise NoRoomError
    moved = sum(model.blocks[len(model.blocks) - layers + 1 :])
    return Offload(device, layers, len(steps), moved + (0 if model.tied else model.output))


def _fitting(room: int, steps: Sequence[int]) -> int:
    """How many of the steps, one after the other, take no more than the room."""
    for count, step in enumerate(steps):
        room -= step
        if room < 0:
            return count
    return len(steps)
