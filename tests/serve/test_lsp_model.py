"""The language server with a real model, and how soon its first text is there, against the window's session.

The window paints besides, so that the ratio is rather too high than too low. Both are asked in turns, at the
same places of the same text, each with an engine of its own that the other's turn leaves alone.
"""

from __future__ import annotations

import queue
import statistics
import time
from dataclasses import replace
from pathlib import Path

import pytest
from language_client import LanguageClient
from real_models import model_file

from cowrite.config import Settings
from cowrite.engine.protocol import EngineOptions, EngineState, HostMessage, ModelFile
from cowrite.paths import user_paths
from cowrite.session.draft import DraftSession
from cowrite.session.engine_news import EngineNews, Unheard
from cowrite.session.engine_service import EngineService
from cowrite.session.found_model import FoundModel
from cowrite.session.options import request_options

pytestmark = pytest.mark.model

TALE = (
    "The rain had come down on the harbour since the morning, and the boats lay still. Old Marten sat in the "
    "window of the inn with a letter that he had read four times. "
)
PIECES = (
    "He folded it,", " and put it", " under the lamp,", " where nobody", " would look.", " Then the door",
    " was opened", " by a girl", " with a wet coat,", " who asked", " for the captain.", " He said",
)  # fmt: skip
PAUSE = 1.5
"""Seconds in which a model on two slow cores has read what was typed and written what may come."""


class Heard(Unheard):
    """Passes the engine's words on to one session."""

    session: DraftSession

    def engine_changed(self) -> None:
        self.session.engine_changed()

    def engine_said(self, message: HostMessage) -> None:
        self.session.receive(message)


class Windowed:
    """The session of a window, without the screen: the clock and the engine's words are taken as there."""

    def __init__(self, model: Path) -> None:
        self.news: queue.SimpleQueue[EngineNews] = queue.SimpleQueue()
        found = FoundModel(ModelFile("real", model, "0" * 64), EngineOptions())
        settings = Settings()
        self.engine = EngineService(
            lambda: settings, user_paths(), None, post=self.news.put, given=found
        )
        heard = Heard()
        self.engine.follow(heard)
        self.session = heard.session = DraftSession.open(
            None, store=None, engine=self.engine, options=replace(request_options(settings))
        )
        self.session.type(TALE)
        self.engine.start()
        while self.engine.status.state is not EngineState.READY:
            self.engine.take(self.news.get())

    def rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.session.pauses.tick()
            try:
                self.engine.take(self.news.get(timeout=0.05))
            except queue.Empty:
                continue

    def first_ms(self, piece: str, pause: float) -> float:
        self.session.type(piece)
        self.rest(pause)
        began = time.perf_counter()
        self.session.requests.ask()
        while not self.session.ghost:
            self.engine.take(self.news.get())
        passed = (time.perf_counter() - began) * 1000
        self.session.suggestions.reject()
        self.rest(0.3)
        return passed


class Edited:
    """The same in an editor."""

    def __init__(self, home: Path, model: Path) -> None:
        self.client = LanguageClient(home, model=str(model))
        self.client.initialize(draws=True, tellsShown=True)
        self.client.open("untitled:tale", TALE)
        self.size = len(TALE)
        self.client.items("untitled:tale", 0, self.size)

    def first_ms(self, piece: str, pause: float) -> float:
        client, uri = self.client, "untitled:tale"
        client.change(uri, (0, self.size, 0, self.size, piece))
        self.size += len(piece)
        time.sleep(pause)
        while not client.notifications.empty():
            client.notifications.get()
        began = time.perf_counter()
        asked = client.asking(uri, 0, self.size)
        first = client.notified("cowrite/ghost")
        passed = (time.perf_counter() - began) * 1000
        assert first["text"]
        client.command("cowrite.rejected", first["id"])
        client.answer(asked)
        time.sleep(0.3)
        return passed


def compare(home: Path, model: Path, pause: float) -> tuple[list[float], list[float]]:
    """Milliseconds to the first text: the window's session, and the editor's server."""
    windowed, edited = Windowed(model), Edited(home, model)
    one, other = [], []
    try:
        for piece in PIECES:
            one.append(windowed.first_ms(piece, pause))
            other.append(edited.first_ms(piece, pause))
    finally:
        windowed.engine.close()
        edited.client.process.kill()
        edited.client.process.wait()
    return one, other


@pytest.mark.slow
@pytest.mark.parametrize("pause", [0.0, PAUSE])
def test_the_first_text_is_there_as_soon_as_in_the_window(
    tmp_path: Path, pause: float, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    one, other = compare(tmp_path, model_file("gemma"), pause)
    here, there = statistics.median(one), statistics.median(other)
    print(f"\npause {pause} s: window {here:.1f} ms, editor {there:.1f} ms, {there / here:.2f}")
    assert there <= 1.3 * here + 2.0  # two milliseconds are a pipe's and two turns of the scheduler


def test_a_real_model_writes_into_an_editor(tmp_path: Path):
    with LanguageClient(tmp_path, model=str(model_file("cut smollm2").path)) as editor:
        editor.initialize()
        editor.open("untitled:tale", TALE + "He")
        items = editor.items("untitled:tale", 0, len(TALE) + 2)
        assert 1 <= len(items) <= 3
        assert all(item["insertText"].strip() for item in items)
        assert editor.end() == 0
