"""What of a passage stands in a text that was made of it, word by word and quick enough for each frame.

Words that both texts have once each, in the same order, hold the two together; what is between them is
matched in the same way, and small rests as `difflib` does ("patience diff", after Bram Cohen). A comparison
of all words with all, as `core.diff` makes it, takes a second for 2,000 words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from cowrite.core.diff import Change, Piece
from cowrite.core.words import is_letter, pieces

_SMALL = 4000
"""Pairs of words up to which a stretch without words in common once each is compared in full."""
_FAR = 40
"""Characters of the passage that one short word, found alone behind them, does not bridge."""
_BREAKS = frozenset("\r\n")

Stretch = tuple[int, int, int]
"""`(at, there, length)`: so many characters at `at` of the one text stand at `there` in the other."""


class _Tokens:
    """A text as words, signs and breaks of lines, each with where it begins. Other spaces are between them."""

    __slots__ = ("ends", "starts", "texts")

    def __init__(self, text: str) -> None:
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        place = 0
        for piece in pieces(text):
            start, place = place, place + len(piece)
            if not piece.isspace() or _BREAKS.intersection(piece):
                self.texts.append(piece)
                self.starts.append(start)
                self.ends.append(place)


@lru_cache(maxsize=2)
def _of_passage(text: str) -> _Tokens:
    """The tokens of a passage, which stays the same while a text is made of it."""
    return _Tokens(text)


def alike(old: str, new: str, reach: int | None = None) -> list[Stretch]:
    """The stretches of `old` that stand in `new` as well, in the order of both. They end at words' borders.

    reach: characters of `old` that are looked at, None for all.
    """
    one, other = _of_passage(old), _Tokens(new)
    most = len(one.texts) if reach is None else bisect_right(one.ends, reach)
    out: list[Stretch] = []
    for left, right in _matched(one.texts[:most], other.texts):
        at, there = one.starts[left], other.starts[right]
        length = one.ends[left] - at
        if out:
            before, over, size = out[-1]
            gap = old[before + size : at]
            if gap == new[over + size : there]:
                out[-1] = (before, over, size + len(gap) + length)
                continue
        out.append((at, there, length))
    return _with_spaces(out, old, new)


def _with_spaces(found: list[Stretch], old: str, new: str) -> list[Stretch]:
    """The stretches with the white space beside them that both texts have there."""
    out: list[Stretch] = []
    low, under = 0, 0
    for index, (at, there, length) in enumerate(found):
        back = _common_spaces(old[low:at][::-1], new[under:there][::-1])
        at, there, length = at - back, there - back, length + back
        more = found[index + 1] if index + 1 < len(found) else (len(old), len(new), 0)
        end, over = at + length, there + length
        length += _common_spaces(old[end : more[0]], new[over : more[1]])
        out.append((at, there, length))
        low, under = at + length, there + length
    return out


def _common_spaces(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right or not left.isspace():
            break
        count += 1
    return count


def _matched(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Which tokens stand for one another, in order."""
    out: list[tuple[int, int]] = []
    waiting = [(0, len(one), 0, len(other))]
    while waiting:
        low, high, start, end = waiting.pop()
        while low < high and start < end and one[low] == other[start]:
            out.append((low, start))
            low, start = low + 1, start + 1
        while low < high and start < end and one[high - 1] == other[end - 1]:
            high, end = high - 1, end - 1
            out.append((high, end))
        if low == high or start == end or set(one[low:high]).isdisjoint(other[start:end]):
            continue
        anchors = _anchors(one, other, (low, high, start, end))
        if not anchors:
            out += _compared(one[low:high], other[start:end], low, start)
            continue
        out += anchors
        edges = [(low - 1, start - 1), *anchors, (high, end)]
        waiting += [
            (left + 1, right, over + 1, under) for (left, over), (right, under) in pairwise(edges)
        ]
    return sorted(out)


