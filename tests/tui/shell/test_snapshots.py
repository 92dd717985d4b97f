"""How every screen and state looks: dark and light, wide and narrow, Latin and Chinese."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from snapshot import same_as_kept
from textual.pilot import Pilot

from cowrite.tui.app import CowriteApp

KEPT = Path(__file__).parent / "snapshots"
WIDE, NARROW = (100, 30), (60, 20)

PROSE = """\
# The harbour

It had been *raining* since noon. The boats came home early, and **nobody** spoke of what they had seen \
out past the second light, where the water turns from green to black.

> A line from the pilot's book.

## Evening

When evening came"""
CHINESE = """\
# 港口

傍晚时分，码头上的灯一盏接一盏地亮了起来。老人们坐在墙边谈论天气。“今晚要下雨。”有人说。

没有人"""
TEXTS = [
    [
        " the lamps were lit along the quay, one after the other, until the whole harbour shone.",
        " nobody was lighting the lamps along the quay any more.",
        " but the lamps stayed dark.",
    ]
]
CHINESE_TEXTS = [["回答他的话，海面上只有风声。", "说话。", "相信他。"]]


async def ready(pilot: Pilot[None], app: CowriteApp) -> None:
    for _ in range(400):
        if app.draft is not None and app.draft.session.engine_state == "ready":
            return
        await pilot.pause(0.02)
    raise AssertionError("the engine is not ready")


async def answered(pilot: Pilot[None], app: CowriteApp) -> None:
    for _ in range(400):
        session = app.draft.session if app.draft is not None else None
        if session is not None and session.suggestion is not None and session.suggestion.done:
            return
        await pilot.pause(0.02)
    raise AssertionError("no suggestion")


GHOST = ["ctrl+end", "f2", "?"]
"""Keys; `?` waits for the suggestion."""

STATES: dict[str, tuple[list[str], dict[str, Any]]] = {
    "draft": ([], {}),
    "ghost": (GHOST, {}),
    "second": ([*GHOST, "ctrl+n"], {}),
    "word": ([*GHOST, "ctrl+t"], {}),
    "candidates": ([*GHOST, "f5"], {}),
    "pane": ([*GHOST, "f4"], {}),
    "tokens": ([*GHOST, "alt+t", "right"], {}),
    "origins": ([*GHOST, "tab", "ctrl+left", "x", "f12"], {}),
    "selection": (["ctrl+end", "ctrl+shift+left", "ctrl+shift+up"], {}),
    "focus": (["ctrl+end"], {"editor": {"focus": "paragraph"}}),
    "goal": (["ctrl+end", "space", "o", "n", "e"], {"editor": {"word_goal": 4}}),
    "find": (["ctrl+f", "t", "h", "e"], {}),
    "replace": (["alt+r", "t", "h", "e", "tab", "a"], {}),
    "quit": (["x", "ctrl+q"], {}),
    "palette": (["ctrl+p"], {}),
    "help": (["f1"], {}),
    "settings": (["alt+p"], {}),
    "outline": (["ctrl+g"], {}),
    "full-screen": (["alt+z"], {}),
}
LOOKS = {
    "dark": ("cowrite-ink", WIDE, PROSE, TEXTS),
    "light-narrow": ("cowrite-paper", NARROW, PROSE, TEXTS),
    "chinese": ("cowrite-paper", NARROW, CHINESE, CHINESE_TEXTS),
}
FEW = ("draft", "ghost", "word", "candidates")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("state", STATES)
async def test_it_looks_as_it_did(
    look: str, state: str, make_app: Callable[..., CowriteApp], tmp_path: Path, monkeypatch: Any
) -> None:
    if look == "chinese" and state not in FEW:
        pytest.skip("the dialogs have no text of the draft")
    keys, settings = STATES[state]
    theme, size, text, texts = LOOKS[look]
    (tmp_path / "drafts").mkdir()
    monkeypatch.chdir(tmp_path / "drafts")
    file = Path("harbour.md")
    file.write_text(text, encoding="utf-8")
    wanted = {**settings, "ui": {"theme": theme, "reduced_motion": True}}
    app = make_app(file, settings=wanted, engine=True, texts=texts)
    async with app.run_test(size=size) as pilot:
        await ready(pilot, app)
        await pilot.pause(0.1)
        for key in keys:
            if key == "?":
                await answered(pilot, app)
            else:
                await pilot.press(key)
            await pilot.pause()
        await pilot.pause(0.5)
        assert app.draft is not None
        app.draft.still()
        await pilot.pause(0.1)
        same_as_kept(app, KEPT / f"{state}-{look}.txt")
