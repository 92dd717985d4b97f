"""Products of quantised weights with columns of floats, made by a kernel of our own in llama.cpp's graph.

The kernel is C (mul_mat.c says why and how) and is built when cowrite is installed on Linux and x86-64, where
there is a compiler. Nothing needs it: without it llama.cpp makes all products itself. Before it is used, this
module looks at tensors that the library makes, and compares the kernel's products with the library's own.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cowrite.engine.llama import ggml
from cowrite.engine.llama.ggml import POINTER, Floats, Graphs, Tensor
from cowrite.engine.llama.library import lib

LIBRARY = Path(__file__).with_name("_mul_mat.so")

VERSION = 3
"""Of what this module and mul_mat.c agree on."""

LEVELS = ("", "AVX2", "AVX-512 VNNI")
"""The instructions that there is a kernel for, by its own numbers."""

LARGE_TYPES = (lib.GGML_TYPE_Q4_K, lib.GGML_TYPE_Q5_K, lib.GGML_TYPE_Q6_K)
"""Those of our types whose blocks have 256 values."""

TYPES = (lib.GGML_TYPE_Q4_1, lib.GGML_TYPE_Q5_0, lib.GGML_TYPE_Q8_0, *LARGE_TYPES)
"""Types of weights that are ours. llama.cpp puts the others' blocks into an order of its own on x86, or has
kernels for some columns that are quick enough."""

_WIDTH, _HEIGHT, _COLUMNS = 768, 96, 3
"""The product that is tried: weights of so many values in so many rows, times so many columns."""

_RANK = 16
"""Of the adapter that is tried."""

_CLOSE = 1e-4
"""Of the largest value: kernels may add in another order, and no more."""


class _Found(ctypes.Structure):
    """mul_mat.c's `struct library`."""

    _fields_ = (
        ("product", ctypes.c_int32),
        ("custom", ctypes.c_int32),
        ("parameters", ctypes.c_int32 * 16),
        ("is_host", POINTER),
        ("to_q8_0", POINTER),
        ("to_q8_1", POINTER),
        ("to_q8_k", POINTER),
        ("add", ctypes.c_int32),
        ("scale", ctypes.c_int32),
    )


class UnfitError(Exception):
    """The kernel can't be used with this library; the message says why."""


