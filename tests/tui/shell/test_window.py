"""The window's flows, headless: saving, leaving, opening, panes, settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pilots import asked, until
from textual import events
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static, TextArea

from cowrite.tui.app import CowriteApp
from cowrite.tui.draft.earlier import EarlierScreen
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.draft.tokens_pane import TokensPane
from cowrite.tui.screens.dialogs import Prompt, Question
from cowrite.tui.screens.differing import Differing
from cowrite.tui.screens.help import HelpScreen
from cowrite.tui.screens.settings import SettingsScreen
from cowrite.tui.screens.start import StartScreen
from cowrite.tui.widgets.status import StatusLine

Make = Callable[..., CowriteApp]
SIZE = (100, 30)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    file = tmp_path / "draft.md"
    file.write_text("# One\n\nThe cat sat.\n\n## Two\n\nThe end.\n")
    return file


def status(app: CowriteApp) -> StatusLine:
    assert app.draft is not None
    return app.draft.query_one(StatusLine)


async def test_typing_makes_dirty_and_saving_clean(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: status(app).facts.words == 7)
        assert not status(app).facts.dirty
        await pilot.press("x")
        assert status(app).facts.dirty
        await pilot.press("ctrl+s")
        assert not status(app).facts.dirty
        assert status(app).facts.note == "saved"
        await pilot.press("y")
        assert (status(app).facts.dirty, status(app).facts.note) == (True, "")
    assert draft.read_text().startswith("x# One")


async def test_leaving_asks_only_when_something_is_unsaved(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        await pilot.press("ctrl+z", "ctrl+q")
        await until(pilot, lambda: not app.is_running)
    assert draft.read_text().startswith("# One")


async def test_closing_one_draft_is_not_called_leaving(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x")
        for ask, said in (
            (app.drafts.close_current, "Close without"),
            (app.drafts.leave, "Leave without"),
        ):
            ask()
            await until(pilot, lambda: isinstance(app.screen, Question))
            await until(pilot, lambda: app.screen.query(OptionList))
            option = app.screen.query_one(OptionList).get_option_at_index(1)
            assert said in str(option.prompt)
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, DraftScreen))


async def test_save_and_leave(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("s")
        await until(pilot, lambda: not app.is_running)
    assert draft.read_text().startswith("x# One")


async def test_a_new_draft_is_asked_for_its_name(make_app: Make, tmp_path: Path) -> None:
    app = make_app(None)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, StartScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        await pilot.press("h", "i", "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        app.screen.query_one(Input).value = str(tmp_path)
        await pilot.press("enter")
        assert isinstance(app.screen, Prompt)
        app.screen.query_one(Input).value = str(tmp_path / "new.md")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        assert status(app).facts.name == "new.md"
    assert (tmp_path / "new.md").read_text() == "hi"


async def test_an_existing_file_is_not_overwritten_unasked(
    make_app: Make, draft: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.md"
    other.write_text("precious")
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x", "alt+s")
        await until(pilot, lambda: isinstance(app.screen, Prompt))
        app.screen.query_one(Input).value = str(other)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("k")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        assert other.read_text() == "precious"


async def test_a_changed_file_is_shown_before_it_is_overwritten(
    make_app: Make, draft: Path
) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x")
        draft.write_text("Theirs.\n")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Differing))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        assert draft.read_text() == "Theirs.\n"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Differing))
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        assert app.draft is not None
        assert app.draft.session.document.text == "Theirs.\n"
        await pilot.press("ctrl+z")
        assert app.draft.session.document.text.startswith("x# One")


async def test_a_save_that_fails_must_be_read(make_app: Make, draft: Path, tmp_path: Path) -> None:
    app = make_app(tmp_path / "gone" / "x.md") if False else make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("x")
        draft.unlink()
        draft.mkdir()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, (Question, Differing)))
        await pilot.press("escape")
        assert status(app).facts.dirty


async def test_a_read_only_draft_says_why(make_app: Make, tmp_path: Path) -> None:
    file = tmp_path / "bytes.md"
    file.write_bytes(b"caf\xe9 \xff\xfe")
    app = make_app(file)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        if app.draft is not None and app.draft.session.buffer.read_only:
            assert status(app).facts.read_only
            await pilot.press("x")
            assert not app.draft.session.buffer.dirty
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, Question))


async def test_several_drafts(make_app: Make, draft: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.md"
    other.write_text("Other.")
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        first = app.draft
        await pilot.press("x", "ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, StartScreen))
        for character in str(other):
            await pilot.press(character if character.isalnum() else _KEY[character])
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen) and app.draft is not first)
        assert len(app.drafts) == 2
        assert status(app).facts.name == "other.md"
        assert first is not None
        app.drafts.show(first)
        await until(pilot, lambda: app.screen is first)
        await pilot.press("y")
        assert first.session.document.text.startswith("xy#")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("d")
        await until(pilot, lambda: not app.is_running)


_KEY = {"/": "slash", "-": "minus", "_": "underscore", ".": "full_stop"}


async def test_find_and_replace_all_is_one_undo(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+r", "t", "h", "e")
        await pilot.pause()
        await pilot.press("tab", "A", "alt+a")
        await pilot.pause()
        assert app.draft is not None
        document = app.draft.session.document
        assert document.text == "# One\n\nA cat sat.\n\n## Two\n\nA end.\n"
        assert status(app).facts.note == "replaced 2"
        await pilot.press("escape", "ctrl+z")
        assert document.text == "# One\n\nThe cat sat.\n\n## Two\n\nThe end.\n"
        assert not app.draft.session.buffer.dirty


async def test_keys_in_the_same_moment_go_to_the_find_bar(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        for key in ("a", "ctrl+f", "e", "n", "d"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: bool(app.screen.query("#find-text")))
        line = app.screen.query_one("#find-text", Input)
        await until(pilot, lambda: line.value == "end")
        assert app.draft is not None
        assert app.draft.session.document.text.startswith("a# One\n")
        assert app.draft.session.document.text.count("end") == 1


async def test_find_steps_round_and_escape_keeps_the_place(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+f", "t", "h", "e")
        await pilot.pause()
        assert app.draft is not None
        session = app.draft.session
        assert session.selected == (7, 10)
        await pilot.press("enter")
        await pilot.pause()
        assert session.selected == (29, 32)
        await pilot.press("enter")
        await pilot.pause()
        assert session.selected == (7, 10)
        await pilot.press("up")
        await pilot.pause()
        assert session.selected == (29, 32)
        await pilot.press("escape")
        await pilot.pause()
        assert app.draft.focused is app.draft.editor
        assert session.selected == (29, 32)


async def test_go_to_a_heading(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+g", "T", "w", "enter")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        assert app.draft is not None
        assert app.draft.session.cursor == 21


async def test_a_number_takes_a_candidate_only_in_the_pane(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "new.md", engine=True, texts=[[" a.", " b.", " c."]])
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        await until(pilot, lambda: session.engine.status.state == "ready")
        await pilot.press("1", "f5", "2", "f2")
        await until(pilot, lambda: session.suggestion is not None and session.suggestion.done)
        await pilot.press("3")
        assert session.document.text == "12 c."
        await pilot.press("4")
        assert session.document.text == "12 c.4"


async def test_the_footer_says_the_ghost_s_keys(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "new.md", engine=True, texts=[[" a.", " b.", " c."]])
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        await until(pilot, lambda: session.engine.status.state == "ready")
        footer = app.draft.query_one("KeyFooter")
        assert "Save" in str(footer.render())
        await pilot.press("x", "f2")
        await until(pilot, lambda: session.ghost == " a.")
        assert "Accept" in str(footer.render())
        await pilot.press("escape")
        assert "Save" in str(footer.render())


async def test_every_action_of_the_table_has_its_method(make_app: Make, draft: Path) -> None:
    from cowrite.tui.commands.action import Home
    from cowrite.tui.commands.actions import ACTIONS

    app = make_app(draft)
    async with app.run_test(size=SIZE):
        assert app.draft is not None
        for action in ACTIONS:
            if action.home is Home.EDITOR:
                assert callable(getattr(app.draft.editor, action.method, None)), action.id
            else:
                assert callable(app.draft.actions[action.id]), action.id


async def test_a_setting_is_changed_now_and_kept(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+p")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        for character in "typewriter":
            await pilot.press(character)
        await pilot.press("enter")
        await pilot.pause()
        assert app.settings.editor.typewriter
        assert app.draft is not None
        assert app.draft.editor.look.typewriter
    assert "typewriter = true" in app.paths.config_file.read_text()


async def test_a_key_is_given_to_another_action(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        app.change_setting("keys.help", "f9")
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, DraftScreen)


async def test_the_palette_runs_what_is_chosen(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.screen.query(OptionList))
        for character in "dimall":
            await pilot.press(character)
        assert app.screen.query_one(OptionList).option_count == 0
        for _ in range(3):
            await pilot.press("backspace")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        assert app.settings.editor.focus == "paragraph"


async def test_the_tour_is_a_draft(make_app: Make) -> None:
    app = make_app(None)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: isinstance(app.screen, StartScreen))
        await pilot.press("enter")
        await until(
            pilot, lambda: app.draft is not None and app.draft.session.file.name == "tour.md"
        )
        assert len(app.drafts) == 1


@pytest.mark.parametrize(
    "size",
    [
        (1, 1),
        (200, 2),
        (20, 5),
        *(pytest.param(s, marks=pytest.mark.slow) for s in [(2, 40), (20, 6), (60, 15)]),
    ],
)
async def test_no_size_is_too_small_to_live(
    make_app: Make, draft: Path, size: tuple[int, int]
) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        for keys in ([], ["f1"], ["alt+p"], ["ctrl+f"], ["f5"], ["ctrl+p"]):
            await pilot.press(*keys)
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await pilot.press("x")
            await pilot.resize_terminal(*SIZE)
            await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
        assert app.draft is not None
        assert "The cat sat." in app.draft.session.document.text


def shown(screen: Screen[object]) -> str:
    """What the lines of text of a screen say."""
    return "\n".join(str(line.render()) for line in screen.query(Static))


async def test_earlier_suggestions_of_a_place_come_again(make_app: Make, tmp_path: Path) -> None:
    app = make_app(
        tmp_path / "new.md", engine=True, texts=[[" a.", " b.", " c."], [" d.", " e.", " f."]]
    )
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        assert app.draft is not None
        await pilot.press("escape", "f2")
        await until(pilot, lambda: session.ghost == " d." and not session.suggestions.writing)
        await pilot.press("tab", "ctrl+z", "alt+h")
        await until(pilot, lambda: "6 texts" in shown(app.screen))
        await pilot.press("home", "down", "enter")
        await until(pilot, lambda: session.ghost == " b.")
        await pilot.press("tab")
        assert session.document.text == "x b."


async def test_the_history_of_a_place_is_a_tree_also_after_accepting(
    make_app: Make, tmp_path: Path
) -> None:
    texts = [[" a.", " b.", " c."], [" d.", " e.", " f."]]
    app = make_app(tmp_path / "new.md", engine=True, texts=texts)
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        assert app.draft is not None
        await pilot.press("tab", "f2")
        await until(pilot, lambda: session.ghost == " d." and not session.suggestions.writing)
        await pilot.press("escape", "!", "left", "alt+h")
        await until(pilot, lambda: "6 texts" in shown(app.screen))
        (first, *_), screen = app.screen.nodes, app.screen
        assert isinstance(screen, EarlierScreen)
        assert [node.text for node in first.children] == [" d.", " e.", " f."]
        assert (screen.nodes[1].closing, screen.nodes[1].path) == ("rejected", " a.")
        await pilot.press("home", "down", "down", "down", "down", "enter")
        await until(pilot, lambda: session.ghost == " b.")
        assert session.document.text == "x a.!"
        await pilot.press("tab")
        assert session.document.text == "x b.!"
        await pilot.press("alt+h")
        await until(pilot, lambda: "texts" in shown(app.screen))
        await pilot.press("home", "down", "down", "enter")
        await until(pilot, lambda: session.ghost == " a. e.")
        await pilot.press("tab")
        assert session.document.text == "x a. e.!"
        await pilot.press("ctrl+z")
        assert session.document.text == "x b.!"


async def test_a_token_s_alternative_is_gone_on_from(make_app: Make, tmp_path: Path) -> None:
    app = make_app(
        tmp_path / "new.md", engine=True, texts=[[" one two.", " b.", " c."], [" three."] * 3]
    )
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        assert app.draft is not None
        await pilot.press("alt+t")
        await until(pilot, lambda: app.draft.focused is not app.draft.editor)
        await pilot.press("right", "1")
        await until(pilot, lambda: session.ghost == " one two. three.")
        assert app.draft.focused is app.draft.editor


async def test_keys_in_the_same_moment_as_f4_go_into_the_pane(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "new.md", engine=True, texts=[[" one two.", " b.", " c."]])
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        assert app.draft is not None
        for key in ("f4", "backspace", "?", "left", "!", "enter", "y"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: session.document.text == "x one two!?y")
        await until(pilot, lambda: app.draft.focused is app.draft.editor)


async def test_f4_while_the_model_writes(make_app: Make, tmp_path: Path) -> None:
    texts = [[" one two three four five six seven eight.", " b.", " c."]]
    app = make_app(tmp_path / "new.md", engine=True, texts=texts, chunk_delay=0.15)
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        await until(pilot, lambda: session.engine.status.state == "ready")
        await pilot.press("x", "f2")
        await until(pilot, lambda: session.ghost.startswith(" one"))
        await pilot.press("f4")
        area = app.screen.query_one("GhostPane TextArea", TextArea)
        about = app.screen.query_one("GhostPane .about", Static)
        assert "Still being written" in str(about.render())
        await until(pilot, lambda: area.text.startswith(" one two three"))
        await pilot.press("!")
        await until(pilot, lambda: not session.suggestions.writing)
        assert "has stopped" in str(about.render())
        await pilot.press("enter")
        await until(pilot, lambda: session.document.text.endswith("!"))
        assert session.document.text.startswith("x one two three")
        assert "eight" not in session.document.text


async def test_tokens_of_an_accepted_span(make_app: Make, tmp_path: Path) -> None:
    app = make_app(
        tmp_path / "new.md", engine=True, texts=[[" one two.", " b.", " c."], [" three."] * 3]
    )
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        assert app.draft is not None
        await pilot.press("tab", "!", "left", "left", "alt+t")
        pane = app.screen.query_one("TokensPane", TokensPane)
        await until(pilot, lambda: app.draft.focused is pane and pane.at == 1)
        await pilot.press("1")
        await until(pilot, lambda: session.ghost == " two. three.")
        assert session.document.text == "x one two.!"
        await pilot.press("tab")
        assert session.document.text == "x one two. three.!"
        await pilot.press("ctrl+z")
        assert session.document.text == "x one two.!"
        session.answers._remembered.clear()
        await pilot.press("left", "left", "left")
        await until(pilot, lambda: pane.at == 0 and "one" in str(pane._row.render()))


async def test_a_paste_goes_into_a_line_once(make_app: Make, draft: Path) -> None:
    from textual.events import Paste

    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+f")
        await pilot.pause()
        line = app.screen.query_one("#find-text", Input)
        line.post_message(Paste("one\x1b[31m\r\ntwo"))
        await pilot.pause()
        assert line.value == "one␛[31m two" or line.value == "one␛[31m␍ two"


@pytest.mark.parametrize(("size", "offered"), [(300_000, False), (74_994, True), (74_995, False)])
@pytest.mark.parametrize("key", ["ctrl+x", "ctrl+c"])
async def test_s1_a_copy_says_what_is_sure_of_it(
    make_app: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    offered: bool,
    key: str,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    path = tmp_path / "long.md"
    path.write_text("a " * (size // 2) + "a" * (size % 2))
    app = make_app(path)
    async with app.run_test(size=SIZE) as pilot:
        sent: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", sent.append)
        await pilot.press("f7", key)
        await pilot.pause()
        sequences = [text for text in sent if "\x1b]52;" in text]
        assert len(sequences) == offered
        assert all(len(text) <= 100_000 for text in sequences)
        assert app.clipboard == path.read_text()
        done = "cut" if key == "ctrl+x" else "copied"
        told = [notification.message for notification in app._notifications]
        if offered:
            assert app.draft is not None
            assert f"{done} {size:,} characters, offered" in str(
                app.draft.status_line.line.facts.note
            )
            assert told == []
        else:
            (said,) = told
            assert said.startswith(
                f"{done.capitalize()} {size:,} characters, within cowrite alone."
            )
            assert "Ctrl+V pastes it here." in said


async def test_an_unknown_theme_is_told_with_the_nearest(make_app: Make, draft: Path) -> None:
    from cowrite.errors import UsageError

    app = make_app(draft, settings={"ui": {"theme": "cowrite-papre"}})
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app._notifications)
        (said,) = [notification.message for notification in app._notifications]
        assert "no theme 'cowrite-papre'" in said
        assert "'cowrite-paper'" in said
        with pytest.raises(UsageError, match="no theme"):
            app.change_setting("ui.theme", "nord2", keep=False)
        app.change_setting("ui.theme", "nord", keep=False)
        assert app.theme == "nord"


async def test_every_theme_can_be_worn(make_app: Make, draft: Path) -> None:
    app = make_app(draft, engine=True)
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        await until(pilot, lambda: session.engine.status.state == "ready")
        await pilot.press("f2")
        await until(pilot, lambda: session.ghost)
        for name in app.available_themes:
            app.change_setting("ui.theme", name, keep=False)
            await pilot.pause()
        assert "The cat sat" in app.draft.session.document.text


async def test_a_dialog_gives_the_focus_back_to_the_bar(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+f", "t")
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DraftScreen))
        await pilot.press("w")
        assert app.screen.query_one("#find-text", Input).value == "tw"


async def test_notices_are_no_markup(make_app: Make, draft: Path) -> None:
    app = make_app(draft)
    async with app.run_test(size=SIZE) as pilot:
        app.tell("[bold]x[/bold] [/nothing]", "\x1b[31m [", "warning")
        await pilot.pause()
        (said,) = [notification.message for notification in app._notifications]
        assert said == "[bold]x[/bold] [/nothing]\n␛[31m ["


@pytest.mark.parametrize(
    "value", [("the sun", "sea"), ("well, then", '"so"', "[sic]", "'tis'", " a "), ("sea",)]
)
def test_s4_the_settings_screen_writes_a_list_so_that_it_is_read_again(
    value: tuple[str, ...],
) -> None:
    from cowrite.config.describing import checked, find
    from cowrite.tui.screens.settings import shown

    assert checked(find("sampling.banned"), shown(value), "") == value
