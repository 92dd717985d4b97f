"""Between the engine's process and the drafts: one model for all of them."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.engine.protocol import EngineState, Loaded, RunAhead, StateChanged
from cowrite.session.options import asking_from
from cowrite.tui.engine_link import EngineLink
from cowrite.tui.window.drafts import OpenDrafts
from cowrite.tui.window.messages import EngineSaid, ModelFound, ModelMissing, ModelProgress
from cowrite.tui.window.settings import SettingsHub
from cowrite.tui.window.window_engine import WindowEngine


class EngineFeed:
    """Passes on what the engine says to the drafts' sessions, and settings to the engine."""

    def __init__(
        self,
        link: EngineLink,
        engine: WindowEngine,
        drafts: OpenDrafts,
        hub: SettingsHub,
        tell: Callable[[str, str, str], None],
    ) -> None:
        self.link = link
        self._engine, self._drafts, self._hub, self._tell = engine, drafts, hub, tell
        hub.subscribe("model.name", self._model_chosen)
        hub.subscribe("suggestions.run_ahead", self._run_ahead_chosen)

    def _tell_drafts(self, said: StateChanged | Loaded) -> None:
        self._engine.said(said)
        for draft in self._drafts:
            draft.session.engine_changed()

    def on_model_progress(self, message: ModelProgress) -> None:
        """A model is being made ready."""
        for draft in self._drafts:
            draft.status_line.show_progress(message.share)

    def on_model_found(self, message: ModelFound) -> None:
        """There is a model: its process may start."""
        advice = self.link.advice
        self._engine.found(message.model, message.client, advice, self.link.quantisation)
        for draft in self._drafts:
            draft.status_line.show_progress(None)
            draft.session.asking = asking_from(self._hub.now, advice)
            draft.session.engine_changed()
        message.client.start()

    def on_model_missing(self, message: ModelMissing) -> None:
        """There is none: writing goes on without."""
        error = message.error
        self._tell_drafts(StateChanged(EngineState.NO_MODEL, error.message))
        for draft in self._drafts:
            draft.status_line.show_progress(None)
        self._tell(error.message, error.hint, "warning")

    def on_engine_said(self, message: EngineSaid) -> None:
        """The process says something; one that was replaced is not listened to."""
        if message.client is not self.link.client:
            return
        if isinstance(message.said, StateChanged | Loaded):
            self._tell_drafts(message.said)
            return
        for draft in self._drafts:
            draft.session.receive(message.said)

    def _model_chosen(self, _key: str) -> None:
        """Go on with another model."""
        choice = self._hub.now.model.name
        if choice == self._engine.status.model_name:
            return
        self._engine.begin()
        for draft in self._drafts:
            draft.session.engine_changed()
        self.link.switch(choice)

    def _run_ahead_chosen(self, _key: str) -> None:
        if self.link.client is not None:
            self.link.client.configure(RunAhead(self._hub.now.suggestions.run_ahead))
