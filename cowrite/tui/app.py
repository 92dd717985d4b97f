"""The window: opens the first draft, binds the keys that are not the editor's, and runs until the end.

Its sides are in `tui.window`; what a writer does with a draft is on `screens.draft`.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.screen import Screen

from cowrite.config import Settings
from cowrite.engine.protocol import EngineOptions, ModelFile, RunAhead
from cowrite.errors import CowriteError, UsageError
from cowrite.paths import Paths
from cowrite.store import Store
from cowrite.tui.commands.actions import ACTIONS, BY_ID, Action, Home, Keymap
from cowrite.tui.engine_link import EngineLink
from cowrite.tui.terminal.driver import CowriteDriver
from cowrite.tui.window.appearance import LooksSide
from cowrite.tui.window.colours import SIGNS_CSS
from cowrite.tui.window.drafts import DraftsSide
from cowrite.tui.window.start import StartingSide

if TYPE_CHECKING:
    from textual.driver import Driver

GivenEngine = tuple[ModelFile, EngineOptions]


class CowriteApp(StartingSide, DraftsSide, LooksSide, inherit_bindings=False):
    """The application."""

    TITLE = "cowrite"
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    """Textual's own; ours is made from the table of actions."""
    CSS = (
        """
    Toast { background: $panel; color: $foreground; max-width: 90%; padding: 0 1; }
    ToastRack { margin-bottom: 2; }
    """
        + SIGNS_CSS
    )

    def __init__(
        self,
        file: Path | None,
        *,
        settings: Settings,
        paths: Paths,
        store: Store | None,
        model: str | None = None,
        engine: GivenEngine | None = None,
        driver_class: type[Driver] | None = CowriteDriver,
    ) -> None:
        super().__init__(settings=settings, paths=paths, store=store, driver_class=driver_class)
        given = engine or (None, None)
        self.link = EngineLink(
            self.post_message, settings, paths, model, model=given[0], options=given[1]
        )
        self.begin_looks()
        self._bind_actions()
        self._file = file
        self._opening = self.make_draft(file)
        try:
            self.check_theme(settings.ui.theme)
        except UsageError as error:
            self._opening.notice(error.message, error.hint, "warning")

    def get_default_screen(self) -> Screen[None]:
        """The first draft itself, so that nothing is painted before it."""
        # Textual gives a first screen no entry for its result, and misses it when another is switched to.
        self._opening._push_result_callback(self, None)
        return self._opening

    def on_mount(self) -> None:
        """Take the signals, and look for the model as soon as the draft is on the screen."""
        self.take_signals()
        self.call_after_refresh(self.set_timer, 0.01, self.link.start)
        self.call_after_refresh(_begin_collecting)
        if self._file is None and self._opening.session.recovery is None:
            self.call_after_refresh(self.show_start)

    def setting_changed(self, settings: Settings, key: str) -> None:
        """The engine follows its settings."""
        if key == "model.name" and settings.model.name != self.model_name:
            self.switch_model(settings.model.name)
        if key == "suggestions.run_ahead" and self.link.client is not None:
            self.link.client.configure(RunAhead(settings.suggestions.run_ahead))

    # Keys

    def _bind_actions(self) -> None:
        """Bind what isn't the editor's, wherever the focus is; the editor reads the table itself."""
        for action in ACTIONS:
            if action.home is Home.APP:
                for key in self.keymap.keys(action.id):
                    self.bind(key, f"perform('{action.id}')", show=False)

    async def on_event(self, event: events.Event) -> None:
        """Do the window's actions before the key that follows finds its way.

        If they bubbled up from the editor, keys that come in the same moment would be in its queue already,
        and be written into the draft instead of the field that the action opens.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            action = await self._called(event.key)
            if action is not None:
                await self.perform(action)
                return
        await super().on_event(event)

    async def _called(self, key: str) -> Action | None:
        """The window's action that a key in the editor calls, once the keys before it are written."""
        editor = self.draft.editor if self.draft is not None else None
        meanings = [self.keymap.find(key, ghost=ghost) for ghost in (False, True)]
        ours = any(action is not None and action.home is Home.APP for action in meanings)
        if editor is None or self.focused is not editor or not ours:
            return None
        written = asyncio.Event()
        if editor.call_later(written.set):
            with suppress(TimeoutError):
                await asyncio.wait_for(written.wait(), 1.0)
        action = editor.find_action(key)
        return action if action is not None and action.home is Home.APP else None

    def use_keymap(self, keymap: Keymap) -> None:
        """Go on with other keys."""
        self._bindings.key_to_bindings.clear()
        super().use_keymap(keymap)
        self._bind_actions()

    async def action_perform(self, action_id: str) -> None:
        """Do one of the table's actions."""
        await self.perform(BY_ID[action_id])

    async def perform(self, action: Action) -> None:
        """Do an action on the draft that is on the screen."""
        if self.draft is not None:
            await self.draft.perform(action)


def _begin_collecting() -> None:
    """End the start, in which no garbage is collected (see `cli.opening`).

    The modules and widgets that are there now stay, and collections leave them out from now on: looking at
    all of them takes 7 ms, in which a key would wait.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def run(
    file: Path | None,
    *,
    settings: Settings,
    paths: Paths,
    model: str | None = None,
    engine: GivenEngine | None = None,
) -> int:
    """Edit a draft (None: the start screen) until the writer quits; returns the exit code.

    model: a name or a path that goes before the settings' one. engine: a model and options that are used
    as they are, for tests. Raises CowriteError where the draft can't be opened; nothing was painted then.
    """
    store, trouble = _open_store(paths)
    try:
        app = CowriteApp(
            file, settings=settings, paths=paths, store=store, model=model, engine=engine
        )
        if trouble is not None:
            app.drafts[0].notice(trouble.message, trouble.hint, "warning")
        elif store is not None and store.notice:
            app.drafts[0].notice(store.notice, "", "warning")
        app.run(mouse=settings.ui.mouse)
        app.close_sessions("quit")
        app.link.close()
    finally:
        if store is not None:
            store.close()
    if app.crashed:
        _say_crashed(app.crash_report)
        return 1
    return app.return_code or 0


def _say_crashed(report: Path | None) -> None:
    where = f" A report without your text is in {report}." if report is not None else ""
    sentence = (
        "cowrite has failed and ended. Open the draft again: what was not saved is in the log."
    )
    print(sentence + where, file=sys.stderr)  # noqa: T201


def _open_store(paths: Paths) -> tuple[Store | None, CowriteError | None]:
    """The log, or None and why: a log that can't be opened costs the log, not the session."""
    try:
        return Store.open(paths.log_file), None
    except CowriteError as error:
        return None, error
