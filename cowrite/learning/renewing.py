"""What is brought up to date at once, without training: texts, their passages, the order of candidates."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from cowrite.core.promotion import Promotion
from cowrite.learning.corpus import gather
from cowrite.learning.library import Library
from cowrite.learning.order import OrderFile
from cowrite.learning.passages import PassageIndex
from cowrite.learning.screening import without_repeats
from cowrite.paths import Paths
from cowrite.store import LogReader, Store


@contextmanager
def renewed_library(paths: Paths) -> Iterator[tuple[Library, int]]:
    """The library with what is new in the log, and how many of its texts are new or changed."""
    with Library.open(paths.learning) as library:
        changed = 0
        if paths.log_file.exists():
            with LogReader.open(paths.log_file) as log:
                changed = gather(library, log, paths, int(time.time() * 1000))
        yield library, changed


def renew_passages(paths: Paths, library: Library) -> int:
    """Bring the index of passages up to the library; returns how many passages there are."""
    works = library.works()
    texts = without_repeats([work.screened for work in works])
    index = PassageIndex(paths.learning / "passages.sqlite3")
    try:
        wanted = {
            work.document_id: (text.text, work.when_ms / 1000)
            for work, text in zip(works, texts, strict=True)
            if text.paragraphs
        }
        for document in index.documents() - wanted.keys():
            index.remove(document)
        for document, (text, when) in wanted.items():
            index.replace(document, text, when)
        return len(index)
    finally:
        index.close()


def renew_order(paths: Paths) -> str:
    """Learn the order of candidates anew; returns what came of it, a sentence."""
    if not paths.log_file.exists():
        return "There is no log to learn it from yet."
    from cowrite.learning.ranking import renew

    file = OrderFile(paths.ranking)
    before = file.current()
    with LogReader.open(paths.log_file) as log:
        made = renew(log, file)
    if made.order is not None or made.dropped:
        was, number = (one.number if one is not None else 0 for one in (before, made.order))
        now = int(time.time() * 1000)
        with Store.open(paths.log_file) as store:
            store.promote(Promotion(now, "order", "", number, was, "gate", made.says))
    return made.says


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
        OrderFile(paths.ranking).forget()
