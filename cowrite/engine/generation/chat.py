"""From a task to the tokens that a model sees: a conversation, or for a base model a text to go on with.

What is known before the instruction is comes first (notes, examples, the passage), so that it can be evaluated
while the instruction is typed. What the writer has written is never read as a control token.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from cowrite.core.chat_format import SLOT, ChatFormat
from cowrite.core.conversation import Speaker, Turn
from cowrite.core.shown import Said, SaidKind
from cowrite.core.task import Example, Task, TaskKind
from cowrite.engine.backend import Backend
from cowrite.engine.generation.prompt import Prompt

_NEAR = (1500, 400, 0)
"""Characters before the passage that are shown: less where there is no room for more."""

ROLES = {
    TaskKind.REWRITE: "You edit texts. Answer with the edited text alone, without any comment.",
    TaskKind.WRITE: "You write prose. Answer with what is to be written alone, without any comment.",
    TaskKind.ASK: "You answer questions about a text, shortly and from the text alone.",
}


class TooLongError(Exception):
    """The passage leaves the model no room for an answer."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a prompt. kind: what it is (`core.shown`). special: control tokens in it are such."""

    text: str
    kind: SaidKind = SaidKind.FORMAT
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
        known = [*_notes(task), Piece(before, SaidKind.DRAFT)]
        return Script(known, marks=("<",) if "<" not in before else ())
    return plain_script(task, before) if chat is None else chat_script(task, before, chat)


def _notes(task: Task) -> Iterator[Piece]:
    return (Piece(f"{one.strip()}\n\n", SaidKind.NOTE) for one in task.notes if one.strip())


def _draft(task: Task, before: str) -> Iterator[Piece]:
    """What stands before the place that something is written for."""
    if task.kind is TaskKind.WRITE and before.strip():
        yield Piece(f"{before.strip()}\n\n", SaidKind.DRAFT)


# For a model that goes on with a text


def plain_script(task: Task, before: str) -> Script:
    """Examples under labels, and the passage under the same ones: what follows is the answer."""
    first, middle, last = _labels(task)
    shown = (
        Piece(f"{_plain_turn(example, first, middle, last)} {example.answer}\n\n", SaidKind.EXAMPLE)
        for example in task.examples
    )
    passage = task.passage.strip()
    known = [*_notes(task), *shown, *_draft(task, before)]
    if passage:
        known.append(Piece(f"{first}: {passage}\n", SaidKind.PASSAGE))
    asked = "" if task.label else f"{middle}: {task.instruction.strip()}\n"
    marks = [f"\n{label}:" for label in (first, middle, last) if label]
    if "\n\n" not in passage:
        marks.append("\n\n")
    return Script(known, [Piece(f"{asked}{last}:", SaidKind.INSTRUCTION)], tuple(marks))


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
    opening = [Piece(f"{ROLES[task.kind]}\n\n"), *_notes(task)]
    known = [Piece(chat.first, special=True)]
    if chat.system:
        last = replace(opening[-1], text=opening[-1].text.rstrip())
        known += _turn(chat.system, *opening[:-1], last)
        opening = []
    for example in task.examples:
        asked = _asked(example.passage, example.instruction)
        known += _turn(chat.user, *opening, Piece(asked, SaidKind.EXAMPLE))
        known += _turn(chat.model, Piece(example.answer, SaidKind.EXAMPLE))
        opening = []
    start, _, end = chat.user.partition(SLOT)
    known += [Piece(start, special=True), *opening, *_draft(task, before)]
    if passage := task.passage.strip():
        known.append(Piece(f"{passage}\n\n", SaidKind.PASSAGE))
    rest = [
        Piece(task.instruction.strip(), SaidKind.INSTRUCTION),
        Piece(end + chat.asks, special=True),
    ]
    return Script(known, rest, (chat.ends,) if chat.ends else ())


def _asked(passage: str, instruction: str) -> str:
    return f"{passage}\n\n{instruction}" if passage else instruction


