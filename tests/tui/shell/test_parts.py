"""The window is made of parts: settings are checked and told, and each thread's message has one part."""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.config import Settings
from cowrite.errors import CowriteError, UsageError
from cowrite.paths import Paths
from cowrite.tui import services
from cowrite.tui.app import CowriteApp
from cowrite.tui.parts import PartMessage, pass_on
from cowrite.tui.window import messages
from cowrite.tui.window.settings import SettingsHub

ROOT = Path(__file__).resolve().parents[3]


class Said(PartMessage):
    """A message of this test."""


class Deaf:
    """A part that answers nothing."""


class Hears:
    """A part that answers at once."""

    def __init__(self) -> None:
        self.heard: list[Said] = []

    def on_said(self, message: Said) -> None:
        self.heard.append(message)


class HearsLater(Hears):
    """A part that takes a moment."""

    async def on_said(self, message: Said) -> None:  # type: ignore[override]
        self.heard.append(message)


@pytest.mark.parametrize("kind", [Hears, HearsLater])
async def test_a_message_finds_its_part(kind: type[Hears]) -> None:
    part, message = kind(), Said()
    await pass_on(message, [Deaf(), part, Hears()])
    assert part.heard == [message]
    assert message._stop_propagation, "it is answered"
    lonely = Said()
    await pass_on(lonely, [Deaf()])
    assert not lonely._stop_propagation, "the next widget may have a part for it"


async def test_what_threads_tell_has_one_part(
    make_app: Callable[..., CowriteApp], tmp_path: Path
) -> None:
    app = make_app(tmp_path / "draft.md")
    kinds = [
        kind
        for _, kind in inspect.getmembers(messages, inspect.isclass)
        if issubclass(kind, PartMessage) and kind is not PartMessage
    ]
    parts = (app.feed, app.drafts, app.spelling, app.streak)
    answered = Counter(
        name for part in parts for name, _ in inspect.getmembers(part) if name.startswith("on_")
    )
    assert answered == Counter(kind.handler_name for kind in kinds)


# Settings


def test_a_setting_is_told_by_the_beginning_of_its_key(paths: Paths) -> None:
    hub = SettingsHub(Settings(), paths)
    told: list[tuple[str, str, int]] = []
    for prefix in ("editor.word_goal", "editor.", "", "ui."):
        hub.subscribe(
            prefix, lambda key, prefix=prefix: told.append((prefix, key, hub.now.editor.word_goal))
        )
    hub.change("editor.word_goal", 500, keep=False)
    key = "editor.word_goal"
    assert told == [(key, key, 500), ("editor.", key, 500), ("", key, 500)]
    assert not paths.config_file.exists()
    hub.change("editor.word_goal", 600)
    assert "600" in paths.config_file.read_text()


@pytest.mark.parametrize("value", [600, "many"])
def test_a_setting_that_is_refused_leaves_all_as_it_was(paths: Paths, value: object) -> None:
    hub = SettingsHub(Settings(), paths)
    told: list[str] = []
    hub.subscribe("", told.append)

    def refuse(settings: Settings) -> None:
        raise UsageError(f"Not {settings.editor.word_goal}.", "Another one.")

    hub.check("editor.", refuse)
    before = hub.now
    with pytest.raises(CowriteError):
        hub.change("editor.word_goal", value)
    assert hub.now is before
    assert told == []
    assert not paths.config_file.exists()
    hub.change("ui.reduced_motion", True, keep=False)
    assert told == ["ui.reduced_motion"], "a check is asked about its own settings alone"


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("engine.remote", "http:/x", "must be an address with http:// or https://"),
        ("engine.remote", "http://example.org", "would get the draft unencrypted"),
        ("engine.remote_key_file", "/gone/key", "can't be read: No such file"),
        ("model.name", "gemmma", "There is no model 'gemmma'."),
        ("models.instruct", "/gone/model.gguf", "There is no file /gone/model.gguf."),
    ],
)
def test_what_the_start_would_refuse_is_refused_when_it_is_set(
    paths: Paths, key: str, value: str, says: str
) -> None:
    hub = SettingsHub(Settings(), paths)
    with pytest.raises(CowriteError, match=re.escape(says)):
        hub.change(key, value)
    assert hub.now == Settings()
    assert not paths.config_file.exists()
    hub.change("engine.remote", "never")
    assert hub.now.engine.remote == "never"


# Screens and features know the window by its services


def test_screens_and_features_know_no_app() -> None:
    rooms = ("draft", "screens", "editor", "widgets", "commands")
    for room in rooms:
        for path in (ROOT / "cowrite" / "tui" / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            used = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            assert "cowrite.tui.app" not in used, path
            assert "cowrite.tui.window.base" not in used, path


def test_a_window_is_a_few_names() -> None:
    for protocol in (services.Window, services.Drafts, services.OpenDraft):
        names = {name for name in vars(protocol) if not name.startswith("_")}
        names |= set(vars(protocol).get("__annotations__", ()))
        assert len(names) <= 20, protocol.__name__
