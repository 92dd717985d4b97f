"""What is wrong with a model's answer to a task. Pure: the engine tries such an answer again, and who shows
one that stayed tells the writer.

The models are small. They say the instruction again, or the passage, or an example; they go round in circles,
fall into another language, drop a name, and go on where they should stop. Each of these can be seen.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from cowrite.core.language import spoken
from cowrite.core.named import Named, names_and_numbers
from cowrite.core.presets import language_of
from cowrite.core.suggestion import StopReason
from cowrite.core.task import Task, TaskKind

_WORD = re.compile(r"\w+")

_RUN = 8
"""Words in a row that nobody says twice by chance."""

_COPY = 5
"""Words in a row that are taken from an example, where the passage doesn't say them, and"""
_LEAST_COPY = 3
"""words of an answer that is shorter than that, and is taken from there whole."""

_SHORT_RUN, _LEAST_RUNS, _ROUND = 3, 8, 0.2
"""Of runs of three words, where there are eight at least, no more than a fifth is said again in prose."""

_ECHO = 4
"""So many words of an instruction, in a row, are an echo of it, unless the passage has them all."""
_ENDING = 3
"""Letters by which two forms of a word differ, at most."""

_LEAST = 40
"""Characters below which no passage is short or long: `Yes.` may become `No, never.`"""

_LEAST_LANGUAGE = 6
"""Words below which a text is too short to be told in another language."""


class Flaw(StrEnum):
    """One thing that is wrong with an answer, as it is told."""

    EMPTY = "it says nothing"
    ECHO = "it repeats the instruction"
    EXAMPLE = "it repeats an example that the model was shown"
    NOTES = "it repeats your notes"
    REPEATS = "it repeats itself"
    LANGUAGE = "it is in another language"
    UNCHANGED = "it changes nothing"
    LOST = "it loses names or numbers"
    SHORT = "it is much too short"
    LONG = "it is much too long"
    CUT = "it does not come to an end"


def flaws(task: Task, text: str, stop: StopReason | None = None) -> tuple[Flaw, ...]:
    """What is wrong with this answer to the task, the worst first; nothing where it can be shown as it is.

    stop: why it ended, where that is known.
    """
    words = _words(text)
    if not words:
        return (Flaw.EMPTY,)
    found = {
        Flaw.ECHO: _echoes(task, words),
        Flaw.EXAMPLE: _from_example(task, words),
        Flaw.NOTES: _from_notes(task, words),
        Flaw.REPEATS: _goes_round(words, _words(task.passage)),
        Flaw.LANGUAGE: _other_language(task, text, words),
        Flaw.UNCHANGED: _stayed(task, words),
        Flaw.LOST: bool(lost(task, text)),
        Flaw.SHORT: _share(task, text) < task.expected.shortest,
        Flaw.LONG: _share(task, text) > task.expected.longest,
        Flaw.CUT: stop is StopReason.LENGTH,
    }
    return tuple(flaw for flaw, is_so in found.items() if is_so)


def lost(task: Task, text: str) -> tuple[Named, ...]:
    """The names and numbers of the passage that the answer does not say, where it should, in their order."""
    if task.kind is not TaskKind.REWRITE or not task.expected.keeps:
        return ()
    around = " ".join((*task.notes, task.before, task.after))
    kept = names_and_numbers(text, task.passage + " " + around)
    values = {named.value for named in kept} | set(_words(text))
    missing: dict[str, Named] = {}
    for named in names_and_numbers(task.passage, around):
        foreign = task.language not in ("", "en") and not named.text[0].isdigit()
        if named.value not in values and not (foreign and named.value.isdigit()):
            missing.setdefault(named.value, named)
    return tuple(missing.values())


def _words(text: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(text)]


def _echoes(task: Task, words: list[str]) -> bool:
    """Whether it says the instruction, or a long run of it that does not stand in the passage."""
    said = _words(task.instruction)
    if task.kind is TaskKind.ASK and words == said:
        return True
    if task.kind is not TaskKind.REWRITE:
        return len(said) >= _ECHO and words[: len(said)] == said
    if len(said) < _ECHO:
        return False
    own = set(_words(task.passage))
    shared = _runs(words, _ECHO) & _runs(said, _ECHO)
    return any(not all(_is_said(word, own) for word in run) for run in shared)


def _is_said(word: str, passage: set[str]) -> bool:
    """Whether a passage says a word in some form of it (`puts` for `put`), which an answer may take."""
    return word in passage or any(
        abs(len(word) - len(own)) <= _ENDING and (own.startswith(word) or word.startswith(own))
        for own in passage
    )


def _from_example(task: Task, words: list[str]) -> bool:
    """Whether it says a run of an example, or nothing else than a short answer that stands in one."""
    given = _words(task.passage + " " + task.before)
    size = min(_COPY, len(words)) if task.kind is TaskKind.REWRITE else _COPY
    if size < _LEAST_COPY:
        return False
    return bool(_runs(words, size) & _example_runs(task, size) - _runs(given, size))


def _from_notes(task: Task, words: list[str]) -> bool:
    """Whether it says a long run of what was only to be known. An answer to a question may."""
    if task.kind is TaskKind.ASK or not task.notes:
        return False
    own = _runs(_words(f"{task.passage} {task.before} {task.after} {task.instruction}"), _RUN)
    noted: set[tuple[str, ...]] = set().union(*(_runs(_words(one), _RUN) for one in task.notes))
    return bool(_runs(words, _RUN) & noted - own)


@lru_cache(maxsize=8)
def _example_runs(task: Task, size: int) -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for example in task.examples:
        found |= _runs(_words(example.passage), size) | _runs(_words(example.answer), size)
    return frozenset(found)


def _stayed(task: Task, words: list[str]) -> bool:
    if task.kind is not TaskKind.REWRITE or task.expected.may_stay:
        return False
    return words == _words(task.passage)


def _other_language(task: Task, text: str, words: list[str]) -> bool:
    """Whether it speaks another language than it should, as far as that can be told.

    A translation that can't be told to be in the language that was asked for is one if it is in the
    passage's.
    """
    wanted = language_of(task)
    if not wanted or (len(words) < _LEAST_LANGUAGE and text.isascii()):
        return False
    heard = spoken(text)
    if heard:
        return heard.partition("-")[0] != wanted.partition("-")[0]
    if not task.language:
        return False
    own = set(_words(task.passage))
    same = sum(word in own for word in words)
    return spoken(task.passage) != wanted and 2 * same > len(words)


def _share(task: Task, text: str) -> float:
    """The answer's length in times the passage's; 1 where there is nothing to measure by."""
    passage = len(task.passage.strip())
    if task.kind is TaskKind.WRITE or not passage:
        return 1.0
    share = len(text.strip()) / max(passage, _LEAST)
    return max(share, task.expected.shortest) if passage < _LEAST else share


def _runs(words: list[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + size]) for at in range(len(words) - size + 1)} if size else set()


def _goes_round(words: list[str], passage: list[str]) -> bool:
    """Whether it says a long run twice, or much of it in short ones, more than the passage does."""
    if _repeated(words, _RUN) > _repeated(passage, _RUN):
        return True
    short = max(1, len(words) - _SHORT_RUN + 1)
    share = _repeated(words, _SHORT_RUN) / short
    usual = _repeated(passage, _SHORT_RUN) / max(1, len(passage) - _SHORT_RUN + 1)
    return short >= _LEAST_RUNS and share > max(_ROUND, 1.5 * usual)


def _repeated(words: list[str], size: int) -> int:
    """How many runs of words stand there more than once."""
    count = max(0, len(words) - size + 1)
    return count - len(_runs(words, size))
