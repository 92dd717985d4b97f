"""The engine as all drafts of a window see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cowrite.core.suggestion import Params
from cowrite.core.window import Context
from cowrite.engine.protocol import Loaded, ModelFile, StateChanged
from cowrite.session.ports import EngineStatus

if TYPE_CHECKING:
    from cowrite.engine.client import EngineClient


class WindowEngine:
    """The engine as the sessions of all drafts see it: one status, and the process there is."""

    def __init__(self) -> None:
        self.status = EngineStatus()
        self._client: EngineClient | None = None

    def begin(self) -> None:
        """A model is looked for."""
        self._client = None
        self.status = EngineStatus()

    def found(
        self,
        model: ModelFile,
        client: EngineClient,
        advice: dict[str, int | float],
        quantisation: str,
    ) -> None:
        """There is a model, and a process that is about to load it."""
        self._client = client
        self.status = replace(
            self.status,
            connected=True,
            model_name=model.name,
            model_sha256=model.sha256,
            quantisation=quantisation,
            adapter_name=model.adapter.stem if model.adapter is not None else "",
            adapter_sha256=model.adapter_sha256,
            advice=advice,
        )

    def said(self, message: StateChanged | Loaded) -> None:
        """The process tells of itself, or the window of there being none."""
        if isinstance(message, Loaded):
            self.status = replace(self.status, window_chars=message.window_chars)
        else:
            self.status = replace(self.status, state=message.state, reason=message.reason)

    def warm(self, context: Context) -> None:
        """Evaluate this text ahead of a request."""
        if self._client is not None:
            self._client.warm(context)

    def suggest(self, request_id: str, context: Context, params: Params) -> None:
        """Ask."""
        if self._client is not None:
            self._client.suggest(request_id, context, params)

    def cancel(self, request_id: str | None = None) -> None:
        """Stop this request, or all of them."""
        if self._client is not None:
            self._client.cancel(request_id)
