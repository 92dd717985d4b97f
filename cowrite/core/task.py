"""What a model is told to do with a passage: the domain's word for an instruction that is ready to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.suggestion import Params, Sampling, StopAt


class TaskKind(StrEnum):
    """What becomes of the answer.

    rewrite: it stands in the passage's place. write: it stands where nothing was. ask: it is read, and the
    draft stays as it is.
    """

    REWRITE = "rewrite"
    WRITE = "write"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Example:
    """A passage and what became of it: what a small model learns more from than from any instruction.

    instruction: what was asked for.
    """

    passage: str
    answer: str
    instruction: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must be like, to be shown as a good one.

    shortest, longest: its length, in times the passage's. keeps: whether names and numbers of the passage
    must stand in it. may_stay: whether it may be the passage as it was.
    """

    shortest: float = 0.1
    longest: float = 4.0
    keeps: bool = True
    may_stay: bool = False


ANYTHING = Expected()


@dataclass(frozen=True, slots=True)
class Task:
    """One instruction to a model. Line ends are `\\n`. `core.presets` makes them.

    instruction: what is to be done, in whole words (a preset's text, or the writer's own); for `ask` the
    question. passage: the text that it is about; empty for `write`. before, after: the draft on both sides of
    it. notes: texts that the model is to know first, the stablest first. preset: the preset that the
    instruction comes from, empty for the writer's own words. language: in which language the answer is
    wanted, a code as `core.language` has it; empty for the passage's own. label: what an answer is called
    before it, where all examples are of this kind. examples: what the model is shown first.
    """

    kind: TaskKind
    instruction: str = ""
    passage: str = ""
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()
    preset: str = ""
    language: str = ""
    label: str = ""
    examples: tuple[Example, ...] = ()
    expected: Expected = ANYTHING

    @property
    def texts(self) -> tuple[str, ...]:
        """All that the writer has put in it."""
        return (self.instruction, self.passage, self.before, self.after, *self.notes)

    @property
    def known(self) -> str:
        """What the model is to know first, as one text."""
        return "\n\n".join(note.strip() for note in self.notes if note.strip())


TASK_SAMPLING = Sampling(
    temperature=0.6, top_k=40, min_p=0.1, dry_multiplier=0.8, dry_allowed_length=6
)
"""How answers are sampled: calmer than a ghost, and free to say what the passage says."""

LEAST_TOKENS = 48
MOST_TOKENS = 1024
FREE_TOKENS = 192
"""Tokens of an answer that has no passage to be measured by."""


def task_params(task: Task, *, n: int = 3, seed: int | None = None) -> Params:
    """What a request for this task asks for: `n` answers, each with the room that the task may take."""
    tokens = FREE_TOKENS
    if task.kind is TaskKind.REWRITE:
        longest = min(task.expected.longest, 3.0)
        tokens = max(LEAST_TOKENS, min(MOST_TOKENS, round(len(task.passage) / 3 * longest) + 16))
    return Params(n=n, max_tokens=tokens, stop=StopAt.NONE, seed=seed, sampling=TASK_SAMPLING)
