"""What the commands that give instructions share: a model that is asked, and answers that are looked at."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cowrite.core.context import sentences
from cowrite.core.guards import Flaw, flaws, lost
from cowrite.core.printable import printable
from cowrite.core.suggestion import Candidate
from cowrite.core.task import Task, task_params
from cowrite.errors import EngineError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from cowrite.config import Settings
    from cowrite.engine.protocol import HostMessage
    from cowrite.paths import Paths
    from cowrite.session.blocking_engine import BlockingEngine
    from cowrite.session.memory import Memory

MOST_ANSWERS = 16
MOST_INSTRUCTION = 2000
"""Characters of an instruction or a question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, what is wrong with it, and the names and numbers that it lost."""

    text: str
    flaws: tuple[Flaw, ...]
    lost: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether it can be shown as it is."""
        return not self.flaws

    @property
    def trouble(self) -> str:
        """What is wrong with it, as the end of a sentence."""
        return " and ".join(
            f"{flaw} ({', '.join(self.lost)})" if flaw is Flaw.LOST else flaw for flaw in self.flaws
        )

    def told(self) -> dict[str, Any]:
        """It as JSON has it."""
        return {
            "text": self.text,
            "flaws": [flaw.name.lower() for flaw in self.flaws],
            "lost": list(self.lost),
        }


class Instructor:
    """A loaded model that does tasks, one after the other. live: print answers as they are written."""

    def __init__(self, engine: BlockingEngine, sha256: str, memory: Memory, *, live: bool) -> None:
        self._engine, self._memory = engine, memory
        self.live = live
        """Whether what is asked for so is printed while it is written."""
        self.budget = engine.load().window_chars
        """The most characters of text worth asking about."""
        self.name, self.sha256 = engine.model_name, sha256

    def notes(self, words: str, instruction: str) -> tuple[str, ...]:
        """What of the draft's project goes with an instruction on these words."""
        return self._memory.notes_for(words, self.budget, instruction)

    def answers(
        self,
        task: Task,
        n: int,
        seed: int | None,
        *,
        live: bool = False,
        shortened: Callable[[str], str] | None = None,
    ) -> list[Answer]:
        """The answers to a task. Raises EngineError.

        live: this one's first answer may be printed while it is written, where a person looks on. shortened:
        what of an answer is taken; it is printed sentence by sentence then.
        """
        printer = _Live(shortened) if live and self.live else None
        done = self._engine.instruct(
            task,
            task_params(task, n=n, seed=seed),
            printer.take if printer is not None else lambda _message: None,
        )
        answers = [_judged(task, candidate) for candidate in done.candidates]
        if shortened is not None:
            answers = [replace(answer, text=shortened(answer.text)) for answer in answers]
        if printer is not None:
            printer.end(answers[0].text)
        return answers

    def told(self) -> dict[str, str]:
        """The model as JSON has it."""
        return {"name": self.name, "sha256": self.sha256}


def _judged(task: Task, candidate: Candidate) -> Answer:
    missing = tuple(one.text for one in lost(task, candidate.text))
    return Answer(candidate.text, flaws(task, candidate.text, candidate.stop), missing)


class _Live:
    """Prints the first answer while it is written. What is dropped can't be taken back: it is said to be so."""

    def __init__(self, shortened: Callable[[str], str] | None = None) -> None:
        self._shortened = shortened
        self._said = self._printed = ""

    def take(self, message: HostMessage) -> None:
        """Print what a message brings."""
        from cowrite.engine.protocol import Anew, Chunk

        if isinstance(message, Chunk) and message.candidate == 0:
            self._said += message.text
            ready = self._ready()
            if ready.startswith(self._printed):
                self._write(ready[len(self._printed) :])
        elif isinstance(message, Anew) and message.candidate == 0:
            self._said = ""
            self._drop()

    def _ready(self) -> str:
        """What of it can be printed: all, or the whole sentences of what is taken."""
        if self._shortened is None:
            return self._said
        last = max((start for start, _ in sentences(self._said)), default=0)
        return self._shortened(self._said[:last].rstrip())

    def end(self, text: str) -> None:
        """Print the rest of what the answer came to."""
        if not text.startswith(self._printed):
            self._drop()
        self._write(text[len(self._printed) :])
        if self._printed:
            sys.stdout.write("\n")
            sys.stdout.flush()

    def _drop(self) -> None:
        if self._printed:
            self._printed = ""
            sys.stdout.write("\n")
            sys.stdout.flush()
            sys.stderr.write("cowrite: that was no good; once more:\n")

    def _write(self, text: str) -> None:
        self._printed += text
        sys.stdout.write(printable(text, keep="\n\t"))
        sys.stdout.flush()


@contextmanager
def instructor(
    settings: Settings, paths: Paths, model: str | None, draft: Path | None, *, live: bool
) -> Iterator[Instructor]:
    """A model for instructions: the one that is named, else `models.instruct`, else the one that writes.

    draft: whose project it is told of. live: print answers as they are written, if a person looks on. Raises
    UsageError where the project is wrong, ModelError, EngineError.
    """
    from cowrite.cli import output
    from cowrite.engine.protocol import RunAhead
    from cowrite.session.asking_once import memory_once
    from cowrite.session.blocking_engine import blocking_engine
    from cowrite.session.found_model import find_engine

    memory, troubles = memory_once(draft)
    for trouble in troubles:
        output.note(f"cowrite: {trouble}")
    choice = model or settings.models.instruct or None
    with output.progress("Preparing the model") as advance:
        found = find_engine(settings, paths, choice, advance, draft=draft)
    if found.trouble:
        output.note(f"cowrite: {found.trouble}")
    options = replace(found.options, nice=0, run_ahead=RunAhead.OFF, kv_folder=None)
    with blocking_engine(replace(found, options=options), paths.engine_log) as engine:
        shown = live and sys.stdout.isatty()
        yield Instructor(engine, found.file.sha256, memory, live=shown)


def checked_count(n: int) -> int:
    """Raises UsageError for a number of answers that makes no sense."""
    if not 1 <= n <= MOST_ANSWERS:
        raise UsageError(f"-n must be 1 to {MOST_ANSWERS}, not {n}.", "For instance: -n 3")
    return n


def checked_words(what: str, text: str) -> str:
    """An instruction or a question, without space around it. Raises UsageError where it is none."""
    from cowrite.cli.streams import text_argument

    words = text_argument(what, text).strip()
    if not words:
        raise UsageError(f"{what} says nothing.", "Say it in words.")
    if len(words) > MOST_INSTRUCTION:
        raise UsageError(
            f"{what} has {len(words):,} characters; {MOST_INSTRUCTION:,} are the most.",
            "A small model follows a short sentence best.",
        )
    return words


def not_done(answer: Answer, what: str = "The model could not do that") -> EngineError:
    """The error for an answer that is no good."""
    hint = "Ask with another --seed, for less at once, or another --model; --anyway prints it."
    return EngineError(f"{what}: {answer.trouble}.", hint)
