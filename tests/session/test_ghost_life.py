"""The ghost as the writer sees it, the replay and the feedback read it: all three from the same events."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engines import READY
from headless import headless
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.accepted_spans import span_at, span_tokens
from cowrite.core.context import Context
from cowrite.core.edits import Part
from cowrite.core.events import GHOST, PANE, Body, Opened, Stamped
from cowrite.core.ghost import Ghosts, Suggestion
from cowrite.core.provenance import FILE, one_run
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, Done, Failed, Finished
from cowrite.feedback.outcomes import OutcomeReader
from cowrite.logbook.replay.player import Player
from cowrite.session.options import RequestOptions
from cowrite.session.ports import EngineStatus


@dataclass
class Table:
    """A session, its events, and an engine that speaks when it is told to."""

    text: str
    events: list[Stamped] = field(default_factory=list)
    status: EngineStatus = READY
    running: str = ""
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.append(Opened(self.text, one_run(len(self.text), FILE), None))
        options = RequestOptions(Params(n=2), auto_threshold=-1.5)
        self.session = headless(self.text, self, engine=self, options=options)

    def append(self, body: Body, *, durable: bool = False) -> None:
        number = len(self.events) + 1
        self.events.append(Stamped(number, number * 400, number * 400, body))

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None: ...

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.running, self.said = request_id, [""] * params.n

    def cancel(self, request_id: str | None = None) -> None:
        if request_id == self.running:
            self.finish()

    # What the model does

    def write(self, candidate: int, text: str) -> None:
        if self.running:
            self.said[candidate] += text
            self.session.answers.receive(Chunk(self.running, candidate, text))

    def end(self, candidate: int) -> None:
        if self.running:
            value = _candidate(self.said[candidate])
            self.session.answers.receive(Finished(self.running, candidate, value))

    def finish(self, *, drop: int | None = None) -> None:
        if self.running:
            made = ["" if index == drop else text for index, text in enumerate(self.said)]
            request, self.running = self.running, ""
            values = tuple(map(_candidate, made))
            self.session.answers.receive(Done(request, values, 2, 1, Timings()))

    def fail(self) -> None:
        if self.running:
            request, self.running = self.running, ""
            self.session.answers.receive(Failed(request, "It ended.", "Ask again."))

    def ask_from_span(self, number: int) -> None:
        session = self.session
        span = span_at(session.provenance, session.cursor)
        known = session.answers.remembered(span.suggestion_id) if span is not None else None
        if span is not None and known is not None:
            found = span_tokens(session.document, span, known)
            if found is not None:
                session.requests.ask_from_span(found, number % 3, 1)


def _candidate(text: str) -> Candidate:
    words = [word + " " for word in text.split(" ")]
    words[-1] = words[-1][:-1]
    tokens = tuple(Token(word, -1.0, ((word, -1.0), ("or", -2.0))) for word in words if word)
    return Candidate(text, tokens, StopReason.SENTENCE)


HANDS = (
    *("ask", "ask", "write", "write", "write", "other", "end", "finish", "finish", "drop", "fail"),
    *("all", "word", "word", "sentence", "pane", "through", "through", "cycle", "choose", "reject"),
    *(
        "back",
        "back",
        "undo",
        "undo",
        "redo",
        "type",
        "move",
        "cut",
        "paste",
        "auto",
        "span",
        "span",
    ),
    *("show", "show", "hide", "stop", "replace"),
    *(8 * ("asked",)),  # or little would ever be taken, let alone given back
)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(HANDS),
        st.integers(0, 60),
        st.text(alphabet="ab .\n", min_size=1, max_size=5),
    ),
    min_size=8,
    max_size=40,
)


def act(table: Table, hand: str, number: int, words: str) -> None:
    session = table.session
    size = len(session.document)
    match hand:
        case "ask" | "auto":
            session.requests.ask(auto=hand == "auto")
        case "asked":
            session.requests.ask()
            table.write(0, " one\ntwo. " + words)
            table.write(1, " one three.")
            if number % 3:
                table.finish()
        case "write" | "other":
            table.write(hand == "other", " " + words)
        case "end":
            table.end(number % 2)
        case "finish" | "drop":
            table.finish(drop=number % 2 if hand == "drop" else None)
        case "fail":
            table.fail()
        case "all" | "word" | "sentence":
            session.accepting.accept(Part(hand))
        case "pane":
            session.accepting.accept_edited(words)
        case "through":
            session.type(session.ghost[: 1 + number % 3] or "a")
        case "cycle":
            session.suggestions.cycle(1)
        case "choose":
            session.suggestions.choose(number % 2)
        case "reject":
            session.suggestions.reject()
        case "back":
            session.delete(session.cursor - 1 - number % 3, session.cursor)
        case "undo":
            session.undo()
        case "redo":
            session.redo()
        case "type":
            session.type(words)
        case "move":
            session.select(number % (size + 1), number % (size + 1))
        case "cut":
            session.select(number % (size + 1), min(size, number % (size + 1) + 3))
            session.cut()
        case "paste":
            session.paste(words)
        case "span":
            table.ask_from_span(number)
        case "show":
            ghost = session.ghost
            if session.suggestion is not None and session.suggestion.texts[number % 2]:
                session.suggestions.did_show(number % 2, PANE)
            assert session.ghost == ghost, "looking at the pane leaves the ghost as it is"
        case "hide":
            session.suggestions.did_close_pane()
        case "stop":
            session.suggestions.stop_writing()
        case "replace":
            session.replace_many([(0, min(size, 2), words)])


def compare(live: Suggestion, read: Suggestion) -> None:
    """What the events tell of a suggestion is what the session knows of it."""
    assert read.suggestion_id == live.suggestion_id
    assert read.position == live.position
    assert read.accepted.text == live.accepted.text
    assert read.accepted.parts == live.accepted.parts
    assert read.on_screen == live.on_screen
    if any(where == GHOST for _, where in live.on_screen):
        assert read.index == live.index


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["", "It was. ", "One\r\ntwo\r\n", "One\rtwo\r"]), ACTS)
def test_the_events_make_the_ghost_that_the_writer_sees(
    text: str, acts: list[tuple[str, int, str]]
) -> None:
    table = Table(text)
    table.session.select(len(text), len(text))
    ghosts, reader, read = Ghosts(), OutcomeReader(), 0
    for hand, number, words in acts:
        act(table, hand, number, words)
        for stamped in table.events[read:]:
            ghosts.apply(stamped.body)
            reader.feed(stamped)
        read = len(table.events)
        live = table.session.suggestion
        assert (ghosts.current is None) is (live is None)
        assert [trace.suggestion.closing for trace in reader._open] == [None] * (live is not None)
        if live is None or ghosts.current is None:
            continue
        compare(live, ghosts.current)
        compare(live, reader._open[0].suggestion)
        if live.done:
            assert ghosts.current.texts == live.texts
            assert (ghosts.current.ghost, ghosts.current.choices) == (live.ghost, live.choices)
        if live.on_screen and live.done:
            table.session.log.flush_moves()
            player = Player(table.events)
            player.go_end()
            assert player.suggestion is not None
            compare(live, player.suggestion)
            if table.session.ghost:
                assert player.ghost == table.session.ghost
            ghost = player.ghost
            player.go_start()
            player.go_end()
            assert player.ghost == ghost
    reader.close()


def test_the_engine_s_port_is_all_that_a_session_needs_of_it() -> None:
    """What the engine is can change under a session; it reads it again each time that it asks."""
    table = Table("It was")
    table.status = replace(READY, model_name="small", window_chars=3, adapter_name="mine")
    table.session.select(6, 6)
    table.session.requests.ask()
    table.status = replace(table.status, model_name="large", adapter_name="")
    table.session.requests.ask()
    from cowrite.core.events import Requested

    asked = [one.body for one in table.events if isinstance(one.body, Requested)]
    assert [(body.model_name, body.window_start) for body in asked] == [("small", 3), ("large", 3)]
    assert [body.adapter for body in asked] == ["mine@sha256:", None]
