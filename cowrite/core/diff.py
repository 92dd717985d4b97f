"""What differs between two texts: in words, and as the one change that makes one of the other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from cowrite.core.words import is_letter, pieces

_MOST_WORDS = 4000
"""Longer stretches are shown as one change: matching their words would take seconds."""
_ALIKE = 0.3
"""Texts with less in common are shown one behind the other: bits of both in turn could not be read."""
_MOST_LINES = 6000


class Change(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


Piece = tuple[Change, str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the diff. `number`: its line in the new text, from 1; None stands for lines left out."""

    number: int | None
    pieces: tuple[Piece, ...]


def in_words(old: str, new: str) -> tuple[Piece, ...]:
    """What turns `old` into `new`, word by word."""
    before, after = pieces(old), pieces(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    if head + tail == min(len(before), len(after)):  # only added or only taken away, however much
        return (
            *_same(after[:head]),
            *_whole(
                "".join(before[head : len(before) - tail]), "".join(after[head : len(after) - tail])
            ),
            *_same(after[len(after) - tail :]),
        )
    if len(before) + len(after) > _MOST_WORDS:
        return _whole(old, new)
    out: list[Piece] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _whole(old, new)
    for tag, low, high, from_, to in matcher.get_opcodes():
        if tag == "equal":
            out.append((Change.SAME, "".join(after[from_:to])))
            continue
        out += _whole("".join(before[low:high]), "".join(after[from_:to]))
    return tuple(out)


def _same(kept: list[str]) -> tuple[Piece, ...]:
    return ((Change.SAME, "".join(kept)),) if kept else ()


def _whole(old: str, new: str) -> tuple[Piece, ...]:
    return tuple((kind, text) for kind, text in ((Change.GONE, old), (Change.NEW, new)) if text)


def parting(texts: Sequence[str]) -> list[list[tuple[bool, str]]]:
    """Each text in pieces `(marked, piece)`: marked is the one word with which it parts from all others.

    One mark a text tells them apart; all that differs behind it would be nearly everything. Nothing is
    marked in a text that another one begins with.
    """
    split = [pieces(text) for text in texts]
    out = []
    for index, words in enumerate(split):
        others = split[:index] + split[index + 1 :]
        at = max((_common(words, other) for other in others), default=len(words))
        while at < len(words) and words[at].isspace():
            at += 1
        found = ((False, words[:at]), (True, words[at : at + 1]), (False, words[at + 1 :]))
        out.append([(marked, "".join(part)) for marked, part in found if part])
    return out


def in_lines(old: str, new: str, *, around: int = 1) -> Iterator[Paragraph]:
    """What turns `old` into `new`, by line and in these by word, with `around` lines of context.

    Lines that are alike are left out; a Paragraph with no number stands for them.
    """
    before, after = old.split("\n"), new.split("\n")
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    start = max(0, head - around)
    if start > 0:
        yield _gap(start)
    for number in range(start, head):
        yield Paragraph(number + 1, ((Change.SAME, after[number]),))
    yield from _changed(
        before[head : len(before) - tail], after[head : len(after) - tail], head, around
    )
    first = len(after) - tail
    shown = min(len(after), first + around)
    for number in range(first, shown):
        yield Paragraph(number + 1, ((Change.SAME, after[number]),))
    if shown < len(after):
        yield _gap(len(after) - shown)


def _gap(count: int) -> Paragraph:
    return Paragraph(None, ((Change.SAME, f"{count} line{'s' if count != 1 else ''} alike"),))


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _changed(before: list[str], after: list[str], base: int, around: int) -> Iterator[Paragraph]:
    """The changed middle; `base` is the line number (from 0) where it begins."""
    if len(before) + len(after) > _MOST_LINES:
        yield from _replaced(before, after, base)
        return
    for tag, low, high, from_, to in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            yield from _replaced(before[low:high], after[from_:to], base + from_)
        elif to - from_ <= 2 * around + 1:
            for number in range(from_, to):
                yield Paragraph(base + number + 1, ((Change.SAME, after[number]),))
        else:
            for number in range(from_, from_ + around):
                yield Paragraph(base + number + 1, ((Change.SAME, after[number]),))
            yield _gap(to - from_ - 2 * around)
            for number in range(to - around, to):
                yield Paragraph(base + number + 1, ((Change.SAME, after[number]),))


def _replaced(before: list[str], after: list[str], base: int) -> Iterator[Paragraph]:
    for offset in range(max(len(before), len(after))):
        if offset >= len(before):
            yield Paragraph(base + offset + 1, ((Change.NEW, after[offset]),))
        elif offset >= len(after):
            yield Paragraph(base + len(after) + 1, ((Change.GONE, before[offset]),))
        else:
            yield Paragraph(base + offset + 1, in_words(before[offset], after[offset]))


# One change, and what is left of a text


def common_prefix(one: str, other: str) -> int:
    """How many code points both texts begin with."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def difference(old: str, new: str) -> tuple[int, int, int]:
    """`(start, end, fresh)`: `old[start:end]` gives way to `new[start:fresh]`. All are equal for one text."""
    start = common_prefix(old, new)
    kept = common_prefix(old[start:][::-1], new[start:][::-1])
    return start, len(old) - kept, len(new) - kept


def words_kept(old: str, new: str) -> list[tuple[int, bool]]:
    """`new` in pieces `(length, kept)`: whether these characters stood in `old`, compared word by word.

    White space and signs alone are not kept: every text has them.
    """
    left, right = pieces(old), pieces(new)
    out = []
    for verb, _, _, low, high in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        piece = "".join(right[low:high])
        if piece:
            out.append((len(piece), verb == "equal" and any(map(is_letter, piece))))
    return out
