"""Whether a suggestion was worth its look: what of it stands, whether it should have been shown, and whether
what was typed in its place says the same. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from cowrite.core.events import Burst, Edited, Opened, Stamped
from cowrite.core.outcome import SEEN_MS, TOOK, Outcome, verdict
from cowrite.core.provenance import Author, Runs
from cowrite.core.rows import SuggestionRow
from cowrite.core.segmentation import next_sentence_end
from cowrite.feedback.distance import common_subsequence

QUIET_MS = 10_000
"""Milliseconds without an edit after which an accepted text is looked at: as Zed does for its kept rate."""

TYPED = 50
"""Characters typed after a refusal that the refused text is compared with."""

HALF = 0.5
"""The share that must stand at the end for a taken text to have been right."""


def standing(inserted: str, text: str | None) -> int | None:
    """How many characters of what was inserted are still there in `text`; None where that is not known."""
    if text is None:
        return None
    return len(inserted) if text == inserted else common_subsequence(inserted, text)


def last_pause(times: Sequence[int]) -> int:
    """The index of the last of these moments before which was quiet for `QUIET_MS`; 0 for none."""
    for index in range(len(times) - 1, 0, -1):
        if times[index] - times[index - 1] >= QUIET_MS:
            return index
    return 0


def overlap(refused: str, typed: str) -> float | None:
    """The share of what was typed, by characters of whole words, that the refused text says in the same order.

    0 to 1; None where no whole word was typed. Only the first `TYPED` characters of both count.
    """
    wanted, said = _words(typed), _words(refused)
    total = sum(map(len, wanted))
    if not total:
        return None
    best = [0] * (len(said) + 1)
    for word in wanted:
        before = 0
        for index, other in enumerate(said, 1):
            above = best[index]
            best[index] = max(above, best[index - 1], before + len(word) * (word == other))
            before = above
    return best[-1] / total


def _words(text: str) -> list[str]:
    """The words of the first characters, without signs; one that is cut there is left out."""
    head = text[:TYPED]
    if text[TYPED : TYPED + 1].strip() and head[-1:].strip():
        head = head[: len(head) - len(head.split()[-1])]
    plain = (word.strip(".,;:!?…\"'()[]“”‘’„«»-–—*_").casefold() for word in head.split())
    return [word for word in plain if word]


def was_wrong(row: SuggestionRow) -> bool:
    """Whether a suggestion that was seen had better not been shown: it was refused, other words were typed,
    others were asked for, or less than half of what was taken stands at the end."""
    if row.shown_ms < SEEN_MS:
        return False
    if row.outcome in TOOK:
        return bool(row.survival) and row.survival[-1].kept < HALF
    return row.outcome is Outcome.REGENERATED or verdict(row.outcome, row.closing) is False


class Standing:
    """Follows a session's edits, and knows how many characters of each suggestion stand in the draft."""

    __slots__ = ("by",)

    def __init__(self) -> None:
        self.by: dict[str, int] = {}

    def feed(self, body: Opened | Edited) -> None:
        """Take the opening or an edit of a session."""
        if isinstance(body, Opened):
            self.by = {}
            self._count(body.runs, 1)
        else:
            self._count(body.edit.runs, 1)
            self._count(body.edit.gone, -1)

    def _count(self, runs: Runs, sign: int) -> None:
        for size, source in runs:
            if source.author is Author.MODEL and source.suggestion_id is not None:
                count = self.by.get(source.suggestion_id, 0) + sign * size
                self.by[source.suggestion_id] = count


def standing_now(events: Iterable[Stamped | Burst]) -> dict[str, int]:
    """How many characters of each suggestion stand in a draft, by the events of its last session."""
    found = Standing()
    for event in events:
        if isinstance(event, Stamped) and isinstance(event.body, Opened | Edited):
            found.feed(event.body)
    return {name: count for name, count in found.by.items() if count > 0}


def openers(text: str, runs: Iterable[tuple[int, Author]]) -> dict[str, int]:
    """How many sentences of a draft each author began: whose its first letter is.

    Paragraphs that were in the file before, whole, are left out: nobody chose there. They are not even
    looked at: what was written here says which lines are.
    """
    out: dict[str, int] = {}
    sizes: list[int] = []
    authors: list[Author] = []
    for length, author in runs:
        sizes.append(length)
        authors.append(author)
    borders = list(accumulate(sizes, initial=0))
    lines = text.splitlines(keepends=True)
    starts = list(accumulate(map(len, lines), initial=0))
    looked = 0
    """The lines before this one are done."""
    for index, author in enumerate(authors):
        if author is Author.FILE or not sizes[index]:
            continue
        first = max(looked, bisect_right(starts, borders[index]) - 1)
        looked = max(looked, min(len(lines), bisect_left(starts, borders[index + 1])))
        for line in range(first, looked):
            for at in _sentences(lines[line]):
                run = bisect_right(borders, starts[line] + at) - 1
                began = authors[min(run, len(authors) - 1)].value
                out[began] = out.get(began, 0) + 1
    return out


def _sentences(line: str) -> Iterator[int]:
    """Where the sentences of a line begin: their first letter or digit. Signs alone are none."""
    at = 0
    while at < len(line):
        end = next_sentence_end(line, at)
        if end <= at:
            return
        letter = next((index for index in range(at, end) if line[index].isalnum()), None)
        if letter is not None:
            yield letter
        at = end
