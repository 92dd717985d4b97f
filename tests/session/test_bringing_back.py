"""Undoing an acceptance brings the ghost back with its siblings, however it was taken."""

from __future__ import annotations

import pytest
from engines import READY
from headless import headless
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.context import Context
from cowrite.core.edits import Part
from cowrite.core.events import Body, Requested
from cowrite.core.suggestion import Candidate, Params, Timings, Token, rest_of
from cowrite.core.task import Task
from cowrite.engine.protocol import Done
from cowrite.session.draft import DraftSession
from cowrite.session.ports import EngineStatus

TEXTS = (" was calm. It slept.", " was rough.", " roared.")


class Model:
    """Answers when it is told to, and keeps what was journaled."""

    status: EngineStatus = READY

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[Body] = []

    def append(self, body: Body, *, durable: bool = False) -> None:
        self.bodies.append(body)

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None: ...

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.asked.append(request_id)

    def cancel(self, request_id: str | None = None) -> None: ...


def asked(text: str, texts: tuple[str, ...] = TEXTS) -> tuple[DraftSession, Model]:
    """A session with these candidates on screen at the end of the draft."""
    model = Model()
    draft = headless(text, model, engine=model)
    draft.select(len(text), len(text))
    draft.requests.ask()
    candidates = tuple(Candidate(one, (Token(one, -1.0),)) for one in texts)
    draft.receive(Done(model.asked[-1], candidates, 10, 0, Timings()))
    return draft, model


@pytest.mark.parametrize("part", [Part.ALL, Part.SENTENCE, Part.WORD])
def test_undo_shows_the_ghost_and_the_others_again(part: Part) -> None:
    draft, _ = asked("The sea")
    draft.accepting.accept(part)
    assert draft.document.text != "The sea"
    assert draft.undo()
    assert (draft.document.text, draft.ghost) == ("The sea", TEXTS[0])
    assert draft.suggestions.choose(1)
    draft.accepting.accept(Part.ALL)
    assert draft.document.text == "The sea was rough."


def test_so_does_undo_of_what_was_changed_in_the_pane() -> None:
    draft, _ = asked("The sea")
    draft.accepting.accept_edited(" was calm again.")
    assert draft.document.text == "The sea was calm again."
    assert draft.undo()
    assert (draft.document.text, draft.ghost) == ("The sea", TEXTS[0])
    assert draft.suggestion is not None
    assert len(draft.suggestion.choices) == 3


def test_a_part_that_was_taken_later_is_back_with_those_that_begin_like_it() -> None:
    draft, model = asked("The sea")
    draft.accepting.accept(Part.WORD)
    draft.accepting.accept(Part.WORD)
    draft.type("!")  # which closes the ghost
    assert draft.suggestion is None
    draft.undo()
    assert draft.suggestion is None  # it took back a letter of the writer's
    draft.undo()
    assert (draft.document.text, draft.ghost) == ("The sea was", " calm. It slept.")
    assert draft.suggestion is not None
    assert draft.suggestion.texts == [" calm. It slept.", " rough."]
    again = model.bodies[-1]
    requests = [body for body in model.bodies if isinstance(body, Requested)]
    assert requests[-1].parent_id == requests[0].suggestion_id
    assert again is not None
    draft.undo()
    assert (draft.document.text, draft.ghost) == ("The sea", TEXTS[0])


def test_what_gave_way_stands_behind_it_again() -> None:
    draft, _ = asked("The sea")
    again = draft.answers.remembered(draft.suggestion.suggestion_id) if draft.suggestion else None
    draft.suggestions.reject()
    assert again is not None
    from cowrite.core.suggestion import Earlier

    draft.requests.revisit(Earlier("old", again), 1, at=3, replaces=4)
    draft.accepting.accept(Part.ALL)
    assert draft.document.text == "The was rough."
    draft.undo()
    assert (draft.document.text, draft.ghost) == ("The sea", " was rough.")
    assert draft.suggestion is not None
    assert draft.suggestion.replaces == 4


def test_undo_of_anything_else_brings_no_ghost() -> None:
    draft, _ = asked("The sea")
    draft.accepting.accept(Part.ALL)
    draft.paste(" Pasted.")
    draft.undo()
    assert draft.suggestion is None
    assert draft.undo()
    assert draft.ghost == TEXTS[0]
    draft.redo()
    assert draft.suggestion is None
    assert draft.document.text == "The sea" + TEXTS[0]


def test_lines_of_a_draft_with_other_line_ends() -> None:
    draft, _ = asked("One\r\nTwo", (" and\nthree.\nFour.", " else."))
    while draft.ghost.startswith(" and") or not draft.ghost.startswith("\nFour"):
        assert draft.accepting.accept(Part.WORD)
    draft.accepting.accept(Part.ALL)
    assert draft.document.text == "One\r\nTwo and\r\nthree.\r\nFour."
    draft.undo()
    assert draft.ghost == "\nFour."


@given(
    st.lists(st.sampled_from([" a", " b", "a", ".", "\n", "é", " ab"]), min_size=1, max_size=8),
    st.integers(0, 12),
)
def test_what_was_said_and_the_rest_are_the_candidate(pieces: list[str], size: int) -> None:
    candidate = Candidate("".join(pieces), tuple(Token(piece, -1.0) for piece in pieces))
    said = candidate.text[:size]
    rest = rest_of(candidate, said)
    if size >= len(candidate.text):
        assert rest is None
        return
    assert rest is not None
    assert said + rest.text == candidate.text
    assert "".join(token.text for token in rest.tokens) == rest.text
    assert rest_of(candidate, said + "#") is None
