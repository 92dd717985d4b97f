"""The rows of the Learning screen: facts, versions, texts. They follow the width of what they stand in."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text as RichText

from cowrite.core.dates import day
from cowrite.core.printable import printable
from cowrite.learning.overview import Overview
from cowrite.learning.registry import Version

_MOST_TEXTS = 200
_QUIET = "dim"


def facts_table(rows: Iterable[tuple[str, str]]) -> Table:
    """Labels, and beside them what is said, which hangs where it is long."""
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(style=_QUIET, no_wrap=True)
    table.add_column(ratio=1)
    for label, text in rows:
        table.add_row(label, _plain(text))
    return table


def versions_of(found: Overview, model_sha256: str) -> list[Version]:
    """The versions for one model, the newest first."""
    return [v for v in reversed(found.versions) if v.model_sha256 == model_sha256]


def versions_table(found: Overview, model_sha256: str) -> Table:
    """The versions for one model, the newest first, with a mark at the one that is in use."""
    table = Table.grid(padding=(0, 2), expand=True)
    for justify in ("left", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)
    table.add_column(ratio=1)
    for version in versions_of(found, model_sha256):
        used = found.in_use.get(model_sha256) == version.number
        said = RichText(f"{version.tokens:,} tokens. ")
        said.append(printable(version.reason), _QUIET)
        table.add_row("▸" if used else " ", str(version.number), day(version.made_ms), said)
    return table


def texts_table(found: Overview) -> Table:
    """What is learned from, the newest first, and below each what of it was left out and why."""
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=1)
    for justify in ("left", "right", "left"):
        table.add_column(justify=justify, no_wrap=True)
    for text in found.texts[-_MOST_TEXTS:][::-1]:
        name = RichText(printable(text.title), overflow="fold")
        for reason, size in text.left_out.items():
            name.append(f"\n  {reason}: {size:,} characters left out", _QUIET)
        came = "added" if text.added else "log"
        table.add_row(name, day(text.when_ms), f"{text.words:,} words", came)
    return table


def _plain(text: str) -> RichText:
    """A text that is shown as it is, without markup."""
    return RichText(printable(text))
