"""Undoing an acceptance brings its ghost back, with its siblings: "no, the other one" is one key then.

While the ghost is still on screen, `Accepting` gives it back what was taken of it. Here are those that were
closed meanwhile: what was taken whole, changed in the pane, or followed by other words.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core.document import one_line_end
from cowrite.core.edits import Edit, Origin, Part, Step
from cowrite.core.suggestion import Candidate, Earlier, one_kind_of_line, rest_of
from cowrite.session.answers import Answers
from cowrite.session.buffer import Buffer
from cowrite.session.requests import Requests


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An acceptance that was undone: what was taken, and how much of the draft stands behind it again."""

    edit: Edit
    replaces: int


def taken_back(step: Step) -> TakenBack | None:
    """What an undone step had taken of a ghost; None where it was anything else."""
    edit, before = step.edits[-1], step.edits[:-1]
    if edit.origin is not Origin.SUGGESTION or edit.suggestion_id is None:
        return None
    if edit.part is Part.HUNK or any(one.inserted or one.start != edit.start for one in before):
        return None
    return TakenBack(edit, sum(len(one.deleted) for one in before))


class BringingBack:
    """Shows again what an undone acceptance was taken from, as far as the session remembers it."""

    def __init__(self, buffer: Buffer, answers: Answers, requests: Requests) -> None:
        self._buffer, self._answers, self._requests = buffer, answers, requests

    def undo(self) -> bool:
        """Take the draft's last step back, and show the ghost that it was taken from; false where there is
        no step."""
        step, done = self._buffer.history.last, self._buffer.undo()
        taken = taken_back(step) if done and step is not None else None
        if taken is not None:
            self._bring_back(taken)
        return done

    def _bring_back(self, taken: TakenBack) -> bool:
        edit = taken.edit
        candidates = self._answers.were_ghosts(edit.suggestion_id or "")
        index = edit.candidate or 0
        if not 0 <= index < len(candidates):
            return False
        said = self._said_before(edit, one_kind_of_line(candidates[index].text))
        left = [(place, rest_of(one, said)) for place, one in enumerate(candidates)]
        kept: list[tuple[int, Candidate]] = [(at, one) for at, one in left if one is not None]
        places = [at for at, _ in kept]
        if index not in places:
            return False
        again = Earlier(edit.suggestion_id or "", tuple(one for _, one in kept))
        return self._requests.revisit(
            again, places.index(index), at=edit.start, replaces=taken.replaces
        )

    def _said_before(self, edit: Edit, text: str) -> str:
        """What of the candidate's text stood in the draft already when this part of it was taken."""
        before = one_line_end(
            self._buffer.document.slice(max(0, edit.start - 2 * len(text)), edit.start)
        )
        if edit.part is Part.PANE:
            # What the writer made of it says nothing of where it began: who wrote what is before it does.
            size, start = 0, max(0, edit.start - len(text))
            for length, source in reversed(self._buffer.provenance.slice(start, edit.start)):
                if source.suggestion_id != edit.suggestion_id:
                    break
                size += length
            return text[:size] if before.endswith(text[:size]) else ""
        taken, at = one_line_end(edit.inserted), -1
        found = ""
        while (at := text.find(taken, at + 1)) >= 0:
            if before.endswith(text[:at]):
                found = text[:at]
        return found
