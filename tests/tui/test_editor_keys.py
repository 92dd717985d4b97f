"""The editor under the keyboard: writing, moving, selecting, deleting, clipboard, undo."""

from collections.abc import Callable

import pytest
from editor_bench import Bench
from textual import events

from cowrite.tui.commands.action import Home
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.editor import Editor

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
"""On a page of 40 cells (34 for text): rows begin at 0, 34 and 63."""

MakeBench = Callable[..., Bench]


def test_every_action_of_the_editor_has_its_method() -> None:
    missing = [
        action.id
        for action in ACTIONS
        if action.home is Home.EDITOR and not hasattr(Editor, action.method)
    ]
    assert missing == []


MOTIONS = [
    (3, "left", 2),
    (3, "right", 4),
    (0, "left", 0),
    (5, "down", 39),
    (39, "up", 5),
    (3, "up", 0),
    (90, "down", 96),
    (40, "home", 34),
    (40, "ctrl+a", 34),
    (40, "end", 62),
    (80, "end", 96),
    (10, "ctrl+left", 8),
    (10, "ctrl+right", 13),
    (50, "ctrl+home", 0),
    (50, "ctrl+end", 96),
    (50, "ctrl+up", 0),
    (50, "ctrl+down", 96),
    (50, "pagedown", 79),
    (50, "pageup", 16),
]


async def test_motions(bench: MakeBench) -> None:
    made = bench(LONG)
    async with made.app.run_test(size=(40, 12)) as pilot:
        for at, key, expected in MOTIONS:
            made.session.select(at, at)
            await pilot.press(key)
            assert made.session.buffer.selection == (expected, expected), key


async def test_up_and_down_keep_to_their_cell_over_short_rows(bench: MakeBench) -> None:
    made = bench("a long line\nab\nanother line")
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.session.select(9, 9)
        await pilot.press("down", "down")
        assert made.session.cursor == 15 + 9
        made.session.select(9, 9)
        await pilot.press("down", "left", "down")
        assert made.session.cursor == 15 + 1


async def test_shift_selects_and_an_arrow_ends_the_selection(bench: MakeBench) -> None:
    made = bench(LONG)
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.session.select(1, 1)
        await pilot.press("shift+right", "shift+right", "shift+down")
        assert made.session.buffer.selection == (1, 37)
        await pilot.press("left")
        assert made.session.buffer.selection == (1, 1)
        await pilot.press("shift+right", "right")
        assert made.session.buffer.selection == (2, 2)


