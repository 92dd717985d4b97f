"""A suggestion in another editor: what it was given of it, what it shows, and what it takes.

That editor tells some of it, each in its own way and order, before the change of the text or after it; the
rest is read from the text. Texts are given and taken with `\\n` between their lines.
"""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core import segmentation
from cowrite.core.document import one_line_end
from cowrite.core.edits import Part
from cowrite.core.ghost import Suggestion
from cowrite.core.units import Units, code_points
from cowrite.session.draft import DraftSession

_AT_ONCE = 3
"""So many characters of a ghost that come at once may have been typed; more are taken."""

_APART = 4096
"""Characters between two places of which an editor may name either: it says where `the the` grew by one."""


@dataclass(frozen=True, slots=True)
class Given:
    """A candidate as the other editor got it: `text` is what is to be inserted, behind what was `taken`."""

    suggestion_id: str
    index: int
    taken: str
    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to come into the draft, since the editor has said that it takes it."""

    index: int
    text: str
    part: Part


class MirroredGhost:
    """The session's suggestion, as the other editor has it."""

    def __init__(self, session: DraftSession) -> None:
        self._session = session
        self._given: dict[int, Given] = {}
        self._given_of = ""
        self._expected: Expected | None = None

    def current(self, suggestion_id: str) -> Suggestion | None:
        """The suggestion, if it is the one on its way."""
        current = self._session.suggestion
        known = current is not None and current.suggestion_id == suggestion_id
        return current if known else None

    # What the editor is given and shows

    def give(self) -> list[Given]:
        """All candidates that can be shown, the first of them to be shown first."""
        current = self._session.suggestion
        if current is None or not self._session.ghost:
            return []
        choices = sorted(current.choices, key=lambda index: index != current.index)
        return [self.give_one(current, index) for index in choices]

    def give_one(self, current: Suggestion, index: int) -> Given:
        """One candidate, as far as it is written."""
        if self._given_of != current.suggestion_id:
            self._given_of, self._given, self._expected = current.suggestion_id, {}, None
        text = current.texts[index][len(current.taken) :]
        given = Given(current.suggestion_id, index, current.taken, text)
        self._given[index] = given
        return given

    def showed(self, suggestion_id: str, index: int) -> None:
        """A candidate is on the editor's screen."""
        current = self.current(suggestion_id)
        if current is None or index not in self._given:
            return
        if index == current.index or self._session.suggestions.choose(index):
            self._session.suggestions.did_show(index)

    def refuse(self, suggestion_id: str) -> bool:
        """The writer has said no; false where there is no such suggestion any more."""
        return self.current(suggestion_id) is not None and self._session.suggestions.reject()

    # What it takes

    def part(self, suggestion_id: str, index: int, part: Part) -> str:
        """The text that taking a part will bring, which is expected from now on; empty where there is none."""
        current = self.current(suggestion_id)
        if current is None or index not in self._given or index not in current.choices:
            return ""
        self.showed(suggestion_id, index)
        text = current.part(part)
        self._expected = Expected(index, text, part)
        return text

    def told(self, suggestion_id: str, index: int, length: int | None = None) -> None:
        """The editor says that it has taken a candidate, or is about to.

        length: how much of what it was given, in UTF-16 from its beginning; None for all of it.
        """
        current, given = self.current(suggestion_id), self._given.get(index)
        if current is None or given is None:
            return
        size = None if length is None else code_points(given.text, length, Units.UTF16)
        wanted = given.taken + given.text[:size]
        if current.taken.startswith(wanted):
            if current.taken == wanted and current.accepted.last is Part.TYPED:
                self._was_not_typed(current, wanted[len(given.taken) :])
        elif wanted.startswith(current.taken):
            text = wanted[len(current.taken) :]
            self._expected = Expected(index, text, _part(current.texts[index], wanted, text))

    def _was_not_typed(self, current: Suggestion, text: str) -> None:
        """What came as if it were typed was taken: give it back and take it, which leaves the text as it is."""
        session, index = self._session, current.index
        end = current.position
        whole = current.taken
        session.delete(end - len(session.buffer.with_newlines(text)), end)
        session.accepting.take(text, _part(current.texts[index], whole, text))

    def took(self, start: int, text: str) -> bool:
        """Whether a text that came in at `start` is the ghost's; it is then in the draft."""
        session, current = self._session, self._session.suggestion
        if current is None or current.suggestion_id != self._given_of:
            return False
        here = self._at(current.position, start, text)
        plain = one_line_end(here)
        if not plain or session.buffer.with_newlines(plain) != here:
            return False
        found = self._candidate(current, plain)
        if found is None:
            return False
        session.pauses.end()
        self.showed(current.suggestion_id, found.index)
        session.buffer.select(current.position, current.position)
        if found.part is Part.TYPED:
            for sign in plain:
                session.accepting.type_through(sign)
        else:
            session.accepting.take(plain, found.part)
        self._expected = None
        return True

    def _at(self, position: int, start: int, text: str) -> str:
        """What came in at `position`, where the change at `start` can be seen as one there; empty if not."""
        if abs(position - start) > _APART:
            return ""
        document = self._session.document
        if start <= position:
            between = document.slice(start, position)
            return (text + between)[len(between) :] if (text + between).startswith(between) else ""
        between = document.slice(position, start)
        return (between + text)[: len(text)] if (between + text).endswith(between) else ""

    def _candidate(self, current: Suggestion, plain: str) -> Expected | None:
        """Which candidate a text is of, and how it was taken."""
        expected = self._expected
        if expected is not None and expected.text == plain and expected.index in current.choices:
            return expected
        known = [index for index in current.choices if index in self._given]
        for index in sorted(known, key=lambda index: index != current.index):
            ghost = current.texts[index][len(current.taken) :]
            if ghost.startswith(plain):
                taken = _part(current.texts[index], current.taken + plain, plain)
                exact = plain in (ghost, *_parts(ghost)) and len(plain) > _AT_ONCE
                return Expected(index, plain, taken if exact else Part.TYPED)
        return None

    def forget_if_gone(self) -> None:
        """Expect nothing more of a suggestion that is closed."""
        current = self._session.suggestion
        if current is None or current.suggestion_id != self._given_of:
            self._expected = None


def _parts(ghost: str) -> tuple[str, ...]:
    """What accepting a word, a sentence and a paragraph of a ghost would take."""
    ends = (segmentation.word_end, segmentation.next_sentence_end, segmentation.paragraph_end)
    return tuple(ghost[: end(ghost)] for end in ends)


def _part(whole: str, wanted: str, text: str) -> Part:
    """What kind of part `text` is, with which all that is taken of the `whole` is `wanted`."""
    if whole == wanted:
        return Part.ALL
    word, sentence, _ = _parts(whole[len(wanted) - len(text) :])
    if text == word:
        return Part.WORD
    return Part.SENTENCE if text == sentence else Part.PARAGRAPH if "\n" in text else Part.WORD
