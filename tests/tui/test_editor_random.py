"""Whatever is done in whatever order: what is painted is what a fresh page of the same draft would paint."""

import random
from collections.abc import Callable

import pytest
from editor_bench import Bench

from cowrite.tui.commands.action import Group, Home
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.layers import Layers
from cowrite.tui.editor.layout import Layout

MakeBench = Callable[..., Bench]

TEXT = "\n\n".join(
    [
        "# A heading with *some* words",
        "The river lay wide and grey under the bridge, and nobody who crossed it looked down. " * 4,
        "これは、長い文章です。「引用」も、ある。彼は橋の上で立ち止まり、川を見下ろした。" * 3,
        "```\ncode\n```",
        "e\u0301t\u00e9 👨\u200d👩\u200d👧 \x1b[31m \t tab\r odd",
        *("line number so and so" for _ in range(30)),
    ]
)
GHOSTS = [
    "x",
    " went on",
    "\n\nNew paragraph",
    " a long ghost that runs over the row's end and further still",
    "。「あ",
]
WORDS = ["a", " ", "wor", "。", "\u0301", "`", "*", "\n"]
NAMES = [
    action.id for action in ACTIONS if action.home is Home.EDITOR and action.group is not Group.VIEW
]


def act(made: Bench, chance: random.Random) -> str:
    """Do something; returns what."""
    size = len(made.session.document)
    match chance.randrange(8):
        case 0 | 1:
            word = chance.choice(WORDS)
            made.editor.write(word)
            return f"write {word!r}"
        case 2:
            anchor, head = chance.randint(0, size), chance.randint(0, size)
            made.session.select(anchor, head)
            return f"select {anchor} {head}"
        case 3:
            made.editor.scroll_rows(chance.randint(-15, 15))
            return "scroll"
        case 4 if made.session.suggestion is not None and not made.session.suggestion.done:
            made.engine.say(chance.choice(GHOSTS), chance.randrange(2))
            return "say"
        case 5:
            look = Look(
                column=chance.choice([20, 60, 80]),
                focus=chance.choice(["off", "sentence", "paragraph"]),
                typewriter=chance.random() < 0.3,
                origins=chance.random() < 0.5,
            )
            made.editor.set_look(look)
            return str(look)
        case _:
            name = chance.choice(NAMES)
            made.editor.run(name)
            return name


def fresh_rows(made: Bench) -> list[object]:
    """The rows of a page that knows nothing yet, at the same place."""
    editor = made.editor
    kept = editor.layout_rows, editor.page_layers
    layout = Layout(made.session.document, editor.layout_rows.width, editor.look.tab)
    layout.set_ghost(editor.layout_rows.ghost)
    editor.layout_rows, editor.page_layers = layout, Layers(made.session, layout)
    try:
        return list(editor._rows())
    finally:
        editor.layout_rows, editor.page_layers = kept


@pytest.mark.parametrize("seed", range(6))
async def test_what_is_painted_is_what_is_there(bench: MakeBench, seed: int) -> None:
    chance = random.Random(seed)
    made = bench(TEXT)
    async with made.app.run_test(size=(50, 14)) as pilot:
        await pilot.pause()
        done: list[str] = []
        for number in range(250):
            done.append(act(made, chance))
            made.editor.settle()
            assert made.editor._shown == fresh_rows(made), done[-3:]
            if made.editor.layout_rows.ghost is not None:
                assert made.session.ghost in made.editor.layout_rows.shown(
                    made.editor.layout_rows.ghost.paragraph
                )
            if number % 50 == 0:
                await pilot.resize_terminal(chance.randint(8, 100), chance.randint(2, 30))
                await pilot.pause()
        assert "\x1b" not in "".join(made.rows())
