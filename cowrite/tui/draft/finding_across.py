"""Finding across chapters: what is found in each, and what would stand in its place. Pure, but for reading."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cowrite.core.document import Document
from cowrite.errors import CowriteError, UsageError
from cowrite.session.beside import text_in
from cowrite.tui.draft.finding import MOST_FOUND, PATIENCE, TOO_LONG, Query, find_all, replacements

Place = tuple[int, int]
Piece = tuple[int, int, str]

PATIENCE_ACROSS = 5.0
"""Seconds that an expression may take over all chapters."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a chapter, in order. text: as it was searched. trouble: why it was not."""

    path: Path
    text: str
    places: tuple[Place, ...] = ()
    trouble: str = ""


class Texts:
    """The texts of chapters: those of open drafts as they are on the screen, others as their files have them.

    What has not changed on the disk is read once. For one thread at a time.
    """

    def __init__(self) -> None:
        self._read: dict[Path, tuple[tuple[int, int], str]] = {}

    def of(self, path: Path, drafts: Mapping[Path, str]) -> str:
        """Raises DraftError."""
        if path in drafts:
            return drafts[path]
        try:
            facts = path.stat()
            state = (facts.st_size, facts.st_mtime_ns)
        except OSError:
            state = (-1, -1)
        known, text = self._read.get(path, ((-2, -2), ""))
        if known != state:
            text = text_in(path)
            self._read[path] = (state, text)
        return text


def find_across(
    query: Query,
    paths: Iterable[Path],
    drafts: Mapping[Path, str],
    texts: Texts,
    is_over: Callable[[], bool],
) -> Iterator[Found]:
    """What is found in each chapter, in order; those without a match are left out.

    At most `MOST_FOUND` in all: who gets so many has them all. is_over: asked before each chapter. Raises
    UsageError where the query is no expression, or takes too long.
    """
    room, left = MOST_FOUND, PATIENCE_ACROSS
    for path in paths:
        if is_over() or room <= 0:
            return
        try:
            text = texts.of(path, drafts)
        except CowriteError as error:
            yield Found(path, "", trouble=error.message)
            continue
        began = time.monotonic()
        places = tuple(find_all(query, text, min(PATIENCE, left))[:room])
        if query.regex:
            left -= time.monotonic() - began
            if left <= 0:
                raise UsageError(TOO_LONG)
        room -= len(places)
        if places:
            yield Found(path, text, places)


def edits_of(query: Query, found: Found, places: list[Place], template: str) -> list[Piece]:
    """The edits that put `template` in the place of matches; see `finding.replacements`.

    Left out are those that change nothing. Raises UsageError.
    """
    newline = Document(found.text).newline
    edits = replacements(query, found.text, places, template, newline)
    return [edit for edit in edits if found.text[edit[0] : edit[1]] != edit[2]]
