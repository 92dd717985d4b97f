"""Lists under the keyboard: one undo for each key, the writer's own signs, and a switch."""

from collections.abc import Callable

from editor_bench import Bench

from cowrite.core.provenance import Author
from cowrite.tui.editor.display import Look

MakeBench = Callable[..., Bench]


async def test_enter_goes_on_with_a_list_and_backspace_takes_the_signs_back(
    bench: MakeBench,
) -> None:
    made = bench("1. a\n2. b")
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.session.select(4, 4)
        await pilot.press("enter")
        assert made.session.document.text == "1. a\n2. \n3. b"
        assert made.session.cursor == 8
        await pilot.press("x")
        await pilot.press("ctrl+z", "ctrl+z")
        assert made.session.document.text == "1. a\n2. b"
        assert made.session.cursor == 4
        await pilot.press("enter", "backspace")
        assert made.session.document.text == "1. a\n\n3. b"


async def test_the_signs_are_the_writers(bench: MakeBench) -> None:
    made = bench("- a")
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.session.select(3, 3)
        await pilot.press("enter", "b", "tab")
        assert made.session.document.text == "- a\n  - b"
        sources = [(length, source.author) for length, source in made.session.provenance]
        assert sources == [(3, Author.FILE), (6, Author.WRITER)]


async def test_tab_takes_the_ghost_before_it_indents(bench: MakeBench) -> None:
    made = bench("- a\n- b")
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.session.select(7, 7)
        await pilot.press("f2")
        made.engine.say(" then")
        made.engine.end(" then")
        await pilot.press("tab")
        assert made.session.document.text == "- a\n- b then"
        await pilot.press("tab")
        assert made.session.document.text == "- a\n  - b then"


async def test_lists_can_be_left_to_the_writer(bench: MakeBench) -> None:
    made = bench("- a", look=Look(lists=False))
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.session.select(3, 3)
        await pilot.press("enter")
        assert made.session.document.text == "- a\n"


async def test_a_draft_that_cannot_be_changed_stays(bench: MakeBench) -> None:
    made = bench("- a")
    async with made.app.run_test(size=(40, 12)) as pilot:
        made.session.select(3, 3)
        made.session.buffer.set_read_only("it is not text")
        await pilot.press("enter", "tab")
        assert made.session.document.text == "- a"
