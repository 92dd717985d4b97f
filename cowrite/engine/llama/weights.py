"""Which types the weights of a model's file have, and whether llama.cpp shall keep them in an order of its own.

On x86 llama.cpp copies the weights of some types (Q4_K among them) into an order that its product of many
columns wants. Few columns are no faster for it, since each reads all weights anew, our kernel can't read that
order, and the copy takes as much memory as those weights. So it is left out where the kernel makes those
products.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from pathlib import Path
from typing import Any

from cowrite.engine.llama import ggml
from cowrite.engine.llama.ggml import POINTER
from cowrite.engine.llama.library import lib
from cowrite.engine.llama.mul_mat import TYPES, MulMat, mul_mat

REORDERED = (
    lib.GGML_TYPE_Q4_0,
    lib.GGML_TYPE_Q2_K,
    lib.GGML_TYPE_Q4_K,
    lib.GGML_TYPE_IQ4_NL,
    lib.GGML_TYPE_MXFP4,
)
"""Types that llama.cpp may copy into an order of its own on x86 (`ggml-cpu/repack.cpp`)."""


class _Start(ctypes.Structure):
    """gguf.h's `struct gguf_init_params`."""

    _fields_ = (("no_alloc", ctypes.c_bool), ("context", POINTER))


def bytes_of_types(path: Path) -> Counter[int]:
    """Bytes that a file's weights of each type take, nothing where it can't be read. Raises MissingError."""
    file = POINTER(_called("gguf_init_from_file", POINTER, str(path).encode(), _Start(True, None)))
    if file.value is None:
        return Counter()
    try:
        found: Counter[int] = Counter()
        for index in range(_called("gguf_get_n_tensors", ctypes.c_int64, file)):
            place = ctypes.c_int64(index)
            kind = int(_called("gguf_get_tensor_type", ctypes.c_int, file, place))
            found[kind] += int(_called("gguf_get_tensor_size", ctypes.c_size_t, file, place))
        return found
    finally:
        _called("gguf_free", None, file)


def better_as_in_file(path: Path) -> bool:
    """Whether our kernel makes the products of most weights that llama.cpp would reorder.

    Not where there is AMX: its buffers hold other types as well, and its products are another matter.
    """
    if not isinstance(mul_mat(), MulMat):
        return False
    try:
        if _called("ggml_cpu_has_amx_int8", ctypes.c_int):
            return False
        found = bytes_of_types(path)
    except ggml.MissingError:
        return False
    reordered = sum(found[kind] for kind in REORDERED)
    return 2 * sum(found[kind] for kind in REORDERED if kind in TYPES) > reordered


def _called(name: str, result: Any, *arguments: Any) -> Any:
    called = ggml.function(name)
    called.restype = result
    return called(*arguments)
