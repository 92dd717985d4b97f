"""What the page shows: wrap, cursor, colours, scrolling, mouse."""

from collections.abc import Callable

import pytest
from editor_bench import Bench
from textual import events
from textual.geometry import Offset, Region
from textual.pilot import Pilot
from textual.scrollbar import ScrollDown, ScrollTo, ScrollUp
from textual.strip import Strip
from textual.widget import Widget

from cowrite.core.provenance import PASTE, WRITER, Author, Provenance, Source
from cowrite.tui.editor import painting
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.page import Page

MakeBench = Callable[..., Bench]
SMALL = (40, 12)
LINES = "\n".join(f"line {number}" for number in range(1000))


async def show(bench: Bench, pilot: Pilot[None]) -> list[str]:
    await pilot.pause()
    await pilot.pause()
    return [row.strip() for row in bench.rows()]


async def test_the_draft_stands_in_a_centred_column(bench: MakeBench) -> None:
    made = bench("word " * 40, look=Look(column=60))
    async with made.app.run_test(size=(100, 12)) as pilot:
        await show(made, pilot)
        assert made.editor.text_width == 60
        row = made.rows()[0]
        assert row.startswith(" " * made.editor.text_left + "word")
        assert len(row) - made.editor.text_left <= 60
        await pilot.resize_terminal(50, 12)
        await show(made, pilot)
        assert made.editor.text_width == 44


