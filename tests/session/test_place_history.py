"""The history of a place: found by the words before it, over sessions, with what went on from each text."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from engines import READY
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.edits import Part
from cowrite.core.events import Closed, Generated, Requested
from cowrite.core.replay import Replay
from cowrite.core.suggestion import Candidate, Timings, Token
from cowrite.engine.protocol import Done
from cowrite.logbook.place_history import Found, Node, earlier, read_history, root_at, target_of
from cowrite.session.draft import DraftSession
from cowrite.store import LogReader, Store
from cowrite.store import generations as places
from cowrite.store.generations import GapText, place_key


class Engine:
    """Answers at once, with the texts that it is given."""

    def __init__(self) -> None:
        self.session: DraftSession | None = None
        self.texts: tuple[str, ...] = ("a", "b", "c")
        self.status = READY

    def prepare(self, task: Any) -> None: ...

    def instruct(self, request_id: str, task: Any, params: Any) -> None: ...

    def warm(self, context: Any, params: object = None) -> None: ...

    def cancel(self, request_id: str | None = None) -> None: ...

    def suggest(self, request_id: str, context: Any, params: Any, *, plain: bool = False) -> None:
        self.asked = request_id

    def answer(self) -> None:
        assert self.session is not None
        candidates = tuple(Candidate(text, (Token(text, -1.0),)) for text in self.texts)
        self.session.answers.receive(Done(self.asked, candidates, 3, 2, Timings(1.0, 1.0, 2.0)))


class Desk:
    """A log with a draft that is opened again and again."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "draft.md"
        self.store = Store.open(folder / "log.sqlite3")
        self.cache = folder / "places.sqlite3"
        self.open()

    def open(self) -> None:
        self.engine = Engine()
        self.session = DraftSession.open(self.file, store=self.store, engine=self.engine)
        self.engine.session = self.session
        self.session.select(len(self.session.document), len(self.session.document))

    def again(self) -> None:
        self.session.file.save()
        self.session.close()
        self.open()

    def ask(self, *texts: str, take: int | None = None, part: Part = Part.ALL) -> None:
        self.engine.texts = texts
        self.session.requests.ask()
        self.engine.answer()
        if take is not None:
            self.session.suggestions.choose(take)
            self.session.accepting.accept(part)

    def history(self) -> tuple[Node, ...]:
        session, told = self.session, []
        assert session.journal is not None
        root = root_at(session.document, session.provenance, session.cursor)
        read_history(
            self.store, session.journal, self.file, root, self.cache, told.append, lambda: True
        )
        found: Found = told[-1]
        assert found.done
        return found.nodes

    def show(self, node: Node) -> None:
        session = self.session
        root = root_at(session.document, session.provenance, session.cursor)
        target = target_of(session.document, session.provenance, root, node)
        assert target is not None
        logged = places.generated(self.store.reader, node.suggestion_id)
        again, index = earlier(node, target, logged)
        assert session.requests.revisit(again, index, at=target.at, replaces=target.replaces)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def texts(nodes: tuple[Node, ...] | list[Node]) -> list[Any]:
    return [[node.text, texts(node.children)] if node.children else node.text for node in nodes]


def test_all_that_was_generated_at_a_place_is_a_tree(desk: Desk) -> None:
    desk.session.type("It was")
    desk.ask(" a.", " b c.")
    desk.session.suggestions.reject()
    desk.ask(" b c.", " d.", take=0, part=Part.WORD)
    desk.session.suggestions.reject()
    desk.ask(" e.", take=0)
    tree = [" a.", [" b c.", [" e."]], " d."]
    assert texts(desk.history()) == tree
    desk.again()
    assert texts(desk.history()) == tree
    desk.session.type(" Then")
    assert desk.history() == ()
    for _ in range(5):
        desk.session.undo()
    desk.session.select(8, 8)
    assert texts(desk.history()) == tree


def test_a_text_comes_back_in_the_place_of_what_was_taken(desk: Desk) -> None:
    desk.session.type("It was")
    desk.ask(" a.", " b.", take=0)
    desk.ask(" c.", " d.", take=1)
    first, second = desk.history()
    assert desk.session.document.text == "It was a. d."
    desk.show(second)
    assert (desk.session.ghost, desk.session.document.text) == (" b.", "It was a. d.")
    desk.session.accepting.accept(Part.ALL)
    assert desk.session.document.text == "It was b."
    desk.show(first.children[0])
    assert desk.session.ghost == " a. c."
    desk.session.accepting.accept(Part.ALL)
    assert desk.session.document.text == "It was a. c."
    # What was brought back is no text of its own.
    assert texts(desk.history()) == [[" a.", [" c.", " d."]], " b."]
    desk.session.undo()
    desk.session.undo()
    assert desk.session.document.text == "It was a. d."