class MulMat:
    """The kernel, after it was found to fit the library. Raises UnfitError where it does not."""

    def __init__(self, level: int | None = None) -> None:
        """level: the place in LEVELS to use, the best that the processor has by default."""
        try:
            self._kernel = ctypes.CDLL(str(LIBRARY))
        except OSError as error:
            raise UnfitError("the kernel was not built") from error
        version = getattr(self._kernel, "cowrite_mul_mat_version", None)
        if version is None or version() != VERSION:
            raise UnfitError("the kernel was built for another version of cowrite")
        best = int(self._kernel.cowrite_mul_mat_level())
        level = best if level is None else level
        if not 0 < level <= best:
            raise UnfitError("the kernel has no code for this processor")
        self.instructions = LEVELS[level]
        try:
            if ggml.accelerators():
                raise UnfitError(
                    "llama.cpp was built with an accelerator, which may take its nodes"
                )
            with Graphs() as graphs:
                self._kernel.cowrite_mul_mat_use(ctypes.byref(self._find(graphs)), level)
                for kind in TYPES:
                    self._try(graphs, kind)
                self._try_adapter(graphs)
        except ggml.MissingError as error:
            raise UnfitError(str(error)) from error

    @property
    def watch(self) -> Any:
        """The `cb_eval` of a context whose narrow products shall be made here."""
        return lib.ggml_backend_sched_eval_callback(self._address("watch"))

    def multiply(self, graphs: Graphs, weights: int, columns: int) -> int:
        """The node that multiplies with our kernel."""
        shape = (Tensor.from_address(columns).ne[1], Tensor.from_address(weights).ne[1])
        return graphs.custom(self._address("multiply"), shape, weights, columns)

    def _address(self, name: str) -> int:
        return ctypes.cast(self._kernel[f"cowrite_mul_mat_{name}"], POINTER).value or 0

    def _find(self, graphs: Graphs) -> _Found:
        """What the kernel has to know of the library, and whether its tensors are as we know them."""
        weights, columns = _made_up(graphs, lib.GGML_TYPE_Q8_0)
        product = graphs.product(weights, columns)
        custom = self.multiply(graphs, weights, columns)
        for node, name in ((product, "MUL_MAT"), (custom, "CUSTOM")):
            seen = Tensor.from_address(node)
            fits = (
                ggml.op_name(seen.op) == name
                and seen.type == lib.GGML_TYPE_F32
                and list(seen.ne) == [_HEIGHT, _COLUMNS, 1, 1]
                and list(seen.nb) == [4, 4 * _HEIGHT, *[4 * _HEIGHT * _COLUMNS] * 2]
                and seen.src[:] == [weights, columns, *[None] * 8]
                and (seen.view_src, seen.view_offs) == (None, 0)
                and seen.data == graphs.data(node)
            )
            if not fits:
                raise UnfitError("llama.cpp's tensors look otherwise than the kernel knows them")
        last = Tensor.from_address(custom).op
        return _Found(
            product=Tensor.from_address(product).op,
            custom=Tensor.from_address(custom).op,
            parameters=Tensor.from_address(custom).op_params,
            is_host=ggml.address("ggml_backend_buffer_is_host"),
            to_q8_0=ggml.quantiser(lib.GGML_TYPE_Q8_0),
            to_q8_1=ggml.quantiser(lib.GGML_TYPE_Q8_1),
            to_q8_k=ggml.quantiser(lib.GGML_TYPE_Q8_K),
            add=ggml.op_number("ADD", last),
            scale=ggml.op_number("SCALE", last) if ggml.op_name(0) == "NONE" else 0,
        )

    def _try(self, graphs: Graphs, kind: int) -> None:
        weights, columns = _made_up(graphs, kind)
        theirs = graphs.evaluate(graphs.product(weights, columns))
        ours = graphs.evaluate(self.multiply(graphs, weights, columns))
        if not np.abs(ours - theirs).max() <= _CLOSE * np.abs(theirs).max():
            raise UnfitError("the kernel's products are not those of llama.cpp")

    def _try_adapter(self, graphs: Graphs) -> None:
        weights, columns = _made_up(graphs, lib.GGML_TYPE_F32)
        down = graphs.tensor(lib.GGML_TYPE_F32, _numbers(_RANK * _WIDTH, _WIDTH))
        up = graphs.tensor(lib.GGML_TYPE_F32, _numbers(_HEIGHT * _RANK, _RANK))
        inner = graphs.product(down, columns)
        scaled = graphs.scaled(graphs.product(up, inner), 0.5)
        product = graphs.product(weights, columns)
        ours = graphs.custom(self._address("adapt"), (_COLUMNS, _HEIGHT), product, scaled)
        found = graphs.evaluate(ours)
        theirs = graphs.evaluate(graphs.added(product, scaled))
        if not np.abs(found - theirs).max() <= _CLOSE * np.abs(theirs).max():
            raise UnfitError("the kernel does not apply adapters as llama.cpp does")


def _numbers(count: int, width: int) -> Floats:
    """Rows of numbers without a pattern that a block could have."""
    numbers: Floats = np.sin(np.arange(count, dtype=np.float32) ** 1.5)
    return numbers.reshape(-1, width)


def _made_up(graphs: Graphs, kind: int) -> tuple[int, int]:
    """Weights of a type, and columns of floats: numbers without a pattern that a block could have."""
    rows = _numbers((_HEIGHT + _COLUMNS) * _WIDTH, _WIDTH)
    weights, columns = rows[:_HEIGHT], rows[_HEIGHT:]
    return graphs.tensor(kind, weights), graphs.tensor(lib.GGML_TYPE_F32, columns)


@cache
def mul_mat() -> MulMat | UnfitError:
    """The kernel of this process, or why there is none."""
    try:
        return MulMat()
    except UnfitError as error:
        return error


def described() -> str:
    """What the kernel uses on this machine, or why it is not used."""
    found = mul_mat()
    return found.instructions if isinstance(found, MulMat) else f"none ({found})"
