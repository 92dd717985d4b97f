"""The model's own attention: how much weight each cell of the context had for some tokens.

llama.cpp names the weights of layer L `kq_soft_max-L`, and a context's `cb_eval` sees them where flash
attention is off: floats, (cells, tokens, heads) from the innermost on.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cowrite.engine.llama.ggml import Tensor, name_of, values_of
from cowrite.engine.llama.library import lib

_NAME = b"kq_soft_max"
_FLOATS = 0
"""GGML_TYPE_F32."""


class Attention:
    """Adds weights up while it is `on`. Averages over heads and layers, by token and cell."""

    def __init__(self) -> None:
        self.on = False
        self._sum: NDArray[np.float64] | None = None
        self._layers = 0

        @lib.ggml_backend_sched_eval_callback  # type: ignore[untyped-decorator]
        def watch(tensor: Any, ask: bool, _data: object) -> bool:
            place = (
                tensor if isinstance(tensor, int) else ctypes.cast(tensor, ctypes.c_void_p).value
            )
            if not self.on or place is None or not name_of(place).startswith(_NAME):
                return not ask
            if not ask:
                self._take(place)
            return True

        self.callback = watch

    def _take(self, place: int) -> None:
        tensor = Tensor.from_address(place)
        if tensor.type != _FLOATS or not tensor.data:
            return
        cells, tokens, heads, _ = tensor.ne
        weights = values_of(place, (heads, tokens, cells))
        mean = weights.mean(axis=0, dtype=np.float64)
        self._sum = mean if self._sum is None else self._sum + mean
        self._layers += 1

    def weights(self) -> NDArray[np.float64] | None:
        """By token of the batch and by cell: the mean over heads and layers, None where none were seen."""
        return None if self._sum is None else self._sum / self._layers
