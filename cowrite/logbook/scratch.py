"""Which drafts figures leave out: the tour, and what the writer has marked as scratch."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from cowrite.core.events import SessionInfo
from cowrite.logbook.source import Choice, is_draft
from cowrite.paths import Paths
from cowrite.store import LogReader

TOUR = "tour.md"
"""The file of the tour, in the folder of cowrite's data."""


def is_scratch(document: str, paths: Paths, scratch: Collection[str]) -> bool:
    """Whether a draft is left out. scratch: patterns of paths, as the setting `log.scratch` has them."""
    return document == str(paths.data / TOUR) or any(
        document == pattern or fnmatchcase(document, pattern) for pattern in scratch
    )


def followed(log: LogReader, scratch: Collection[str]) -> dict[str, str]:
    """What each mark means today: a draft that was moved takes its mark along. Raises StoreError.

    A path that another draft has by now means that one.
    """
    return {pattern: log.name_today(pattern) or pattern for pattern in scratch}


def counted_sessions(
    log: LogReader, choice: Choice, paths: Paths, scratch: Collection[str]
) -> list[SessionInfo]:
    """The chosen sessions, without scratch unless the choice names a draft."""
    marked = followed(log, scratch).values()
    return [
        session
        for session in log.sessions(since_ms=choice.since_ms, until_ms=choice.until_ms)
        if (
            not is_scratch(session.document, paths, marked)
            if choice.document is None
            else is_draft(session, choice.document)
        )
    ]
