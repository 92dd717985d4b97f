"""The player's screen: what it shows, its keys, its room."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from scripted import Scripted
from textual.pilot import Pilot

from cowrite.config import load
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import Edited
from cowrite.core.outcome import Closing
from cowrite.logbook.replay.player import Player
from cowrite.logbook.replay.timeline import EntryKind, TimelineEntry
from cowrite.paths import Paths
from cowrite.tui.replay.app import ReplayApp
from cowrite.tui.replay.events_pane import EventsPane, line
from cowrite.tui.replay.keys import KEYS
from cowrite.tui.replay.progress import ProgressFacts, ProgressLine, compose_bar
from cowrite.tui.replay.screen import ReplayScreen

DOCS = Path(__file__).parent.parent.parent / "docs" / "replay.md"
LAMPS = " The lamps were lit."


def session() -> Scripted:
    """20 s: typing, a suggestion half taken and refused, a save, more typing."""
    made = Scripted("# Quay\n\n").wait(1).type("It was dark.").wait(1)
    made.ask("s", LAMPS, " Nobody came.").wait(0.4).show("s", 0, 1.0)
    made.take("s", " The", Part.WORD)
    made.wait(1).close("s", Closing.REJECTED).wait(1).save().wait(1)
    made.type(" door stood open.").wait(12).type(" So I went in.").end()
    return made


class Rig:
    """The player in an app that paints nowhere, paused at the beginning."""

    def __init__(self, folder: Path, made: Scripted) -> None:
        paths = Paths(folder, folder, folder, folder)
        self.player = Player(made.events)
        settings = load(paths, None, environ={})
        self.app = ReplayApp(
            self.player, made.info, settings=settings, paths=paths, driver_class=None
        )

    @property
    def screen(self) -> ReplayScreen:
        assert isinstance(self.app.screen, ReplayScreen)
        return self.app.screen

    async def show(self, pilot: Pilot[None], ms: float | None = None) -> str:
        if ms is not None:
            self.player.go(ms)
            self.screen._show()
        for _ in range(3):
            await pilot.pause()
        stage = self.screen.stage
        rows = [stage.render_line(y).text.strip() for y in range(stage.size.height)]
        return "\n".join(row for row in rows if row)

    def styled(self, name: str) -> str:
        rows = self.screen.stage._shown
        return "".join(text for row in rows for text, names in row.runs if name in names)

    def text_of(self, selector: str) -> str:
        return str(self.app.screen.query_one(selector).render())

    async def pause(self, pilot: Pilot[None]) -> None:
        self.player.playing = False
        self.player.go_start()
        await self.show(pilot)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path, session())


async def test_it_plays_by_itself_and_space_pauses(rig: Rig) -> None:
    async with rig.app.run_test(size=(100, 20)) as pilot:
        assert rig.player.playing
        await pilot.pause(0.2)
        assert rig.player.now > 0
        assert "pause" in rig.text_of("#footer")
        await pilot.press("space")
        assert not rig.player.playing
        assert " play " in rig.text_of("#footer")
        assert rig.text_of("#progress").startswith(" paused")
        there = rig.player.now
        await pilot.pause(0.1)
        assert rig.player.now == there
        await pilot.press("space")
        assert rig.player.playing


async def test_draft_ghost_and_origins_are_shown_in_place(rig: Rig) -> None:
    made = session()
    shown = next(one.mono_ms for one in made.events if type(one.body).__name__ == "Shown")
    async with rig.app.run_test(size=(100, 20)) as pilot:
        await rig.pause(pilot)
        assert await rig.show(pilot) == "# Quay"
        text = await rig.show(pilot, shown)
        assert text == f"# Quay\nIt was dark.{LAMPS} 1/2"
        assert rig.styled("ghost") == LAMPS
        assert rig.styled("origin-model") == ""
        await rig.show(pilot, shown + 1000)
        assert rig.styled("origin-model") == " The"
        assert rig.styled("ghost") == " lamps were lit."
        await pilot.press("o")
        await rig.show(pilot)
        assert rig.styled("origin-model") == ""
        await pilot.press("end")
        text = await rig.show(pilot)
        assert text == "# Quay\nIt was dark. The door stood open. So I went in."
        await pilot.press("home")
        assert await rig.show(pilot) == "# Quay"


async def test_keys_move_in_time(rig: Rig) -> None:
    async with rig.app.run_test(size=(100, 20)) as pilot:
        await rig.pause(pilot)
        await pilot.press("right")
        assert rig.player.now > 3000
        there = rig.player.now
        await pilot.press("right", "left")
        assert rig.player.now == pytest.approx(there)
        await pilot.press("home", "shift+right")
        assert type(session().events[rig.player.at - 1].body).__name__ == "Requested"
        await pilot.press("shift+right", "shift+right", "shift+left")
        assert type(session().events[rig.player.at - 1].body).__name__ == "Edited"
        await pilot.press("plus", "equals_sign")
        assert rig.player.speed == 4
        await pilot.press("minus")
        assert "2×" in rig.text_of("#progress")
        await pilot.press("i")
        assert not rig.player.skip_idle
        assert "real time" in rig.text_of("#progress")


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+q", "ctrl+c"])
async def test_it_is_left_with(rig: Rig, key: str) -> None:
    async with rig.app.run_test(size=(60, 15)) as pilot:
        await pilot.press(key)
        await pilot.pause()
    assert rig.app.return_code == 0
    assert not rig.app.crashed


async def test_typed_letters_change_nothing(rig: Rig) -> None:
    async with rig.app.run_test(size=(100, 20)) as pilot:
        await rig.pause(pilot)
        await pilot.press("a", "b", "enter", "tab", "backspace")
        await pilot.click(rig.screen.stage, offset=(5, 1))
        assert await rig.show(pilot) == "# Quay"
        await pilot.press("right")
        assert rig.player.now > 0


async def test_the_events_are_beside_the_draft_where_there_is_room(rig: Rig) -> None:
    async with rig.app.run_test(size=(80, 20)) as pilot:
        await rig.pause(pilot)
        pane = rig.screen.query_one(EventsPane)
        assert pane.display
        await pilot.press("end")
        await pilot.pause()
        told = [one.split(" ", 1)[1] for one in rig.text_of("#events").splitlines()]
        assert told[1].startswith("wrote It was dark.")
        assert told[2:7] == [
            "asked",
            "shown 1/2 The lamps were lit.",
            "took a word The",
            "refused",
            "saved",
        ]
        await pilot.resize_terminal(79, 20)
        await pilot.pause()
        assert not pane.display
        assert rig.screen.stage.size.width == 79
        await pilot.resize_terminal(130, 20)
        await pilot.pause()
        assert pane.display
        assert pane.size.width > 40


async def test_any_size_of_terminal_is_drawn(rig: Rig) -> None:
    async with rig.app.run_test(size=(40, 10)) as pilot:
        for size in ((1, 1), (20, 4), (80, 3), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.press("right", "shift+left")
            await pilot.pause()
            assert rig.app.is_running


async def test_a_click_on_the_bar_goes_there(rig: Rig) -> None:
    async with rig.app.run_test(size=(100, 20)) as pilot:
        await rig.pause(pilot)
        bar = rig.screen.query_one(ProgressLine)
        _, start, size = compose_bar(bar.facts, 100)
        await pilot.click(bar, offset=(start + size - 1, 0))
        assert rig.player.ended
        await pilot.click(bar, offset=(start, 0))
        assert rig.player.now == 0
        await pilot.click(bar, offset=(start + size // 2, 0))
        assert rig.player.share == pytest.approx(0.5, abs=0.05)


async def test_a_long_draft_stays_where_it_is_over_small_jumps(tmp_path: Path) -> None:
    made = Scripted("\n".join(f"line {number}" for number in range(500)))
    made.edit(0, 0, "")
    for _ in range(6):
        made.wait(1).type("word ", len(made.document) // 2)
    async with (rig := Rig(tmp_path, made)).app.run_test(size=(60, 20)) as pilot:
        await rig.pause(pilot)
        middle = await rig.show(pilot, 3000)
        assert "word" in middle
        before = await rig.show(pilot, 2500)
        assert [row for row in before.split("\n") if "word" not in row][:5] == [
            row for row in middle.split("\n") if "word" not in row
        ][:5]


async def test_hostile_text_reaches_no_terminal(tmp_path: Path) -> None:
    bad = "\x1b[2J\x9b1m\u202e"
    made = Scripted(bad, document_path=f"/drafts/{bad}.md").type(bad)
    made.ask("s", bad).show("s").take("s")
    made.save()
    async with (rig := Rig(tmp_path, made)).app.run_test(size=(100, 20)) as pilot:
        await rig.pause(pilot)
        await pilot.press("end")
        text = await rig.show(pilot)
        for shown in (text, rig.text_of("#events"), rig.text_of("#progress")):
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)
        assert "␛[2J" in rig.text_of("#events")


async def test_a_damaged_session_says_so(tmp_path: Path) -> None:
    made = session()
    made._log(Edited(Edit(0, "not there", "", Origin.TYPED)))
    async with (rig := Rig(tmp_path, made)).app.run_test(size=(100, 20)) as pilot:
        await pilot.press("end")
        await pilot.pause(0.2)
        messages = [one.message for one in rig.app._notifications]
        assert len(messages) == 1
        assert "damaged" in messages[0]


# Parts


def test_a_line_of_an_event_fits_any_width() -> None:
    entry = TimelineEntry(0, 61_000, EntryKind.SHOWN, "shown 1/3", "漢字 and\nmore \x1b words")
    assert line(entry, 80, 5) == (" 1:01", "shown 1/3", "漢字 and more ␛ words")
    for width in range(1, 60):
        time, said, quoted = line(entry, width, 4)
        parts = [part for part in (time, said, quoted) if part]
        assert cell_len(" ".join(parts)) <= max(width, len(time) + 2)


def test_the_current_event_stays_in_view() -> None:
    entries = [TimelineEntry(index, index, EntryKind.WROTE, "wrote") for index in range(100)]
    pane = EventsPane(entries)
    for current in (-1, 0, 5, 50, 99):
        pane._current = current
        rows = pane.rows(12)
        assert len(rows) == 12
        assert max(current, 0) in rows
    pane._entries = entries[:3]
    assert list(pane.rows(12)) == [0, 1, 2]


FACTS = ProgressFacts("story.md", 61_000, 3_723_000, 0.5, True, 2.0, True, (0.0, 0.25, 1.0))


def test_the_bar_shows_time_speed_and_where_events_are() -> None:
    pieces, start, size = compose_bar(FACTS, 100)
    whole = "".join(text for text, _ in pieces)
    assert whole.startswith(" playing     1:01 / 1:02:03  ")
    assert whole.endswith("  2×    idle skipped  story.md")
    bar = whole[start : start + size]
    played = round(size / 2)
    assert set(bar[:played]) == {"━", "┿"}
    assert set(bar[played:]) == {"─", "┼"}  # told apart without colour
    assert [place for place, sign in enumerate(bar) if sign in "┿┼"] == [0, size // 4, size - 1]
    done = "".join(text for text, style in pieces if style == "$text-primary")
    assert done == bar[:played]
    assert len(whole) <= 100


def test_marks_that_would_fill_the_bar_are_left_out() -> None:
    many = replace(FACTS, stops=tuple(one / 1000 for one in range(1000)))
    pieces, *_ = compose_bar(many, 100)
    assert not {"┿", "┼"} & set("".join(text for text, _ in pieces))


@pytest.mark.parametrize("width", [1, 10, 30, 40, 45, 60, 79, 80, 200])
def test_the_bar_fits(width: int) -> None:
    pieces, start, size = compose_bar(FACTS, width)
    assert sum(len(text) for text, _ in pieces) <= width
    assert start + size <= width
    other, *_ = compose_bar(replace(FACTS, share=1.5), width)
    assert sum(len(text) for text, _ in other) == sum(len(text) for text, _ in pieces)


def test_every_key_is_documented() -> None:
    page = DOCS.read_text()
    for key in KEYS:
        assert f"| {key.help} |" in page, key
