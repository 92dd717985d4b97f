"""The screen a writer lives on: the editor, one line of status, one line of keys.

It listens to the session and tells the editor and the lines; what the keys do is in the `draft_*` modules,
one for each kind of action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Static

from cowrite.core.provenance import Author
from cowrite.core.segmentation import word_count
from cowrite.errors import CowriteError
from cowrite.session.draft import DraftSession
from cowrite.session.options import request_options
from cowrite.tui.commands.actions import Action, Home, Keymap
from cowrite.tui.draft.candidates import SuggestActions
from cowrite.tui.draft.counts import TimeActions
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.draft.files import FileActions
from cowrite.tui.draft.history import PlaceHistory
from cowrite.tui.draft.search import Search
from cowrite.tui.draft.spelling import Spelling
from cowrite.tui.draft.tokens import TokenActions
from cowrite.tui.draft.view import ViewActions
from cowrite.tui.look_of import look_of
from cowrite.tui.parts import Done, PartMessage, finish, pass_on
from cowrite.tui.services import Window
from cowrite.tui.tally import Tally
from cowrite.tui.widgets.footer import KeyFooter
from cowrite.tui.widgets.status import StatusFacts

TICK = 0.1
CALM = 0.25
"""Seconds after the last key when counts are brought up to date: they don't flicker under the fingers."""
COUNT = 0.005
"""Seconds of counting at a time, and of rest between."""
LOOK_AT_DISK = 3.0
LEAST = (20, 6)
"""Columns and rows below which there is no room to write."""
MOST_SELECTED = 200_000
"""Characters of a selection whose words are counted while it grows."""

FEATURES: tuple[type[Feature], ...] = (Search, Spelling, PlaceHistory)
"""What a writer can do on the screen, in the order of being told."""


def actions_of(features: Iterable[Feature]) -> Actions:
    """What does each action. Raises ValueError where two features do the same one."""
    out: dict[str, Callable[[], Done]] = {}
    for feature in features:
        for name, do in feature.actions().items():
            if name in out:
                raise ValueError(f"two features do {name}")
            out[name] = do
    return out


