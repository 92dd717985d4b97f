"""What a writer can do with a draft: the features of its screen, and which of them does what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cowrite.tui.commands.action import Home
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.draft.across import Across
from cowrite.tui.draft.asking import Asking
from cowrite.tui.draft.clipboard import Clipboard
from cowrite.tui.draft.corrections import Corrections
from cowrite.tui.draft.feature import Feature
from cowrite.tui.draft.ghost_editing import GhostEditing
from cowrite.tui.draft.grammar import Grammar
from cowrite.tui.draft.history import PlaceHistory
from cowrite.tui.draft.instructing import Instructing
from cowrite.tui.draft.learning import LearningFeature
from cowrite.tui.draft.lore import Lore
from cowrite.tui.draft.marking_up import MarkingUp
from cowrite.tui.draft.menus import Menus
from cowrite.tui.draft.modes import Modes
from cowrite.tui.draft.project import Chapters
from cowrite.tui.draft.proofreading import Proofreading
from cowrite.tui.draft.saying_why import SayingWhy
from cowrite.tui.draft.search import Search
from cowrite.tui.draft.seeing import Seeing
from cowrite.tui.draft.snapshots import Snapshots
from cowrite.tui.draft.spelling import Spelling
from cowrite.tui.draft.tokens import Tokens
from cowrite.tui.parts import Done

FEATURES: tuple[type[Feature], ...] = (
    Modes,
    Clipboard,
    Menus,
    MarkingUp,
    LearningFeature,
    Search,
    Spelling,
    Grammar,
    Corrections,
    Proofreading,
    GhostEditing,
    Instructing,
    Asking,
    Tokens,
    PlaceHistory,
    Lore,
    Chapters,
    Across,
    Snapshots,
    Seeing,
    SayingWhy,
)
"""What a writer can do here, but for the three that the screen asks something."""


def actions_of(features: Iterable[Feature]) -> dict[str, Callable[[], Done]]:
    """What does each of the table's actions that aren't the editor's.

    Raises ValueError where two features do one, or none does.
    """
    out: dict[str, Callable[[], Done]] = {}
    for feature in features:
        for name, do in feature.actions().items():
            if name in out:
                raise ValueError(f"two features do '{name}'")
            out[name] = do
    wanted = {action.id for action in ACTIONS if action.home is Home.APP}
    if wanted != out.keys():
        raise ValueError(f"no feature does, or the table has not: {sorted(wanted ^ out.keys())}")
    return out
