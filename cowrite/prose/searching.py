"""The next problem of grammar from a place of a draft on, sentence by sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from cowrite.core.document import Document
from cowrite.core.language import spoken
from cowrite.core.reading import Reading
from cowrite.core.recent import Recent
from cowrite.prose.passages import Found, whole_passage
from cowrite.prose.problems import Problem

Judge = Callable[[str], tuple[Problem, ...] | None]
"""What is wrong in a sentence; None where that isn't known yet."""

_KEPT = 1 << 17
_spoken: Recent[str] = Recent(_KEPT)


class Placed(NamedTuple):
    """A problem and where it stands in the draft, [start, end); text: what stands there, as it is read."""

    start: int
    end: int
    text: str
    problem: Problem


def is_english(text: str, language: str) -> bool:
    """Whether a paragraph may be checked. language: the draft's, where its own can't be told."""
    found = _spoken.get(text, lambda: spoken(text)) or language
    return not found or found.partition("-")[0] == "en"


def problems_in(found: Found, language: str, judge: Judge) -> Iterator[Placed]:
    """The problems of a passage, in the order of its sentences."""
    start, passage = found
    if not passage.text or not is_english(passage.text, language):
        return
    for low, high in passage.sentences():
        for problem in judge(passage.text[low:high]) or ():
            begin, end = low + problem.start, low + problem.end
            a, b = passage.place(begin, end)
            yield Placed(start + a, start + b, passage.text[begin:end], problem)


def problem_from(
    text: str,
    place: int,
    step: int,
    language: str,
    judge: Judge,
    *,
    until: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Placed | None:
    """The first problem at or behind `place` (step -1: the last one that ends at or before it).

    Goes round the draft's end (or start) once, not past `until`. None where there is none, or it was stopped.
    """
    document = Document(text)
    reading = Reading(document)
    here = document.line_at(place)
    count = document.line_count
    seen: set[int] = set()

    def judged(sentence: str) -> tuple[Problem, ...]:
        return () if stopped() else judge(sentence) or ()

    for turn in range(count + 1):
        index = (here + step * turn) % count
        if stopped():
            return None
        found = whole_passage(document, reading, index)
        if found is None or (found.start in seen and turn < count):
            continue
        seen.add(found.start)
        placed = problems_in(found, language, judged)
        if turn == 0:
            placed = (p for p in placed if (p.start >= place if step > 0 else p.end <= place))
        every = placed if step > 0 else reversed(list(placed))
        first = next(iter(every), None)
        if first is not None and not stopped():
            return first
        if until is not None and _is_past(document.line_at(until), index, here, step, count):
            return None
    return None


def _is_past(until: int, index: int, here: int, step: int, count: int) -> bool:
    """Whether the line `index` is the line `until` or behind it, seen from `here` on."""
    return (step * (index - here)) % count >= (step * (until - here)) % count
