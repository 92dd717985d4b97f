"""The rows of the Learning screen: facts, versions, texts. They follow the width of what they stand in."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text as RichText

from cowrite.core.dates import day
from cowrite.core.printable import printable
from cowrite.learning.overview import Overview

_MOST_TEXTS = 200
_QUIET = "dim"


def facts_table(rows: Iterable[tuple[str, str]]) -> Table:
    """Labels, and beside them what is said, which hangs where it is long."""
    table = _grid()
    table.add_column(style=_QUIET, no_wrap=True)
    table.add_column(ratio=1)
    for label, text in rows:
        table.add_row(label, _plain(text))
    return table


def versions_table(found: Overview, model_sha256: str) -> Table:
    """The versions for one model, the newest first, with a mark at the one that is in use."""
    table = _grid()
    _add_short(table)
    table.add_column(ratio=1)
    for version in reversed(found.versions_for(model_sha256)):
        used = found.in_use.get(model_sha256) == version.number
        said = RichText(f"{version.tokens:,} tokens. ")
        said.append(printable(version.reason), _QUIET)
        table.add_row("▸" if used else " ", str(version.number), day(version.made_ms), said)
    return table


def texts_table(found: Overview) -> Table:
    """What is learned from, the newest first, and below each what of it was left out and why."""
    table = _grid()
    table.add_column(ratio=1)
    _add_short(table)
    for text in found.texts[-_MOST_TEXTS:][::-1]:
        name = RichText(printable(text.title), overflow="fold")
        for reason, size in text.left_out.items():
            name.append(f"\n  {reason}: {size:,} characters left out", _QUIET)
        came = "added" if text.added else "log"
        table.add_row(name, day(text.when_ms), f"{text.words:,} words", came)
    return table


def _grid() -> Table:
    return Table.grid(padding=(0, 2), expand=True)


def _add_short(table: Table) -> None:
    """Three columns that are as wide as what is in them: a sign or a date, a number, a word or a date."""
    for justify in ("left", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)


def _plain(text: str) -> RichText:
    """A text that is shown as it is, without markup."""
    return RichText(printable(text))