class DraftScreen(
    FileActions,
    SuggestActions,
    TimeActions,
    TokenActions,
    ViewActions,
):
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
    DraftScreen.-zen > KeyFooter, DraftScreen.-zen > StatusLine { display: none; }
    """

    def __init__(self, session: DraftSession, window: Window) -> None:
        super().__init__(session, window)
        self.tally = Tally(session.document)
        self._notices: list[tuple[str, str, str]] = []
        self._first_words: int | None = None
        self._counting = False
        self._autosaving: Timer | None = None
        host = Host(self, session, self.editor, self.status_line, self.footer, window)
        self.features = [make(host) for make in FEATURES]
        self._actions = actions_of(self.features)
        self.renew_status()
        session.listener.pass_to(self)

    def compose(self) -> ComposeResult:
        yield Static("A little more room, please.", id="small", markup=False)
        yield self.editor
        yield self.status_line.line
        yield self.footer

    def on_mount(self) -> None:
        self.set_interval(TICK, self._tick)
        self.set_interval(LOOK_AT_DISK, self.look_at_disk)
        self._begin_autosave()
        self.editor.focus()
        self.call_after_refresh(self._settled)

    def _settled(self) -> None:
        """The draft is on the screen: count its words, say what is waiting to be said."""
        self._count_on()
        for feature in self.features:
            feature.shown()
        self.apply_time()
        told = [(message, hint, "warning") for message, hint in self.session.notes]
        waiting, self._notices = [*told, *self._notices], []
        for message, hint, severity in waiting:
            self.tell(message, hint, severity)
        self.offer_recovery()

    def on_screen_resume(self) -> None:
        if self.focused is None:
            self.set_focus(self.editor)
        self.renew_status()

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The number keys are candidates' only while the pane shows some; else they are digits."""
        if action == "take":
            return self.can_take(int(str(parameters[0])))
        return True

    async def perform(self, action: Action) -> None:
        """Do one of the table's actions."""
        target = self.editor if action.home is Home.EDITOR else self
        do = self._actions.get(action.id) or getattr(target, action.method, None)
        if do is None:
            return
        try:
            await finish(do())
        except CowriteError as error:
            self.tell(error.message, error.hint, "warning")

    @on(KeyFooter.Chosen)
    async def _footer_chosen(self, message: KeyFooter.Chosen) -> None:
        await self.perform(message.action)
        self.set_focus(self.editor)

    @on(PartMessage)
    async def _pass_on(self, message: PartMessage) -> None:
        await pass_on(message, self.features)

    # The session's listener

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines of the draft are other ones."""
        self.tally.changed(first, before, after)
        self.editor.changed(first, before, after)
        self._count_soon()
        self.paint_tokens_soon()
        for feature in self.features:
            feature.changed(first, before, after)

    def moved(self) -> None:
        """The selection is another one."""
        self.editor.moved()
        self.paint_tokens_soon()
        start, end = self.session.selected
        if start != end or self.status_line.line.facts.selected is not None:
            self._count_soon()
        for feature in self.features:
            feature.moved()

    def ghosted(self) -> None:
        """The suggestion is another one."""
        self.editor.ghosted()
        self.footer.ghost = bool(self.session.ghost)
        self.suggestion_changed()
        self.paint_tokens_soon()
        for feature in self.features:
            feature.ghosted()

    def status(self) -> None:
        """Dirty, the name, or the engine."""
        self.renew_status()

    def notice(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer, when there is a screen to tell it on."""
        if self.is_mounted:
            self.tell(message, hint, severity)
        else:
            self._notices.append((message, hint, severity))

    # The status line

    def _count_on(self) -> None:
        """Count the draft's words for the first time, in bits that no key has to wait for."""
        if self.tally.count(COUNT):
            self._first_words = self.tally.words
            self.renew_status()
        else:
            self.set_timer(COUNT, self._count_on)

    def _count_soon(self) -> None:
        if not self._counting and self.is_mounted:
            self._counting = True
            self.set_timer(CALM, self._count)

    def _count(self) -> None:
        self._counting = False
        self.renew_status()

    def facts(self) -> StatusFacts:
        """What the status line says now, but for notes and progress."""
        session, editor = self.session, self.settings.editor
        engine = session.engine.status
        counted = self._first_words is not None
        return StatusFacts(
            name=session.file.name,
            dirty=session.buffer.dirty,
            read_only=session.buffer.read_only is not None,
            words=self.tally.words if counted else None,
            selected=self._selected_words(),
            goal=editor.word_goal if counted else 0,
            written=self.written() if counted else 0,
            asides=self.time_parts() if counted else (),
            share=self._model_share() if editor.show_origins else None,
            auto=session.requests.options.auto,
            state=engine.state,
            reason=engine.reason,
            model=engine.model_name,
        )

    def _selected_words(self) -> int | None:
        start, end = self.session.selected
        if start == end or end - start > MOST_SELECTED:
            return None
        return word_count(self.session.document.slice(start, end))

    def _model_share(self) -> float:
        shares = self.session.provenance.shares()
        return shares[Author.MODEL] / max(1, sum(shares.values()))

    def words_at_start(self) -> int:
        """How many words the draft had when it was opened."""
        return self._first_words or 0

    @property
    def has_written(self) -> bool:
        """Whether it has more words than when it was opened, as far as they are counted."""
        return self.tally.complete and self.written() > 0

    # The rest

    def _tick(self) -> None:
        """Only the draft on the screen runs ahead or asks by itself; the engine is one for all."""
        if self.window.draft is self:
            self.session.pauses.tick()

    def terminal_focused(self, focused: bool) -> None:
        """The terminal got or lost the focus."""
        self.session.note_focus(focused)
        if focused:
            self.look_at_disk()

    def settings_changed(self, key: str) -> None:
        """The window's settings are other ones, in `key`."""
        settings = self.settings
        value = str(getattr(getattr(settings, key.partition(".")[0]), key.partition(".")[2], ""))
        self.session.note_setting(key, value)
        self.session.requests.use(request_options(settings))
        self.editor.set_look(look_of(settings, tokens=self.tokens))
        if key == "editor.autosave_s":
            self._begin_autosave()
        for feature in self.features:
            feature.settings_changed(key)
        self.apply_time()
        self.renew_status()

    def _begin_autosave(self) -> None:
        if self._autosaving is not None:
            self._autosaving.stop()
        seconds = self.settings.editor.autosave_s
        self._autosaving = self.set_interval(seconds, self.autosave) if seconds else None

    def use_keymap(self, keymap: Keymap) -> None:
        """Go on with other keys."""
        self.footer.set_keymap(keymap)
        self.editor.keymap = keymap
