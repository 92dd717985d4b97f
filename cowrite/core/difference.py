"""Where two texts differ: one change that makes the new one of the old one."""

from __future__ import annotations

from difflib import SequenceMatcher

from cowrite.core.words import pieces


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
    """`new` in pieces `(length, kept)`: whether these characters stood in `old`, compared word by word."""
    left, right = pieces(old), pieces(new)
    out = []
    for verb, _, _, low, high in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        length = sum(map(len, right[low:high]))
        if length:
            out.append((length, verb == "equal"))
    return out
