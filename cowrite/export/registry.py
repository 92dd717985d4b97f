"""The formats by name. A format is a module with a function `write`; it is imported when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import BinaryIO, cast

from cowrite.errors import UsageError, unknown
from cowrite.export.source import ExportSource


class Shape(Enum):
    """What an export is written to."""

    LINES = "a text file or a stream"
    BINARY = "a file"
    FOLDER = "a folder"


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write the log down. `target` is `module:function` in this room.

    suggestions: whether it has rows of suggestions, which can be chosen by model and outcome. sessions:
    whether it has whole sessions, whose texts redaction masks. splits: whether it can be cut into a part to
    train with and one to test. excel: the target that writes it as Excel wants it, empty where there is none.
    """

    name: str
    summary: str
    shape: Shape
    target: str
    suffix: str
    suggestions: bool = True
    sessions: bool = False
    splits: bool = True
    excel: str = ""

    def for_excel(self) -> Format:
        """The same format for Excel. Raises UsageError where that reads none of it."""
        if not self.excel:
            only = ", ".join(one.name for one in FORMATS.values() if one.excel)
            raise UsageError(f"--excel is no option of {self.name}.", f"It works with {only}.")
        return replace(self, target=self.excel)

    def to_stream(self, source: ExportSource, out: BinaryIO) -> int:
        """Write to a stream; returns how many rows. For shapes that are no folder."""
        return cast("Callable[[ExportSource, BinaryIO], int]", self._function())(source, out)

    def to_folder(self, source: ExportSource, folder: Path) -> int:
        """Fill an empty folder; returns how many rows."""
        return cast("Callable[[ExportSource, Path], int]", self._function())(source, folder)

    def _function(self) -> object:
        module, _, name = self.target.partition(":")
        return getattr(importlib.import_module(f"cowrite.export.{module}"), name)


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "suggestions",
            "a row for each suggestion, with what became of it",
            Shape.LINES,
            "rows:suggestions",
            "jsonl",
        ),
        Format(
            "events",
            "every event of every session, as it was logged",
            Shape.LINES,
            "rows:events",
            "jsonl",
            suggestions=False,
            sessions=True,
        ),
        Format("sft", "prompt and completion: what was kept", Shape.LINES, "rows:sft", "jsonl"),
        Format(
            "preference",
            "prompt, chosen and rejected, for DPO",
            Shape.LINES,
            "rows:preference",
            "jsonl",
        ),
        Format(
            "kto", "prompt, completion and whether it was wanted", Shape.LINES, "rows:kto", "jsonl"
        ),
        Format(
            "messages",
            "instructions as chats: what was told and what was kept",
            Shape.LINES,
            "rows:messages",
            "jsonl",
        ),
        Format(
            "csv",
            "suggestions as a table for spreadsheets",
            Shape.LINES,
            "table:write",
            "csv",
            excel="table:write_for_excel",
        ),
        Format(
            "parquet",
            "suggestions as Parquet (needs cowrite[parquet])",
            Shape.BINARY,
            "parquet:write",
            "parquet",
        ),
        Format(
            "coauthor",
            "a CoAuthor log for each session",
            Shape.FOLDER,
            "coauthor:write",
            "",
            suggestions=False,
            sessions=True,
            splits=False,
        ),
        Format(
            "dataset",
            "a Hugging Face data set with its card",
            Shape.FOLDER,
            "dataset:write",
            "",
            sessions=True,
        ),
    )
}


def find_format(name: str) -> Format:
    """The format of that name. Raises UsageError that says the nearest one."""
    found = FORMATS.get(name.lower())
    if found is None:
        raise unknown("format", name, FORMATS)
    return found