def _turn(form: str, *said: Piece) -> Iterator[Piece]:
    start, _, end = form.partition(SLOT)
    yield Piece(start, special=True)
    yield from said
    yield Piece(end, special=True)


def conversation(turns: Sequence[Turn], chat: ChatFormat) -> Script:
    """Turns as they are, and the beginning of the model's next one. What the system says comes first in the
    user's first turn where the model knows no such turn.
    """
    said = [Piece(chat.first, special=True)]
    waiting: list[Piece] = []
    for turn in turns:
        if turn.speaker is Speaker.SYSTEM and not chat.system:
            waiting.append(Piece(f"{turn.text.strip()}\n\n", SaidKind.INSTRUCTION))
            continue
        form = {Speaker.SYSTEM: chat.system, Speaker.USER: chat.user, Speaker.MODEL: chat.model}
        said += _turn(form[turn.speaker], *waiting, Piece(turn.text, SaidKind.INSTRUCTION))
        waiting = []
    if waiting:
        said += _turn(chat.user, *waiting)
    said.append(Piece(chat.asks, special=True))
    return Script(said, marks=(chat.ends,) if chat.ends else ())


# Tokens


def conversation_prompt(
    turns: Sequence[Turn], backend: Backend, chat: ChatFormat, room: int
) -> tuple[Prompt, Script]:
    """The prompt of a conversation, at most `room` tokens, and what it says. Raises TooLongError."""
    said = conversation(turns, chat)
    tokens = [token for run in _tokens(_runs(said.known), backend) for token in run]
    if len(tokens) > room:
        raise TooLongError
    return Prompt(tuple(tokens or [backend.facts.blank])), said


def task_prompt(
    task: Task, backend: Backend, chat: ChatFormat | None, room: int, *, known_only: bool
) -> tuple[Prompt, Script]:
    """The prompt of a task, at most `room` tokens, and what it says.

    known_only: only what can be evaluated before the instruction is known. Where there is too little room, what
    stands before the passage gives way, and then the notes. Raises TooLongError.
    """
    bare = [(replace(task, notes=()), 0)] if task.notes else []
    for shown, most in [*((task, most) for most in _NEAR), *bare]:
        said = script(shown, task.before[-most:] if most else "", chat)
        runs = _runs(said.known) + ([] if known_only else _runs(said.rest))
        tokens = [token for run in _tokens(runs, backend) for token in run]
        if len(tokens) <= room:
            return Prompt(tuple(tokens or [backend.facts.blank])), said
    raise TooLongError


def _runs(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Neighbours that are of the text together, so that tokens are made of them as of one."""
    out: list[list[Piece]] = []
    for piece in pieces:
        if piece.text:
            if out and not piece.special and not out[-1][-1].special:
                out[-1].append(piece)
            else:
                out.append([piece])
    return out


def _tokens(runs: Iterable[list[Piece]], backend: Backend) -> Iterator[list[int]]:
    """The tokens of each run; the start token comes once, with the first."""
    start = [] if backend.facts.start is None else [backend.facts.start]
    first = True
    for run in runs:
        made = backend.tokenize("".join(piece.text for piece in run), special=run[0].special)
        if first:
            made = [*start, *(made[1:] if start and made[:1] == start else made)]
        first = False
        yield made
    if first and start:
        yield start


def said_parts(script: Script, backend: Backend) -> Iterator[Said]:
    """What is said, part by part, with the tokens that end in each."""
    runs = _runs(script.known) + _runs(script.rest)
    for run, tokens in zip(runs, _tokens(runs, backend), strict=False):
        ends = list(accumulate(len(backend.piece(token)) for token in tokens))
        place = done = 0
        for piece in run:
            place += len(piece.text.encode("utf-8", "replace"))
            until = len(ends) if piece is run[-1] else bisect_right(ends, place)
            yield Said(piece.kind, piece.text, until - done)
            done = until
