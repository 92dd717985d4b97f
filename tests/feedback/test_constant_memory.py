"""A session eight times as long takes no more memory, but for what is kept of each suggestion."""

import tracemalloc
from collections.abc import Iterator

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import (
    Closed,
    Edited,
    Generated,
    Opened,
    Requested,
    SessionInfo,
    Shown,
    Stamped,
)
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Candidate, Params, Timings
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.summary import session_figures

INFO = SessionInfo("s", "d", "/drafts/x.md", 0, None, "0.1.0")
TEXT = "A line of the draft.\n" * 200


def session(length: int, requests: int) -> Iterator[Stamped]:
    """Typing and deleting one letter, with requests at even distances."""
    yield Stamped(1, 0, 0, Opened(TEXT, (), None))
    end = len(TEXT)
    for seq in range(2, length, 2):
        now = seq * 100
        yield Stamped(seq, now, now, Edited(Edit(end, "", "x", Origin.TYPED)))
        yield Stamped(seq + 1, now, now, Edited(Edit(end, "x", "", Origin.TYPED)))
        if seq % (length // requests // 2 * 2) == 0:
            name = str(seq)
            candidates = (Candidate("some words more " * 4),) * 3
            for body in (
                Requested(name, end, 0, end, Params(), "m", "a" * 64),
                Generated(name, candidates, Timings()),
                Shown(name, 0),
                Closed(name, Closing.REJECTED, 0),
            ):
                yield Stamped(seq, now, now, body)


def peak(length: int) -> int:
    """Bytes at most while rows and figures are made."""
    tracemalloc.start()
    try:
        rows = sum(1 for _ in suggestion_rows(INFO, session(length, 20)))
        found = session_figures(INFO, session(length, 20))
        assert rows == sum(group.requests for _, _, group in found.groups) >= 18
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_edits() -> None:
    peak(600)
    short, long = peak(1_500), peak(12_000)
    assert long < short * 1.25 + 100_000
