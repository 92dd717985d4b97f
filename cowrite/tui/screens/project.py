"""The project: its chapters and scenes as an outline, to go to one, and to put them in another order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cowrite.core.printable import printable
from cowrite.errors import CowriteError
from cowrite.logbook.chapter_rows import WEEKS, ChapterTable
from cowrite.memory.project import chapter_files, read_project
from cowrite.memory.reordering import Reordered, reorder, take_back
from cowrite.tui.screens.dialogs import Dialog
from cowrite.tui.screens.project_rows import calendar, chapter_line, scene_line, summed

_AROUND, _AROUND_TIGHT = 8, 4
"""Cells of the box that are not the list's."""
_HIGH = 28
"""Rows of a terminal in which the calendar has all of its weeks."""


class ProjectScreen(Dialog):
    """Answers with a chapter's number, from 0, or with that and the place of a scene in it: `3`, `3:1200`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("alt+up", "move(-1)", "Chapter up"),
        ("k", "move(-1)", "Chapter up"),
        ("alt+down", "move(1)", "Chapter down"),
        ("j", "move(1)", "Chapter down"),
        ("u", "undo", "Undo"),
        ("s", "scenes", "Scenes"),
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

    def __init__(self, title: str, here: int | None, tell: Callable[[str, str, str], None]) -> None:
        """here: the chapter that is being written. tell: says what could not be done."""
        super().__init__()
        self._title, self._here, self._tell = title, here, tell
        self._table: ChapterTable | None = None
        self._scenes = False
        self._done: list[Reordered] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(printable(self._title), classes="title", markup=False)
            yield Static("Reading the chapters …", classes="summary", markup=False)
            yield OptionList(compact=True)
            yield Static("", classes="days", markup=False)
            yield Static(
                "enter open   j k move the chapter   u undo   s scenes   esc back to the draft",
                classes="keys",
                markup=False,
            )

    def on_mount(self) -> None:
        self.set_focus(self.query_one(OptionList))

    def show(self, table: ChapterTable) -> None:
        """The chapters were read."""
        self._table = table
        self._fill(f"{self._here or 0}")

    def failed(self, error: CowriteError) -> None:
        """They could not be read."""
        self.query_one(".summary", Static).update(printable(f"{error.message} {error.hint}"))

    def path_of(self, number: int) -> Path | None:
        """The file of a chapter as they are in order now."""
        return self._table.rows[number].path if self._table is not None else None

    @on(events.Resize)
    def _fit(self) -> None:
        self._fill(self._highlighted)

    @property
    def _highlighted(self) -> str:
        options = self.query_one(OptionList)
        here = options.highlighted
        return "" if here is None else options.get_option_at_index(here).id or ""

    def _fill(self, wanted: str) -> None:
        """Draw everything for the room there is, with the entry `wanted` highlighted."""
        table = self._table
        if table is None:
            return
        screen = self.app.size
        width = min(112, screen.width) - (_AROUND_TIGHT if self.has_class("-tight") else _AROUND)
        options = self.query_one(OptionList)
        options.clear_options()
        for number, row in enumerate(table.rows):
            options.add_option(Option(chapter_line(number + 1, row, width), id=str(number)))
            for scene in row.outline.scenes if self._scenes else ():
                line = scene_line(scene, width)
                options.add_option(Option(line, id=f"{number}:{scene.start}"))
        places = {options.get_option_at_index(i).id: i for i in range(options.option_count)}
        chapter = wanted.partition(":")[0]
        if places:
            options.highlighted = places.get(wanted, places.get(chapter, 0))
        self.query_one(".summary", Static).update(summed(table))
        weeks = WEEKS if screen.height >= _HIGH else 1
        days = "\n".join(calendar(table, weeks)) if table.days and width >= 56 else ""
        self.query_one(".days", Static).update(Content(days))
        self.query_one(".days").display = bool(days)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    # What its keys do

    def action_scenes(self) -> None:
        """Show the chapters' scenes too, or the chapters alone."""
        self._scenes = not self._scenes
        self._fill(self._highlighted)

    def action_move(self, step: int) -> None:
        """Put the chapter one place up or down."""
        table, here = self._table, self._highlighted.partition(":")[0]
        if table is None or not here:
            return
        number = int(here)
        there = number + step
        if not 0 <= there < len(table.rows):
            return
        rows = list(table.rows)
        rows[number], rows[there] = rows[there], rows[number]
        try:
            done = reorder(table.project, [row.path for row in rows])
            project = read_project(table.project.file) or table.project
        except CowriteError as error:
            self._tell(error.message, error.hint, "warning")
            return
        if done is not None:
            self._done.append(done)
        self._table = replace(table, project=project, rows=tuple(rows))
        self._fill(str(there))

    def action_undo(self) -> None:
        """Take the last move back."""
        table = self._table
        if table is None or not self._done:
            self._tell("There is nothing to undo here.", "", "information")
            return
        try:
            take_back(self._done.pop())
            project = read_project(table.project.file) or table.project
            places = {path: number for number, path in enumerate(chapter_files(project))}
        except CowriteError as error:
            self._tell(error.message, error.hint, "warning")
            return
        rows = sorted(table.rows, key=lambda row: places.get(row.path, len(places)))
        self._table = replace(table, project=project, rows=tuple(rows))
        self._fill(self._highlighted)
