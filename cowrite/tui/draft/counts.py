"""The draft in numbers: words, how many more than at the start, the session's time, the streak."""

from __future__ import annotations

import time

from cowrite.core.counting import WordCounter
from cowrite.core.provenance import Author
from cowrite.core.segmentation import word_count
from cowrite.core.wording import counted
from cowrite.tui.draft.feature import Actions, Feature, Host

_COUNT = 0.005
"""Seconds of counting at a time, and of rest between."""
_CALM = 0.25
"""Seconds after the last key when counts are brought up to date: they don't flicker under the fingers."""
_MOST_SELECTED = 200_000
"""Characters of a selection whose words are counted while it grows."""
_MINUTES = 10.0
"""Seconds between two looks at the session's time, of which minutes are shown."""

WORDS_PER_MINUTE = 230
"""Silent reading of English prose is 238 (non-fiction) to 260 (fiction) in Brysbaert's review of 190 studies
(2019, https://doi.org/10.1016/j.jml.2019.104047); a little less, for a draft is read with care."""


class Counts(Feature):
    """Owns the word counter and the clock. Time and streak are said only where they are wanted."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._words = WordCounter(self.session.document)
        self._at_start: int | None = None
        """The draft's words when it was opened, once they are counted."""
        self._began = time.monotonic()
        self._waiting = False
        self._had_selection = False
        self._watching = False

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"statistics": self.show}

    def shown(self) -> None:
        """Begin to count, and to look at the clock where that is wanted."""
        self._began = time.monotonic()
        self._count_on()
        self._watch_time()

    def settings_changed(self, key: str) -> None:
        """The clock may be wanted now."""
        if key.startswith("editor."):
            self._watch_time()

    def changed(self, first: int, before: int, after: int) -> None:
        """Count the lines that are other ones."""
        self._words.changed(first, before, after)
        self._renew_soon()

    def moved(self) -> None:
        """A selection's words are counted too."""
        start, end = self.session.selected
        if start != end or self._had_selection:
            self._renew_soon()
        self._had_selection = start != end

    # What the status line says of it

    @property
    def words(self) -> int | None:
        """The draft's words; None until it was counted."""
        return None if self._at_start is None else self._words.known

    @property
    def written(self) -> int:
        """Words more than when the draft was opened; 0 until they are counted."""
        return 0 if self._at_start is None else self._words.known - self._at_start

    @property
    def has_written(self) -> bool:
        """Whether there are more words than when the draft was opened."""
        return self.written > 0

    def selected(self) -> int | None:
        """The words of the selection; None where there is none, or too much to count at each step."""
        start, end = self.session.selected
        if start == end or end - start > _MOST_SELECTED:
            return None
        return word_count(self.session.document.slice(start, end))

    def asides(self) -> tuple[str, ...]:
        """Time and streak, where somebody asked for them and the draft is counted."""
        return () if self._at_start is None else self._time_parts()

    def model_share(self) -> float:
        """How much of the draft is the model's, 0 to 1."""
        shares = self.session.provenance.shares()
        return shares[Author.MODEL] / max(1, sum(shares.values()))

    def _count_on(self) -> None:
        """Count the draft's words for the first time, in bits that no key has to wait for."""
        if self._words.count(_COUNT):
            self._at_start = self._words.words
            self.status.renew()
        else:
            self.screen.set_timer(_COUNT, self._count_on)

    def _renew_soon(self) -> None:
        if not self._waiting and self.screen.is_mounted:
            self._waiting = True
            self.screen.set_timer(_CALM, self._renew)

    def _renew(self) -> None:
        if not self._words.count(_COUNT):
            self.screen.set_timer(_COUNT, self._renew)
            return
        self._waiting = False
        self.status.renew()

    # Time

    def _watch_time(self) -> None:
        """Look at the clock and the log where a setting wants it."""
        wanted = self.window.settings.editor
        if wanted.show_streak:
            self.window.streak.want()
        if wanted.show_time and not self._watching:
            self._watching = True
            self.screen.set_interval(_MINUTES, self.status.renew)

    def _time_parts(self) -> tuple[str, ...]:
        wanted = self.window.settings.editor
        parts = []
        if wanted.show_time:
            parts.append(lasting(int(time.monotonic() - self._began) // 60))
        streak = self.window.streak.known if wanted.show_streak else None
        if streak is not None:
            writing = any(draft.has_written for draft in self.window.drafts)
            days = streak.days(writing=writing)
            parts.append(f"day {days:,} in a row" if days > 1 else "day 1" if days else "day 0")
        return tuple(parts)

    # All of it

    def show(self) -> None:
        """Words, characters, reading time, goal, and who wrote what."""
        from cowrite.tui.screens.dialogs import Sheet

        self.window.push_screen(Sheet(self.session.file.name, self._summary()))

    def _summary(self) -> str:
        session, words = self.session, self._words.words
        lines = [
            counted(words, "word"),
            counted(len(session.document), "character"),
            counted(session.document.line_count, "line"),
            f"{reading_minutes(words)} min to read",
        ]
        start, end = session.selected
        if start != end:
            selected = session.document.slice(start, end)
            words_in = counted(word_count(selected), "word")
            lines.append(f"{words_in}, {counted(len(selected), 'character')} selected")
        goal = self.window.settings.editor.word_goal
        if goal:
            lines.append(f"{max(0, self.written):,} of {goal:,} words of this session's goal")
        lines += self._time_parts()
        return "\n".join([*lines, "", *self._shares()])

    def _shares(self) -> list[str]:
        shares = self.session.provenance.shares()
        size = max(1, len(self.session.document))
        names = {
            Author.WRITER: "written here",
            Author.MODEL: "from the model",
            Author.PASTE: "pasted",
            Author.FILE: "was in the file",
        }
        return [f"{shares[who] / size:>4.0%} {name}" for who, name in names.items() if shares[who]]


def reading_minutes(words: int) -> int:
    """How long the draft takes to read, in whole minutes, at least one where there are words."""
    return -(-words // WORDS_PER_MINUTE)


def lasting(minutes: int) -> str:
    """Minutes in words: `5 min`, `1 h 05`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"