@pytest.mark.parametrize(
    ("text", "at", "keys", "expected"),
    [
        ("abc", 2, ["backspace"], "ac"),
        ("abc", 1, ["delete"], "ac"),
        ("cafe\u0301", 5, ["backspace"], "caf"),
        ("a👨\u200d👩\u200d👧b", 6, ["backspace"], "ab"),
        ("🇨🇭🇫🇷", 4, ["backspace"], "🇨🇭"),
        ("one two three", 7, ["ctrl+w"], "one  three"),
        ("one two three", 4, ["ctrl+delete"], "one  three"),
        ("one two", 3, ["ctrl+u"], " two"),
        ("one two", 3, ["alt+x"], "one"),
        ("one\ntwo", 3, ["alt+x"], "onetwo"),
        ("one\ntwo\nthree", 5, ["ctrl+shift+k"], "one\nthree"),
        ("one\ntwo", 5, ["ctrl+shift+k"], "one"),
        ("ab", 1, ["enter"], "a\nb"),
        ("a\r\nb", 4, ["enter"], "a\r\nb\r\n"),
        ("a\r\nb", 3, ["backspace"], "ab"),
        ("abc", 0, ["f7", "x"], "x"),
        ("abc", 3, ["d", "ctrl+z"], "abc"),
        ("abc", 3, ["d", "ctrl+z", "ctrl+y"], "abcd"),
        ("abc", 0, ["shift+end", "ctrl+x", "ctrl+v", "ctrl+v"], "abcabc"),
        ("ab cd", 0, ["shift+right", "shift+right", "ctrl+c", "end", "ctrl+v"], "ab cdab"),
        ("a", 1, ["tab"], "a   "),
    ],
)
async def test_edits(bench: MakeBench, text: str, at: int, keys: list[str], expected: str) -> None:
    made = bench(text)
    made.session.select(at, at)
    async with made.app.run_test(size=(40, 12)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
    assert made.text == expected


async def test_a_real_tab_where_it_is_wanted(bench: MakeBench) -> None:
    made = bench("a", look=Look(spaces=False))
    made.session.select(1, 1)
    async with made.app.run_test(size=(40, 12)) as pilot:
        await pilot.press("tab")
        await pilot.pause()
        assert made.text == "a\t"
        assert made.rows()[0].strip() == "a"


async def test_keys_with_alt_or_control_never_write(bench: MakeBench) -> None:
    made = bench("")
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.editor.post_message(events.Key("alt+q", "q"))
        made.editor.post_message(events.Key("ctrl+b", "\x02"))
        made.editor.post_message(events.Key("zero_width_joiner", "\u200d"))
        await pilot.pause()
    assert made.text == "\u200d"


async def test_a_bracketed_paste_is_one_step_and_keeps_its_control_characters(
    bench: MakeBench,
) -> None:
    made = bench("ab")
    made.session.select(1, 1)
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.editor.post_message(events.Paste("x\x1b]0;evil\x07\r\ny"))
        await pilot.pause()
        assert made.text == "ax\x1b]0;evil\x07\nyb"
        shown = "".join(made.rows())
        assert "\x1b" not in shown
        assert "␛]0;evil␇" in shown
        await pilot.press("ctrl+z")
        await pilot.pause()
    assert made.text == "ab"


async def test_copy_goes_to_the_clipboard_of_the_terminal(bench: MakeBench) -> None:
    made = bench("héllo world")
    async with made.app.run_test(size=(40, 12)) as pilot:
        await pilot.press("ctrl+shift+right", "ctrl+c")
        await pilot.pause()
        assert made.app.clipboard == "héllo"


async def test_smart_quotes_where_wanted(bench: MakeBench) -> None:
    made = bench("", look=Look(smart=True))
    async with made.app.run_test(size=(40, 12)) as pilot:
        for key in '"so" it\'s--a':
            made.editor.post_message(events.Key("x", key))
        await pilot.pause()
    assert made.text == "“so” it’s–a"


async def test_a_chosen_key_works_and_its_old_one_does_not(bench: MakeBench) -> None:
    made = bench("ab", keymap=Keymap({"delete-right": "f9"}))
    async with made.app.run_test(size=(40, 12)) as pilot:
        await pilot.press("delete")
        await pilot.pause()
        assert made.text == "ab"
        await pilot.press("f9")
        await pilot.pause()
    assert made.text == "b"


async def test_a_read_only_draft_says_so(bench: MakeBench) -> None:
    made = bench("ab")
    made.session.buffer.read_only = "it belongs to somebody else."
    async with made.app.run_test(size=(40, 12)) as pilot:
        await pilot.press("x")
        await pilot.pause()
        assert made.text == "ab"
        assert any("read-only" in told for told in made.app.told)


async def test_keys_of_the_app_go_up_to_it(bench: MakeBench) -> None:
    made = bench("")
    async with made.app.run_test(size=(40, 12)) as pilot:
        await pilot.press("ctrl+s", "a", "f1")
        await pilot.pause()
    assert made.app.keys == ["ctrl+s", "f1"]
    assert made.text == "a"


async def test_undo_and_redo_of_nothing_bring_the_cursor_into_view(bench: MakeBench) -> None:
    made = bench("\n".join(map(str, range(60))))
    async with made.app.run_test(size=(40, 12)) as pilot:
        for key in ("ctrl+z", "ctrl+y"):
            await pilot.press("ctrl+home", "f7")
            await pilot.pause()
            assert made.editor.cursor_cell() is None, "selecting all does not scroll"
            await pilot.press(key)
            await pilot.pause()
            assert made.editor.cursor_cell() is not None
