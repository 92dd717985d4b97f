"""From a task to the tokens that a model sees: a conversation, or for a base model a text to go on with.

What is known before the instruction is comes first (notes, examples, the passage), so that it can be evaluated
while the instruction is typed. What the writer has written is never read as a control token.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cowrite.core.chat_format import SLOT, ChatFormat
from cowrite.core.task import Example, Task, TaskKind
from cowrite.engine.backend import Backend
from cowrite.engine.generation.prompt import Prompt

_NEAR = (1500, 400, 0)
"""Characters before the passage that are shown: less where there is no room for more."""

_ROLES = {
    TaskKind.REWRITE: "You edit texts. Answer with the edited text alone, without any comment.",
    TaskKind.WRITE: "You write prose. Answer with what is to be written alone, without any comment.",
    TaskKind.ASK: "You answer questions about a text, shortly and from the text alone.",
}


class TooLongError(Exception):
    """The passage leaves the model no room for an answer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a prompt. special: it is the format's, and control tokens in it are such."""

    text: str
    special: bool = False


@dataclass(slots=True)
class Script:
    """What is said to a model: what is known before the instruction is, the rest, and what ends an answer."""

    known: list[Piece] = field(default_factory=list)
    rest: list[Piece] = field(default_factory=list)
    marks: tuple[str, ...] = ()


def script(task: Task, before: str, chat: ChatFormat | None) -> Script:
    """What is said for a task. before: as much of the draft before the passage as shall be shown."""
    if task.kind is TaskKind.WRITE and not task.instruction.strip():
        return Script([Piece(_notes(task) + before)], marks=("<",) if "<" not in before else ())
    return plain_script(task, before) if chat is None else chat_script(task, before, chat)


def _notes(task: Task) -> str:
    return "".join(f"{note.strip()}\n\n" for note in task.notes if note.strip())


# For a model that goes on with a text


def plain_script(task: Task, before: str) -> Script:
    """Examples under labels, and the passage under the same ones: what follows is the answer."""
    first, middle, last = _labels(task)
    shown = "".join(
        _plain_turn(example, first, middle, last) + f" {example.answer}\n\n"
        for example in task.examples
    )
    passage = task.passage.strip()
    so_far = f"{before.strip()}\n\n" if task.kind is TaskKind.WRITE and before.strip() else ""
    known = _notes(task) + shown + so_far + (f"{first}: {passage}\n" if passage else "")
    asked = "" if task.label else f"{middle}: {task.instruction.strip()}\n"
    marks = [f"\n{label}:" for label in (first, middle, last) if label]
    if "\n\n" not in passage:
        marks.append("\n\n")
    return Script([Piece(known)], [Piece(f"{asked}{last}:")], tuple(marks))


def _labels(task: Task) -> tuple[str, str, str]:
    """What stands before a passage, an instruction and an answer."""
    if task.label:
        return "Original", "", task.label
    if task.kind is TaskKind.ASK:
        return "Text", "Question", "Answer"
    return "Text", "Instruction", "Result"


def _plain_turn(example: Example, first: str, middle: str, last: str) -> str:
    passage = f"{first}: {example.passage}\n" if example.passage else ""
    asked = f"{middle}: {example.instruction}\n" if middle and example.instruction else ""
    return f"{passage}{asked}{last}:"


# For a model that was trained to answer


def chat_script(task: Task, before: str, chat: ChatFormat) -> Script:
    """The task as the last turn of a conversation, in which the examples were answered before."""
    role = _ROLES[task.kind]
    notes = _notes(task)
    opening = f"{role}\n\n{notes}".strip()
    known = [Piece(chat.first, special=True)]
    pending = ""
    if chat.system:
        known += _turn(chat.system, opening)
    else:
        pending = f"{opening}\n\n"
    for example in task.examples:
        known += _turn(chat.user, pending + _asked(example.passage, example.instruction))
        known += _turn(chat.model, example.answer)
        pending = ""
    start, _, end = chat.user.partition(SLOT)
    so_far = f"{before.strip()}\n\n" if task.kind is TaskKind.WRITE and before.strip() else ""
    passage = task.passage.strip()
    known += [
        Piece(start, special=True),
        Piece(pending + so_far + (f"{passage}\n\n" if passage else "")),
    ]
    rest = [Piece(task.instruction.strip()), Piece(end + chat.asks, special=True)]
    return Script(known, rest, (chat.ends,) if chat.ends else ())


def _asked(passage: str, instruction: str) -> str:
    return f"{passage}\n\n{instruction}" if passage else instruction


def _turn(form: str, text: str) -> Iterator[Piece]:
    start, _, end = form.partition(SLOT)
    yield Piece(start, special=True)
    yield Piece(text)
    yield Piece(end, special=True)


# Tokens


def task_prompt(
    task: Task, backend: Backend, chat: ChatFormat | None, room: int, *, known_only: bool
) -> tuple[Prompt, Script]:
    """The prompt of a task, at most `room` tokens, and what it says.

    known_only: only what can be evaluated before the instruction is known. Raises TooLongError.
    """
    for most in _NEAR:
        said = script(task, task.before[-most:] if most else "", chat)
        tokens = _tokens(said.known if known_only else [*said.known, *said.rest], backend)
        if len(tokens) <= room:
            return Prompt(tuple(tokens or [backend.facts.blank])), said
    raise TooLongError


def _tokens(pieces: list[Piece], backend: Backend) -> list[int]:
    """Neighbours of one sort are made into tokens together, and the start token comes once."""
    start = [] if backend.facts.start is None else [backend.facts.start]
    tokens = list(start)
    for piece in pieces:
        if piece.text:
            made = backend.tokenize(piece.text, special=piece.special)
            tokens += made[1:] if tokens == start and made[:1] == start and start else made
    return tokens
