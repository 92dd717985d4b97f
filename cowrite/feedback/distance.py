"""How far two texts are from one another: Levenshtein distance over characters or words."""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def levenshtein(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """The least insertions, deletions and substitutions that turn `one` into `other`.

    Bit-parallel after Myers (1999) in Hyyro's form (2003): one step handles a whole column of the table as
    the bits of an integer, so that a sentence costs microseconds without a compiled library.
    """
    one, other = _trimmed(one, other)
    if not one or not other:
        return len(one) + len(other)
    masks: dict[Hashable, int] = {}
    for index, item in enumerate(one):
        masks[item] = masks.get(item, 0) | 1 << index
    full = (1 << len(one)) - 1
    last = 1 << (len(one) - 1)
    up, down, distance = full, 0, len(one)
    for item in other:
        same = masks.get(item, 0)
        diagonal = (((same & up) + up) ^ up) | same | down
        right_up = down | ~(diagonal | up)
        right_down = up & diagonal
        if right_up & last:
            distance += 1
        elif right_down & last:
            distance -= 1
        right_up = right_up << 1 | 1
        right_down <<= 1
        up = (right_down | ~(diagonal | right_up)) & full
        down = right_up & diagonal & full
    return distance


def _trimmed(
    one: Sequence[Hashable], other: Sequence[Hashable]
) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
    """Both without the beginning and the end that they share, which no distance depends on."""
    low, high = 0, min(len(one), len(other))
    while low < high and one[low] == other[low]:
        low += 1
    back = 0
    while back < high - low and one[-1 - back] == other[-1 - back]:
        back += 1
    return one[low : len(one) - back], other[low : len(other) - back]


def character_distance(one: str, other: str) -> int:
    """Levenshtein distance in code points."""
    return 0 if one == other else levenshtein(one, other)


def word_distance(one: str, other: str) -> int:
    """Levenshtein distance in words, which are what stands between white space."""
    return 0 if one == other else levenshtein(one.split(), other.split())


def kept_share(inserted: str, text: str) -> float:
    """The share of the characters of `inserted` that is still there in `text`, 0 to 1.

    Counted as the longest common subsequence: text written around or between the kept words takes nothing
    away from it, as it would from a similarity.
    """
    if inserted == text:
        return 1.0
    if not inserted:
        return 0.0
    return common_subsequence(inserted, text) / len(inserted)


def common_subsequence(one: str, other: str) -> int:
    """The length of the longest text that is left of both when characters are taken out (Hyyro, 2004)."""
    masks: dict[str, int] = {}
    for index, item in enumerate(one):
        masks[item] = masks.get(item, 0) | 1 << index
    full = (1 << len(one)) - 1
    open_bits = full
    for item in other:
        hit = open_bits & masks.get(item, 0)
        open_bits = ((open_bits + hit) | (open_bits - hit)) & full
    return len(one) - open_bits.bit_count()
