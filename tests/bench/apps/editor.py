"""The editor alone, over a session without a journal or a model."""

import sys
from pathlib import Path

from textual.app import App, ComposeResult

from cowrite.core.events import Body
from cowrite.core.provenance import FILE, one_run
from cowrite.session.suggesting import Suggesting
from cowrite.tui.widgets.editor import Editor


class NoLog:
    def append(self, body: Body, *, durable: bool = False) -> None:
        pass


class Alone(App[None]):
    def compose(self) -> ComposeResult:
        text = Path(sys.argv[1]).read_text(encoding="utf-8")
        session = Suggesting(text, one_run(len(text), FILE), NoLog())
        editor = Editor(session)
        session.listener = editor
        yield editor


Alone().run()
