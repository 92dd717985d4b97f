"""From a task to the tokens that a model sees."""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core.task import Task, TaskKind
from cowrite.engine.backend import Backend
from cowrite.engine.generation.prompt import Prompt

_NEAR = (1500, 400, 0)
"""Characters before the passage that are shown: less where there is no room for more."""


class TooLongError(Exception):
    """The passage leaves the model no room for an answer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a prompt. special: it is ours, and what looks like a control token in it is one."""

    text: str
    special: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What is said to a model: what is known before the instruction is, the rest, and what ends an answer."""

    known: tuple[Piece, ...]
    rest: tuple[Piece, ...]
    marks: tuple[str, ...]


def plain_script(task: Task, before: str) -> Script:
    """A task for a model that only goes on with a text."""
    around = f"{before}\n\n" if task.kind is TaskKind.WRITE and before else ""
    notes = "".join(f"{note.strip()}\n\n" for note in task.notes if note.strip())
    passage = f"Text: {task.passage.strip()}\n" if task.passage.strip() else ""
    return Script(
        (Piece(f"{notes}{around}{passage}"),),
        (Piece(f"Task: {task.instruction.strip()}\nAnswer:"),),
        ("\nText:", "\nTask:", "\nAnswer:"),
    )


def task_prompt(
    task: Task, backend: Backend, room: int, *, known_only: bool
) -> tuple[Prompt, Script]:
    """The prompt of a task, at most `room` tokens, and what it says.

    known_only: only what can be evaluated before the instruction is known. Raises TooLongError.
    """
    start = [] if backend.facts.start is None else [backend.facts.start]
    for most in _NEAR:
        script = plain_script(task, task.before[-most:] if most else "")
        pieces = script.known if known_only else script.known + script.rest
        tokens = [*start]
        for piece in pieces:
            if piece.text:
                tokens += backend.tokenize(piece.text, special=piece.special)
        if len(tokens) <= room:
            return Prompt(tuple(tokens or [backend.facts.blank])), script
    raise TooLongError
