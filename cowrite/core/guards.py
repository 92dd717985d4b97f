"""What is wrong with a model's answer to a task. Pure: the engine tries such an answer again, and who shows
one that stayed tells the writer.
"""

from __future__ import annotations

import re
from enum import StrEnum

from cowrite.core.task import Task

_WORD = re.compile(r"\w+")

_RUN = 8
"""Words in a row that nobody says twice by chance."""

_ECHO = 4
"""So many words of an instruction, in a row, are an echo of it."""


class Flaw(StrEnum):
    """One thing that is wrong with an answer, as it is told."""

    EMPTY = "it says nothing"
    ECHO = "it repeats the instruction"
    REPEATS = "it repeats itself"


def flaws(task: Task, text: str) -> tuple[Flaw, ...]:
    """What is wrong with this answer to the task, the worst first; nothing where it can be shown as it is."""
    words = _words(text)
    if not words:
        return (Flaw.EMPTY,)
    found = []
    if _echoes(task, words):
        found.append(Flaw.ECHO)
    if _repeated(words) > _repeated(_words(task.passage)):
        found.append(Flaw.REPEATS)
    return tuple(found)


def _words(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(text)]


def _echoes(task: Task, words: list[str]) -> bool:
    """Whether it says the instruction, or a long run of it that does not stand in the passage."""
    said = _words(task.instruction)
    size = min(_ECHO, len(said))
    own = _runs(_words(task.passage), size)
    return bool(size) and bool((_runs(words, size) & _runs(said, size)) - own)


def _runs(words: list[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)} if size else set()


def _repeated(words: list[str]) -> int:
    """How many runs of words stand there more than once."""
    count = max(0, len(words) - _RUN + 1)
    return count - len(_runs(words, _RUN))