def test_a_text_that_comes_back_has_its_tokens_and_the_others(desk: Desk) -> None:
    desk.session.type("It was")
    desk.ask(" a.", "", " b.")
    desk.session.suggestions.reject()
    desk.show(desk.history()[1])
    suggestion = desk.session.suggestion
    assert suggestion is not None
    assert (suggestion.texts, suggestion.index) == ([" a.", " b."], 1)
    assert desk.session.suggestion.finished[1].tokens == (Token(" b.", -1.0),)


def test_a_draft_with_carriage_returns(tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_bytes(b"One.\r\nIt was")
    desk = Desk(tmp_path)
    desk.ask(" a.\nB.", " c.", take=0)
    assert desk.session.document.text == "One.\r\nIt was a.\r\nB."
    desk.ask(" d.")
    desk.session.suggestions.reject()
    first, second = desk.history()
    assert texts((first, second)) == [[" a.\nB.", [" d."]], " c."]
    desk.show(second)
    desk.session.accepting.accept(Part.ALL)
    assert desk.session.document.text == "One.\r\nIt was c."


def test_carriage_returns_of_a_model_do_not_come_back(desk: Desk) -> None:
    desk.session.type("It was")
    desk.ask(" one\r\n two", " b.")
    desk.session.suggestions.reject()
    first, _ = desk.history()
    desk.show(first)
    assert (first.text, desk.session.ghost) == (" one\n two", " one\n two")


def test_places_are_those_that_reading_every_event_finds(desk: Desk) -> None:
    draw = random.Random(4)
    for _ in range(3):
        for _ in range(60):
            session = desk.session
            match draw.randrange(5):
                case 0:
                    place = draw.randrange(len(session.document) + 1)
                    session.select(place, place)
                case 1:
                    session.delete(max(0, session.cursor - 3), session.cursor)
                case 2:
                    session.undo()
                case 3:
                    desk.ask(" some words.", " other\nwords.", take=draw.choice([None, 0, 1]))
                case _:
                    session.type(draw.choice(["word ", "\n", "x"]))
        desk.again()
    desk.store.close()
    found = 0
    with LogReader.open(desk.store.path) as reader:
        for info in list(reader.sessions()):
            replay, wanted, ends = Replay(), [], {}
            for stamped in reader.events(info.session_id):
                body = stamped.body
                if isinstance(body, Requested):
                    before = replay.text[: body.position].replace("\r\n", "\n")
                    wanted.append((stamped.seq, place_key(before, whole=True)))
                if isinstance(body, Generated | Closed):
                    ends.setdefault(body.suggestion_id, []).append(body)
                replay.apply(body)
            known = places.sessions_of(reader, info.document, info.session_id)
            ((number, _, last),) = [one for one in known if one[1] == info.session_id]
            assert last == stamped.seq
            marks = [mark for mark in places.marks_of(reader, number) if mark is not None]
            assert marks == wanted
            for seq, _ in marks:
                made = places.generation(reader, number, seq)
                assert made is not None
                generated, closed = ends[made.suggestion_id]
                assert made.texts == tuple(one.text for one in generated.candidates)
                assert (made.closing, made.closed) == (closed.closing, closed.candidate)
                assert places.generated(reader, made.suggestion_id) == generated.candidates
                found += 1
    assert found > 20


@given(
    st.text("ab\r\n", max_size=300),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 9), st.text("xyz", max_size=4))),
    st.integers(0, 400),
)
def test_a_text_with_a_gap_is_a_text(
    text: str, edits: list[tuple[int, int, str]], place: int
) -> None:
    gap = GapText(text)
    for start, gone, fresh in edits:
        start = min(start, len(text))
        gone = min(gone, len(text) - start)
        text = text[:start] + fresh + text[start + gone :]
        gap.replace(start, gone, fresh)
    place = min(place, len(text))
    before, whole = gap.before(place)
    size = min(place, 2 * places.PLACE_LENGTH + 2)
    assert before == text[place - size : place].replace("\r\n", "\n")
    assert whole == (size == place)


def test_a_short_text_is_a_place_of_its_own() -> None:
    assert place_key("It was", whole=True) != place_key("x" * 90 + "It was", whole=False)
    assert place_key("x" * 90, whole=True) == place_key("y" + "x" * 80, whole=False)
