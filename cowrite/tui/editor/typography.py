"""Typographic quotes, apostrophes, dashes and dots in the place of typed ones, by what is around them. Pure.

A sign is typed first and exchanged then, so that one key gives the typed one back. Whether there is prose
at a place at all is for `tui.editor.prose_here`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cowrite.core.quotation import ENGLISH, Quotes
from cowrite.core.segmentation import is_ideograph

EN_DASH, EM_DASH, ELLIPSIS, APOSTROPHE = "\u2013", "\u2014", "\u2026", "\u2019"
_DASHES = f"-{EN_DASH}{EM_DASH}\u2015"
_BRACKETS = "([{<"
_OPENERS = "\u201c\u2018\u201e\u201a\u00ab\u2039\u00a1\u00bf\u300c\u300e"
_EMPHASIS = "*_~"
_NO_BREAK = "\u00a0\u202f"
"""Spaces that belong to the sign before or behind them."""

_ALWAYS_SHORT = re.compile(
    "d|em|gainst|k|m|n|nem?|nen|ner|neath|nuff|r|s|t|til|tis|twas|tween|twere|twill|twixt|twould"
)
"""What an apostrophe may stand before without a quotation beginning, in English, Dutch and German."""
_OFTEN_SHORT = re.compile("bout|cause|cept|cos|course|cuz|fraid|fore|kay|nother|round|scuse")
"""The same where the word is in the middle of a sentence: a quotation may begin with these too."""

_LEADING = re.compile(r"(?:^|(?<=[^\w\u2018\u2019]))[\u2018\u201a\u2039]([^\W\d_]{1,7}|\d\ds?)$")
_MID_SENTENCE = re.compile(r"[^\W\d_][ \u00a0]$")
_LINE_DASHES = re.compile(r"(?:^|\n)[ \t>]*(-{2,3})$")


class Typed(NamedTuple):
    """What becomes of the end of a text when a sign was typed: `size` characters, the typed one with them,
    give way to `text`."""

    size: int
    text: str


def exchanged(before: str, typed: str, after: str = "", quotes: Quotes = ENGLISH) -> Typed | None:
    """What is to stand for a character that was typed behind `before`, or None where it stays as it is.

    before: the paragraph up to the cursor. after: the character behind it, or an empty string.
    """
    if before.endswith("\\"):
        return None
    match typed:
        case '"':
            return _double(before, quotes)
        case "'":
            return _single(before, after, quotes)
        case "-":
            return _dash(before)
        case ".":
            dots = before.endswith("..") and not before.endswith("...")
            return Typed(3, ELLIPSIS) if dots else _ended(before, typed)
        case _:
            return _ended(before, typed)


# Quotes


def _double(before: str, quotes: Quotes) -> Typed | None:
    last = before[-1:]
    inside = is_open(before, quotes.opening, quotes.closing)
    if last.isdigit() and not inside:  # inches, seconds
        return None
    if _opens(before, inside=inside, opening=quotes.opening, closing=quotes.closing):
        return Typed(1, quotes.opening)
    closing = quotes.closing
    if last and (last in _NO_BREAK or last.isspace()):  # the writer's own space is enough
        closing = closing.lstrip(_NO_BREAK)
    short = _short_before(before, typed='"')
    return Typed(1, closing) if short is None else Typed(short.size + 1, short.text + closing)


def _single(before: str, after: str, quotes: Quotes) -> Typed:
    opening, closing = quotes.inner_opening, quotes.inner_closing
    inside = is_open(before, opening, closing)
    if _opens(before, inside=inside, opening=opening, closing=closing):
        return Typed(1, opening)
    short = _short_before(before, typed="'")
    if short is not None:
        return Typed(short.size + 1, short.text + APOSTROPHE)
    if before[-1:].isdigit() or (after and after.isalnum()) or not inside:
        return Typed(1, APOSTROPHE)
    return Typed(1, closing)


def _opens(before: str, *, inside: bool, opening: str, closing: str) -> bool:
    """Whether a quotation begins behind `before`. inside: one is open there already."""
    bare = before.rstrip(_EMPHASIS)
    last = bare[-1:]
    if last in ("", "\n"):
        return True
    if before.endswith(opening):  # two signs, one behind the other: an empty quotation
        return False
    if last in _BRACKETS or last in _OPENERS:
        return not (inside and opening == closing)
    if last.isspace():
        return not (inside and (last in _NO_BREAK or opening.endswith(tuple(_NO_BREAK))))
    if last in _DASHES or last in f"{ELLIPSIS}/=" or last in "'\u2019" or bare.endswith("..."):
        return not inside and not (
            last in "'\u2019" and opening in "'\u2018\u2019\u201a\u2039\u300e"
        )
    return not inside and (is_ideograph(last) or last in "\u3001\u3002\uff0c\uff1a\uff1f\uff01")


def is_open(before: str, opening: str, closing: str) -> bool:
    """Whether the last of these quotes in a text is open; of straight ones every other one opens."""
    opens, closes = opening.strip(_NO_BREAK), closing.strip(_NO_BREAK)
    straight = "'" not in opens and opens not in "\u2018\u201a\u2039\u300e"
    open_now = False
    for place, sign in enumerate(before):
        if sign == opens == closes:
            if not (sign == APOSTROPHE and _within_word(before, place)):
                open_now = not open_now
        elif sign == opens:
            open_now = True
        elif sign == closes:
            open_now = open_now and sign == APOSTROPHE and _within_word(before, place)
        elif straight and sign == '"':
            open_now = not open_now if place == 0 or not before[place - 1].isdigit() else False
    return open_now


def _within_word(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and text[place - 1].isalnum() and text[place + 1].isalnum()


# Apostrophes at a word's beginning


def _short_before(before: str, typed: str) -> Typed | None:
    """A shortened word that a quote was taken for the beginning of, when `typed` ends it."""
    match = _LEADING.search(before[-40:])
    if match is None:
        return None
    word = match[1].lower()
    mid = _MID_SENTENCE.search(before[: len(before) - len(match[0])]) is not None
    if typed == "'" and word != "n":  # the sign that it was taken for: 's' is a letter in quotes
        return None
    if word[0].isdigit():
        short = word.endswith("s") or (mid and not typed.isalnum())
    else:
        often = mid and match[1].islower() and _OFTEN_SHORT.fullmatch(word)
        short = bool(often or _ALWAYS_SHORT.fullmatch(word))
    return Typed(len(match[0]), APOSTROPHE + match[1]) if short else None


def _ended(before: str, typed: str) -> Typed | None:
    """What becomes of what stands before a sign that ends a word, or that shows what dashes are."""
    if typed == "s" and (short := _short_before(before + typed, " ")) is not None:
        return short if short.text[1:2].isdigit() else None
    if typed.isalnum():
        return _line_dash(before, typed)
    short = _short_before(before, typed)
    if short is not None:
        return Typed(short.size + 1, short.text + typed)
    return _line_dash(before, typed)


# Dashes


def _dash(before: str) -> Typed | None:
    if before.endswith(EN_DASH):
        return Typed(2, EM_DASH)
    if not before.endswith("-") or before.endswith("--"):
        return None
    line = before[before.rfind("\n") + 1 :]
    if not line.strip("- \t>|:=+"):  # it may become a rule, a fence of front matter, a table
        return None
    return None if before.endswith("<!-") else Typed(2, EN_DASH)


def _line_dash(before: str, typed: str) -> Typed | None:
    """Hyphens at a line's beginning are a dash when text comes behind them."""
    match = _LINE_DASHES.search(before[-20:]) if before.endswith("--") else None
    if match is None or typed in "-|:" or (typed.isspace() and (typed != " " or len(match[1]) > 2)):
        return None
    if len(before) > 20 and match.start() == 0 and before[-21] != "\n":
        return None
    return Typed(len(match[1]) + 1, (EN_DASH if len(match[1]) == 2 else EM_DASH) + typed)