async def test_the_first_paint_holds_the_draft(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[str] = []
    render = Page.render_lines

    def note(page: Page, crop: Region) -> list[Strip]:
        strips = render(page, crop)
        painted.append("\n".join(strip.text for strip in strips))
        return strips

    monkeypatch.setattr(Page, "render_lines", note)
    made = bench("It had been raining.")
    async with made.app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        assert "It had been raining." in painted[0]
        painted.clear()
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert all("It had been raining." in paint for paint in painted)


async def test_the_cursor_is_drawn_where_it_is(bench: MakeBench) -> None:
    made = bench("ab漢\u0301c")
    async with made.app.run_test(size=SMALL) as pilot:
        seen = []
        for _ in range(5):
            await show(made, pilot)
            seen.append(made.styled("cursor"))
            await pilot.press("right")
        assert seen == ["a", "b", "漢\u0301", "c", " "]


async def test_nothing_that_a_text_says_reaches_the_terminal_as_a_control(bench: MakeBench) -> None:
    made = bench("a\x1b[2Jb\x9b\u202ec\x07d\ud800")
    async with made.app.run_test(size=SMALL) as pilot:
        rows = await show(made, pilot)
        assert rows[0] == "a␛[2Jb��c␇d�"


async def test_markdown_is_coloured_and_code_is_not_read(bench: MakeBench) -> None:
    made = bench("# Head\n*a* b\n```\n*x*\n```\n> q")
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        assert made.styled("heading") == "# Head"
        assert made.styled("emphasis") == "*a*"
        assert made.styled("code") == "```|*x*|```"
        assert made.styled("quote") == "> q"
        made.editor.set_look(Look(markdown=False))
        await show(made, pilot)
        assert made.styled("heading") == ""


async def test_a_key_paints_only_the_rows_that_changed(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bench(LINES)
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        painted: set[int] = set()
        mark = painting.mark

        def noted(widget: Widget, rows: list[int]) -> None:
            painted.update(rows)
            mark(widget, rows)

        monkeypatch.setattr(painting, "mark", noted)
        await pilot.press("x")
        await pilot.pause()
        assert painted == {0}
        painted.clear()
        await pilot.press("down")
        await pilot.pause()
        assert painted == {0, 1}


async def test_selection_and_matches_and_origins(bench: MakeBench) -> None:
    made = bench("one two three\nfour")
    made.session.buffer.provenance = Provenance(
        [(4, WRITER), (4, Source(Author.MODEL, "s")), (5, PASTE), (5, WRITER)]
    )
    async with made.app.run_test(size=SMALL) as pilot:
        made.session.select(4, 15)
        made.editor.set_look(Look(origins=True))
        made.editor.set_finder(lambda text: [(0, 3)] if text.startswith("one") else [])
        await show(made, pilot)
        assert made.styled("selection") == "two three |f"
        assert made.styled("match") == "one"
        assert made.styled("origin-model") == "two "
        assert made.styled("origin-paste") == "three"


async def test_what_the_writer_changed_of_the_models_is_told_apart(bench: MakeBench) -> None:
    model = Source(Author.MODEL, "s")
    made = bench("aaabccc dd", look=Look(origins=True))
    made.session.buffer.provenance = Provenance(
        [(3, model), (1, WRITER), (3, model), (1, WRITER), (2, PASTE)]
    )
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        assert made.styled("origin-edited") == "aaabccc"
        assert made.styled("origin-model") == ""


@pytest.mark.parametrize(
    ("focus", "dim"), [("off", ""), ("sentence", "One. |Last."), ("paragraph", "Last.")]
)
async def test_focus_dims_the_rest(bench: MakeBench, focus: str, dim: str) -> None:
    made = bench("One. Two here.\n\nLast.", look=Look(focus=focus))
    made.session.select(7, 7)
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        assert made.styled("dim") == dim


async def test_typewriter_keeps_the_cursor_in_the_middle(bench: MakeBench) -> None:
    made = bench(LINES, look=Look(typewriter=True))
    async with made.app.run_test(size=SMALL) as pilot:
        assert (await show(made, pilot)).index("line 0") == 6
        await pilot.press("down", "down")
        assert (await show(made, pilot)).index("line 2") == 6
        await pilot.press("ctrl+end")
        assert (await show(made, pilot))[6:] == ["line 999", "", "", "", "", ""]


async def test_the_view_follows_the_cursor_and_scrolls_no_more_than_it_must(
    bench: MakeBench,
) -> None:
    made = bench(LINES)
    async with made.app.run_test(size=SMALL) as pilot:
        for _ in range(9):
            await pilot.press("down")
        assert (await show(made, pilot))[0] == "line 0"
        await pilot.press("down")
        assert (await show(made, pilot))[0] == "line 1"
        await pilot.press("ctrl+end")
        rows = await show(made, pilot)
        assert "line 999" in rows
        await pilot.press("ctrl+home")
        assert (await show(made, pilot))[0] == "line 0"


async def test_the_view_stays_when_text_above_it_changes(bench: MakeBench) -> None:
    made = bench(LINES)
    async with made.app.run_test(size=SMALL) as pilot:
        made.session.select(5000, 5000)
        before = await show(made, pilot)
        made.editor._follow = False
        made.session.document.replace(0, 0, "new\nlines\n")
        made.editor.changed(0, 1, 3)
        made.editor._follow = False
        assert await show(made, pilot) == before


async def test_the_wheel_scrolls_and_the_cursor_stays(bench: MakeBench) -> None:
    made = bench(LINES)
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        for _ in range(4):
            wheel = events.MouseScrollDown(made.editor, 1, 1, 0, 1, 0, False, False, False)
            made.editor.post_message(wheel)
        assert (await show(made, pilot))[0] == "line 12"
        assert made.session.cursor == 0
        await pilot.press("x")
        assert (await show(made, pilot))[0] == "xline 0"


async def test_a_click_on_the_scroll_bar_is_over_when_a_key_comes(bench: MakeBench) -> None:
    made = bench(LINES)
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        editor, bar = made.editor, made.editor.vertical_scrollbar
        for message, first in ((ScrollDown(), 11), (ScrollTo(y=500), 500), (ScrollUp(), 489)):
            bar.post_message(message)
            assert (await show(made, pilot))[0] == f"line {first}"
            assert not made.app.animator.is_being_animated(editor, "scroll_y")
        await pilot.press("right")
        assert (await show(made, pilot))[0] == "line 0"


async def test_the_scroll_bar_moves_the_view_and_is_told_where_it_is(bench: MakeBench) -> None:
    made = bench(LINES)
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        made.editor.tell_bar()
        made.editor.scroll_to(y=500, animate=False)
        assert (await show(made, pilot))[0] == "line 500"
        made.session.select(0, 0)
        made.session.select(1, 1)
        await show(made, pilot)
        made.editor.tell_bar()
        assert made.editor.scroll_y == 0
        assert made.editor.vertical_scrollbar.position == 0


async def test_the_mouse_places_selects_and_extends(bench: MakeBench) -> None:
    made = bench("one two three\n\nfour five. six")
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        left = made.editor.text_left
        await pilot.click(made.editor, offset=(left + 5, 0))
        assert made.session.buffer.selection == (5, 5)
        await pilot.click(made.editor, offset=(left + 9, 0), times=2)
        assert made.session.buffer.selection == (8, 13)
        await pilot.click(made.editor, offset=(left + 6, 2), times=3)
        assert made.session.buffer.selection == (15, 29)
        await pilot.click(made.editor, offset=(left, 0))
        await pilot.click(made.editor, offset=(left + 3, 0), shift=True)
        assert made.session.buffer.selection == (0, 3)
        await pilot.click(made.editor, offset=(left + 2, 9))
        assert made.session.cursor == 29


async def test_dragging_selects_and_by_words_after_a_double_click(bench: MakeBench) -> None:
    made = bench("one two three four")
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        left = made.editor.text_left
        await pilot.mouse_down(made.editor, offset=(left + 2, 0))
        await pilot.hover(made.editor, offset=(left + 6, 0))
        await pilot.mouse_up(made.editor, offset=(left + 6, 0))
        assert made.session.buffer.selection == (2, 6)
        await pilot.click(made.editor, offset=(left + 5, 0))
        await pilot.mouse_down(made.editor, offset=(left + 5, 0))
        await pilot.hover(made.editor, offset=(left + 9, 0))
        assert made.session.buffer.selection == (4, 13)
        await pilot.hover(made.editor, offset=(left + 1, 0))
        assert made.session.buffer.selection == (7, 0)
        await pilot.mouse_up(made.editor, offset=(left + 1, 0))
        await pilot.hover(made.editor, offset=(left + 9, 0))
        assert made.session.buffer.selection == (7, 0)


@pytest.mark.parametrize("left_over", ["", "one", "one\n\ntwo"])
async def test_what_is_pointed_at_may_be_gone_since_it_was_painted(
    left_over: str, bench: MakeBench
) -> None:
    made = bench("\n".join(["some words " * 20] * 3))
    async with made.app.run_test(size=SMALL) as pilot:
        await show(made, pilot)
        left = made.editor.text_left
        await pilot.mouse_down(made.editor, offset=(left + 2, 0))
        made.session.select(0, len(made.text))
        made.session.type(left_over) if left_over else made.session.delete(0, len(made.text))
        for row in range(made.editor.size.height):
            offset = made.editor.offset_under(Offset(left + 4, row))
            assert 0 <= offset <= len(made.text)
        await pilot.hover(made.editor, offset=(left + 6, 5))
        assert made.text == left_over


async def test_a_terminal_of_any_size_is_drawn(bench: MakeBench) -> None:
    made = bench("word " * 30 + "漢字" * 20)
    async with made.app.run_test(size=(20, 5)) as pilot:
        for size in ((1, 1), (2, 3), (3, 2), (20, 5), (60, 15), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.press("down", "end", "x")
            await show(made, pilot)
            assert "cursor" in {
                name for row in made.editor._shown for _, names in row.runs for name in names
            }


async def test_paging_moves_text_and_cursor_together(bench: MakeBench) -> None:
    made = bench(LINES)
    async with made.app.run_test(size=SMALL) as pilot:
        await pilot.press("down", "down", "down", "pagedown")
        assert (await show(made, pilot))[3] == "line 13"
        assert made.styled("cursor") == "l"
        await pilot.press("pageup")
        assert (await show(made, pilot))[3] == "line 3"
        await pilot.press("ctrl+end")
        assert (await show(made, pilot))[9] == "line 999"


async def test_right_to_left_text_is_given_to_the_terminal_in_its_logical_order(
    bench: MakeBench,
) -> None:
    text = "שלום (עולם) abc"
    made = bench(text)
    async with made.app.run_test(size=SMALL) as pilot:
        assert (await show(made, pilot))[0] == text
        await pilot.press("right", "x")
        assert made.text == "שxלום (עולם) abc"


async def test_cursor_ghost_and_selection_can_be_told_apart_in_every_theme(
    bench: MakeBench,
) -> None:
    made = bench("text")
    async with made.app.run_test(size=SMALL) as pilot:
        for theme in made.app.available_themes:
            made.app.theme = theme
            await pilot.pause()
            styles = [
                made.editor.strips.style(names)
                for names in [(), ("cursor",), ("ghost",), ("selection",)]
            ]
            assert len({str(style) for style in styles}) == 4, theme
            cursor = styles[1]
            assert cursor.reverse or cursor.color != cursor.bgcolor, theme
