"""Whether quotations in a line are opened and closed."""

from __future__ import annotations


def stray_quote(line: str, *, whole: bool = True) -> int | None:
    """Where a quotation ends that was never opened; None where none does.

    whole: whether the line is there from its beginning; else what is open at first is not known, and None.
    """
    if not whole:
        return None
    opened = False
    for at, sign in enumerate(line):
        if sign == '"':
            behind_word = (
                at > 0 and not line[at - 1].isspace() and line[at - 1] not in "([\u2014-_*'"
            )
            if behind_word and not opened and not line[at - 1].isdigit():
                return at
            opened = not opened
    if "\u201c" in line or "\u201d" in line:
        depth = 0
        for at, sign in enumerate(line):
            if sign in ("\u201c", "\u201e"):
                depth += 1
            elif sign == "\u201d":
                if depth == 0 and at > 0 and not line[at - 1].isspace():
                    return at
                depth = max(0, depth - 1)
    return None


def is_open(text: str) -> int | None:
    """Where the quotation begins that is open at the end of a line's text; None where none is."""
    opened: int | None = None
    for at, sign in enumerate(text):
        if sign == '"':
            opened = at if opened is None else None
        elif sign == "\u201c":
            opened = at
        elif sign == "\u201d":
            opened = None
    return opened
