"""The few functions of ggml, llama.cpp's library of tensors, that are needed to make and evaluate a product."""

from __future__ import annotations

import ctypes
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cowrite.engine.llama.library import lib

POINTER = ctypes.c_void_p

Floats = NDArray[np.float32]

_OPS = 200
"""More kinds of nodes than ggml has; a number beyond is none of them."""

_TAKE_NOTHING = (0, 1, 2)
"""GGML_BACKEND_DEVICE_TYPE_CPU, _GPU and _IGPU of ggml-backend.h: take no nodes that they are not given."""

_ROOM = 16 << 20
"""Bytes of a context, if nothing else is said: tensors, their values and graphs, and the work of each
evaluation, two megabytes with four threads for the K quants."""


class MissingError(Exception):
    """The library has no function of this name."""


class Tensor(ctypes.Structure):
    """The beginning of ggml.h's `struct ggml_tensor`. `ne` are the sizes, the innermost first, `nb` the strides
    in bytes."""

    _fields_ = (
        ("type", ctypes.c_int32),
        ("buffer", POINTER),
        ("ne", ctypes.c_int64 * 4),
        ("nb", ctypes.c_size_t * 4),
        ("op", ctypes.c_int32),
        ("op_params", ctypes.c_int32 * 16),
        ("flags", ctypes.c_int32),
        ("src", POINTER * 10),
        ("view_src", POINTER),
        ("view_offs", ctypes.c_size_t),
        ("data", POINTER),
    )


class _Start(ctypes.Structure):
    """ggml.h's `struct ggml_init_params`."""

    _fields_ = (("size", ctypes.c_size_t), ("place", POINTER), ("no_alloc", ctypes.c_bool))


def function(name: str) -> Any:
    """A function of the library, as an object of its own whose types can be set. Raises MissingError."""
    try:
        return lib._lib[name]
    except AttributeError as error:
        raise MissingError(f"llama.cpp has no {name}") from error


def address(name: str) -> int:
    """Where a function of the library is. Raises MissingError."""
    return ctypes.cast(function(name), POINTER).value or 0


def quantiser(kind: int) -> int:
    """Where the function is that makes blocks of a type of floats: the first field of the type's traits."""
    return POINTER.from_address(call("ggml_get_type_traits_cpu", POINTER, kind)).value or 0


def accelerators() -> bool:
    """Whether llama.cpp was built with what takes nodes beside the processor, a BLAS for one.

    Graphics processors are none of it: they take only what is given to them. Raises MissingError.
    """
    devices = range(call("ggml_backend_dev_count", ctypes.c_size_t))
    found = [call("ggml_backend_dev_get", POINTER, ctypes.c_size_t(number)) for number in devices]
    kinds = [call("ggml_backend_dev_type", ctypes.c_int, POINTER(device)) for device in found]
    return any(kind not in _TAKE_NOTHING for kind in kinds)


def op_name(op: int) -> str:
    """What ggml calls a kind of node, empty where there is none of this number."""
    known = 0 <= op < _OPS
    return bytes(call("ggml_op_name", ctypes.c_char_p, op)).decode() if known else ""


def name_of(tensor: int) -> bytes:
    """What a tensor is called in its graph."""
    return bytes(call("ggml_get_name", ctypes.c_char_p, POINTER(tensor)))


def values_of(tensor: int, shape: tuple[int, ...]) -> Floats:
    """A copy of a tensor's values, which are floats without gaps, wherever they are: a device's memory too."""
    values = np.empty(shape, dtype=np.float32)
    size = ctypes.c_size_t(values.nbytes)
    place = POINTER(values.ctypes.data)
    call("ggml_backend_tensor_get", None, POINTER(tensor), place, ctypes.c_size_t(0), size)
    return values


def op_number(name: str, below: int) -> int:
    """The number of a kind of node, among those below a known one; 0, which is no node's, for none."""
    return next((op for op in range(below) if op_name(op) == name), 0)


def call(name: str, result: Any, *arguments: Any) -> Any:
    """What a function of the library gives. result: its ctypes type. Raises MissingError."""
    called = function(name)
    called.restype = result
    return called(*arguments)


class Graphs:
    """Tensors with their values, and graphs of them, evaluated on some threads. Tensors are addresses."""

    def __init__(self, threads: int = 1, room: int = _ROOM) -> None:
        """threads: that evaluate. room: bytes; nothing is freed before the end."""
        self._threads, self._room = threads, room

    def __enter__(self) -> Graphs:
        call("ggml_cpu_init", None)
        self._context = POINTER(call("ggml_init", POINTER, _Start(self._room, None, False)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        call("ggml_free", None, self._context)

    def tensor(self, kind: int, values: Floats) -> int:
        """A tensor of a type with these rows of values, quantised where the type wants it."""
        values = np.ascontiguousarray(values, dtype=np.float32)
        height, width = values.shape
        sizes = (ctypes.c_int64(width), ctypes.c_int64(height))
        made = int(call("ggml_new_tensor_2d", POINTER, self._context, kind, *sizes))
        source, target = POINTER(values.ctypes.data), POINTER(self.data(made))
        if kind == lib.GGML_TYPE_F32:
            ctypes.memmove(target, source, values.nbytes)
        else:
            rows = (ctypes.c_int64(0), *reversed(sizes))
            call("ggml_quantize_chunk", ctypes.c_size_t, kind, source, target, *rows, None)
        return made

    def data(self, tensor: int) -> int:
        """Where a tensor's values are."""
        return int(call("ggml_get_data", POINTER, POINTER(tensor)))

    def product(self, weights: int, columns: int) -> int:
        """The node that multiplies each row of `weights` with each of `columns`."""
        return int(call("ggml_mul_mat", POINTER, self._context, POINTER(weights), POINTER(columns)))

    def scaled(self, node: int, factor: float) -> int:
        """The node that multiplies each value of another one."""
        rest = (POINTER(node), ctypes.c_float(factor))
        return int(call("ggml_scale", POINTER, self._context, *rest))

    def added(self, node: int, other: int) -> int:
        """The node that adds the values of another one to those of `node`, in their place."""
        rest = (POINTER(node), POINTER(other))
        return int(call("ggml_add_inplace", POINTER, self._context, *rest))

    def custom(self, called: int, shape: tuple[int, int], *sources: int) -> int:
        """The node of `shape` (rows, values in a row) that calls the function at `called` on every thread."""
        sizes = (ctypes.c_int64(size) for size in (*reversed(shape), 1, 1))
        given = (POINTER * len(sources))(*sources)
        rest = (lib.GGML_TYPE_F32, *sizes, given, len(sources), POINTER(called), -1, None)
        return int(call("ggml_custom_4d", POINTER, self._context, *rest))

    def evaluate(self, node: int, times: int = 1) -> Floats:
        """The values of a node of floats, in rows, after its graph was evaluated so many times."""
        graph = POINTER(call("ggml_new_graph", POINTER, self._context))
        call("ggml_build_forward_expand", None, graph, POINTER(node))
        for _ in range(times):
            call("ggml_graph_compute_with_ctx", ctypes.c_int, self._context, graph, self._threads)
        width, height = Tensor.from_address(node).ne[:2]
        values = (ctypes.c_float * (width * height)).from_address(self.data(node))
        return np.array(values, dtype=np.float32).reshape(height, width)
