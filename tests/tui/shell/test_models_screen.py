"""Models in the window: what is said of them, another one while a draft is open, downloads beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_host import fake_command
from pilots import asked, until

from cowrite.catalog.advising import Machine, advise
from cowrite.catalog.speeds import Speed
from cowrite.config import load
from cowrite.core.events import Closed, EngineChanged
from cowrite.core.outcome import Closing
from cowrite.engine.protocol import EngineOptions, ModelFile
from cowrite.errors import ModelError
from cowrite.paths import Paths
from cowrite.session import engine_service
from cowrite.session.found_model import FoundModel
from cowrite.store import LogReader
from cowrite.tui.app import CowriteApp
from cowrite.tui.screens.dialogs import Question
from cowrite.tui.screens.models import ModelsScreen
from cowrite.tui.window.model_jobs import ModelJobTold

Make = Callable[..., CowriteApp]
SIZE = (100, 40)
GEMMA, SMOL = "gemma-3-270m", "smollm2-135m-instruct"


def text_of(app: CowriteApp) -> str:
    rows = app.screen._compositor.render_strips(app.screen.size)
    return "\n".join(row.text for row in rows)


def words_of(app: CowriteApp) -> str:
    """What is on the screen, with its rows joined and the box's frame left out."""
    return " ".join(text_of(app).replace("│", " ").split())


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the window finds by name: scripts of the stand-in, or an error."""
    found: dict[str, Any] = {SMOL: {}, GEMMA: {}}

    def find(_settings: Any, _paths: Any, choice: str, _progress: Any = None) -> FoundModel:
        script = found[choice]
        if isinstance(script, Exception):
            raise script
        file = ModelFile(choice, Path("/nowhere") / f"{choice}.gguf", "1" * 64)
        return FoundModel(file, EngineOptions(command=fake_command(**script)))

    monkeypatch.setattr(engine_service, "find_engine", find)
    return found


async def opened(app: CowriteApp, pilot: Any) -> ModelsScreen:
    app.push_screen(ModelsScreen(app))
    await until(pilot, lambda: isinstance(app.screen, ModelsScreen) and GEMMA in text_of(app))
    assert isinstance(app.screen, ModelsScreen)
    return app.screen


async def go_to(app: CowriteApp, pilot: Any, name: str) -> None:
    screen = app.screen
    assert isinstance(screen, ModelsScreen)
    for _ in range(20):
        one = screen._one()
        if one is not None and one.name == name:
            return
        await pilot.press("down")
    raise AssertionError(f"no {name} in the list")


async def test_the_palette_opens_it_and_it_says_what_each_means_here(
    make_app: Make, tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p", *"choose a model", "enter")
        await until(pilot, lambda: "Good at going on with your text." in words_of(app))
        assert f"▸ {GEMMA}" in text_of(app)
        assert "was not measured yet: m does it" in words_of(app)
        await go_to(app, pilot, "lfm2-350m")
        assert "Not downloaded (229 MB)" in words_of(app)
        assert "`cowrite models pull lfm2-350m`" in words_of(app)
        assert "following instructions" in words_of(app)
        await pilot.press("escape")
        assert app.screen is app.draft


async def test_another_model_writes_while_the_draft_is_open(
    make_app: Make, paths: Paths, tmp_path: Path, models: dict[str, Any]
) -> None:
    app = make_app(tmp_path / "draft.md", engine=True)
    async with app.run_test(size=SIZE) as pilot:
        session = await asked(app, pilot)
        assert session.ghost
        await opened(app, pilot)
        await go_to(app, pilot, SMOL)
        await pilot.press("enter")
        assert not session.ghost, "it was the other model's"
        await until(pilot, lambda: app.engine.status.model_name == SMOL)
        await until(pilot, lambda: app.engine.status.state == "ready")
        assert load(paths).model.name == SMOL
        await pilot.press("f2")
        await until(pilot, lambda: session.suggestion is not None and session.suggestion.done)
        app.close_sessions("quit")
    with LogReader.open(paths.log_file) as log:
        (one,) = log.sessions()
        events = [stamped.body for stamped in log.events(one.session_id)]
    assert [e.state for e in events if isinstance(e, EngineChanged)].count("loading") >= 1
    closed = [event for event in events if isinstance(event, Closed)]
    assert closed[0].closing is Closing.CANCELLED


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (ModelError("It needs 9.0 GB of memory.", "Choose a smaller one."), "needs 9.0 GB"),
        ({"fail_load": "The file is broken."}, "The file is broken."),
    ],
)
async def test_a_model_that_cannot_be_used_is_told_and_the_old_one_comes_back(
    make_app: Make, paths: Paths, tmp_path: Path, models: dict[str, Any], trouble: Any, said: str
) -> None:
    models[SMOL] = trouble
    app = make_app(tmp_path / "draft.md", engine=True)
    told: list[str] = []
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.engine.status.state == "ready")
        app.toasts.say = lambda *words: told.append(" ".join(words))  # type: ignore[method-assign]
        app.change_setting("model.name", SMOL)
        await until(pilot, lambda: told)
        await until(pilot, lambda: app.engine.status.state == "ready")
        assert app.engine.status.model_name == GEMMA
        assert load(paths).model.name == app.settings.model.name == GEMMA
        await asked(app, pilot)
    assert len(told) == 1
    assert said in told[0]
    assert f"{GEMMA} writes on." in told[0]


async def test_where_the_old_one_fails_too_it_goes_on_without(
    make_app: Make, tmp_path: Path, models: dict[str, Any]
) -> None:
    models[SMOL] = models[GEMMA] = ModelError("Gone.")
    app = make_app(tmp_path / "draft.md", engine=True)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.engine.status.state == "ready")
        app.change_setting("model.name", SMOL)
        await until(pilot, lambda: app.engine.status.state == "no model")
        await until(pilot, lambda: app.settings.model.name == GEMMA)
        await pilot.pause(0.2)
        assert app.engine.status.state == "no model"


async def test_another_model_may_follow_instructions(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await go_to(app, pilot, SMOL)
        await pilot.press("i")
        assert app.settings.models.instruct == SMOL
        await until(pilot, lambda: "instructs" in text_of(app))
        await pilot.press("i")
        assert app.settings.models.instruct == ""


async def test_a_download_is_asked_for_and_says_where_it_goes(
    make_app: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example")
    begun: list[str] = []
    app = make_app(tmp_path / "draft.md")
    monkeypatch.setattr(app.models, "download", begun.append)
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        await go_to(app, pilot, "qwen3-0.6b-base")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Question))
        assert isinstance(app.screen, Question)
        body = app.screen._body
        assert "asks hub.example for it and fetches 639 MB" in body
        assert "Nothing of your drafts, your settings or your log is sent" in body
        assert "Licence: Apache-2.0" in body
        await pilot.press("enter")
        assert isinstance(app.screen, ModelsScreen), "enter connects to nothing"
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("n")
        assert begun == []
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("y")
        assert begun == ["qwen3-0.6b-base"]


async def test_a_job_is_followed_and_its_end_told(make_app: Make, tmp_path: Path) -> None:
    program = (
        "import sys, time, signal\n"
        "signal.signal(signal.SIGINT, lambda *_: sys.exit(130))\n"
        "print('Downloading: 5 of 229 MB (2%)', file=sys.stderr, flush=True)\n"
        "time.sleep(60)\n"
    )
    app = make_app(tmp_path / "draft.md")
    told: list[str] = []
    async with app.run_test(size=SIZE) as pilot:
        await opened(app, pilot)
        app.toasts.say = lambda *words: told.append(" ".join(words))  # type: ignore[method-assign]
        real = sys.executable
        fake = tmp_path / "python"
        fake.write_text(f"#!{real}\n{program}")
        fake.chmod(0o755)
        sys.executable = str(fake)
        try:
            app.models.download("lfm2-350m")
        finally:
            sys.executable = real
        await until(pilot, lambda: "5 of 229 MB (2%) c cancels" in words_of(app))
        app.models.measure("another")
        assert app.models.now is not None
        assert app.models.now.name == "lfm2-350m", "one at a time"
        await pilot.press("c")
        await until(pilot, lambda: app.models.now is None)
        assert told == []
        await until(pilot, lambda: "enter writes" in text_of(app))


async def test_what_a_failed_job_said_is_told(make_app: Make, tmp_path: Path) -> None:
    from cowrite.tui.window.model_jobs import ModelJob

    app = make_app(tmp_path / "draft.md")
    told: list[str] = []
    async with app.run_test(size=SIZE) as pilot:
        app.toasts.say = lambda *words: told.append(" ".join(words))  # type: ignore[method-assign]
        app.models.now = ModelJob("x", "downloading")
        for line in ("Asking hub.example about x.", "cowrite: No network.", "Try again."):
            app.post_message(ModelJobTold(line))
        app.post_message(ModelJobTold("", 1))
        await until(pilot, lambda: told)
    assert told == ["No network. Try again. warning"]


def test_speeds_are_told_with_how_they_are_known(paths: Paths) -> None:
    known = {one.name: one for one in advise(paths, Machine(None, None))}[GEMMA]
    machine = Machine(None, None, 0, {known.sha256: Speed(known.size, 50.0, 30.0)})
    found = {one.name: one.speed for one in advise(paths, machine)}
    assert found[GEMMA] == Speed(known.size, 50.0, 30.0)
    assert found[SMOL] is not None
    assert not found[SMOL].measured
