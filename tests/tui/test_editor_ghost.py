"""The ghost: in place, in the layout only, with keys of its own, and still while it comes and goes."""

from collections.abc import Callable

import pytest
from editor_bench import Bench
from textual.pilot import Pilot
from textual.widget import Widget

from cowrite.core.suggestion import Candidate, Token
from cowrite.tui.editor import painting
from cowrite.tui.editor.display import Look

MakeBench = Callable[..., Bench]
SMALL = (40, 12)
BEFORE, AFTER = "The man at the gate", " and went home."


async def ask(made: Bench, pilot: Pilot[None], *texts: str, at: int | None = None) -> None:
    """Ask at an offset and let the engine answer with these candidates."""
    if at is not None:
        made.session.select(at, at)
    await pilot.press("ctrl+@")
    for index, text in enumerate(texts):
        made.engine.say(text, index)
    made.engine.end(*texts)
    await pilot.pause()
    await pilot.pause()


def shown(made: Bench) -> str:
    return "\n".join(row.strip() for row in made.rows()).rstrip()


async def test_in_mid_paragraph_the_text_behind_it_moves_along(bench: MakeBench) -> None:
    made = bench(BEFORE + AFTER)
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " looked up at the sky for a while", at=len(BEFORE))
        assert shown(made) == "The man at the gate looked up at\nthe sky for a while and went home."
        assert made.styled("ghost") == " looked up at |the sky for a while"
        assert made.text == BEFORE + AFTER
        before = shown(made)
        await pilot.press("tab")
        await pilot.pause()
        assert shown(made) == before
        assert made.styled("ghost") == ""
        assert made.text == BEFORE + " looked up at the sky for a while" + AFTER
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert made.text == BEFORE + AFTER


async def test_a_ghost_over_paragraphs(bench: MakeBench) -> None:
    made = bench("One." + "\n\nEnd.")
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " Two.\n\nThree", at=4)
        assert shown(made) == "One. Two.\n\nThree\n\nEnd."
        await pilot.press("alt+l")
        await pilot.pause()
        assert made.text == "One. Two.\n\nEnd."
        assert made.session.ghost == "\n\nThree"
        assert shown(made) == "One. Two.\n\nThree\n\nEnd."


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        ("tab", " is it. Not so"),
        ("f8", " is it. Not so"),
        ("ctrl+right", " is"),
        ("ctrl+t", " is"),
        ("ctrl+l", " is it."),
        ("f9", " is it."),
        ("escape", ""),
        ("ctrl+r", ""),
    ],
)
async def test_keys_that_take_and_refuse(bench: MakeBench, key: str, taken: str) -> None:
    made = bench("It")
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " is it. Not so", at=2)
        await pilot.press(key)
        await pilot.pause()
        assert made.text == "It" + taken
        assert shown(made) == "It" + (" is it. Not so" if taken else "")


async def test_typing_what_it_says_consumes_it_and_backspace_gives_it_back(
    bench: MakeBench,
) -> None:
    made = bench("It")
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " is", at=2)
        await pilot.press("space", "i")
        await pilot.pause()
        assert (made.text, made.styled("ghost")) == ("It i", "s")
        await pilot.press("backspace")
        await pilot.pause()
        assert (made.text, made.styled("ghost")) == ("It ", "is")
        await pilot.press("x")
        await pilot.pause()
        assert (made.text, made.styled("ghost")) == ("It x", "")


async def test_cycling_shows_which_of_how_many(bench: MakeBench) -> None:
    made = bench("It")
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " is", " was", " will be", at=2)
        assert made.styled("marker") == "1/3"
        assert shown(made) == "It is 1/3"
        await pilot.press("ctrl+n")
        await pilot.pause()
        assert shown(made) == "It was 2/3"
        await pilot.press("shift+tab", "shift+f3")
        await pilot.pause()
        assert shown(made) == "It will be 3/3"
        await pilot.press("tab")
        await pilot.pause()
        assert made.text == "It will be"


async def test_streaming_paints_only_the_rows_it_touches(
    bench: MakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = bench("\n".join(["first line", "It", "last line"] + ["more"] * 20))
    async with made.app.run_test(size=SMALL) as pilot:
        made.session.select(13, 13)
        await pilot.press("ctrl+@")
        await pilot.pause()
        painted: set[int] = set()
        mark = painting.mark

        def noted(widget: Widget, rows: list[int]) -> None:
            painted.update(rows)
            mark(widget, rows)

        monkeypatch.setattr(painting, "mark", noted)
        made.engine.say(" is")
        await pilot.pause(0.05)
        assert painted == {1}
        made.engine.say(" what")
        await pilot.pause(0.05)
        assert painted == {1}
        assert shown(made).startswith("first line\nIt is what\nlast line")


async def test_the_view_shows_the_whole_ghost_at_the_bottom_and_stays_when_it_goes(
    bench: MakeBench,
) -> None:
    made = bench("\n".join(f"line {number}" for number in range(30)))
    end = len(made.text)
    async with made.app.run_test(size=SMALL) as pilot:
        made.session.select(end, end)
        await pilot.pause()
        await ask(made, pilot, "\na\nb\nc\nd", at=end)
        rows = [row.strip() for row in made.rows()]
        assert rows[rows.index("line 29") :][:5] == ["line 29", "a", "b", "c", "d"]
        top = rows[0]
        await pilot.press("escape")
        await pilot.pause()
        assert made.rows()[0].strip() == top


async def test_an_early_tab_does_not_land_in_the_draft(bench: MakeBench) -> None:
    made = bench("It")
    async with made.app.run_test(size=SMALL) as pilot:
        made.session.select(2, 2)
        await pilot.press("ctrl+@", "tab")
        await pilot.pause()
        assert made.text == "It"
        await pilot.press("escape")
        await pilot.pause()
        assert made.session.suggestion is None


async def test_tokens_are_coloured_by_how_sure_the_model_was(bench: MakeBench) -> None:
    made = bench("It", look=Look(tokens=True))
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " is so", at=2)
        made.session.suggestion.finished[0] = Candidate(
            " is so", (Token(" is", -0.01), Token(" so", -4.0))
        )
        made.editor.settle_later()
        await pilot.pause()
        assert made.styled("token-4") == " is"
        assert made.styled("token-0") == " so"
        await pilot.press("ctrl+right")
        await pilot.pause()
        assert made.styled("token-0") == " so"
        assert made.styled("token-4") == ""


async def test_markdown_around_a_ghost_stays_with_its_words(bench: MakeBench) -> None:
    made = bench("*one two* three")
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " GHOST *x", at=4)
        assert made.styled("emphasis") == "*one two*"
        assert made.styled("ghost") == " GHOST *x"


async def test_a_ghost_with_control_codes_is_shown_as_signs(bench: MakeBench) -> None:
    made = bench("It")
    async with made.app.run_test(size=SMALL) as pilot:
        await ask(made, pilot, " \x1b]52;c;x\x07", at=2)
        assert shown(made) == "It ␛]52;c;x␇"
