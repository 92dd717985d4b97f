"""Saying why: one key opens the line of reasons, after a refusal or on text that was accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from cowrite.session.reasons import Reasons, Subject
from cowrite.tui.commands.action import Home
from cowrite.tui.draft.feature import Actions, Feature, Host

if TYPE_CHECKING:
    from cowrite.tui.draft.why_bar import WhyBar


class SayingWhy(Feature):
    """Owns the line, and what it can be about."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        session = host.session
        self._reasons = Reasons(session.buffer, session.log, session.suggestions)
        self._bar: WhyBar | None = None
        self._subject: Subject | None = None

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"say-why": self.open}

    def ghosted(self) -> None:
        """The footer has the key while there is something to say why of."""
        self.footer.why = self._reasons.has_refused

    async def open(self) -> None:
        """Open the line, where there is something that it can be about."""
        from cowrite.tui.draft.why_bar import KEYS, WhyBar

        if self._bar is not None:
            return
        subject = self._reasons.subject()
        if subject is None:
            self.status.flash("nothing here was suggested")
            return
        self._subject = subject
        self._bar = WhyBar(subject.about.value, self._go_on)
        await self.screen.mount(self._bar, before=self.status.line)
        self.footer.pane = KEYS
        self.screen.set_focus(self._bar)

    def _go_on(self, key: events.Key) -> None:
        """The writer goes on with this key, as if the line had not been there."""
        self.screen.set_focus(self.editor)  # now: the keys behind it are for the draft too
        action = self.editor.find_action(key.key)
        if action is None or action.home is Home.EDITOR:
            self.editor.post_message(events.Key(key.key, key.character))
        else:
            self.screen.call_later(self.window.perform, action)

    async def on_why_bar_said(self, message: WhyBar.Said) -> None:
        """A reason was chosen: it is journaled, and the draft goes on."""
        subject = self._subject
        await self._close()
        if subject is not None:
            self._reasons.say(subject, message.reason)
            self.status.flash(f"noted: {message.reason}")

    async def on_why_bar_closed(self, _message: WhyBar.Closed) -> None:
        """Nothing was said."""
        await self._close()

    async def _close(self) -> None:
        bar, self._bar, self._subject = self._bar, None, None
        if bar is not None:
            self.footer.pane = None
            if self.screen.focused in (bar, None):
                self.screen.set_focus(self.editor)
            await bar.remove()
