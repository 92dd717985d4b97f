"""A tiny app around the editor, and a session without a file, a journal or an engine."""

from __future__ import annotations

from collections.abc import Mapping

from engines import READY
from headless import headless
from textual import events
from textual.app import App, ComposeResult

from cowrite.core.context import Context
from cowrite.core.events import Body
from cowrite.core.suggestion import Candidate, Params, Timings
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, Done
from cowrite.engine.weigh import Weigh, Weighed
from cowrite.session.draft import DraftSession
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.editor import Editor


class ListLog:
    """Keeps events in a list."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []

    def append(self, body: Body, *, durable: bool = False) -> None:
        self.bodies.append(body)


class StillEngine:
    """Takes requests and says nothing by itself; `say` and `end` speak for it."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.weighing: list[Weigh] = []
        self.session: DraftSession | None = None
        self.status = READY

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None:
        pass

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.requests.append(request_id)

    def cancel(self, request_id: str | None = None) -> None:
        pass

    def weigh(self, message: Weigh) -> None:
        self.weighing.append(message)

    def weighed(self, heavy: Mapping[str, float] | None = None) -> Weighed:
        """An answer to what was asked last: sentences with a text of `heavy` counted so much, others
        nothing.
        """
        asked = self.weighing[-1]
        said = [asked.context.text[start:end] for start, end in asked.pieces]
        counted = (sum(n for word, n in (heavy or {}).items() if word in text) for text in said)
        losses = tuple(0.01 + n for n in counted) if asked.text else ()
        share = tuple(0.1 for _ in said) if asked.attention else ()
        tokens = tuple(len(text.split()) for text in said)
        return Weighed(asked.request_id, asked.context, 0, 99, tokens, losses, share, 1)

    def start(self) -> None:
        """It is there already."""

    def say(self, text: str, candidate: int = 0) -> None:
        assert self.session is not None
        self.session.answers.receive(Chunk(self.requests[-1], candidate, text))

    def end(self, *texts: str) -> None:
        assert self.session is not None
        candidates = tuple(Candidate(text) for text in texts)
        self.session.answers.receive(Done(self.requests[-1], candidates, 0, 0, Timings()))


class HostApp(App[None]):
    """The editor and nothing else."""

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        self.told: list[str] = []
        self.keys: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.editor

    def on_mount(self) -> None:
        self.editor.focus()

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)

    def on_editor_told(self, message: Editor.Told) -> None:
        self.told.append(message.message)


class Bench:
    """A session, its engine and the app that draws it."""

    def __init__(self, text: str, look: Look | None, keymap: Keymap | None) -> None:
        self.log = ListLog()
        self.engine = StillEngine()
        self.session = headless(text, self.log, engine=self.engine)
        self.engine.session = self.session
        self.editor = Editor(self.session, look=look, keymap=keymap)
        self.session.listener.pass_to(self.editor)
        self.app = HostApp(self.editor)

    @property
    def text(self) -> str:
        return self.session.document.text

    def rows(self) -> list[str]:
        """What the page shows, row by row."""
        return [self.editor.render_line(y).text.rstrip() for y in range(self.editor.size.height)]

    def styled(self, name: str) -> str:
        """The text of all runs that a layer lies over, rows divided by `|`."""
        rows = [
            "".join(text for text, names in row.runs if name in names) for row in self.editor._shown
        ]
        return "|".join(row for row in rows if row)
