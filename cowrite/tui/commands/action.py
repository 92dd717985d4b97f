"""What an action is: its name, its keys, and when they are its own. `actions` has them all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class When(StrEnum):
    """In what situation an action's keys are its own."""

    ALWAYS = "always"
    GHOST = "with a ghost"
    NO_GHOST = "without a ghost"
    DIFF = "in a rewrite"
    """The cursor is in a passage that stands there as a diff: its keys mean this first, and then the usual."""


class Home(StrEnum):
    """Who carries an action out."""

    EDITOR = "editor"
    APP = "app"


class Group(StrEnum):
    """The headings of the help screen, in its order."""

    SUGGEST = "Suggestions"
    INSTRUCT = "Instructions"
    DRAFT = "Draft"
    VIEW = "View"
    MOVE = "Moving"
    SELECT = "Selecting"
    EDIT = "Editing"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `title` is for footer and palette, `help` for the help screen and the docs."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    group: Group
    home: Home = Home.EDITOR
    when: When = When.ALWAYS

    @property
    def method(self) -> str:
        """The name of the method that does it."""
        return "action_" + self.id.replace("-", "_")
