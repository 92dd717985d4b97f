"""From what the writer wants to what a model is told: the passage, and what of the draft goes with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cowrite.core import presets
from cowrite.core.context import context_at
from cowrite.core.document import Document, one_line_end
from cowrite.core.front_matter import front_matter
from cowrite.core.presets import Preset
from cowrite.core.task import Task, TaskKind
from cowrite.session.buffer import Buffer
from cowrite.session.ports import EnginePort, Listener

MOST_INSTRUCTION = 2000
"""Characters of an instruction: what is longer is a text."""
MOST_PASSAGE = 20_000
"""Characters of a passage, where the model can take that many."""
_AROUND = 1500
"""Characters of the draft before a passage that go with it, and"""
_BEHIND = 300
"""those behind it."""

_NAMING = 1500
"""Characters of a passage whose names count."""

Notes = Callable[[str, str], tuple[str, ...]]
"""What the model is to know first for an instruction (the second) on these words: the stablest first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the writer wants done with the draft from `start` to `end`.

    instruction: the writer's words. preset: the one that they stand for, None where they are their own.
    follows_up: whether it is about a result, and not about the draft. asks: whether it is a question.
    """

    instruction: str
    start: int
    end: int
    preset: Preset | None = None
    follows_up: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class MadeTask:
    """A task, and the offsets in the draft of its passage and of all that goes with it."""

    task: Task
    start: int
    end: int
    window_start: int
    window_end: int


class Tasks:
    """Makes tasks of wishes. What can't be asked is told to the writer."""

    def __init__(self, buffer: Buffer, listener: Listener, engine: EnginePort) -> None:
        self._buffer, self._listener, self._engine = buffer, listener, engine
        self._notes: Notes = lambda _words, _instruction: ()

    def know(self, notes: Notes) -> None:
        """Have these notes go with each task from now on."""
        self._notes = notes

    def make(self, wish: Wish, *, given: str | None = None) -> MadeTask | None:
        """The task for a wish; None where it can't be asked. given: the passage, where not the draft's."""
        status = self._engine.status
        if not status.can_ask:
            reason = status.reason or "the model is still being made ready"
            self._listener.notice(f"There is no model to ask: {reason}", severity="warning")
            return None
        preset = wish.preset
        instruction = (preset.instruction if preset is not None else "") or wish.instruction.strip()
        most = min(MOST_PASSAGE, status.window_chars // 2)
        start, end = trimmed(self._buffer.document, wish.start, wish.end)
        nothing = start == end and given is None
        wants_some = wish.end > wish.start or (
            preset is not None and preset.kind is TaskKind.REWRITE
        )
        trouble = _trouble(instruction, end - start, most, nothing and wants_some)
        if trouble:
            self._listener.notice(*trouble, "warning")
            return None
        return self._made(wish, instruction, (start, end), given)

    def prepare(self, start: int, end: int, preset: Preset | None = None) -> None:
        """The writer is about to say what shall be done there: let the model read the passage meanwhile.

        preset: what was said up to now, whose examples come before the passage; None for words of one's own.
        """
        if not self._engine.status.can_ask:
            return
        low, high = trimmed(self._buffer.document, start, end)
        if high - low <= min(MOST_PASSAGE, self._engine.status.window_chars // 2):
            wish = Wish("", start, end, preset)
            self._engine.prepare(self._made(wish, "", (low, high), None).task)

    def here(self, start: int, end: int) -> Task:
        """What is told of a part of the draft before there is an instruction."""
        place = trimmed(self._buffer.document, start, end)
        return self._made(Wish("", start, end), "", place, None).task

    def _made(
        self,
        wish: Wish,
        instruction: str,
        place: tuple[int, int],
        given: str | None,
    ) -> MadeTask:
        return made_task(self._buffer.document, self._notes, wish, instruction, place, given)


def made_task(
    document: Document,
    notes: Notes,
    wish: Wish,
    instruction: str,
    place: tuple[int, int],
    given: str | None = None,
) -> MadeTask:
    """The task for a wish on this part of a draft. given: the passage, where not the draft's."""
    start, end = place
    before = context_at(document, start, budget=_AROUND, after_budget=0)
    behind = context_at(document, end, budget=1, after_budget=_BEHIND)
    passage = one_line_end(document.slice(start, end)) if given is None else given
    around: dict[str, Any] = {
        "before": before.before,
        "after": behind.after,
        "notes": notes(_naming(before.before, passage), instruction),
    }
    if wish.preset is not None:
        task = presets.task(wish.preset, passage, **around)
    elif wish.asks:
        task = presets.question(instruction, passage, notes=around["notes"])
    else:
        task = presets.own_task(instruction, passage, **around)
    if task.kind is TaskKind.WRITE:
        start = end  # what is written comes behind what it goes on from
    return MadeTask(task, start, end, before.start, behind.end)


def naming_words(task: Task) -> str:
    """The words of a task by whose names lore came in."""
    return _naming(task.before, task.passage)


def _naming(before: str, passage: str) -> str:
    return f"{before}\n{passage[:_NAMING]}"


def trimmed(document: Document, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends, and without front matter; empty where nothing is left."""
    fence = front_matter(document.line, document.line_count)
    start = max(start, document.line_start(fence) if 0 < fence < document.line_count else 0)
    end = max(start, end)
    text = document.slice(start, end)
    low = len(text) - len(text.lstrip())
    return (start + low, start + len(text.rstrip())) if text.strip() else (start, start)


def _trouble(instruction: str, size: int, most: int, nothing: bool) -> tuple[str, str] | None:
    """Why a wish can't be asked, and what to do about it."""
    if not instruction:
        return "Say what shall be done.", "For example: shorten, or plainer."
    if len(instruction) > MOST_INSTRUCTION:
        said = f"An instruction has {MOST_INSTRUCTION:,} characters at most."
        return said, f"This one has {len(instruction):,}."
    if size > most:
        said = f"The passage has {size:,} characters; the model can take {most:,} at once."
        return said, "Select less of it."
    if nothing:
        return "There is no prose to do that with.", "Select some words."
    return None
