"""Rows of what the real session journals, under random hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from engines import READY
from headless import headless
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.context import Context
from cowrite.core.document import one_line_end
from cowrite.core.edits import Part
from cowrite.core.events import Body, Ended, Opened, Requested, SessionInfo, Stamped
from cowrite.core.figures import SessionFigures
from cowrite.core.outcome import Closing, Outcome
from cowrite.core.provenance import FILE, one_run
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.task import Task
from cowrite.engine.protocol import Done, Finished
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.settle import TOOK
from cowrite.feedback.summary import session_figures
from cowrite.session.ports import EngineStatus
from cowrite.store import Store

INFO = SessionInfo("s", "d", "/drafts/x.md", 0, None, "0.1.0")


@dataclass
class Bench:
    """A session with a journal in memory, an engine that answers at once, and a clock by hand."""

    text: str
    now: float = 0.0
    events: list[Stamped] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    status: EngineStatus = READY

    def __post_init__(self) -> None:
        runs = one_run(len(self.text), FILE)
        self.append(Opened(self.text, runs, "/drafts/x.md"))
        self.session = headless(self.text, self, engine=self, clock=lambda: self.now)

    def append(self, body: Body, *, durable: bool = False) -> None:
        now = round(self.now * 1000)
        self.events.append(Stamped(len(self.events) + 1, now, now, body))

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None: ...

    def cancel(self, request_id: str | None = None) -> None: ...

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.asked.append(request_id)

    def answer(self, *texts: str) -> None:
        ended = tuple(Candidate(text, (), StopReason.SENTENCE) for text in texts)
        for index, one in enumerate(ended):
            self.session.answers.receive(Finished(self.asked[-1], index, one))
        self.session.answers.receive(Done(self.asked[-1], ended, 4, 3, Timings(1.0, 2.0, 3.0)))


HANDS = (
    *(
        "type",
        "type",
        "type",
        "delete",
        "back",
        "write",
        "ask",
        "ask",
        "all",
        "word",
        "sentence",
        "pane",
        "reject",
        "cycle",
    ),
    *(
        "undo",
        "undo",
        "redo",
        "through",
        "through",
        "move",
        "select",
        "cut",
        "paste",
        "wait",
        "close",
    ),
)
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(HANDS),
        st.integers(0, 10_000),
        st.text(alphabet="ab .\n", min_size=1, max_size=5),
    ),
    max_size=50,
)


def play(text: str, actions: list[tuple[str, int, str]]) -> Bench:
    bench = Bench(text)
    session = bench.session
    clip = ""
    for action, number, words in actions:
        bench.now += (number % 40) / 10
        size = len(session.document)
        place = number % (size + 1)
        match action:
            case "type":
                for character in words:
                    session.type(character)
            case "delete":
                low = max(0, session.cursor - number % 4)
                session.delete(low, session.cursor)
            case "back":
                for _ in range(number % 9):
                    bench.now += (number % 90) / 10
                    session.delete(max(0, session.cursor - 1), session.cursor)
            case "write":
                for character in words * 4:
                    bench.now += (number % 90) / 10
                    session.type(character)
            case "ask":
                session.requests.ask()
                bench.answer(" " + words + " b.", words[::-1] + "a b", "")
            case "all" | "word" | "sentence":
                session.accepting.accept(Part(action))
            case "pane":
                session.accepting.accept_edited(words)
            case "reject":
                session.suggestions.reject()
            case "cycle":
                session.suggestions.cycle(1)
            case "undo":
                session.undo()
            case "redo":
                session.redo()
            case "through":
                session.type(session.ghost[: 1 + number % 3] or "a")
            case "move":
                session.select(place, place)
            case "select":
                session.select(place, min(size, place + 3))
            case "cut":
                clip = session.cut() or clip
            case "paste":
                session.paste(clip)
            case "wait":
                bench.now += number % 700
            case "close":
                bench.session.suggestions.leave(Closing.MOVED)
    bench.append(Ended(len(session.document), True))
    return bench


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(["", "One two.", "One\r\ntwo\r\n", "One\rtwo\r"]), ACTIONS)
def test_every_request_has_one_row_that_fits_the_draft(
    text: str, actions: list[tuple[str, int, str]]
) -> None:
    bench = play(text, actions)
    rows = list(suggestion_rows(INFO, bench.events))
    requests = [event.body for event in bench.events if isinstance(event.body, Requested)]
    assert [row.suggestion_id for row in rows] == [one.suggestion_id for one in requests]
    draft = one_line_end(bench.session.document.text)
    for row in rows:
        if row.outcome in TOOK:
            assert row.inserted_text
            assert row.chosen is not None
            assert row.final_text is not None
            assert row.final_text in draft
            assert row.survival[-1].at == "end"
            assert row.survival[-1].text == row.final_text
        else:
            assert (row.inserted_text, row.final_text, row.chosen, row.survival) == (
                "",
                None,
                None,
                (),
            )
        if row.outcome is Outcome.ACCEPTED and not row.in_pane and row.parts[-1] != "pane":
            assert row.final_text == row.inserted_text
            assert row.inserted_text == row.offered
        if row.outcome is Outcome.ACCEPTED_PARTIAL:
            assert row.offered.startswith(row.inserted_text)
        assert row.shown_ms >= max((one.shown_ms for one in row.candidates), default=0)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["", "One two."]), ACTIONS)
def test_figures_agree_with_the_draft_and_the_rows(
    text: str, actions: list[tuple[str, int, str]]
) -> None:
    bench = play(text, actions)
    found: SessionFigures = session_figures(INFO, bench.events)
    shares = bench.session.provenance.shares()
    assert found.shares == {author.value: count for author, count in shares.items()}
    assert found.length == len(bench.session.document)
    assert found.events == len(bench.events)
    rows = list(suggestion_rows(INFO, bench.events))
    total = sum(group.requests for _, _, group in found.groups)
    assert total == len(rows)
    assert sum(group.took for _, _, group in found.groups) == sum(
        row.outcome in TOOK for row in rows
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("log") / "log.sqlite3") as store:
        yield store


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["", "One two."]), ACTIONS)
def test_typing_in_one_piece_is_the_same_as_letter_by_letter(
    store: Store, text: str, actions: list[tuple[str, int, str]]
) -> None:
    bench = play(text, actions)
    info = replace(INFO, session_id=uuid4().hex)
    store.add_session(info, bench.events)
    name = info.session_id
    for tokens in (True, False):
        assert session_figures(info, store.reader.bursts(name, tokens=tokens)) == session_figures(
            info, bench.events
        )
    rows = list(suggestion_rows(info, store.reader.bursts(name)))
    assert rows == list(suggestion_rows(info, store.reader.events(name)))
