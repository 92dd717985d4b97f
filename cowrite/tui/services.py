"""What screens and features know of the window they are in: these names, and nothing of the app behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.screen import ScreenResultCallbackType as Callback
    from textual.widget import AwaitMount

    from cowrite.config import Settings
    from cowrite.logbook.streak import Streak
    from cowrite.paths import Paths
    from cowrite.session.draft import DraftSession
    from cowrite.store import Store
    from cowrite.tui.commands.actions import Action, Keymap
    from cowrite.tui.window.speller import Speller

Answer = TypeVar("Answer")


class OpenDraft(Protocol):
    """A draft that is open in the window."""

    @property
    def session(self) -> DraftSession:
        """Its text, its authors, its file."""

    @property
    def has_written(self) -> bool:
        """Whether it has more words than when it was opened, as far as they are counted."""


class Window(Protocol):
    """One window: its settings, its log, its drafts, and the ways to another screen."""

    paths: Paths
    store: Store | None
    """The log; None where it can't be opened."""
    settings: Settings
    keymap: Keymap
    streak: Streak | None

    @property
    def draft(self) -> OpenDraft | None:
        """The draft on the screen, also below a dialog."""

    @property
    def drafts(self) -> Sequence[OpenDraft]:
        """The open ones, in the order of opening."""

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """A toast."""

    def push_screen(
        self, screen: Screen[Answer], callback: Callback[Answer] | None = None
    ) -> AwaitMount:
        """Show a screen over this one; `callback` gets its answer."""

    async def perform(self, action: Action) -> None:
        """Do one of the table's actions on the draft on the screen."""

    def suspend_now(self) -> None:
        """Go to the shell, until `fg`."""

    # Settings

    def change_setting(self, key: str, value: object, *, keep: bool = True) -> None:
        """Change one, now and (keep) in the user's file. Raises CowriteError; all is then as it was."""

    def choose_theme(self) -> None:
        """Ask for a theme; it is kept in the user's settings."""

    def choose_model(self) -> None:
        """Ask for a model that is known here; it is used from now on and kept in the settings."""

    # Drafts

    def new_draft(self) -> None:
        """Begin a draft without a name."""

    def choose_draft(self) -> None:
        """Ask for one: a recent one, or by its name."""

    def take_tour(self) -> None:
        """Two minutes in a sample draft of the writer's own."""

    def show_draft(self, draft: OpenDraft) -> None:
        """Bring an open one to the screen."""

    def close_draft(self, session: DraftSession, how: str) -> None:
        """End its session; show another one, or end the program after the last."""

    def close_current(self) -> None:
        """Close the one on the screen, after a question where it is not saved."""

    def reload(self) -> None:
        """Take over what is in the file of the one on the screen."""

    def leave(self) -> None:
        """End the program: close one draft after the other, asking for each that is not saved."""

    def stay(self) -> None:
        """The writer does not leave after all."""

    @property
    def is_leaving(self) -> bool:
        """Whether the program is being left, and not one draft closed."""

    # What all drafts share

    @property
    def has_speller(self) -> bool:
        """Whether there has been any spell-check in this window."""

    @property
    def speller(self) -> Speller:
        """The window's spell-check, made when it is wanted first."""

    def draw_spelling(self) -> None:
        """Draw what is marked in the draft on the screen again."""

    def want_streak(self) -> None:
        """Read the streak from the log, in a thread, once."""