def _anchors(
    one: Sequence[str], other: Sequence[str], place: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """What holds two stretches together: the breaks of lines where both have as many, else the words that
    stand once in each, as many as are in the same order."""
    low, high, start, end = place
    breaks = [index for index in range(low, high) if one[index].isspace()]
    others = [index for index in range(start, end) if other[index].isspace()]
    if breaks and len(breaks) == len(others):
        return [pair for pair in zip(breaks, others, strict=True) if one[pair[0]] == other[pair[1]]]
    once = {word for word, count in Counter(one[low:high]).items() if count == 1}
    here = {one[index]: index for index in range(low, high) if one[index] in once}
    there = Counter(other[start:end])
    pairs = [
        (here[word], index)
        for index, word in enumerate(other[start:end], start)
        if word in here and there[word] == 1 and is_letter(word[0])
    ]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose first numbers rise; the second ones do already."""
    tails: list[int] = []
    ends: list[int] = []
    before = [-1] * len(pairs)
    for index, (value, _) in enumerate(pairs):
        place = bisect_left(tails, value)
        if place:
            before[index] = ends[place - 1]
        tails[place : place + 1] = [value]
        ends[place : place + 1] = [index]
    out: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        out.append(pairs[at])
        at = before[at]
    return out[::-1]


def _compared(
    one: Sequence[str], other: Sequence[str], low: int, start: int
) -> list[tuple[int, int]]:
    """What `difflib` finds in a small rest; nothing in a large one, which is another text."""
    if len(one) * len(other) > _SMALL:
        return []
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return [(low + at + n, start + there + n) for at, there, size in blocks for n in range(size)]


# As pieces


def differences(old: str, new: str) -> list[Piece]:
    """What turns `old` into `new`: stretches that stay, go or come. What goes is before what comes there."""
    if old == new:
        return [(Change.SAME, old)] if old else []
    return readable(_pieces(old, new, alike(old, new)))


def differences_so_far(old: str, new: str) -> list[Piece]:
    """The same while `new` is being written: what of `old` it has not come to yet stays.

    A last word that may still become the passage's own is left out.
    """
    found = alike(old, new, _as_far(new))
    while found and _is_chance(found, old):
        found.pop()
    at, there, length = found[-1] if found else (0, 0, 0)
    end, over = at + length, there + length
    out = readable(_pieces(old[:end], new[:over], found))
    fresh, rest = new[over:], old[end:]
    begun = pieces(fresh)
    if begun and rest.lstrip().startswith(begun[-1].strip()):
        fresh = fresh[: len(fresh) - len(begun[-1])]
    if fresh.strip():
        out.append((Change.NEW, fresh))
    if rest:
        out.append((Change.SAME, rest))
    return out


def _as_far(new: str) -> int:
    """How far in the passage a text of this length may have come: a match far behind is by chance."""
    return 2 * len(new) + 200


def _is_chance(found: list[Stretch], old: str) -> bool:
    """Whether the last stretch is a little word far behind the one before, which says nothing yet."""
    at, _, length = found[-1]
    end = found[-2][0] + found[-2][2] if len(found) > 1 else 0
    return at - end > _FAR and len(old[at : at + length].split()) < 2


def _pieces(old: str, new: str, found: Iterable[Stretch]) -> list[Piece]:
    out: list[Piece] = []
    place, under = 0, 0
    for at, there, length in (*found, (len(old), len(new), 0)):
        if at > place:
            out.append((Change.GONE, old[place:at]))
        if there > under:
            out.append((Change.NEW, new[under:there]))
        if length:
            out.append((Change.SAME, old[at : at + length]))
        place, under = at + length, there + length
    return out


def readable(found: list[Piece]) -> list[Piece]:
    """The pieces with changes made one that only a short word or some signs are between.

    Bits of both texts in turn can't be read. Lines stay apart.
    """
    runs = _runs(found)
    out: list[tuple[str, str, bool]] = []
    for index, (gone, new, same) in enumerate(runs):
        between = bool(out) and index + 1 < len(runs)
        if same and between and _joins(gone, out[-1], runs[index + 1]):
            behind = runs[index + 1]
            runs[index + 1] = (
                out[-1][0] + gone + behind[0], out[-1][1] + gone + behind[1], False
            )  # fmt: skip
            out.pop()
        else:
            out.append((gone, new, same))
    pieces_: list[Piece] = []
    for gone, new, same in out:
        if same:
            pieces_.append((Change.SAME, gone))
            continue
        pieces_ += [(Change.GONE, gone)] * bool(gone) + [(Change.NEW, new)] * bool(new)
    return pieces_


def _runs(found: list[Piece]) -> list[tuple[str, str, bool]]:
    """Changes as `(gone, new, False)` and what stays as `(text, text, True)`, in turns."""
    out: list[tuple[str, str, bool]] = []
    for kind, text in found:
        if kind is Change.SAME:
            out.append((text, text, True))
            continue
        if not out or out[-1][2]:
            out.append(("", "", False))
        gone, new, _ = out[-1]
        out[-1] = (gone + text, new, False) if kind is Change.GONE else (gone, new + text, False)
    return out


def _joins(same: str, one: tuple[str, str, bool], other: tuple[str, str, bool]) -> bool:
    """Whether what stays between two changes is too little to be read as such."""
    if _BREAKS.intersection(same):
        return False
    if not any(map(is_letter, same)):
        return True
    least = min(max(len(one[0]), len(one[1])), max(len(other[0]), len(other[1])))
    return len(same.split()) == 1 and len(same.strip()) <= 4 and len(same) < least
