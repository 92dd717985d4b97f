"""Between the engine and the drafts: one engine for all of them."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.engine.protocol import EngineState, Failed, HostMessage, RunAhead
from cowrite.errors import CowriteError, ModelError
from cowrite.session.engine_service import EngineService
from cowrite.tui.window.drafts import OpenDrafts
from cowrite.tui.window.messages import EngineTold
from cowrite.tui.window.settings import SettingsHub


class EngineFeed:
    """Passes on what the engine says to the drafts' sessions, and settings to the engine."""

    def __init__(
        self,
        engine: EngineService,
        drafts: OpenDrafts,
        hub: SettingsHub,
        tell: Callable[[str, str, str], None],
    ) -> None:
        self._engine, self._drafts, self._hub, self._tell = engine, drafts, hub, tell
        self._works = hub.now.model.name
        """The choice whose model has written here."""
        self._fallback = ""
        """The choice to go back to while another one is tried; empty while none is."""
        engine.follow(self)
        hub.subscribe("model.name", self._model_chosen)
        hub.subscribe("suggestions.run_ahead", self._run_ahead_chosen)
        hub.subscribe("engine.remote", lambda _key: engine.switch(None))
        hub.subscribe("learn.use", lambda _key: engine.renew())

    def on_engine_told(self, message: EngineTold) -> None:
        """A thread of the engine has told something."""
        self._engine.take(message.news)

    # What the engine tells

    def engine_prepared(self, share: float | None) -> None:
        """A model is made ready, so far; None: no longer."""
        for draft in self._drafts:
            draft.status_line.show_progress(share)

    def engine_changed(self) -> None:
        """The engine's status is another one."""
        for draft in self._drafts:
            draft.session.engine_changed()
        status = self._engine.status
        if status.state is EngineState.READY:
            self._works, self._fallback = self._hub.now.model.name, ""
        elif status.state is EngineState.NO_MODEL and status.connected and self._fallback:
            self._go_back(ModelError(f"{status.model_name} can't be used: {status.reason}"))

    def engine_leaves(self) -> None:
        """Another model takes over: no ghost of the one before stays."""
        for draft in self._drafts:
            draft.session.engine_leaves()

    def engine_said(self, message: HostMessage) -> None:
        """A request goes on; the session that has asked knows it by its id."""
        if self._fallback and isinstance(message, Failed) and message.request_id is None:
            return  # a model that is tried can't be loaded: the status says so next, and why
        for draft in self._drafts:
            draft.session.receive(message)
            draft.engine_said(message)

    def engine_missing(self, error: CowriteError) -> None:
        """There is no model: the one before comes back, else writing goes on without."""
        if self._fallback:
            self._go_back(error)
        else:
            self._tell(error.message, error.hint, "warning")

    def _go_back(self, error: CowriteError) -> None:
        """A model that was chosen can't be used: tell why, and take back the choice."""
        before, self._fallback, self._works = self._fallback, "", ""
        self._tell(error.message, f"{before} writes on. {error.hint}".rstrip(), "warning")
        try:
            self._hub.change("model.name", before)
        except CowriteError as trouble:
            self._tell(trouble.message, trouble.hint, "warning")
            self._engine.switch(before)

    def engine_noted(self, note: str) -> None:
        """The model writes, but not with all that it should."""
        self._tell(note, "The Learning screen says more.", "warning")

    # What the writer chooses

    def _model_chosen(self, _key: str) -> None:
        choice = self._hub.now.model.name
        if choice != self._engine.status.model_name:
            self._fallback = self._works if self._works != choice else ""
            self._engine.switch(choice)

    def _run_ahead_chosen(self, _key: str) -> None:
        self._engine.configure(RunAhead(self._hub.now.suggestions.run_ahead))
