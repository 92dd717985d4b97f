"""One context of a model: the cells of its KV cache, and the batches that are evaluated over them."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cowrite.engine.backend import BackendError, Decoded, Row
from cowrite.engine.llama.library import StopFlag, lib


def parameters_of(context: int, batch: int, sequences: int, outputs: int) -> Any:
    """llama.h's parameters of a context: so many tokens, tokens and rows of logits in a batch, and sequences.

    Sequences share all cells, and windows of attention keep what is before them, so that a prefix can be
    shared.
    """
    parameters = lib.llama_context_default_params()
    parameters.n_ctx = context
    parameters.n_batch = batch
    parameters.n_ubatch = batch
    parameters.n_seq_max = sequences
    parameters.n_outputs_max = max(outputs, sequences)
    parameters.kv_unified = True
    parameters.swa_full = True
    parameters.no_perf = True
    return parameters


class LlamaContext:
    """A context of llama.h's: what `engine.backend.Backend` says of cells and rows, done."""

    def __init__(self, context: Any, vocabulary: int, batch: int, stop: StopFlag) -> None:
        """context: llama.h's. vocabulary: values of a row. batch: the most tokens of a batch. stop: ends it."""
        self.handle: Any = context
        self._vocabulary = vocabulary
        lib.llama_set_abort_callback(context, stop.callback, stop.data)
        self._memory = lib.llama_get_memory(context)
        self._batch: Any = lib.llama_batch_init(batch, 0, 1)
        shape = (batch,)
        self._token: NDArray[np.int32] = np.ctypeslib.as_array(self._batch.token, shape)
        self._position: NDArray[np.int32] = np.ctypeslib.as_array(self._batch.pos, shape)
        self._wanted: NDArray[np.int8] = np.ctypeslib.as_array(self._batch.logits, shape)
        np.ctypeslib.as_array(self._batch.n_seq_id, shape)[:] = 1
        self._views: dict[int, Row] = {}

    def close(self) -> None:
        """Free it; it can't be used after."""
        if self.handle is not None:
            lib.llama_batch_free(self._batch)
            lib.llama_free(self.handle)
        self.handle = None

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Decoded:
        """Evaluate one batch. `wanted` says whose logits are kept. Raises BackendError."""
        count = len(tokens)
        batch = self._batch
        batch.n_tokens = count
        self._token[:count] = tokens
        self._position[:count] = positions
        self._wanted[:count] = wanted
        ids = batch.seq_id
        for index, sequence in enumerate(sequences):
            ids[index][0] = sequence
        code = lib.llama_decode(self.handle, batch)
        if code == 0:
            return Decoded.DONE
        if code == 1:
            return Decoded.FULL
        if code == 2:
            return Decoded.INTERRUPTED
        raise BackendError(f"llama.cpp could not evaluate the text (code {code})")

    def row(self, index: int) -> Row:
        """The logits of the batch's token at `index`: a view that the next decode overwrites."""
        pointer = lib.llama_get_logits_ith(self.handle, index)
        if not pointer:
            raise BackendError(f"no logits for place {index} of the batch")
        place = ctypes.addressof(pointer.contents)
        row = self._views.get(place)
        if row is None:  # the same few places of one buffer, again and again
            row = self._views[place] = np.ctypeslib.as_array(pointer, (self._vocabulary,))
        return row

    def share(self, source: int, target: int, start: int, end: int) -> None:
        """Let sequence `target` hold the positions from `start` to `end` of `source` too."""
        lib.llama_memory_seq_cp(self._memory, source, target, start, end)

    def forget(self, sequence: int, start: int, end: int = -1) -> bool:
        """Remove positions of a sequence; false where the model can't forget a part."""
        return bool(lib.llama_memory_seq_rm(self._memory, sequence, start, end))

    def save(self, sequence: int) -> bytes:
        """The evaluated state of a sequence."""
        size = lib.llama_state_seq_get_size(self.handle, sequence)
        buffer = (ctypes.c_uint8 * size)()
        written = lib.llama_state_seq_get_data(self.handle, buffer, size, sequence)
        return ctypes.string_at(buffer, written)

    def restore(self, sequence: int, state: bytes) -> bool:
        """Put a saved state in the place of an empty sequence; false where it does not fit."""
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        return int(lib.llama_state_seq_set_data(self.handle, buffer, len(state), sequence)) > 0
