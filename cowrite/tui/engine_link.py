"""Between the interface and the engine: finds the model and starts its process, off the UI's thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.message import Message

from cowrite.config import Settings
from cowrite.engine.protocol import EngineOptions, EngineState, HostMessage, ModelFile
from cowrite.errors import CowriteError, ModelError
from cowrite.paths import Paths, private_folder
from cowrite.session.options import engine_options_from
from cowrite.tui.window.messages import EngineSaid, ModelFound, ModelMissing, ModelProgress

if TYPE_CHECKING:
    from cowrite.engine.client import EngineClient

_TELL_EVERY = 0.1
"""Seconds between two messages about progress: a status line needs no more."""


class EngineLink:
    """One engine for all drafts of a window.

    post: takes messages from any thread. choice: a model's name or path, None for the settings' one.
    model, options: given by tests, so that nothing has to be resolved.
    """

    def __init__(
        self,
        post: Callable[[Message], object],
        settings: Settings,
        paths: Paths,
        choice: str | None,
        *,
        model: ModelFile | None = None,
        options: EngineOptions | None = None,
    ) -> None:
        self._post = post
        self._settings, self._paths, self._choice = settings, paths, choice
        self._model, self._options = model, options
        self._told = 0.0
        self._turn = 0
        self.client: EngineClient | None = None
        self.advice: dict[str, int | float] = {}
        """Sampling that the model's card advises."""
        self.quantisation = ""
        """How the model's weights are kept, as its file says."""

    def start(self) -> None:
        """Begin, and return at once. Nothing is ever raised: what fails comes as `ModelMissing`."""
        self._turn += 1
        args = (self._turn,)
        threading.Thread(target=self._start, args=args, name="model-finder", daemon=True).start()

    def switch(self, choice: str) -> None:
        """End this model's process and start another model."""
        old, self.client = self.client, None
        self._choice, self._model = choice, None
        if old is not None:
            threading.Thread(target=old.close, name="engine-end", daemon=True).start()
        self.start()

    def close(self) -> None:
        """End the process; waits for it shortly, so that it can keep what it has read of the draft."""
        self._turn += 1
        if self.client is not None:
            busy = self.client.state in (EngineState.READY, EngineState.WRITING)
            self.client.close(timeout=2.0 if busy else 0.1)

    def _start(self, turn: int) -> None:
        try:
            model = _with_adapter_hash(self._model or self._resolve())
            private_folder(self._paths.engine_log.parent)
            options = self._options or engine_options_from(self._settings, self._paths)
            client = self._connect(model, options)
        except CowriteError as error:
            self._tell(turn, ModelMissing(error))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._tell(turn, ModelMissing(ModelError(f"The model can't be read: {reason}.")))
        else:
            if turn == self._turn:
                self.client = client
                self._post(ModelFound(model, client))

    def _tell(self, turn: int, message: Message) -> None:
        """Post it, unless the link was closed or another model chosen since."""
        if turn == self._turn:
            self._post(message)

    def _connect(self, model: ModelFile, options: EngineOptions) -> EngineClient:
        """A client, not started yet. What a client says after it was replaced is not passed on."""
        from cowrite.engine.client import EngineClient

        client: EngineClient | None = None

        def said(message: HostMessage) -> None:
            if client is not None:
                self._post(EngineSaid(message, client))

        client = EngineClient(model, options, said, self._paths.engine_log)
        return client

    def _resolve(self) -> ModelFile:
        from cowrite import catalog

        default = self._settings.model.name
        found = catalog.resolve(self._choice, self._paths, default=default, progress=self._progress)
        self.advice = found.card.sampling if found.card is not None else {}
        self.quantisation = found.facts.quantisation
        return ModelFile(found.name, found.path, found.sha256, found.base)

    def _progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if total > 0 and now - self._told >= _TELL_EVERY:
            self._told = now
            self._post(ModelProgress(done / total))


def _with_adapter_hash(model: ModelFile) -> ModelFile:
    """The model, with what names its adapter's content. Raises OSError."""
    if model.adapter is None or model.adapter_sha256:
        return model
    from cowrite.catalog.identity import sha256_of

    return replace(model, adapter_sha256=sha256_of(model.adapter))
