"""The Learning screen, the mark in the status line, and the same place asked twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from learned_versions import learned
from pilots import asked, until

from cowrite.learning.beside import Ended, Going
from cowrite.learning.corpus import add
from cowrite.learning.library import Library
from cowrite.paths import Paths
from cowrite.store import LogReader
from cowrite.tui.app import CowriteApp
from cowrite.tui.screens.comparing import ComparingScreen
from cowrite.tui.screens.learning import LearningScreen
from cowrite.tui.widgets.status import StatusLine
from cowrite.tui.window.learner import LearnerTold

Make = Callable[..., CowriteApp]
SIZE = (100, 30)
MODEL = "0" * 64
"""Of the stand-in for the model."""


def text_of(app: CowriteApp) -> str:
    rows = app.screen._compositor.render_strips(app.screen.size)
    return "\n".join(row.text for row in rows)


async def test_the_screen_says_what_is_in_use_and_one_key_takes_it_back(
    make_app: Make, paths: Paths, tmp_path: Path
) -> None:
    registry = learned(paths, MODEL, 1, 2)
    (tmp_path / "old.md").write_text("The boats went out before it was light. " * 40)
    with Library.open(paths.learning) as library:
        add(library, [tmp_path / "old.md"], paths)
    app = make_app(tmp_path / "draft.md", engine=True)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.engine.status.state == "ready")
        await pilot.press("alt+j")
        await until(pilot, lambda: isinstance(app.screen, LearningScreen))
        await until(pilot, lambda: "version 2" in text_of(app))
        assert "old.md" in text_of(app)
        assert "better by a good deal" in text_of(app)
        await pilot.press("b")
        await until(pilot, lambda: "version 1 for stand-in" in text_of(app))
        used = registry.in_use(MODEL)
        assert used is not None
        assert used.version.number == 1
        await pilot.press("u")
        await until(pilot, lambda: "switched off" in text_of(app))
        assert app.settings.learn.use is False
        await pilot.press("escape")
        assert app.draft is app.screen
    with LogReader.open(paths.log_file) as log:
        assert [(one.version, one.was, one.why) for one in log.promotions()] == [(1, 2, "rollback")]


async def test_a_round_beside_the_window_is_followed_and_its_end_told(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md", engine=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+j")
        await until(pilot, lambda: "To learn" in text_of(app))
        app.post_message(LearnerTold(Going("training", 0.25, 200)))
        await until(pilot, lambda: "training 25%, 3 min left" in text_of(app))
        renewed: list[None] = []
        app.learner._changed = lambda: renewed.append(None)
        app.post_message(LearnerTold(Ended("Version 1 is in use.", changed=True)))
        await until(pilot, lambda: "Last round" in text_of(app))
        assert renewed == [None]


async def test_the_status_line_has_a_mark_while_something_learned_is_in_use(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md", engine=True, adapter=tmp_path / "learned-3.gguf")
    (tmp_path / "learned-3.gguf").write_bytes(b"GGUF")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.engine.status.state == "ready")
        await until(pilot, lambda: "+ learned" in str(app.screen.query_one(StatusLine).render()))


async def test_a_place_is_asked_with_and_without_what_was_learned(
    make_app: Make, tmp_path: Path
) -> None:
    (tmp_path / "learned-3.gguf").write_bytes(b"GGUF")
    app = make_app(
        tmp_path / "draft.md",
        engine=True,
        adapter=tmp_path / "learned-3.gguf",
        texts=[[" a word of yours."], [" a word of anybody."]],
    )
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.engine.status.state == "ready")
        await pilot.press(*"She had")
        await pilot.press("alt+v")
        await until(pilot, lambda: isinstance(app.screen, ComparingScreen))
        await until(pilot, lambda: "of yours" in text_of(app) and "of anybody" in text_of(app))
        await pilot.press("escape")
        assert app.draft is not None
        assert app.draft.session.document.text == "She had"
        assert not app.draft.session.ghost


async def test_without_anything_learned_there_is_nothing_to_compare(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md", engine=True)
    async with app.run_test(size=SIZE) as pilot:
        await asked(app, pilot)
        await pilot.press("alt+v")
        await until(pilot, lambda: "Nothing that was learned" in str([*app._notifications]))
        assert not isinstance(app.screen, ComparingScreen)
