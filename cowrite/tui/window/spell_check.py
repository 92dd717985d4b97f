"""The spell-check of a window, for all of its drafts: made when it is wanted first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from cowrite.errors import CowriteError
from cowrite.tui.window.messages import Answered, Judged, SpellingFailed

if TYPE_CHECKING:
    from cowrite.tui.window.speller import Speller


class SpellCheck:
    """Owns the speller, and brings what its thread says to the screen.

    post: takes messages from any thread. words: the file of the writer's own words. draw: draws what is marked
    again. failed: there can be none in this language. tell: a toast of a sentence, a hint and how bad it is.
    """

    def __init__(
        self,
        post: Callable[[Message], object],
        words: Path,
        *,
        draw: Callable[[], None],
        failed: Callable[[CowriteError], None],
        tell: Callable[[str, str, str], None],
    ) -> None:
        self._post, self._words = post, words
        self._failed, self._tell = failed, tell
        self._speller: Speller | None = None
        self.draw = draw

    @property
    def made(self) -> bool:
        """Whether there has been any spell-check in this window."""
        return self._speller is not None

    @property
    def speller(self) -> Speller:
        """The one speller; from the first call on there is one."""
        if self._speller is None:
            from cowrite.tui.window.speller import Speller

            self._speller = Speller(self._post, self._words)
            if (trouble := self._speller.trouble) is not None:
                self._tell(trouble.message, trouble.hint, "warning")
        return self._speller

    def on_judged(self, _message: Judged) -> None:
        """Words are known to be wrong that were not before."""
        self.draw()

    def on_answered(self, message: Answered) -> None:
        """The thread has an answer for whoever asked."""
        message.tell()

    def on_spelling_failed(self, message: SpellingFailed) -> None:
        """There is no word list, or it can't be read."""
        self._failed(message.error)
