"""How far a word is from the one that was meant. Pure; it needs nothing of the house."""

from __future__ import annotations

from collections import Counter


def distance(one: str, other: str, most: int) -> int:
    """How many slips lie between two words (two neighbours swapped are one); above `most`, `most + 1`.

    A slip is a letter to change, add or leave out, or two neighbours to swap: optimal string alignment.
    """
    ours, theirs = Counter(one), Counter(other)
    if (
        max((ours - theirs).total(), (theirs - ours).total()) > most
    ):  # a slip gives or takes one letter
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for y, letter in enumerate(one, 1):
        older, before, row = before, row, [y]
        for x, there in enumerate(other, 1):
            cost = min(before[x] + 1, row[x - 1] + 1, before[x - 1] + (letter != there))
            swapped = x > 1 and y > 1 and letter == other[x - 2] and one[y - 2] == there
            row.append(min(cost, older[x - 2] + 1) if swapped else cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
