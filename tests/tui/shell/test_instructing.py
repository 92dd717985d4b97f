"""Saying what shall be done with a passage, at the window: the line, the diff in the draft, the pane."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from puppet import Puppet, puppet_engine
from textual.pilot import Pilot

from cowrite.core.presets import all_presets
from cowrite.core.suggestion import Candidate, StopReason, Timings
from cowrite.core.task import TaskKind
from cowrite.engine.protocol import Chunk, Done, EngineState
from cowrite.memory.making import make_project
from cowrite.session.draft import DraftSession
from cowrite.tui.app import CowriteApp

OLD = "The lamp was lit at dusk. Nobody came to the quay."
NEW = "The lamp burned at dusk. Nobody came."
TEXT = f"# One\n\n{OLD}\n\nThe end.\n"


class Desk:
    def __init__(self, app: CowriteApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def session(self) -> DraftSession:
        return self.app.drafts[0].session

    @property
    def puppet(self) -> Puppet:
        return self.app.engine._client  # type: ignore[return-value]

    @property
    def shown(self) -> str:
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause(0.05)

    async def answer(self, *texts: str) -> None:
        identity, _ = self.puppet.running[-1]
        self.puppet._post(Chunk(identity, 0, texts[0]))
        ended = tuple(Candidate(text, (), StopReason.END) for text in texts)
        self.puppet.running = []
        self.puppet._post(Done(identity, ended, 10, 5, Timings(1.0, 1.0, 2.0)))
        self.puppet.change(EngineState.READY)
        await self.pilot.pause(0.1)


MakeApp = Callable[..., CowriteApp]


@asynccontextmanager
async def desk(make_app: MakeApp, file: Path, text: str = TEXT) -> AsyncIterator[Desk]:
    """The window on a draft, the cursor in its first sentence, with a model that says what it is told to."""
    file.write_text(text)
    app = make_app(file)
    puppet_engine(app)
    async with app.run_test(size=(100, 30)) as pilot:
        while not app.engine.status.connected:
            await pilot.pause(0.01)
        made = Desk(app, pilot)
        made.session.select(10, 10)
        await pilot.pause()
        yield made


async def test_a_preset_by_a_few_letters(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k")
        assert "sentence, 6 words" in it.shown
        assert it.session.selected == (7, 7 + len("The lamp was lit at dusk."))
        await it.press("alt+up")
        assert "paragraph, 11 words" in it.shown
        await it.press(*"shor")
        assert "Shorten" in it.shown
        assert "Expand" not in it.shown
        await it.press("enter")
        await it.answer(NEW, "", "")
        assert it.session.rewrite is not None
        assert it.session.rewrite.preset == "shorten"
        assert "was litburned" in it.shown
        assert it.session.document.text == TEXT
        await it.press("tab", "tab")
        assert it.session.document.text == TEXT.replace(OLD, NEW)
        assert it.session.rewrite is None
        await it.press("ctrl+z")
        assert it.session.document.text == TEXT


async def test_what_is_read_meanwhile_follows_what_was_typed(
    make_app: MakeApp, tmp_path: Path
) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k")
        assert it.puppet.prepared.preset == ""
        await it.press(*"shor")
        assert it.puppet.prepared.preset == "shorten"
        await it.press("alt+up")
        assert it.puppet.prepared.preset == "shorten"
        assert it.puppet.prepared.passage == OLD
        await it.press("x")
        assert it.puppet.prepared.preset == ""


async def test_a_preset_by_its_key(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k", "alt+p")
        assert it.session.rewrite is not None
        assert it.session.rewrite.preset == "plainer"


async def test_own_words_come_back_with_the_arrows(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        for words in ("wet", "cold"):
            await it.press("ctrl+k", *words, "enter")
            await it.answer(f"The lamp was {words}.", "", "")
            await it.press("escape")
        it.session.select(10, 10)
        await it.press("ctrl+k", "m", "up", "up", "up")
        assert it.app.screen.query_one("#instruction-text").value == "wet"  # type: ignore[attr-defined]
        await it.press("down", "down")
        assert it.app.screen.query_one("#instruction-text").value == "m"  # type: ignore[attr-defined]
        await it.press("escape")
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k", "up")
        assert it.app.screen.query_one("#instruction-text").value == "cold"  # type: ignore[attr-defined]


async def test_escape_leaves_the_line_and_all_is_as_it_was(
    make_app: MakeApp, tmp_path: Path
) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k", "x", "escape")
        assert it.session.buffer.selection == (10, 10)
        assert it.session.rewrite is None
        assert not it.session.instructions.busy
        await it.press("y")
        assert it.session.document.text[10] == "y"


async def test_the_keys_of_a_rewrite_are_its_own_only_in_it(
    make_app: MakeApp, tmp_path: Path
) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k", "alt+s")
        await it.answer("The lamp burned at dusk.", "It was lit.", "")
        assert "Take all" in it.shown
        await it.press("ctrl+end")
        assert "Take all" not in it.shown
        await it.press("enter", "z")
        assert it.session.rewrite is not None
        await it.press("alt+4", "ctrl+n")
        assert "2/2" in it.shown
        await it.press("escape")
        assert it.session.rewrite is None
        assert it.session.document.text == TEXT + "\nz"


async def test_a_follow_up_is_given_in_the_rewrite(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k", "alt+s")
        await it.answer("The lamp burned at dusk.", "", "")
        await it.press("ctrl+k")
        assert "with the result" in it.shown
        await it.press(*"warmer", "enter")
        await it.answer("The warm lamp burned at dusk.", "", "")
        await it.press("enter")
        assert "The warm lamp burned at dusk." in it.session.document.text


async def test_a_language_is_asked_for(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k", "alt+l", *"German", "enter")
        assert it.session.rewrite is not None
        assert it.session.rewrite.preset == "translate-de"


async def test_an_own_preset_is_in_the_list(make_app: MakeApp, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text(TEXT)
    app = make_app(file, settings={"presets": {"noir": "Make it noir."}})
    puppet_engine(app)
    async with app.run_test(size=(100, 30)) as pilot:
        while not app.engine.status.connected:
            await pilot.pause(0.01)
        it = Desk(app, pilot)
        it.session.select(10, 10)
        await it.press("ctrl+k", *"noir")
        assert "Noir" in it.shown
        await it.press("enter")
        assert it.session.rewrite is not None
        assert it.session.rewrite.instruction == "Make it noir."


async def test_on_an_empty_line_it_writes(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        it.session.select(6, 6)
        await it.press("ctrl+k")
        assert "writes here" in it.shown
        await it.press(*"rain", "enter")
        assert it.session.rewrite is not None
        assert it.session.rewrite.kind is TaskKind.WRITE
        await it.answer("It rained.", "", "")
        await it.press("tab")
        assert it.session.document.text == TEXT.replace("# One\n\n", "# One\nIt rained.\n")


async def test_an_answer_is_read_and_leaves_the_draft(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("alt+q", *"who came", "enter")
        await it.answer("Nobody came to the quay.")
        await it.pilot.pause(0.2)
        assert "Nobody came to the quay." in it.shown
        assert "It rests on" in it.shown
        assert it.session.document.text == TEXT
        await it.press("alt+1")
        low, high = it.session.selected
        assert it.session.document.slice(low, high) == OLD
        await it.press("escape")
        await it.press("right", "x")
        assert it.session.document.text == TEXT.replace(OLD, OLD + "x")


async def test_an_answer_is_put_into_the_draft_or_a_note(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        it.session.select(len(TEXT), len(TEXT))
        await it.press("alt+q", *"who", "enter")
        await it.answer("Nobody.")
        await it.press("alt+d")
        assert it.session.document.text == TEXT + "Nobody."
        await it.press("alt+q", *"why", "enter")
        await it.answer("It was dark.")
        await it.press("alt+n")
        assert len(list(it.app.drafts)) == 2
        assert it.app.drafts[1].session.document.text == "# why\n\nIt was dark.\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("# The long day", "The long day"),
        ("- a lamp", "a lamp"),
        ("> 1. a lamp", "a lamp"),
        ("- ", ""),
    ],
)
async def test_the_signs_of_a_heading_or_a_list_are_no_words(
    make_app: MakeApp, tmp_path: Path, line: str, words: str
) -> None:
    async with desk(make_app, tmp_path / "draft.md", f"{line}\n\nMore.\n") as it:
        it.session.select(1, 1)
        await it.press("ctrl+k")
        low, high = it.session.selected
        assert it.session.document.slice(low, high) == words
        await it.press(*"it rained", "enter")
        await it.answer("It rained.", "", "")
        await it.press("enter")
        assert it.session.document.text.startswith(line.removesuffix(words) + "It rained.\n")


async def test_no_offer_is_cut_in_two(make_app: MakeApp, tmp_path: Path) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        await it.press("ctrl+k")
        for width in (100, 60, 42, 30):
            await it.pilot.resize_terminal(width, 20)
            await it.pilot.pause(0.05)
            shown = next(row for row in it.shown.splitlines() if "Alt+S" in row)
            for offer in shown.split("  "):
                title = offer.strip().partition(" ")[2]
                assert title in ("", *(one.title for one in all_presets({}))), shown


async def test_a_suggestion_that_is_still_written_is_weighed_when_it_is_there(
    make_app: MakeApp, tmp_path: Path
) -> None:
    async with desk(make_app, tmp_path / "draft.md") as it:
        it.session.select(len(TEXT) - 1, len(TEXT) - 1)
        await it.press("ctrl+@")
        it.puppet.obey("chunk", " He")
        await it.press("alt+full_stop")
        assert "weighed when it is written" in it.shown
        editor = it.app.draft.editor  # type: ignore[union-attr]
        assert editor.page_layers.weighed[1] == []
        await it.answer(" He slept.", "", "")
        assert editor.page_layers.weighed[1]
        await it.press("escape", "ctrl+@", "alt+full_stop", "escape", "ctrl+@")
        await it.answer(" He slept.", "", "")
        assert editor.page_layers.weighed[1] == [], "that was another suggestion"


async def test_in_a_project_an_answer_is_put_behind_its_notes(
    make_app: MakeApp, tmp_path: Path
) -> None:
    make_project(tmp_path / "book")
    notes = tmp_path / "book" / "notes.md"
    notes.write_text("# Notes\n\nNobody dies.\n")
    async with desk(make_app, tmp_path / "book" / "chapters" / "01.md") as it:
        path = it.session.file.path
        it.app.stories.refresh(path)
        while it.app.stories.story_of(path) is None:
            await it.pilot.pause(0.01)
        await it.press("alt+q", *"why", "enter")
        await it.answer("It was dark.")
        await it.press("alt+n")
        draft = it.app.drafts.current
        assert draft is not None
        assert draft.session.file.path == notes
        wanted = "# Notes\n\nNobody dies.\n\n## why\n\nIt was dark.\n"
        assert draft.session.document.text == wanted
        assert notes.read_text() == "# Notes\n\nNobody dies.\n", "the writer saves it"
