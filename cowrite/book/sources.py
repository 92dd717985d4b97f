"""Which program a book comes from."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from cowrite.book.arriving import Arriving
from cowrite.book.documents import READERS, from_document
from cowrite.errors import CowriteError, UsageError

_HINT = (
    "It can be a docx, odt, epub, rtf or html, a Scrivener folder (.scriv) or one of novelWriter."
)


def arriving_of(source: Path) -> Arriving:
    """What reads a book. Raises CowriteError where there is none, UsageError where it is of no known kind."""
    from cowrite.book.novelwriter import PROJECT, from_novelwriter
    from cowrite.book.scrivener import binder_of, from_scrivener

    if not source.exists():
        raise CowriteError(f"There is no file {source}", _HINT)
    if source.is_dir():
        if (source / PROJECT).is_file():
            return partial(from_novelwriter, source)
        if binder_of(source) is not None:
            return partial(from_scrivener, source)
        raise UsageError(
            f"{source} is no folder of Scrivener's or novelWriter's.",
            f"Of a folder with texts `cowrite new {source}` makes a project. {_HINT}",
        )
    if source.name == PROJECT:
        return partial(from_novelwriter, source.parent)
    if source.suffix.lower() == ".scrivx":
        return partial(from_scrivener, source.parent)
    if source.suffix.lower() not in READERS:
        raise UsageError(f"{source} is of no kind that can be brought here.", _HINT)
    return partial(from_document, source)
