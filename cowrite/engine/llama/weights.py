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

from cowrite.engine.llama import ggml
from cowrite.engine.llama.library import lib
from cowrite.engine.llama.mul_mat import TYPES, MulMat, mul_mat
from cowrite.engine.llama.outline import opened

REORDERED = (
    lib.GGML_TYPE_Q4_0,
    lib.GGML_TYPE_Q2_K,
    lib.GGML_TYPE_Q4_K,
    lib.GGML_TYPE_IQ4_NL,
    lib.GGML_TYPE_MXFP4,
)
"""Types that llama.cpp may copy into an order of its own on x86 (`ggml-cpu/repack.cpp`)."""


def bytes_of_types(path: Path) -> Counter[int]:
    """Bytes that a file's weights of each type take, nothing where it can't be read. Raises MissingError."""
    found: Counter[int] = Counter()
    with opened(path) as file:
        for weight in () if file is None else file.weights():
            found[weight.kind] += weight.size
    return found


def better_as_in_file(path: Path) -> bool:
    """Whether our kernel makes the products of most weights that llama.cpp would reorder.

    Not where there is AMX: its buffers hold other types as well, and its products are another matter.
    """
    if not isinstance(mul_mat(), MulMat):
        return False
    try:
        if ggml.call("ggml_cpu_has_amx_int8", ctypes.c_int):
            return False
        found = bytes_of_types(path)
    except ggml.MissingError:
        return False
    reordered = sum(found[kind] for kind in REORDERED)
    return 2 * sum(found[kind] for kind in REORDERED if kind in TYPES) > reordered
