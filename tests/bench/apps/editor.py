"""The editor alone, over a session without a journal or a model.

With `--stream` it asks at once and gets 50 tokens a second, for as long as it runs.
"""

import sys
from dataclasses import replace
from pathlib import Path

from textual.app import App, ComposeResult

from cowrite import files
from cowrite.core.context import Context
from cowrite.core.provenance import FILE, one_run
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, EngineState
from cowrite.session.draft import DraftSession
from cowrite.session.ports import EngineStatus
from cowrite.tui.editor.editor import Editor


class Streaming:
    """An engine that says a word each time it is asked to."""

    status = EngineStatus(EngineState.READY, connected=True)

    def __init__(self) -> None:
        self.request = ""

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None:
        pass

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.request = request_id

    def cancel(self, request_id: str | None = None) -> None:
        pass

    def word(self, session: DraftSession) -> None:
        suggestion = session.suggestion
        if suggestion is None or len(suggestion.ghost) > 1500:
            session.suggestions.reject()
            session.requests.ask()
        session.answers.receive(Chunk(self.request, 0, " word"))


class Alone(App[None]):
    def compose(self) -> ComposeResult:
        text = Path(sys.argv[1]).read_text(encoding="utf-8")
        engine = Streaming()
        loaded = replace(files.untitled(), text=text)
        session = DraftSession(loaded, one_run(len(text), FILE), engine=engine)
        editor = Editor(session)
        session.listener.pass_to(editor)
        yield editor
        if "--stream" in sys.argv:
            self.set_interval(1 / 50, lambda: engine.word(session))


Alone().run()
