"""What can be done with the chapters of a draft's project."""

from __future__ import annotations

from cowrite.tui.commands.action import Action, Group, Home


def _app(name: str, key: str, title: str, said: str) -> Action:
    return Action(name, title, said, (key,), Group.DRAFT, Home.APP)


CHAPTERS: tuple[Action, ...] = (
    _app("project", "alt+7", "Project", "See the project's chapters, and put them in order"),
    _app(
        "replace-across",
        "alt+apostrophe",
        "Find in all",
        "Find and replace in all chapters of the project, each match seen first",
    ),
    _app(
        "snapshots",
        "alt+grave_accent",
        "Snapshots",
        "Keep drafts as they are under a name, see what changed since, go back",
    ),
    _app(
        "previous-chapter",
        "alt+8",
        "Chapter before",
        "Go to the project's chapter before, where you left it",
    ),
    _app(
        "next-chapter",
        "alt+9",
        "Next chapter",
        "Go to the project's next chapter, where you left it",
    ),
)
