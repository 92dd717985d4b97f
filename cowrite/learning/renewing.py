"""What is brought up to date at once, without training: texts and their passages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cowrite.learning.choices import forget_order
from cowrite.learning.corpus import gather
from cowrite.learning.indexing import bring_up_to_date
from cowrite.learning.library import Library, Work
from cowrite.learning.passages import PassageIndex
from cowrite.paths import Paths
from cowrite.store import LogReader


@contextmanager
def renewed_library(paths: Paths) -> Iterator[tuple[Library, int]]:
    """The library with what is new in the log, and how many of its texts are new or changed."""
    with Library.open(paths.learning) as library:
        changed = 0
        if paths.log_file.exists():
            with LogReader.open(paths.log_file) as log:
                changed = gather(library, log, paths, int(time.time() * 1000))
        yield library, changed


def renew_passages(paths: Paths, works: Sequence[Work]) -> int:
    """Bring the index of passages up to these works, which are distinct; returns how many there are."""
    index = PassageIndex(paths.learning / "passages.sqlite3")
    try:
        bring_up_to_date(
            index,
            (
                (work.document_id, f"{work.state} {len(text)}", text, work.when_ms / 1000)
                for work in works
                if (text := work.screened.text)
            ),
        )
        return len(index)
    finally:
        index.close()


def forget_derived(paths: Paths, document_id: str | None) -> None:
    """Delete what was made of a text without training (None: of all): passages, and the order with all."""
    index = PassageIndex(paths.learning / "passages.sqlite3")
    try:
        if document_id is None:
            index.clear()
        else:
            index.remove(document_id)
    finally:
        index.close()
    if document_id is None:
        forget_order(paths)
