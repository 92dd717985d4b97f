"""Edits as data, and the undo history made of them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from cowrite.core.provenance import Author, Runs, Source, joined


class Origin(StrEnum):
    """What made an edit."""

    TYPED = "typed"
    SUGGESTION = "suggestion"
    PASTE = "paste"
    CUT = "cut"
    UNDO = "undo"
    REDO = "redo"
    REPLACE = "replace"
    RELOAD = "reload"
    RECOVER = "recover"


class Part(StrEnum):
    """How much of a ghost an acceptance took."""

    ALL = "all"
    WORD = "word"
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    TYPED = "typed"
    """One character that the writer typed because the ghost said so."""
    PANE = "pane"
    """Changed by the writer before it was accepted."""
    HUNK = "hunk"
    """One change of a rewrite."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: at `start` (code points), `deleted` gave way to `inserted`.

    `runs` tells who wrote the inserted characters and `gone` who had written the deleted ones.
    """

    start: int
    deleted: str
    inserted: str
    origin: Origin
    runs: Runs = ()
    gone: Runs = ()
    suggestion_id: str | None = None
    candidate: int | None = None
    part: Part | None = None

    @property
    def end(self) -> int:
        """The offset behind the inserted text."""
        return self.start + len(self.inserted)


_NUMBERS = itertools.count()


@dataclass(slots=True)
class Step:
    """What one undo takes back: edits in the order they were made, and the selections around them.

    A selection is `(anchor, head)` in code points.
    """

    edits: list[Edit]
    before: tuple[int, int]
    after: tuple[int, int]
    open: bool = False
    """Whether typing may still be added to it."""
    number: int = field(default_factory=_NUMBERS.__next__, compare=False)
    """Which step it is, also when it was packed in between."""


RECENT = 200
"""Steps that are kept as they are. Older ones are packed: a day has thousands, and few are ever taken back."""


class Steps:
    """A stack of steps. The older ones are packed by the `recent`, in a fifth of the room (JSON)."""

    __slots__ = ("_gone", "_packed", "_recent", "_steps")

    def __init__(self, recent: int = RECENT) -> None:
        self._recent = recent
        self._packed: list[bytes] = []
        self._gone = 0
        """How many of the oldest pack are forgotten."""
        self._steps: list[Step] = []

    def __len__(self) -> int:
        return len(self._packed) * self._recent - self._gone + len(self._steps)

    def push(self, step: Step) -> None:
        self._steps.append(step)
        if len(self._steps) > 2 * self._recent:
            self._packed.append(_packed(self._steps[: self._recent]))
            del self._steps[: self._recent]

    def pop(self) -> Step:
        """Take the newest one. Raises IndexError where there is none."""
        if not self._steps and self._packed:
            self._steps = _unpacked(self._packed.pop())
            if not self._packed:
                del self._steps[: self._gone]
                self._gone = 0
        return self._steps.pop()

    @property
    def last(self) -> Step | None:
        """The newest one, which can be changed in place."""
        if self._packed and not self._steps:
            step = self.pop()  # which puts another list in the place of this one
            self._steps.append(step)
        return self._steps[-1] if self._steps else None

    def forget(self, count: int) -> None:
        """Let the oldest ones go."""
        if not self._packed:
            del self._steps[:count]
            return
        self._gone += count
        while self._packed and self._gone >= self._recent:
            del self._packed[0]
            self._gone -= self._recent
        if not self._packed:
            del self._steps[: self._gone]
            self._gone = 0

    def clear(self) -> None:
        self._packed.clear()
        self._steps.clear()
        self._gone = 0


def _packed(steps: list[Step]) -> bytes:
    plain = [
        ([_plain(edit) for edit in step.edits], step.before, step.after, step.open, step.number)
        for step in steps
    ]
    return json.dumps(plain, separators=(",", ":")).encode()


def _unpacked(data: bytes) -> list[Step]:
    return [
        Step([_edit(*edit) for edit in edits], (before[0], before[1]), (after[0], after[1]), *rest)
        for edits, before, after, *rest in json.loads(data)
    ]


def _plain(edit: Edit) -> tuple[Any, ...]:
    """`_edit` makes the edit of it; `astuple`, which copies all it finds, takes nine times as long."""
    sides = (
        [(length, (of.author, of.suggestion_id)) for length, of in runs]
        for runs in (edit.runs, edit.gone)
    )
    return (
        edit.start, edit.deleted, edit.inserted, edit.origin, *sides,
        edit.suggestion_id, edit.candidate, edit.part,
    )  # fmt: skip


def _edit(start: int, deleted: str, inserted: str, origin: str, *rest: Any) -> Edit:
    runs, gone, suggestion_id, candidate, part = rest
    part = None if part is None else Part(part)
    sides = _runs(runs), _runs(gone)
    return Edit(start, deleted, inserted, Origin(origin), *sides, suggestion_id, candidate, part)


def _runs(plain: Iterable[tuple[int, tuple[str, str | None]]]) -> Runs:
    return tuple((length, Source(Author(author), of)) for length, (author, of) in plain)


@dataclass(slots=True)
class History:
    """Undo and redo. Typing is grouped by word; an accepted suggestion, a paste, a cut is a step of its own."""

    limit: int = 10_000
    _done: Steps = field(default_factory=Steps)
    _undone: Steps = field(default_factory=Steps)

    def record(self, edit: Edit, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Remember an edit; joins it to the open step where a writer would expect one undo for both."""
        self._undone.clear()
        last = self._done.last
        if last is not None and last.open and _continues(last, edit):
            last.edits[-1:] = _together(last.edits[-1], edit)
            last.after = after
            return
        self._push(Step([edit], before, after, open=_groups(edit)))

    def record_step(
        self, edits: list[Edit], before: tuple[int, int], after: tuple[int, int]
    ) -> None:
        """Remember several edits (replace all) as one step."""
        if edits:
            self._undone.clear()
            self._push(Step(edits, before, after))

    def join_last(self, edit: Edit) -> None:
        """Let the last step take back this edit too, which was made just before its others."""
        if (last := self._done.last) is not None:
            last.edits.insert(0, edit)

    def join_paste(self) -> None:
        """Let one undo take back the last paste and the one before it, which it goes on with."""
        self._join(_is_one_paste)

    def join_hunks(self) -> None:
        """Let one undo take back what was taken of a rewrite last and what was taken of it just before."""
        self._join(_are_hunks_of_one)

    def _join(self, are_one: Callable[[Step, Step], bool]) -> None:
        last = self._done.pop()
        before = self._done.last
        if before is None or not are_one(before, last):
            self._done.push(last)
            return
        before.edits += last.edits
        before.after = last.after
        before.number = last.number  # a save in between was of the first one alone

    def _push(self, step: Step) -> None:
        self._done.push(step)
        self._done.forget(max(0, len(self._done) - self.limit))

    def close(self) -> None:
        """End the open group: the cursor was moved, a save was made, a pause went by."""
        if (last := self._done.last) is not None:
            last.open = False

    @property
    def last(self) -> Step | None:
        """The step that an undo would take back."""
        return self._done.last

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def undo(self) -> Step | None:
        """The step to take back, now counted as undone; None where there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        step.open = False
        self._undone.push(step)
        return step

    def redo(self) -> Step | None:
        """The step to do again; None where there is none."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.push(step)
        return step


