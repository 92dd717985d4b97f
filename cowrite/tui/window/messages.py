"""What threads tell the interface. All of it comes in by `post_message`; no thread touches a widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cowrite.errors import CowriteError
from cowrite.tui.parts import PartMessage

if TYPE_CHECKING:
    from cowrite.logbook.streak import Streak
    from cowrite.session.engine_news import EngineNews


class EngineTold(PartMessage):
    """The engine's threads have told something."""

    bubble = False

    def __init__(self, news: EngineNews) -> None:
        super().__init__()
        self.news = news


class LogTrouble(PartMessage):
    """The log can't be written, or (None) can be again."""

    bubble = False

    def __init__(self, error: CowriteError | None) -> None:
        super().__init__()
        self.error = error


class Judged(PartMessage):
    """Words were judged: what is on the screen may look different now."""


class Answered(PartMessage):
    """The spelling thread has an answer; `tell` gives it to whoever asked, on the UI's thread."""

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__()
        self.tell = tell


class SpellingFailed(PartMessage):
    """There can be no spell-check in this language."""

    def __init__(self, error: CowriteError) -> None:
        super().__init__()
        self.error = error


class StreakRead(PartMessage):
    """The log was read for the days with writing."""

    def __init__(self, streak: Streak) -> None:
        super().__init__()
        self.streak = streak
