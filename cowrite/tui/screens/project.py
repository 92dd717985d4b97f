"""The project: its chapters and scenes as an outline, to go to one, and to put them in another order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cowrite.core.printable import printable
from cowrite.core.scenes import words_of_goal
from cowrite.errors import CowriteError
from cowrite.logbook.chapter_rows import WEEKS, ChapterTable
from cowrite.memory.project import ChapterPlan, Project, chapter_files
from cowrite.tui.screens.dialogs import Dialog, Prompt
from cowrite.tui.screens.project_rows import Columns, calendar, chapter_line, scene_line, summed

if TYPE_CHECKING:
    from cowrite.tui.draft.project_edits import ProjectEdits
    from cowrite.tui.services import Window

STATUSES = ("to do", "draft", "revised", "done")
"""How far a chapter is, step by step; another word stands where the writer has written it."""

_AROUND, _AROUND_TIGHT = 8, 4
"""Cells of the box that are not the list's."""
_HIGH = 28
"""Rows of a terminal in which the calendar has all of its weeks."""


class ProjectScreen(Dialog):
    """Answers with a chapter's number, from 0, or with that and the place of a scene in it: `3`, `3:1200`; or
    with the name of an action."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("alt+up", "move(-1)", "Chapter up"),
        ("k", "move(-1)", "Chapter up"),
        ("alt+down", "move(1)", "Chapter down"),
        ("j", "move(1)", "Chapter down"),
        ("u", "undo", "Undo"),
        ("s", "scenes", "Scenes"),
        ("g", "goal", "Goal"),
        ("t", "status", "Status"),
        ("f", "answer('replace-across')", "Find in all"),
        ("n", "answer('snapshots')", "Snapshots"),
    ]
    DEFAULT_CSS = """
    ProjectScreen > .box { width: 112; height: 90%; }
    ProjectScreen OptionList { height: 1fr; max-height: 100%; }
    ProjectScreen .summary { color: $foreground 60%; height: 1; }
    ProjectScreen .days { height: auto; margin-top: 1; }
    ProjectScreen .keys { height: auto; margin-top: 1; color: $foreground 60%; }
    ProjectScreen.-tight > .box { height: 100%; }
    ProjectScreen.-tight .days, ProjectScreen.-tight .keys { margin-top: 0; }
    """

    is_reading = True

    def __init__(self, title: str, here: int | None, edits: ProjectEdits, window: Window) -> None:
        """here: the chapter that is being written. edits: does what changes the project's file."""
        super().__init__()
        self._title, self._here, self._edits, self._window = title, here, edits, window
        self.table: ChapterTable | None = None
        """The chapters as they are shown; None until they were read."""
        self._written: ChapterTable | None = None
        """The chapters as the project's file said last."""
        self._scenes = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(printable(self._title), classes="title", markup=False)
            yield Static("Reading the chapters …", classes="summary", markup=False)
            yield OptionList(compact=True)
            yield Static("", classes="days", markup=False)
            yield Static(
                "enter open   j k move it   g goal   t status   u undo   s scenes   f find in all"
                "   n snapshots",
                classes="keys",
                markup=False,
            )

    def on_mount(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def show(self, table: ChapterTable) -> None:
        """The chapters were read."""
        self.table = self._written = table
        self._fill(f"{self._here or 0}")
        self.is_reading = False

    def failed(self, error: CowriteError) -> None:
        """They could not be read."""
        self.is_reading = False
        for summary in self.query(".summary").results(Static):
            summary.update(printable(f"{error.message} {error.hint}"))

    def path_of(self, number: int) -> Path | None:
        """The file of a chapter as they are in order now."""
        return self.table.rows[number].path if self.table is not None else None

    @on(events.Resize)
    def _fit(self) -> None:
        self._fill(self._highlighted)

    @property
    def _number(self) -> int | None:
        """The chapter that is highlighted, or whose scene is."""
        chapter = self._highlighted.partition(":")[0]
        return int(chapter) if chapter else None

    @property
    def _highlighted(self) -> str:
        options = self.query_one(OptionList)
        here = options.highlighted
        return "" if here is None else options.get_option_at_index(here).id or ""

    def _fill(self, wanted: str) -> None:
        """Draw everything for the room there is, with the entry `wanted` highlighted."""
        table = self.table
        if table is None or not self.query(OptionList):  # not read yet, or the window is being left
            return
        screen = self.app.size
        width = min(112, screen.width) - (_AROUND_TIGHT if self.has_class("-tight") else _AROUND)
        options = self.query_one(OptionList)
        options.clear_options()
        columns = Columns.of(table.rows, width)
        lines = []
        for number, row in enumerate(table.rows):
            lines.append(Option(chapter_line(number + 1, row, width, columns), id=str(number)))
            for scene in row.outline.scenes if self._scenes else ():
                line = scene_line(scene, width, columns)
                lines.append(Option(line, id=f"{number}:{scene.start}"))
        options.add_options(lines)
        places = {options.get_option_at_index(i).id: i for i in range(options.option_count)}
        chapter = wanted.partition(":")[0]
        if places:
            options.highlighted = places.get(wanted, places.get(chapter, 0))
        self.query_one(".summary", Static).update(summed(table, width))
        weeks = WEEKS if screen.height >= _HIGH else 1
        days = "\n".join(calendar(table, weeks)) if table.days and width >= 56 else ""
        self.query_one(".days", Static).update(Content(days))
        self.query_one(".days").display = bool(days)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    # What its keys do

    def action_answer(self, what: str) -> None:
        """Leave for another of the table's actions."""
        self.dismiss(what)

    def action_scenes(self) -> None:
        """Show the chapters' scenes too, or the chapters alone."""
        self._scenes = not self._scenes
        self._fill(self._highlighted)

    def action_move(self, step: int) -> None:
        """Put the chapter one place up or down."""
        table, number = self.table, self._number
        if table is None or number is None:
            return
        there = number + step
        if not 0 <= there < len(table.rows):
            return
        rows = list(table.rows)
        rows[number], rows[there] = rows[there], rows[number]
        self._edits.move(table.rows[number].path, step)
        self.table = replace(table, rows=tuple(rows))
        self._fill(str(there))

    def action_goal(self) -> None:
        """Ask for the words that the chapter is to have."""
        table, number = self.table, self._number
        if table is None or number is None:
            return
        row = table.rows[number]

        def answered(said: str | None) -> None:
            if said is not None:
                self._plan(row.path, goal=words_of_goal(said) or 0)

        prompt = Prompt(
            f"Words of “{printable(row.title)}”",
            f"{row.goal}" if row.goal else "",
            body="How many it is to have; nothing for no goal. It is kept in cowrite.toml.",
            check=lambda said: None if words_of_goal(said) is not None else "That is no number.",
        )
        self._window.push_screen(prompt, answered)

    def action_status(self) -> None:
        """The chapter is one step further; after the last, it is none."""
        table, number = self.table, self._number
        if table is None or number is None:
            return
        row = table.rows[number]
        known = ("", *STATUSES)
        at = known.index(row.status) if row.status in known else -1
        self._plan(row.path, status=known[(at + 1) % len(known)])

    def _plan(self, path: Path, goal: int | None = None, status: str | None = None) -> None:
        """Write a chapter's goal or status, and show it."""
        table = self.table
        if table is None:
            return

        def planned(had: ChapterPlan) -> ChapterPlan:
            return ChapterPlan(
                had.goal if goal is None else goal, had.status if status is None else status
            )

        rows = tuple(
            replace(row, plan=planned(row.plan)) if row.path == path else row for row in table.rows
        )
        self._edits.plan(table.project, path, goal, status)
        self.table = replace(table, rows=rows)
        self._fill(self._highlighted)

    def action_undo(self) -> None:
        """Take back what was done to the project's file last."""
        if self._edits.can_undo:
            self._edits.undo()
        else:
            self._window.tell("There is nothing to undo here.")

    def became(self, project: Project | None) -> None:
        """The project's file says this now; None where it can't be read, and nothing was written then."""
        table = self.table
        if table is None:
            return
        if project is None:
            self.table = self._written
            self._fill(self._highlighted)
            return
        try:
            places = {path: number for number, path in enumerate(chapter_files(project))}
        except CowriteError as error:
            self._window.tell(error.message, error.hint, "warning")
            return
        here = self._number
        chosen = table.rows[here].path if here is not None else None
        rows = sorted(table.rows, key=lambda row: places.get(row.path, len(places)))
        rows = [replace(row, plan=project.plan_of(row.path)) for row in rows]
        self.table = self._written = replace(table, project=project, rows=tuple(rows))
        at = next((number for number, row in enumerate(rows) if row.path == chosen), 0)
        scene = self._highlighted.partition(":")[2]
        self._fill(f"{at}:{scene}" if scene else f"{at}")
