"""The engine's side of the window: one model for all drafts."""

from __future__ import annotations

from textual import on

from cowrite.engine.protocol import EngineState, Loaded, StateChanged
from cowrite.errors import StoreError
from cowrite.tui.engine_link import EngineLink
from cowrite.tui.window.base import WindowBase
from cowrite.tui.window.messages import (
    EngineSaid,
    LogTrouble,
    ModelFound,
    ModelMissing,
    ModelProgress,
)


class EngineSide(WindowBase):
    """Passes on what the engine says to the drafts' sessions."""

    link: EngineLink

    def _tell_drafts(self, said: StateChanged | Loaded) -> None:
        self.engine.said(said)
        for draft in self.drafts:
            draft.session.engine_changed()

    @on(ModelProgress)
    def _model_progress(self, message: ModelProgress) -> None:
        for draft in self.drafts:
            draft.status_line.show_progress(message.share)

    @on(ModelFound)
    def _model_found(self, message: ModelFound) -> None:
        self.engine.found(message.model, message.client, self.link.advice, self.link.quantisation)
        for draft in self.drafts:
            draft.status_line.show_progress(None)
            draft.session.engine_changed()
        message.client.start()

    @on(ModelMissing)
    def _model_missing(self, message: ModelMissing) -> None:
        error = message.error
        self._tell_drafts(StateChanged(EngineState.NO_MODEL, error.message))
        for draft in self.drafts:
            draft.status_line.show_progress(None)
        self.tell(error.message, error.hint, "warning")

    @on(EngineSaid)
    def _engine_said(self, message: EngineSaid) -> None:
        if message.client is not self.link.client:
            return
        if isinstance(message.said, StateChanged | Loaded):
            self._tell_drafts(message.said)
            return
        for draft in self.drafts:
            draft.session.answers.receive(message.said)

    def switch_model(self, choice: str) -> None:
        """Go on with another model."""
        self.engine.begin()
        for draft in self.drafts:
            draft.session.engine_changed()
        self.link.switch(choice)

    # The log's trouble comes from a thread too

    def log_trouble(self, error: StoreError | None) -> None:
        """Called from the log's thread."""
        self.post_message(LogTrouble(error))

    @on(LogTrouble)
    def _tell_log_trouble(self, message: LogTrouble) -> None:
        if message.error is None:
            self.tell("The log is being written again.")
        else:
            self.tell(message.error.message, message.error.hint, "warning")
