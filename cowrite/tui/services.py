"""What screens and features know of the window they are in: these names, and nothing of the app behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.screen import ScreenResultCallbackType as Callback
    from textual.theme import Theme
    from textual.widget import AwaitMount

    from cowrite.config import Settings
    from cowrite.paths import Paths
    from cowrite.session.draft import DraftSession
    from cowrite.session.stories import Stories
    from cowrite.store import Store
    from cowrite.tui.commands.action import Action
    from cowrite.tui.commands.keymap import Keymap
    from cowrite.tui.window.grammar_check import GrammarCheck
    from cowrite.tui.window.learner import Learner
    from cowrite.tui.window.spell_check import SpellCheck
    from cowrite.tui.window.streak import WritingStreak

Answer = TypeVar("Answer")


class OpenDraft(Protocol):
    """A draft that is open in the window."""

    @property
    def session(self) -> DraftSession:
        """Its text, its authors, its file."""

    @property
    def has_written(self) -> bool:
        """Whether it has more words than when it was opened, as far as they are counted."""


class Drafts(Protocol):
    """The drafts of a window, in the order of opening."""

    def __iter__(self) -> Iterator[OpenDraft]: ...

    @property
    def current(self) -> OpenDraft | None:
        """The one on the screen, also below a dialog."""

    @property
    def is_leaving(self) -> bool:
        """Whether the program is being left, and not one draft closed."""

    def open(self, path: Path | None) -> object:
        """Show one, opening it where it isn't open yet; None for one without a name. What fails is told."""

    def show(self, draft: OpenDraft) -> None:
        """Bring an open one to the screen."""

    def reload(self) -> None:
        """Take over what is in the file of the one on the screen."""

    def close(self, session: DraftSession, how: str) -> None:
        """End its session; show another one, or end the program after the last."""

    def close_current(self) -> None:
        """Close the one on the screen, after a question where it is not saved."""

    def leave(self) -> None:
        """End the program: close one after the other, asking for each that is not saved."""

    def stay(self) -> None:
        """The writer does not leave after all."""


class Window(Protocol):
    """One window: its settings, its log, its drafts, and the way to another screen."""

    paths: Paths
    store: Store | None
    """The log; None where it can't be opened."""

    @property
    def settings(self) -> Settings:
        """As they are now."""

    @property
    def keymap(self) -> Keymap:
        """Which key does what, after the writer's own choices."""

    @property
    def available_themes(self) -> Mapping[str, Theme]:
        """All themes, by name."""

    @property
    def themed(self) -> bool:
        """Whether the terminal can show a theme's colours."""

    @property
    def drafts(self) -> Drafts:
        """The open ones."""

    @property
    def spelling(self) -> SpellCheck:
        """The spell-check of all drafts."""

    @property
    def grammar(self) -> GrammarCheck:
        """The grammar of all drafts."""

    @property
    def stories(self) -> Stories:
        """The projects of its drafts."""

    @property
    def learner(self) -> Learner:
        """Learning beside the window."""

    def renew_engine(self) -> None:
        """Begin the model's process anew, with what is learned and in use now."""

    @property
    def streak(self) -> WritingStreak:
        """The days in a row with writing."""

    def preview_theme(self, name: str | None) -> None:
        """Show a theme without choosing it; None: the chosen one again."""

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """A toast."""

    def push_screen(
        self, screen: Screen[Answer], callback: Callback[Answer] | None = None
    ) -> AwaitMount:
        """Show a screen over this one; `callback` gets its answer."""

    def change_setting(self, key: str, value: object, *, keep: bool = True) -> None:
        """Change one, now and (keep) in the user's file. Raises CowriteError; all is then as it was."""

    async def perform(self, action: Action) -> None:
        """Do one of the table's actions on the draft on the screen."""

    def suspend_now(self) -> None:
        """Go to the shell, until `fg`."""
