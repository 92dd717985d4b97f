"""A passage that is being made anew by an instruction: the model behind the diff in the draft.

A *rewrite* is a passage of the draft, texts that a model made of it, and the hunks in which the one on screen
differs. Hunks are taken into the draft or refused one by one. What has no event, the text that the model is
still writing, is told by methods of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cowrite.core.diff import Change, Piece
from cowrite.core.diff_pieces import DiffPieces
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.hunks import Hunk, Taken, hunks_of, missing, places_of, repeats, undoes
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Candidate, StopReason, one_kind_of_line
from cowrite.core.task import TaskKind
from cowrite.core.word_diff import differences, differences_so_far

_BROKEN_OFF = frozenset({StopReason.LENGTH, StopReason.DEADLINE, StopReason.CANCELLED})


@dataclass(slots=True)
class Rewrite:
    """A passage that is being made anew.

    `start` is where the passage begins in the draft; what is written elsewhere moves it. `before` is the
    passage as it was when the instruction was given. `texts` are the candidates with the draft's own line
    ends, `index` the one on screen, `finished` those that have ended. Offsets of hunks count from `start`.
    """

    suggestion_id: str
    kind: TaskKind
    instruction: str
    start: int
    before: str
    texts: list[str]
    newline: str = "\n"
    lead: str = ""
    """What comes before the text where it would touch the word before it."""
    preset: str = ""
    index: int = 0
    done: bool = False
    finished: dict[int, Candidate] = field(default_factory=dict)
    on_screen: set[int] = field(default_factory=set)
    refused: int = 0
    """How many of its hunks were refused one by one."""
    closing: Closing | None = None
    broken: bool = False
    """Whether the writer wrote in it: it can't be followed any more."""
    _pieces: DiffPieces = field(default_factory=lambda: DiffPieces(()))
    _head: int = 0
    """How many of the pieces are decided on while the model writes, and"""
    _read: int = 0
    """how much of the candidate's text those stand for."""
    _hunks: tuple[tuple[Piece, ...], bool, list[Hunk]] | None = None
    """What was found last, and of which pieces, written or not."""
    _stale: bool = False
    """Whether the text has grown since it was compared."""
    _taken: list[Taken] = field(default_factory=list)
    _undone: list[Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pieces = DiffPieces([(Change.SAME, self.before)])

    # What it is now

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The passage as the draft has it now (what stays, what would go) with what would come."""
        self._catch_up()
        return self._pieces.told

    @property
    def passage(self) -> str:
        """The passage as the draft has it now."""
        return self._pieces.passage

    @property
    def end(self) -> int:
        """Where the passage ends in the draft."""
        return self.start + self._pieces.size

    @property
    def text(self) -> str:
        """The candidate on screen, as far as it is written."""
        return self.texts[self.index]

    @property
    def written(self) -> bool:
        """Whether the candidate on screen has ended."""
        return self.done or self.index in self.finished

    @property
    def hunks(self) -> list[Hunk]:
        """What is to be decided on still, in the order of the text."""
        pieces, written = self.pieces, self.written
        if self._hunks is None or self._hunks[0] is not pieces or self._hunks[1] is not written:
            self._hunks = pieces, written, hunks_of(pieces, whole=written)
        return self._hunks[2]

    @property
    def lost(self) -> tuple[tuple[int, int], ...]:
        """Where in the passage names and numbers stand that the new text has not. Known when it has ended."""
        lost = missing(self.before, self.text) if self.written else frozenset()
        return places_of(lost, self.pieces)

    @property
    def taken(self) -> int:
        """How many hunks are in the draft."""
        return len(self._taken)

    @property
    def choices(self) -> list[int]:
        """The candidates that can be shown: those with text, each text once."""
        seen: set[str] = set()
        out = []
        for index, text in enumerate(self.texts):
            if text.strip() and text not in seen:
                seen.add(text)
                out.append(index)
        return out

    def covers(self, offset: int) -> bool:
        """Whether an offset of the draft is in the passage, or at its ends."""
        return self.start <= offset <= self.end

    def hunk_at(self, offset: int) -> int:
        """The index of the hunk at an offset of the draft, else of the next one; the last one behind all.

        -1 where there is none.
        """
        place = offset - self.start
        found = self.hunks
        for index, hunk in enumerate(found):
            if place <= hunk.end:
                return index
        return len(found) - 1

    def copy(self) -> Rewrite:
        """The same, to be changed by itself."""
        fresh = replace(
            self,
            texts=list(self.texts),
            finished=dict(self.finished),
            on_screen=set(self.on_screen),
        )
        fresh._pieces = self._pieces.copy()
        fresh._taken, fresh._undone = list(self._taken), list(self._undone)
        return fresh

    # What the model says meanwhile, and what the writer looks at

    def grow(self, candidate: int, text: str) -> None:
        """The model wrote on at a candidate; nothing where there is no such candidate."""
        if 0 <= candidate < len(self.texts):
            before = self.texts[candidate]
            self.texts[candidate] = before + (self._own(text) if before else self._begun(text))
            self._stale = self._stale or candidate == self.index

    def begin_anew(self, candidate: int) -> None:
        """What was written of a candidate is dropped."""
        if 0 <= candidate < len(self.texts):
            self.texts[candidate] = ""
            if candidate == self.index:
                self._start_over()

    def ended(self, candidate: int, value: Candidate) -> None:
        """One candidate has ended; nothing where there is no such candidate."""
        if 0 <= candidate < len(self.texts):
            self.finished[candidate] = value
            self.texts[candidate] = self._begun(value.text)
            self._stale = self._stale or candidate == self.index

    def choose(self, index: int) -> bool:
        """Make another candidate the current one; false where it can't be shown."""
        if index not in self.choices:
            return False
        self.index = index
        self._start_over()
        return True

    def cycle(self, step: int) -> bool:
        """Make the next (1) or previous (-1) candidate the current one; false where there is no other."""
        choices = self.choices
        if not choices or choices == [self.index]:
            return False
        place = choices.index(self.index) if self.index in choices else -1 if step > 0 else 0
        return self.choose(choices[(place + step) % len(choices)])

    def _own(self, text: str) -> str:
        """A model's text with the draft's own line ends."""
        return one_kind_of_line(text).replace("\n", self.newline)

    def _begun(self, text: str) -> str:
        """A text from its first character on."""
        own = self._own(text)
        return self.lead + own if own and own[0].isalnum() else own

    def _catch_up(self) -> None:
        """Compare anew where the model has written on: once for each look, not for each word."""
        if self._stale:
            self._compare()

    def _start_over(self) -> None:
        """Compare the whole passage, as the draft has it now, with the candidate on screen."""
        self._pieces = DiffPieces([(Change.SAME, self.passage)])
        self._head, self._read = 0, 0
        self._compare()

    def _compare(self) -> None:
        """Find what is to be decided on behind what was decided on."""
        self._stale = False
        head = self._pieces.told[: self._head]
        rest = self._pieces.passage_behind(self._head)
        text = self.text[self._read :]
        ended = self.finished.get(self.index)
        # What a candidate that was broken off has not come to is no part of the change.
        whole = self.written and (ended is None or ended.stop not in _BROKEN_OFF)
        found = (differences if whole else differences_so_far)(rest, text)
        self._pieces = DiffPieces((*head, *found))

    # What the events say

    def shown(self, candidate: int) -> None:
        """A candidate came on screen, in the place of the one before."""
        if 0 <= candidate < len(self.texts):
            if candidate != self.index:
                self.index = candidate
                self._start_over()
            self.on_screen.add(candidate)

    def answered(self, candidates: tuple[Candidate, ...]) -> None:
        """All candidates have ended: these texts replace what was known before."""
        before, ended, index = self.text, self.finished.get(self.index), self.index
        self.texts = [self._begun(one.text) for one in candidates] or [""]
        self.finished = dict(enumerate(candidates))
        self.done = True
        choices = self.choices
        if choices and self.index not in choices:
            self.index = choices[0]
        self.index = min(self.index, len(self.texts) - 1)
        same = self.text == before and self.index == index and ended is not None
        if same and not self._stale and self.finished.get(index) == ended:
            return  # it was compared when it ended by itself
        if self.text.startswith(before[: self._read]):
            self._compare()
        else:
            self._start_over()

    def edited(self, edit: Edit) -> None:
        """The draft was changed. Changes in the passage that are not its own break it."""
        own = edit.suggestion_id == self.suggestion_id and edit.part is Part.HUNK
        if own and edit.origin is Origin.SUGGESTION:
            self._undone.clear()
            self._take(edit)
        elif edit.origin is Origin.UNDO and self._taken and undoes(edit, self._taken[-1].edit):
            last = self._taken.pop()
            self._undone.append(last)
            self._bring_back(last)
        elif edit.origin is Origin.REDO and self._undone and repeats(edit, self._undone[-1].edit):
            self._undone.pop()
            self._take(edit)
        elif edit.start + len(edit.deleted) <= self.start and not self._is_at(edit):
            self.start += len(edit.inserted) - len(edit.deleted)
        elif edit.start < self.end or self._is_at(edit):
            self.broken = True

    def _is_at(self, edit: Edit) -> bool:
        """Whether an edit is in an empty passage, which is all border."""
        return self.start == self.end == edit.start and not edit.deleted

    def _take(self, edit: Edit) -> None:
        """Let what an edit put into the draft stay."""
        self._catch_up()
        self._taken.append(
            Taken(edit, self.pieces, self._head, self._read, self.index, self.written)
        )
        if not self._decide(edit.start - self.start, edit.deleted, edit.inserted):
            at = edit.start - self.start
            passage = self.passage
            fresh = passage[:at] + edit.inserted + passage[at + len(edit.deleted) :]
            self._pieces = DiffPieces([(Change.SAME, fresh)])
            self._start_over()

    def _bring_back(self, last: Taken) -> None:
        """Be as before a hunk was taken; what was read since then is compared anew."""
        self._pieces = DiffPieces(last.pieces)
        self._head, self._read = last.head, last.read
        if last.index == self.index and last.written:
            return
        if last.index == self.index and not self.written:
            self._compare()
        else:
            self._start_over()

    def refuse(self, start: int, end: int) -> None:
        """The hunk between these offsets of the draft stays as the draft has it."""
        self._catch_up()
        at = start - self.start
        gone = self.passage[at : end - self.start]
        if self._decide(at, gone, None):
            self.refused += 1

    def _decide(self, at: int, gone: str, new: str | None) -> bool:
        """Make one hunk plain text: as it would be or, without `new`, as it is. False where there is none."""
        found = self._pieces.settle(at, gone, new)
        if found is None:
            return False
        if not self.written:
            # What is decided on stays so, whatever the model writes behind it.
            read = self._pieces.read(found.before) + found.fresh
            self._head, self._read = max(self._head, found.head), max(self._read, read)
        return True
