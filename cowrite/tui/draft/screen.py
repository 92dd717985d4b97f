"""The screen a writer lives on: the editor, one line of status, one line of keys.

It composes, sizes and focuses, listens to the session, and tells its features; what the keys do is there.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from cowrite.core.events import Focused, SettingChanged
from cowrite.engine.protocol import HostMessage
from cowrite.errors import CowriteError
from cowrite.session.draft import DraftSession
from cowrite.session.options import request_options
from cowrite.tui.commands.action import Action, Home
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.draft.candidates import Candidates
from cowrite.tui.draft.counts import Counts
from cowrite.tui.draft.feature import Feature, Host
from cowrite.tui.draft.features import FEATURES, actions_of
from cowrite.tui.draft.files import Files
from cowrite.tui.draft.status import DraftStatus
from cowrite.tui.editor.display import look_of
from cowrite.tui.editor.editor import Editor
from cowrite.tui.editor.in_view import paragraph_rows
from cowrite.tui.parts import PartMessage, finish, pass_on
from cowrite.tui.services import Window
from cowrite.tui.widgets.footer import KeyFooter
from cowrite.tui.widgets.status import StatusFacts

TICK = 0.1
LEAST = (20, 6)
"""Columns and rows below which there is no room to write."""


class DraftScreen(Screen[None]):
    """One draft. It is the session's listener."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(str(number), f"take({number})", show=False, priority=True) for number in range(1, 9)
    ]
    DEFAULT_CSS = """
    DraftScreen { layout: vertical; background: $background; }
    DraftScreen > Editor { height: 1fr; margin-top: 1; }
    DraftScreen.-low > Editor { margin-top: 0; }
    DraftScreen > #small { display: none; width: 1fr; height: 1fr; color: $foreground 60%; }
    DraftScreen.-small > * { display: none; }
    DraftScreen.-small > Editor { display: block; height: 0; margin: 0; }
    DraftScreen.-small > #small { display: block; }
    DraftScreen.-low > KeyFooter { display: none; }
    DraftScreen.-low > CandidatesPane { padding: 0; }
    DraftScreen.-zen > KeyFooter, DraftScreen.-zen > StatusLine { display: none; }
    """

    def __init__(self, session: DraftSession, window: Window) -> None:
        super().__init__()
        self.session, self.window = session, window
        self.editor = Editor(session, keymap=window.keymap, look=look_of(window.settings))
        self.footer = KeyFooter(window.keymap)
        self.status_line = DraftStatus(self, self._facts)
        self._notices: list[tuple[str, str, str]] = []
        host = Host(self, session, self.editor, self.status_line, self.footer, window)
        self.counts, self.files, self.candidates = Counts(host), Files(host), Candidates(host)
        others = (make(host) for make in FEATURES)
        self.features: tuple[Feature, ...] = (self.counts, self.candidates, *others, self.files)
        self.actions = actions_of(self.features)
        self.status_line.renew()
        session.listener.pass_to(self)

    def compose(self) -> ComposeResult:
        yield Static("A little more room, please.", id="small", markup=False)
        yield self.editor
        yield self.status_line.line
        yield self.footer

    def on_mount(self) -> None:
        self.set_interval(TICK, self._tick)
        for feature in self.features:
            feature.mounted()
        self.editor.focus()
        self.call_after_refresh(self._shown)

    def _shown(self) -> None:
        """The draft is on the screen: say what is waiting to be said, and let the features begin."""
        told = [(message, hint, "warning") for message, hint in self.session.notes]
        waiting, self._notices = [*told, *self._notices], []
        for message, hint, severity in waiting:
            self.window.tell(message, hint, severity)
        for feature in self.features:
            feature.shown()

    @property
    def is_reading(self) -> bool:
        """Whether a dialog that was asked for is still to come: the keys behind the one that asked wait."""
        return any(feature.is_reading for feature in self.features)

    # Size and focus

    def on_screen_resume(self) -> None:
        if self.focused is None:
            self.set_focus(self.editor)
        self.status_line.renew()

    def on_resize(self, event: events.Resize) -> None:
        """Small terminals lose the lines around the draft first, and below `LEAST` the draft too.

        Its editor keeps the keys there: what was typed while the window shrank must not be lost.
        """
        width, height = event.size
        self.set_class(width < LEAST[0] or height < LEAST[1], "-small")
        self.set_class(height < 12, "-low")
        self.call_after_refresh(self._focus_back)

    def _focus_back(self) -> None:
        """What was hidden for want of room lost the focus; keys are for the draft again."""
        if self.focused is None and self.is_current and not self.has_class("-small"):
            self.set_focus(self.editor)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A pane, or the draft, got the focus."""
        for feature in self.features:
            feature.focused(event.widget)

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A pane, or the draft, lost the focus."""
        for feature in self.features:
            feature.blurred(event.widget)

    # Actions, and what the features' panes and threads tell

    async def perform(self, action: Action) -> None:
        """Do one of the table's actions."""
        try:
            if action.home is Home.EDITOR:
                self.editor.run(action)
            else:
                await finish(self.actions[action.id]())
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")

    @on(KeyFooter.Chosen)
    async def _footer_chosen(self, message: KeyFooter.Chosen) -> None:
        await self.perform(message.action)
        self.set_focus(self.editor)

    @on(PartMessage)
    async def _pass_on(self, message: PartMessage) -> None:
        await pass_on(message, self.features)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The number keys are candidates' only while the pane shows some; else they are digits."""
        if action == "take":
            return self.candidates.can_take(int(str(parameters[0])))
        return True

    def action_take(self, number: int) -> None:
        """The number key of a candidate, from 1."""
        self.candidates.take_numbered(number)

    # The session's listener

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines of the draft are other ones."""
        self.editor.changed(first, before, after)
        for feature in self.features:
            feature.changed(first, before, after)

    def moved(self) -> None:
        """The selection is another one."""
        self.editor.moved()
        self.footer.diff = self.session.instructions.is_at(self.session.cursor)
        for feature in self.features:
            feature.moved()

    def ghosted(self) -> None:
        """The suggestion is another one."""
        self.editor.ghosted()
        self.footer.ghost = bool(self.session.ghost)
        self.footer.diff = self.session.instructions.is_at(self.session.cursor)
        for feature in self.features:
            feature.ghosted()

    def status(self) -> None:
        """Dirty, the name, or the engine."""
        self.status_line.renew()

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer, when there is a screen to tell it on."""
        if self.is_mounted:
            self.window.tell(message, hint, severity)
        else:
            self._notices.append((message, hint, severity))

    def rows_in_use(self) -> tuple[int, int]:
        """The rows of the paragraph that is written, which no toast may cover."""
        return paragraph_rows(self.editor)

    def _facts(self) -> StatusFacts:
        session, counts = self.session, self.counts
        engine = session.engine.status
        wanted = self.window.settings.editor
        state, model = engine.at_work
        return StatusFacts(
            name=session.file.name,
            dirty=session.buffer.dirty,
            read_only=session.buffer.read_only is not None,
            words=counts.words,
            selected=counts.selected(),
            goal=wanted.word_goal if counts.words is not None else 0,
            written=counts.written,
            asides=counts.asides(),
            share=counts.model_share() if wanted.show_origins else None,
            quiet=session.suggestions.quiet_words,
            auto=session.requests.options.auto,
            resting=session.pauses.resting,
            state=state,
            reason=engine.reason,
            model=model,
            learned=engine.learned,
            remote=engine.remote,
        )

    # What the window tells

    def engine_said(self, message: HostMessage) -> None:
        """A request goes on; some features have requests of their own."""
        for feature in self.features:
            feature.engine_said(message)

    @property
    def has_written(self) -> bool:
        """Whether it has more words than when it was opened, as far as they are counted."""
        return self.counts.has_written

    def _tick(self) -> None:
        """Only the draft on the screen runs ahead or asks by itself; the engine is one for all."""
        if self.window.drafts.current is self:
            self.session.pauses.tick()

    def terminal_focused(self, focused: bool) -> None:
        """The terminal got or lost the focus."""
        self.session.log.append(Focused(focused))
        if focused:
            self.files.look_at_disk()

    def settings_changed(self, key: str) -> None:
        """The window's settings are other ones, in `key`."""
        settings = self.window.settings
        value = str(getattr(getattr(settings, key.partition(".")[0]), key.partition(".")[2], ""))
        self.session.log.append(SettingChanged(key, value))
        self.session.requests.use(request_options(settings))
        for feature in self.features:
            feature.settings_changed(key)
        self.status_line.renew()

    def use_keymap(self, keymap: Keymap) -> None:
        """Go on with other keys."""
        self.footer.set_keymap(keymap)
        self.editor.keymap = keymap
