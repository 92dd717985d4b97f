"""The player's screen: the draft, the events beside it, the bar and the keys below."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import PurePath
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.timer import Timer

from cowrite.core.events import SessionInfo
from cowrite.core.printable import printable
from cowrite.logbook.replay.player import Player
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.page import Page
from cowrite.tui.replay.events_pane import EventsPane
from cowrite.tui.replay.keys import KEYS, footer_keys
from cowrite.tui.replay.progress import ProgressFacts, ProgressLine
from cowrite.tui.terminal.layouts import us_key
from cowrite.tui.widgets.footer import KeyFooter

FRAME = 1 / 30
AHEAD = 0.01
"""Seconds of a frame that may go into working ahead."""
BESIDE = 80
"""Columns from which on the events are shown beside the draft."""
WIDE = 120


class Stage(Page, inherit_bindings=False):
    """The draft as it was; keys go past it to the screen, the wheel scrolls it."""


class ReplayScreen(Screen[None], inherit_bindings=False):
    """Plays a session. Its keys are in `replay.keys`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key.keys, key.action, show=False) for key in KEYS
    ]
    DEFAULT_CSS = """
    ReplayScreen { layout: vertical; background: $background; }
    ReplayScreen > .both { height: 1fr; }
    ReplayScreen .both > Stage { margin-top: 1; }
    ReplayScreen.-narrow EventsPane { display: none; }
    ReplayScreen.-low > KeyFooter { display: none; }
    ReplayScreen.-low .both > Stage { margin-top: 0; }
    """

    def __init__(self, player: Player, session: SessionInfo, look: Look, keymap: Keymap) -> None:
        super().__init__()
        self.player = player
        self._title = PurePath(session.document).name or session.document
        self.stage = Stage(player, look=look)
        self._pane = EventsPane(player.entries)
        self._bar = ProgressLine(self._facts())
        self._footer = KeyFooter(keymap)
        self._timer: Timer | None = None
        self._ticking = False
        self._last = 0.0
        self._told_damage = False
        player.watcher = self.stage

    def compose(self) -> ComposeResult:
        with Horizontal(classes="both"):
            yield self.stage
            yield self._pane
        yield self._bar
        yield self._footer

    async def on_key(self, event: events.Key) -> None:
        """A letter of another keyboard is the one that a US keyboard has there."""
        key = us_key(event.key)
        bound = self._bindings.key_to_bindings.get(key)
        if bound and key != event.key:
            event.stop()
            await self.run_action(bound[0].action)

    def on_mount(self) -> None:
        """Begin to play."""
        self.stage.focus()
        self._timer = self.set_interval(FRAME, self._frame)
        self._last = time.monotonic()
        self.player.playing = True
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        """The events give way to the draft where it is narrow."""
        width, height = event.size
        self.set_class(width < BESIDE, "-narrow")
        self.set_class(height < 8, "-low")
        self._pane.set_class(width >= WIDE, "-wide")

    # Time

    def _frame(self) -> None:
        now = time.monotonic()
        passed, self._last = now - self._last, now
        player = self.player
        if player.playing:
            player.advance(passed)
            self._show()
        if not player.prepare(AHEAD) and not player.playing and self._timer is not None:
            self._timer.pause()
            self._ticking = False
        self._tell_damage()

    def _show(self) -> None:
        """Bring the bar and the events up to date, and the clock to life where there is something to do."""
        player = self.player
        self._pane.show(player.entries, player.current_entry())
        self._bar.facts = self._facts()
        self._footer.pane = footer_keys(playing=player.playing)
        if self._timer is not None and not self._ticking:
            self._ticking = True
            self._last = time.monotonic()
            self._timer.resume()

    def _facts(self) -> ProgressFacts:
        player = self.player
        return ProgressFacts(
            self._title,
            int(player.passed_ms),
            player.length_ms,
            round(player.share, 4),
            player.playing,
            player.speed,
            player.skip_idle,
            player.stop_shares,
        )

    def _tell_damage(self) -> None:
        damage = self.player.damage
        if damage is not None and not self._told_damage:
            self._told_damage = True
            text = printable(f"{damage.message} {damage.hint}")
            self.notify(text, severity="warning", markup=False)

    # Keys

    def action_play_or_pause(self) -> None:
        self.player.toggle()
        self._show()

    def action_skip(self, seconds: int) -> None:
        """Go on or back by playing time."""
        self.player.skip(seconds)
        self._show()

    def action_next_stop(self) -> None:
        self.player.next_stop()
        self._show()

    def action_previous_stop(self) -> None:
        self.player.previous_stop()
        self._show()

    def action_go_start(self) -> None:
        self.player.go_start()
        self._show()

    def action_go_end(self) -> None:
        self.player.go_end()
        self._show()

    def action_faster(self) -> None:
        self.player.faster()
        self._show()

    def action_slower(self) -> None:
        self.player.slower()
        self._show()

    def action_toggle_idle(self) -> None:
        self.player.skip_idle = not self.player.skip_idle
        self._show()

    def action_toggle_origins(self) -> None:
        look = self.stage.look
        self.stage.set_look(replace(look, origins=not look.origins))

    def action_scroll(self, rows: int) -> None:
        """Scroll the draft without moving in time."""
        self.stage.scroll_rows(rows)

    def action_leave(self) -> None:
        self.app.exit()

    @on(ProgressLine.Pointed)
    def _pointed(self, message: ProgressLine.Pointed) -> None:
        self.player.go_share(message.share)
        self._show()
