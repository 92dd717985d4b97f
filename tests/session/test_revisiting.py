"""Going back to what was generated: the journal has a request of its own for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cowrite.core.edits import Part
from cowrite.core.events import Body, Generated, Requested
from cowrite.core.outcome import Outcome
from cowrite.core.suggestion import Candidate, Timings, Token
from cowrite.engine.protocol import Chunk, Done, EngineState, Finished, StateChanged
from cowrite.session.revisiting import Earlier, Revisiting


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

    def warm(self, context: Any) -> None: ...

    def suggest(self, request_id: str, context: Any, params: Any) -> None:
        self.asked.append((request_id, context.before))

    def cancel(self, request_id: str | None = None) -> None: ...


def session(text: str) -> tuple[Revisiting, Log, Engine]:
    log, engine = Log(), Engine()
    made = Revisiting(text, (), log)
    made.engine = engine
    made.receive(StateChanged(EngineState.READY))
    made.select(len(text), len(text))
    return made, log, engine


def tokens(*pieces: str) -> tuple[Token, ...]:
    return tuple(Token(piece, -1.0, ((piece, -1.0), (" other", -2.0))) for piece in pieces)


AGAIN = Earlier(
    "old",
    (Candidate(" the end.", tokens(" the", " end", ".")), Candidate(" a start.", ())),
    Outcome.REJECTED,
    "2026-01-01T00:00:00Z",
)


def test_an_earlier_suggestion_is_a_ghost_again() -> None:
    draft, log, _ = session("It was")
    assert draft.revisit(AGAIN, 1)
    assert draft.ghost == " a start."
    (asked,) = log.of(Requested)
    (made,) = log.of(Generated)
    assert asked.parent_id == "old"
    assert made.suggestion_id == asked.suggestion_id != "old"
    assert draft.cycle(1)
    assert draft.accept(Part.ALL) == " the end."
    assert draft.document.text == "It was the end."
    assert draft.suggestion is None


def test_nothing_to_go_back_to() -> None:
    draft, log, _ = session("It was")
    assert not draft.revisit(AGAIN, 2)
    assert not draft.ask_from(0, 0)
    assert log.of(Requested) == []


def answered(draft: Revisiting, identity: str, *texts: Candidate) -> None:
    for index, candidate in enumerate(texts):
        draft.receive(Chunk(identity, index, candidate.text))
        draft.receive(Finished(identity, index, candidate))
    draft.receive(Done(identity, texts, 3, 2, Timings()))


def test_another_word_in_the_middle_is_gone_on_from() -> None:
    draft, log, engine = session("It was")
    draft.ask()
    answered(draft, engine.asked[0][0], *[Candidate(" the end.", tokens(" the", " end", "."))] * 3)
    assert draft.ask_from(1, 1)
    identity, before = engine.asked[1]
    assert before == "It was the other"
    assert draft.ghost == " the other"
    draft.receive(Chunk(identity, 0, " day."))
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
    draft.reject()
    assert draft.document.text == "It was"
