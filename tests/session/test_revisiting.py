"""Going back to what was generated: the journal has a request of its own for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engines import READY
from headless import headless

from cowrite.core.accepted_spans import SpanTokens, span_at, span_tokens
from cowrite.core.edits import Part
from cowrite.core.events import Body, Closed, Edited, Generated, Requested
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Author
from cowrite.core.suggestion import Candidate, Earlier, Timings, Token
from cowrite.engine.protocol import Chunk, Done, Finished
from cowrite.session.draft import DraftSession
from cowrite.session.ports import EngineStatus


@dataclass
class Log:
    bodies: list[Body] = field(default_factory=list)

    def append(self, body: Body, *, durable: bool = False) -> None:
        self.bodies.append(body)

    def of(self, kind: Callable[..., Any]) -> list[Any]:
        return [body for body in self.bodies if isinstance(body, kind)]  # type: ignore[arg-type]


@dataclass
class Engine:
    asked: list[tuple[str, str]] = field(default_factory=list)
    status: EngineStatus = READY

    def prepare(self, task: Any) -> None: ...

    def instruct(self, request_id: str, task: Any, params: Any) -> None: ...

    def warm(self, context: Any, params: object = None) -> None: ...

    def suggest(self, request_id: str, context: Any, params: Any, *, plain: bool = False) -> None:
        self.asked.append((request_id, context.before))

    def cancel(self, request_id: str | None = None) -> None: ...


def session(text: str) -> tuple[DraftSession, Log, Engine]:
    log, engine = Log(), Engine()
    made = headless(text, log, engine=engine)
    made.select(len(text), len(text))
    return made, log, engine


def tokens(*pieces: str) -> tuple[Token, ...]:
    return tuple(Token(piece, -1.0, ((piece, -1.0), (" other", -2.0))) for piece in pieces)


AGAIN = Earlier(
    "old",
    (Candidate(" the end.", tokens(" the", " end", ".")), Candidate(" a start.", ())),
)


def test_an_earlier_suggestion_is_a_ghost_again() -> None:
    draft, log, _ = session("It was")
    assert draft.requests.revisit(AGAIN, 1)
    assert draft.ghost == " a start."
    (asked,) = log.of(Requested)
    (made,) = log.of(Generated)
    assert asked.parent_id == "old"
    assert made.suggestion_id == asked.suggestion_id != "old"
    assert draft.suggestions.cycle(1)
    assert draft.accepting.accept(Part.ALL) == " the end."
    assert draft.document.text == "It was the end."
    assert draft.suggestion is None


def test_nothing_to_go_back_to() -> None:
    draft, log, _ = session("It was")
    assert not draft.requests.revisit(AGAIN, 2)
    assert not draft.requests.ask_from(0, 0)
    assert log.of(Requested) == []


def answered(draft: DraftSession, identity: str, *texts: Candidate) -> None:
    for index, candidate in enumerate(texts):
        draft.answers.receive(Chunk(identity, index, candidate.text))
        draft.answers.receive(Finished(identity, index, candidate))
    draft.answers.receive(Done(identity, texts, 3, 2, Timings()))


def test_another_word_in_the_middle_is_gone_on_from() -> None:
    draft, log, engine = session("It was")
    draft.requests.ask()
    answered(draft, engine.asked[0][0], *[Candidate(" the end.", tokens(" the", " end", "."))] * 3)
    assert draft.requests.ask_from(1, 1)
    identity, before = engine.asked[1]
    assert before == "It was the other"
    assert draft.ghost == " the other"
    draft.answers.receive(Chunk(identity, 0, " day."))
    assert draft.ghost == " the other day."
    rest = Candidate(" day.", tokens(" day", "."))
    answered(draft, identity, rest, Candidate(" man.", tokens(" man", ".")), rest)
    assert draft.ghost == " the other day."
    made = log.of(Generated)[-1]
    assert [candidate.text for candidate in made.candidates][:2] == [
        " the other day.",
        " the other man.",
    ]
    assert [token.text for token in made.candidates[0].tokens] == [" the", " other", " day", "."]
    draft.suggestions.reject()
    assert draft.document.text == "It was"


END = Candidate(" the end of it.", tokens(" the", " end", " of", " it", "."))


def accepted(text: str = "It was") -> tuple[DraftSession, Log, Engine]:
    """A draft in which a suggestion was accepted, and something written behind it."""
    draft, log, engine = session(text)
    draft.requests.ask()
    answered(draft, engine.asked[-1][0], END, Candidate(" b.", ()), Candidate(" c.", ()))
    draft.accepting.accept(Part.ALL)
    for letter in " Then":
        draft.type(letter)
    return draft, log, engine


def made_first(log: Log) -> str:
    """The id of the first suggestion."""
    return str(log.of(Generated)[0].suggestion_id)


def tokens_at_cursor(draft: DraftSession, suggestion_id: str) -> SpanTokens | None:
    """The tokens of the accepted span that the cursor is in."""
    span = span_at(draft.provenance, draft.cursor)
    known = draft.answers.remembered(suggestion_id)
    assert span is not None
    assert known is not None
    return span_tokens(draft.document, span, known)


def test_another_word_in_an_accepted_span_replaces_the_rest_only_when_it_is_accepted() -> None:
    draft, log, engine = accepted()
    written = "It was the end of it. Then"
    identity = made_first(log)
    draft.select(14, 14)
    found = tokens_at_cursor(draft, identity)
    assert found is not None
    assert [draft.document.slice(*place) for place in found.places if place] == [
        " the",
        " end",
        " of",
        " it",
        ".",
    ]
    assert found.at(12) == 1
    assert draft.requests.ask_from_span(found, 1, 1)
    fresh, before = engine.asked[-1]
    assert before == "It was the other"
    answered(draft, fresh, *[Candidate(" day.", tokens(" day", "."))] * 3)
    assert (draft.ghost, draft.document.text) == (" other day.", written)
    asked = log.of(Requested)[-1]
    assert (asked.parent_id, asked.position, asked.window_end) == (identity, 10, 10)

    draft.suggestions.reject()
    assert draft.document.text == written

    draft.select(14, 14)
    assert draft.requests.ask_from_span(found, 1, 1)
    answered(draft, engine.asked[-1][0], *[Candidate(" day.", tokens(" day", "."))] * 3)
    assert draft.accepting.accept(Part.WORD) == " other"
    assert draft.document.text == "It was the other Then"
    draft.undo()
    assert (draft.ghost, draft.document.text) == (" other day.", written)
    draft.accepting.accept(Part.ALL)
    assert draft.document.text == "It was the other day. Then"
    assert draft.undo()
    assert draft.document.text == written
    assert [source.author for _, source in draft.provenance][-2:] == [Author.MODEL, Author.WRITER]
    assert draft.redo()
    assert draft.document.text == "It was the other day. Then"


def test_typing_through_a_ghost_in_a_span_takes_nothing_away() -> None:
    draft, log, engine = accepted()
    draft.select(14, 14)
    found = tokens_at_cursor(draft, made_first(log))
    assert found is not None
    assert draft.requests.ask_from_span(found, 1, 1)
    answered(draft, engine.asked[-1][0], *[Candidate(" day.", ())] * 3)
    draft.type(" ")
    assert draft.document.text == "It was the  end of it. Then"
    draft.accepting.accept(Part.ALL)
    assert draft.document.text == "It was the other day. Then"


def test_the_model_is_not_shown_what_is_to_be_replaced() -> None:
    draft, _, _ = accepted()
    assert draft.requests.context_at(10, 11).after == " Then"
    assert draft.requests.context_at(10).after == " end of it. Then"


def test_a_span_that_the_writer_changed_keeps_the_tokens_that_are_left() -> None:
    draft, log, _ = accepted()
    draft.select(11, 14)  # "end"
    for letter in "start":
        draft.type(letter)
    draft.select(12, 12)
    found = tokens_at_cursor(draft, made_first(log))
    assert found is not None
    assert draft.document.slice(found.span.start, found.span.end) == " the start of it."
    left = [place and draft.document.slice(*place) for place in found.places]
    assert left == [" the", " ", " of", " it", "."]
    assert found.at(20) == 3


def test_text_of_the_writer_s_own_is_no_span() -> None:
    draft, _, _ = accepted()
    draft.select(3, 3)
    assert span_at(draft.provenance, draft.cursor) is None
    draft.select(24, 24)
    assert span_at(draft.provenance, draft.cursor) is None


def test_an_earlier_suggestion_takes_the_place_of_an_accepted_one() -> None:
    draft, log, _ = accepted()
    assert draft.requests.revisit(AGAIN, 1, at=6, replaces=15)
    assert draft.document.text == "It was the end of it. Then"
    draft.suggestions.cycle(1)
    draft.accepting.accept(Part.ALL)
    assert draft.document.text == "It was the end. Then"
    gone, put = (edited.edit for edited in log.of(Edited)[-2:])
    assert (gone.deleted, put.inserted) == (" the end of it.", " the end.")
    assert log.of(Closed)[-1].closing is Closing.TAKEN


def test_an_empty_draft_is_begun() -> None:
    draft, log, engine = session("")
    contexts = []
    engine.suggest = lambda request_id, context, params, plain: contexts.append(context)  # type: ignore[method-assign]
    draft.requests.ask()
    assert contexts[0].head == log.of(Requested)[0].head == "Chapter One\n\n"
    draft.type("x")
    draft.requests.ask()
    assert contexts[1].head == "Chapter One\n\n"  # it stays while there is hardly a text
    draft.type("It rained. " * 20)
    draft.requests.ask()
    assert contexts[2].head == ""
