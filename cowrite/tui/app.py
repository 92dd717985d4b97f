"""The window: holds its parts, opens the first draft, and runs until the end.

The parts are in `tui.window`; what a writer does with a draft is in the features of `tui.draft`.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.screen import Screen

from cowrite.config import Settings
from cowrite.errors import CowriteError, UsageError
from cowrite.paths import Paths
from cowrite.session.engine_news import EngineNews
from cowrite.session.engine_service import EngineService
from cowrite.session.found_model import FoundModel
from cowrite.session.stories import Stories
from cowrite.store import Store
from cowrite.tui.commands.action import Action
from cowrite.tui.commands.actions import BY_ID
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.parts import PartMessage, pass_on
from cowrite.tui.terminal.driver import CowriteDriver
from cowrite.tui.window.base import WindowBase
from cowrite.tui.window.colours import SIGNS_CSS
from cowrite.tui.window.drafts import OpenDrafts
from cowrite.tui.window.engine import EngineFeed
from cowrite.tui.window.grammar_check import GrammarCheck
from cowrite.tui.window.keyboard import Keyboard
from cowrite.tui.window.learner import Learner
from cowrite.tui.window.messages import EngineTold
from cowrite.tui.window.model_jobs import ModelJobs
from cowrite.tui.window.spell_check import SpellCheck
from cowrite.tui.window.start import show_start
from cowrite.tui.window.streak import WritingStreak

if TYPE_CHECKING:
    from textual.driver import Driver

_AT_NEXT_START = ("engine.", "log.", "ui.mouse")


class CowriteApp(WindowBase, inherit_bindings=False):
    """The application. To screens and features it is a `services.Window`."""

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
        engine: FoundModel | None = None,
        driver_class: type[Driver] | None = CowriteDriver,
    ) -> None:
        super().__init__(settings=settings, paths=paths, driver_class=driver_class)
        self.store = store
        self.engine = EngineService(
            lambda: self.hub.now, paths, model, post=self._engine_told, given=engine
        )
        self.stories = Stories(self.tell)
        self.drafts = OpenDrafts(self, self, self.engine)
        self.keyboard = Keyboard(self, self.drafts, self.hub)
        self.streak = WritingStreak(self.post_message, paths, self.drafts.renew_status)
        self.spelling = SpellCheck(
            self.post_message,
            paths.words_file,
            draw=self.drafts.draw,
            failed=lambda error: self._off("editor.spelling", error),
            tell=self.tell,
        )
        self.grammar = GrammarCheck(
            self.post_message,
            lambda: self.hub.now.grammar,
            draw=self.drafts.draw,
            failed=lambda error: self._off("grammar.english", error),
        )
        self.learner = Learner(
            self.post_message,
            lambda: self.hub.now,
            self.drafts.idle,
            lambda: self.engine.status.own_model,
            tell=self.tell,
            changed=self.engine.renew,
        )
        self.models = ModelJobs(self.post_message, self.tell)
        self.feed = EngineFeed(self.engine, self.drafts, self.hub, self.tell)
        self._follow_settings()
        self._file = file
        self._opening = self.drafts.make(file)
        try:
            self.appearance.check_theme(settings.ui.theme)
        except UsageError as error:
            self._opening.notice(error.message, error.hint, "warning")

    def _follow_settings(self) -> None:
        """The parts have said what they follow; the drafts follow all, behind the parts."""
        for prefix in _AT_NEXT_START:
            self.hub.subscribe(prefix, self._tell_next_start)
        self.hub.subscribe("", self.drafts.settings_changed)

    def get_default_screen(self) -> Screen[None]:
        """The first draft itself, so that nothing is painted before it."""
        # Textual gives a first screen no entry for its result, and misses it when another is switched to.
        self._opening._push_result_callback(self, None)
        return self._opening

    def on_mount(self) -> None:
        """Take the signals, and look for the model as soon as the draft is on the screen."""
        self.shutdown.take_signals()
        self.call_after_refresh(self.set_timer, 0.01, self.engine.start)
        self.call_after_refresh(_begin_collecting)
        self.set_interval(1.0, self.learner.tick)
        if self._file is None and self._opening.session.recovery.lost is None:
            self.call_after_refresh(show_start, self)
            self.call_after_refresh(self.keyboard.take_early)
        else:
            self.call_after_refresh(self.keyboard.write_early, self._opening)

    # What its parts are to others

    @property
    def draft(self) -> DraftScreen | None:
        """The one on the screen, also below a dialog."""
        return self.drafts.current

    @property
    def keymap(self) -> Keymap:
        """Which key does what, after the writer's own choices."""
        return self.keyboard.keymap

    def change_setting(self, key: str, value: object, *, keep: bool = True) -> None:
        """Change one setting, now and (keep) in the user's file. Raises CowriteError; all is then as it was."""
        self.hub.change(key, value, keep=keep)

    def renew_engine(self) -> None:
        """Begin the model's process anew, with what is learned and in use now."""
        self.engine.renew()

    def close_sessions(self, how: str) -> None:
        """End all sessions, for good: every event so far is on the disk after it."""
        self.drafts.end(how)

    def let_go(self) -> None:
        """End the model's process, and close the log."""
        self.engine.close()
        self.learner.close()
        self.models.close()
        self.grammar.close()
        if self.store is not None:
            self.store.close()

    def _engine_told(self, news: EngineNews) -> None:
        """Called from the engine's threads."""
        self.post_message(EngineTold(news))

    @on(PartMessage)
    async def _pass_on(self, message: PartMessage) -> None:
        beside = (self.learner, self.models)
        parts = (self.feed, self.drafts, self.spelling, self.grammar, self.streak, *beside)
        await pass_on(message, parts)

    def _tell_next_start(self, key: str) -> None:
        if not key.startswith("engine.remote"):
            self.tell("This takes effect when cowrite is started again.")

    def _off(self, setting: str, error: CowriteError) -> None:
        """What a setting wants can't be had in this window."""
        self.change_setting(setting, "off", keep=False)
        self.tell(error.message, error.hint, "warning")

    def watch_app_focus(self, focused: bool) -> None:
        """The terminal got or lost the focus."""
        for draft in self.drafts:
            draft.terminal_focused(focused)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Do the window's actions before the key that follows finds its way."""
        if isinstance(event, events.Key | events.Paste | events.MouseDown):
            # Not every terminal says that it got the focus back; who writes has it.
            self.app_focus = True
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.toasts.key()
        if not await self.keyboard.takes(event):
            await super().on_event(event)

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
    engine: FoundModel | None = None,
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
        app.engine.close()
        app.learner.close()
        app.models.close()
        app.grammar.close()
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
