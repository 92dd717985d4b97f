"""One model and one context, wrapped so that nothing above this file handles a pointer."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cowrite.engine.backend import BackendError, Decoded, Facts, Row, Weights
from cowrite.engine.llama.attention import Attention
from cowrite.engine.llama.context import LlamaContext, parameters_of
from cowrite.engine.llama.devices import Offload
from cowrite.engine.llama.from_file import LoadError as LoadError
from cowrite.engine.llama.from_file import load
from cowrite.engine.llama.library import StopFlag, lib, load_reason, recent
from cowrite.engine.llama.mul_mat import MulMat, mul_mat

BATCH = 128
"""Tokens in one evaluation: small enough to be interruptible, large enough for full speed."""

SEQUENCES = 9
"""One prefix, four candidates of a request, four of what may follow."""

OUTPUTS = 9
"""The most rows of logits in a batch (llama.cpp wants no fewer than sequences); unbounded, their buffer would
take half a gigabyte for Gemma."""

FLASH_FROM = 128
"""Values of an attention head from which flash attention is used. On a processor it reads the cells anew for
each sequence of a batch: three candidates behind 1,500 tokens took 31.5 ms a step with it and 24.2 ms without
where heads are small (64, SmolLM2), 31.5 and 32.4 ms where they are large (256, Gemma)."""

_MOST_PIECES = 20_000
"""Pieces that are remembered; a draft uses some thousands of the vocabulary."""


class LlamaModel:
    """A model in memory: the runtime behind `engine.backend.Backend`."""

    def __init__(
        self,
        path: Path,
        *,
        progress: Callable[[], None] | None = None,
        extra_buffers: bool = True,
        offload: Offload | None = None,
    ) -> None:
        """Map the file. Raises LoadError where llama.cpp does not accept it.

        extra_buffers: whether weights may be put into an order that special instructions want (AMX and others).
        offload: what goes to a graphics processor.
        """
        self._model = load(path, progress, extra_buffers=extra_buffers, offload=offload)
        self._offload = offload
        self._vocabulary = lib.llama_model_get_vocab(self._model)
        self._context: LlamaContext | None = None
        self._threads = (1, 1)
        self._adapter: Any = None
        self.adapted = False
        self._pieces: dict[int, bytes] = {}
        self._buffer = ctypes.create_string_buffer(256)
        self.stop = StopFlag()
        self.kernel = ""
        self._watch: Any = None

    # What the file says

    @property
    def description(self) -> str:
        buffer = ctypes.create_string_buffer(256)
        lib.llama_model_desc(self._model, buffer, 256)
        return buffer.value.decode("utf-8", "replace")

    @property
    def trained_context(self) -> int:
        return int(lib.llama_model_n_ctx_train(self._model))

    def meta(self, key: str) -> str | None:
        """A metadata value of the file as text, None where it has none."""
        buffer = ctypes.create_string_buffer(1024)
        size = lib.llama_model_meta_val_str(self._model, key.encode(), buffer, 1024)
        if size >= 1024:  # a chat template is longer
            buffer = ctypes.create_string_buffer(size + 1)
            size = lib.llama_model_meta_val_str(self._model, key.encode(), buffer, size + 1)
        return buffer.value.decode("utf-8", "replace") if size >= 0 else None

    def control_text(self, token: int) -> str:
        """How a control token is written, empty where it has no such token."""
        if token < 0:
            return ""
        text = lib.llama_vocab_get_text(self._vocabulary, token)
        return text.decode("utf-8", "replace") if text else ""

    @property
    def borders(self) -> tuple[str, str]:
        """How the tokens are written that begin and end a text."""
        start, end = lib.llama_vocab_bos(self._vocabulary), lib.llama_vocab_eos(self._vocabulary)
        return self.control_text(int(start)), self.control_text(int(end))

    @property
    def kv_token_bytes(self) -> int:
        """Memory of one token in all layers, with 16-bit keys and values."""
        architecture = self.meta("general.architecture") or ""
        heads = lib.llama_model_n_head_kv(self._model)
        key = self._head_width
        value = int(self.meta(f"{architecture}.attention.value_length") or key)
        return int(lib.llama_model_n_layer(self._model) * heads * (key + value) * 2)

    @property
    def _head_width(self) -> int:
        """Values of one head's key."""
        architecture = self.meta("general.architecture") or ""
        width = lib.llama_model_n_embd(self._model) // max(1, lib.llama_model_n_head(self._model))
        return int(self.meta(f"{architecture}.attention.key_length") or width)

    # The context

    def open(
        self,
        context: int,
        threads: int,
        *,
        kernel: bool = True,
        outputs: int = OUTPUTS,
        sequences: int = SEQUENCES,
    ) -> None:
        """Make room for `context` tokens (a multiple of 256). Raises LoadError where memory is short.

        kernel: whether our own makes products, where it fits and is quicker. outputs: rows of logits at most.
        """
        parameters = parameters_of(context, BATCH, sequences, outputs)
        self._threads = (threads, threads)
        self._set_up(parameters)
        found = mul_mat() if kernel else None
        self._watch = found.watch if isinstance(found, MulMat) else None
        if isinstance(found, MulMat):
            self.kernel = found.instructions
            parameters.cb_eval = self._watch
        self._context = self._made(parameters, BATCH)
        self.facts = self._facts(context, sequences, parameters.n_outputs_max)

    def _set_up(self, parameters: Any) -> None:
        parameters.n_threads, parameters.n_threads_batch = self._threads
        if self._offload is None and self._head_width < FLASH_FROM:
            parameters.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_DISABLED

    def _made(self, parameters: Any, batch: int) -> LlamaContext:
        """Raises LoadError where there is no memory for it."""
        recent.clear()
        made = lib.llama_init_from_model(self._model, parameters)
        if not made:
            raise LoadError(load_reason())
        vocabulary = int(lib.llama_vocab_n_tokens(self._vocabulary))
        return LlamaContext(made, vocabulary, batch, self.stop)

    def attention(self) -> Attention:
        """What can see the weights of attention in a second context."""
        return Attention()

    @contextmanager
    def beside(
        self, tokens: int, sequences: int, rows: int, attention: Weights | None = None
    ) -> Iterator[LlamaContext]:
        """A second context for a while: of so many tokens, sequences and rows of logits in a batch.

        attention: sees the weights of attention there, for which attention is evaluated in plain steps.
        Raises BackendError where it can't be made.
        """
        size = -(-tokens // 256) * 256
        parameters = parameters_of(size, rows, sequences, rows)
        self._set_up(parameters)
        if isinstance(attention, Attention):
            parameters.flash_attn_type = lib.LLAMA_FLASH_ATTN_TYPE_DISABLED
            parameters.cb_eval = attention.callback
        elif self._watch is not None:
            parameters.cb_eval = self._watch
        try:
            made = self._made(parameters, rows)
        except LoadError as error:
            raise BackendError(str(error)) from error
        try:
            if self._adapter is not None and self.adapted:
                self._apply(made, on=True)
            yield made
        finally:
            made.close()

    @property
    def start(self) -> int | None:
        """The token that a prompt begins with, None where it needs none."""
        start = int(lib.llama_vocab_bos(self._vocabulary))
        gemma = (self.meta("general.architecture") or "").startswith("gemma")
        wants_start = gemma or lib.llama_vocab_get_add_bos(self._vocabulary)
        return start if start >= 0 and wants_start else None

    def _facts(self, context: int, sequences: int, rows: int) -> Facts:
        vocabulary = self._vocabulary
        newline = int(lib.llama_vocab_nl(vocabulary))
        fim = tuple(
            int(of(vocabulary))
            for of in (lib.llama_vocab_fim_pre, lib.llama_vocab_fim_suf, lib.llama_vocab_fim_mid)
        )
        return Facts(
            vocabulary=int(lib.llama_vocab_n_tokens(vocabulary)),
            context=context,
            sequences=sequences,
            start=self.start,
            blank=newline if newline >= 0 else max(0, int(lib.llama_vocab_bos(vocabulary))),
            fim=(fim[0], fim[1], fim[2]) if min(fim) >= 0 else None,
            space_prefix=(self.meta("tokenizer.ggml.add_space_prefix") or "false") == "true",
            rows=rows,
        )

    def set_threads(self, threads: int, batch_threads: int = 0) -> None:
        """Evaluate with so many threads, and what has more than one token with `batch_threads` (0: as many)."""
        self._threads = (threads, batch_threads or threads)
        lib.llama_set_n_threads(self._in_use.handle, *self._threads)

    def set_adapter(self, path: Path) -> None:
        """Apply a LoRA adapter at full scale. Raises LoadError where it does not fit the model."""
        recent.clear()
        adapter = lib.llama_adapter_lora_init(self._model, str(path).encode())
        if not adapter:
            raise LoadError(load_reason())
        self._adapter = (lib.llama_adapter_lora_p_ctypes * 1)(adapter)
        try:
            self.adapt(on=True)
        except BackendError as error:
            raise LoadError(str(error)) from error

    def close(self) -> None:
        """Free everything; the model can't be used after."""
        if self._context is not None:
            self._context.close()
        if self._model:
            lib.llama_model_free(self._model)
        self._context = self._model = None

    @property
    def _in_use(self) -> LlamaContext:
        assert self._context is not None, "it was not opened"
        return self._context

    # engine.backend.Backend

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        buffer = (lib.llama_token * room)()
        count = lib.llama_tokenize(self._vocabulary, data, len(data), buffer, room, False, special)
        if count < 0:
            raise BackendError("the text could not be turned into tokens")
        return list(buffer[:count])

    def piece(self, token: int) -> bytes:
        piece = self._pieces.get(token)
        if piece is None:
            size = lib.llama_token_to_piece(self._vocabulary, token, self._buffer, 256, 0, False)
            piece = ctypes.string_at(self._buffer, size) if size > 0 else b""
            if len(self._pieces) < _MOST_PIECES:
                self._pieces[token] = piece
        return piece

    def ends(self, token: int) -> bool:
        return bool(lib.llama_vocab_is_eog(self._vocabulary, token))

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Decoded:
        return self._in_use.decode(tokens, positions, sequences, wanted)

    def row(self, index: int) -> Row:
        return self._in_use.row(index)

    def share(self, source: int, target: int, start: int, end: int) -> None:
        self._in_use.share(source, target, start, end)

    def forget(self, sequence: int, start: int, end: int = -1) -> bool:
        return self._in_use.forget(sequence, start, end)

    def save(self, sequence: int) -> bytes:
        return self._in_use.save(sequence)

    def restore(self, sequence: int, state: bytes) -> bool:
        return self._in_use.restore(sequence, state)

    def adapt(self, *, on: bool) -> None:
        if self._adapter is None or on is self.adapted:
            return
        self._apply(self._in_use, on=on)
        self.adapted = on

    def _apply(self, context: LlamaContext, *, on: bool) -> None:
        scales = (ctypes.c_float * 1)(1.0)
        if lib.llama_set_adapters_lora(context.handle, self._adapter, int(on), scales):
            raise BackendError("the adapter could not be applied")

    def interrupt(self) -> None:
        self.stop.set()

    def resume(self) -> None:
        self.stop.clear()
