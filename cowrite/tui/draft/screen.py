"""The screen a writer lives on: the editor, one line of status, one line of keys.

It listens to the session and tells the editor and the lines; what the keys do is in the `draft_*` modules,
one for each kind of action.
"""

from __future__ import annotations

import inspect
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Static

from cowrite.config import Settings
from cowrite.core.provenance import Author
from cowrite.core.segmentation import word_count
from cowrite.errors import CowriteError
from cowrite.session.draft import DraftSession
from cowrite.session.options import request_options
from cowrite.tui.commands.actions import Action, Home, Keymap
from cowrite.tui.draft.candidates import SuggestActions
from cowrite.tui.draft.counts import TimeActions
from cowrite.tui.draft.files import FileActions
from cowrite.tui.draft.history import HistoryActions
from cowrite.tui.draft.search import SearchActions
from cowrite.tui.draft.spelling import SpellingActions
from cowrite.tui.draft.tokens import TokenActions
from cowrite.tui.draft.view import ViewActions
from cowrite.tui.look_of import look_of
from cowrite.tui.tally import Tally
from cowrite.tui.widgets.footer import KeyFooter
from cowrite.tui.widgets.status import Pieces, StatusFacts, StatusLine

TICK = 0.1
CALM = 0.25
"""Seconds after the last key when counts are brought up to date: they don't flicker under the fingers."""
COUNT = 0.005
"""Seconds of counting at a time, and of rest between."""
FLASH, LEGEND = 2.0, 6.0
LOOK_AT_DISK = 3.0
LEAST = (20, 6)
"""Columns and rows below which there is no room to write."""
MOST_SELECTED = 200_000
"""Characters of a selection whose words are counted while it grows."""


class DraftScreen(
    FileActions,
    SearchActions,
    SpellingActions,
    SuggestActions,
    TimeActions,
    TokenActions,
    HistoryActions,
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

    def __init__(self, session: DraftSession, settings: Settings, keymap: Keymap) -> None:
        super().__init__(session, settings, keymap)
        self.tally = Tally(session.document)
        self._status = StatusLine(self._facts(counted=False))
        self._footer = KeyFooter(keymap)
        self._notices: list[tuple[str, str, str]] = []
        self._note: str | Pieces = ""
        self._progress: float | None = None
        self._first_words: int | None = None
        self._counting = False
        self._autosaving: Timer | None = None
        self._flashing: Timer | None = None
        session.listener.pass_to(self)

    def compose(self) -> ComposeResult:
        yield Static("A little more room, please.", id="small", markup=False)
        yield self.editor
        yield self._status
        yield self._footer

    def on_mount(self) -> None:
        self.set_interval(TICK, self._tick)
        self.set_interval(LOOK_AT_DISK, self.look_at_disk)
        self._begin_autosave()
        self.editor.focus()
        self.call_after_refresh(self._settled)

    def _settled(self) -> None:
        """The draft is on the screen: count its words, say what is waiting to be said."""
        self._count_on()
        self.apply_spelling()
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
        method = getattr(target, action.method, None)
        if method is None:
            return
        try:
            result = method()
            if inspect.isawaitable(result):
                await result
        except CowriteError as error:
            self.tell(error.message, error.hint, "warning")

    @on(KeyFooter.Chosen)
    async def _footer_chosen(self, message: KeyFooter.Chosen) -> None:
        await self.perform(message.action)
        self.set_focus(self.editor)

    # The session's listener

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines of the draft are other ones."""
        self.tally.changed(first, before, after)
        self.editor.changed(first, before, after)
        self._count_soon()
        self.paint_tokens_soon()

    def moved(self) -> None:
        """The selection is another one."""
        self.editor.moved()
        self.paint_tokens_soon()
        start, end = self.session.selected
        if start != end or self._status.facts.selected is not None:
            self._count_soon()

    def ghosted(self) -> None:
        """The suggestion is another one."""
        self.editor.ghosted()
        self._footer.ghost = bool(self.session.ghost)
        self.suggestion_changed()
        self.paint_tokens_soon()

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

    def renew_status(self) -> None:
        """Bring the status line up to date."""
        self._status.facts = self._facts(counted=self._first_words is not None)

    def flash(self, note: str | Pieces) -> None:
        """Say something in the place of the counts, for a moment; a legend for long enough to compare."""
        if self._flashing is not None:
            self._flashing.stop()  # or the note before would take this one with it
        self._note = note
        self.renew_status()
        self._flashing = self.set_timer(FLASH if isinstance(note, str) else LEGEND, self._unflash)

    def say_keys(self, keys: list[tuple[str, str]] | None) -> None:
        """Let the footer say a pane's keys, or (None) the draft's."""
        self._footer.pane = keys

    def _unflash(self) -> None:
        self._note = ""
        self.renew_status()

    def still(self) -> None:
        """Say now what would be said in a moment: for pictures of the screen."""
        self._unflash()

    def show_progress(self, share: float | None) -> None:
        """How far the model is being made ready; None when it is over."""
        self._progress = share
        self.renew_status()

    def _facts(self, *, counted: bool) -> StatusFacts:
        session, editor = self.session, self.settings.editor
        engine = session.engine.status
        return StatusFacts(
            name=session.file.name,
            dirty=session.buffer.dirty,
            read_only=session.buffer.read_only is not None,
            note=getattr(self, "_note", ""),
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
            progress=getattr(self, "_progress", None),
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

    # The rest

    def _tick(self) -> None:
        """Only the draft on the screen runs ahead or asks by itself; the engine is one for all."""
        if self.house.draft is self:
            self.session.pauses.tick()

    def terminal_focused(self, focused: bool) -> None:
        """The terminal got or lost the focus."""
        self.session.note_focus(focused)
        if focused:
            self.look_at_disk()

    def use_settings(self, settings: Settings, key: str) -> None:
        """Go on with these settings, of which `key` is another."""
        self.settings = settings
        value = str(getattr(getattr(settings, key.partition(".")[0]), key.partition(".")[2], ""))
        self.session.note_setting(key, value)
        self.session.requests.use(request_options(settings))
        self.editor.set_look(look_of(settings, tokens=self.tokens))
        if key == "editor.autosave_s":
            self._begin_autosave()
        if key == "editor.spelling":
            self.apply_spelling()
        self.apply_time()
        self.renew_status()

    def _begin_autosave(self) -> None:
        if self._autosaving is not None:
            self._autosaving.stop()
        seconds = self.settings.editor.autosave_s
        self._autosaving = self.set_interval(seconds, self.autosave) if seconds else None

    def use_keymap(self, keymap: Keymap) -> None:
        """Go on with other keys."""
        self.keymap = keymap
        self._footer.set_keymap(keymap)
        self.editor.keymap = keymap
