"""Typographic quotes, dashes and dots in the place of typed ones."""

from __future__ import annotations

_OPENS_AFTER = " \t\n\r([{<\u2014\u2013\u201c\u2018-/"


def smart(before: str, typed: str) -> tuple[int, str]:
    """What to write for a typed character: how many characters before it to delete, and the text.

    before: the two characters in front of the cursor. `--` becomes a dash, a third hyphen a longer one.
    """
    last = before[-1:]
    opens = not last or last in _OPENS_AFTER
    match typed:
        case '"':
            return 0, "\u201c" if opens else "\u201d"
        case "'":
            return 0, "\u2018" if opens else "\u2019"
        case "-" if last == "-":
            return 1, "\u2013"
        case "-" if last == "\u2013":
            return 1, "\u2014"
        case "." if before == "..":
            return 2, "\u2026"
    return 0, typed
