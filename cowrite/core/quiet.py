"""Why a ghost that nobody asked for is not shown: one named reason each, and the tests that find it. Pure.

A wrong ghost costs a look and a decision, none costs nothing: so each of these keeps silent rather than
guess. What the writer asks for is shown whatever is said here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.edits import Edit, Origin
from cowrite.core.places import Place, place_of
from cowrite.core.segmentation import is_ideograph
from cowrite.core.words import goes_on

NEAR = 600
"""Characters on each side of the place that are looked at."""


class Quiet(StrEnum):
    """The reason."""

    HEADING = "in a heading"
    BEGINNING = "a paragraph begins"
    DELETION = "after a deletion"
    UNDO = "during undo"
    RESTS = "at rest"
    """So much was refused that it has a rest."""
    UNLIKELY = "unlikely"
    REPEATS = "repeats"
    REVERSAL = "reversal"
    """It would put back what the writer has just taken away."""
    SHORT = "too short"
    EMPTY = "nothing"
    """The model had nothing to say."""

    @property
    def words(self) -> str:
        """The reason in the three words that the status line has room for."""
        return _WORDS[self]


_WORDS = {
    Quiet.HEADING: "quiet in headings",
    Quiet.BEGINNING: "quiet between paragraphs",
    Quiet.DELETION: "quiet after deleting",
    Quiet.UNDO: "quiet after undo",
    Quiet.RESTS: "resting a while",
    Quiet.UNLIKELY: "nothing sure enough",
    Quiet.REPEATS: "would only repeat",
    Quiet.REVERSAL: "you deleted that",
    Quiet.SHORT: "too few words",
    Quiet.EMPTY: "nothing to say",
}


def place_reason(before: str, after: str) -> Quiet | None:
    """Why nothing is said unasked at a place, by the text on both sides of it; None where something may be.

    How a paragraph begins is the writer's: judging suggestions pushes out the ideas that one had oneself.
    """
    place = place_of(before)
    if place is Place.HEADING:
        return Quiet.HEADING
    ends_here = not after.partition("\n")[0].strip()
    return Quiet.BEGINNING if place is Place.PARAGRAPH and ends_here else None


@dataclass(frozen=True, slots=True)
class Judge:
    """What a text is measured by before it is shown: the draft around its place, and what was taken away.

    gone: what the writer took away last, at this place. since: what was typed there since.
    """

    before: str = ""
    after: str = ""
    gone: str = ""
    since: str = ""

    def why_not(self, text: str) -> Quiet | None:
        """Why a text is not shown; None where nothing speaks against it."""
        if not text.strip():
            return Quiet.EMPTY
        if is_short(text, self.before):
            return Quiet.SHORT
        if repeats(text, self.before, self.after):
            return Quiet.REPEATS
        return Quiet.REVERSAL if is_reversal(text, self.gone, self.since) else None


def is_short(text: str, before: str = "") -> bool:
    """Whether a text is too short to be worth a look: less than three letters, or two that end a word."""
    letters = sum(2 if is_ideograph(one) else one.isalnum() for one in text)
    return letters < (2 if goes_on(before, text) else 3)


def repeats(text: str, before: str, after: str) -> bool:
    """Whether a text says what stands right around it, or one thing over and over.

    Of what is before, three words or more count wherever they stand near, and the last word where the text
    begins with it once more.
    """
    said, left, right = _plain(text), _plain(before[-NEAR:]), _plain(after[:NEAR])
    words = said.split()
    if _begins_with(right, said) or (len(words) > 2 and right and _begins_with(said, right)):
        return True
    if len(words) > 2 and said in left:
        return True
    inside = goes_on(before, text)
    if words and not inside and _SPACED.match(before[-1:] + text) and _ends_with(left, words[0]):
        return True
    return len(words) > 5 and len(set(words)) <= 0.4 * len(words)


def is_reversal(text: str, gone: str, since: str = "") -> bool:
    """Whether a text would put back what was taken away: with what was typed there since, it begins so.

    A part of it counts from two words on.
    """
    old, new = _plain(gone), _plain(since + text)
    if sum(map(str.isalnum, old)) < 2 or not new:
        return False
    return _begins_with(new, old) or (len(new.split()) > 1 and _begins_with(old, new))


class TakenAway:
    """Follows edits, and knows what the writer took away last and what was typed in its place since.

    `gone` is empty where nothing was, or where the writer has gone on: other edits, or `_MOST` characters.
    """

    __slots__ = ("_place", "gone", "since")

    _MOST = 60

    def __init__(self) -> None:
        self.gone = self.since = ""
        self._place = 0

    def at(self, position: int) -> tuple[str, str]:
        """What was taken away right before `position`, and what was typed there since."""
        here = position == self._place + len(self.since)
        return (self.gone, self.since) if here else ("", "")

    def follow(self, edit: Edit) -> None:
        """An edit was made."""
        if edit.origin not in (Origin.TYPED, Origin.CUT):
            self.gone = self.since = ""
            return
        end = self._place + len(self.since)
        if edit.deleted:
            self._took(edit, end)
        elif self.gone and edit.start == end and len(self.since) < self._MOST:
            self.since += edit.inserted
        else:
            self.gone = self.since = ""

    def _took(self, edit: Edit, end: int) -> None:
        low, high = edit.start, edit.start + len(edit.deleted)
        if self.gone and self._place <= low and high == end and self.since:
            self.since = self.since[: low - self._place] + edit.inserted
        elif self.gone and not self.since and high == end:
            self.gone, self._place, self.since = edit.deleted + self.gone, low, edit.inserted
        elif self.gone and not self.since and low == end:
            self.gone, self.since = self.gone + edit.deleted, edit.inserted
        else:
            self.gone, self._place, self.since = edit.deleted, low, edit.inserted


_SPACED = re.compile(r"\s|.\s", re.DOTALL)
"""A text that begins a word of its own, behind the character before it."""


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _begins_with(text: str, beginning: str) -> bool:
    """Whether a text begins so, and a word of it isn't cut there."""
    return bool(beginning) and text.startswith(beginning) and _is_border(text, len(beginning))


def _ends_with(text: str, end: str) -> bool:
    found = bool(end) and end.isalnum() and text.endswith(end)
    return found and _is_border(text, len(text) - len(end))


def _is_border(text: str, at: int) -> bool:
    return not goes_on(text[:at], text[at:])