def _together(first: Edit, second: Edit) -> tuple[Edit, ...]:
    """Two edits that one undo takes back, as one where nothing is lost: a day's letters are many."""
    if first.suggestion_id is not None or second.suggestion_id is not None:
        return first, second
    if second.inserted:
        runs = tuple(joined((*first.runs, *second.runs)))
        return (replace(first, inserted=first.inserted + second.inserted, runs=runs),)
    low, high = (second, first) if second.start < first.start else (first, second)
    gone = tuple(joined((*low.gone, *high.gone)))
    return (replace(first, start=low.start, deleted=low.deleted + high.deleted, gone=gone),)


_BREAKS = frozenset("\r\n")


def _is_one_paste(first: Step, second: Step) -> bool:
    """Whether the second was pasted where the first one ended."""
    one, other = first.edits[-1], second.edits[0]
    both = one.origin is Origin.PASTE and other.origin is Origin.PASTE
    return both and not other.deleted and other.start == one.end


def _are_hunks_of_one(first: Step, second: Step) -> bool:
    """Whether both steps took hunks of the same rewrite."""
    found = {(edit.suggestion_id, edit.part) for edit in (*first.edits, *second.edits)}
    return len(found) == 1 and first.edits[0].part is Part.HUNK


def _groups(edit: Edit) -> bool:
    return edit.origin is Origin.TYPED and not _BREAKS.intersection(edit.inserted)


def _continues(step: Step, edit: Edit) -> bool:
    """Whether an undo should take `edit` back along with the step before it."""
    last = step.edits[-1]
    if not _groups(edit) or (edit.deleted and edit.inserted):
        return False
    if edit.inserted:
        # Also behind a letter that took the place of a selection: one undo brings the selection back.
        starts_word = last.inserted[-1:].isspace() and not edit.inserted[:1].isspace()
        return bool(last.inserted) and edit.start == last.end and not starts_word
    if last.inserted or not last.deleted:
        return False
    backspace = edit.start + len(edit.deleted) == last.start
    forward = edit.start == last.start
    return backspace or forward
