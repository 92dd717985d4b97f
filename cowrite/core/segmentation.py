"""Where words, sentences and paragraphs end, for prose in any script.

Sentence ends follow UAX #29 (Unicode Text Segmentation, section 5) with what a writer expects on top: titles
and initials do not end a sentence, and neither does `"Really?" he said`. No tables but a short one: the
characters with the property Sentence_Terminal that people write with.
"""

from __future__ import annotations

import re
import unicodedata

FULL_STOPS = ".\u2024\ufe52\uff0e"
"""UAX #29 ATerm: may also stand in numbers and abbreviations."""

TERMINATORS = (
    "!?\u2026\u203c\u203d\u2047\u2048\u2049\u2e2e\u2e3c\u2e53\u2e54"
    "\u0589\u061d\u061e\u061f\u06d4\u0700\u0701\u0702\u07f9\u0837\u0839\u083d\u083e"
    "\u0964\u0965\u104a\u104b\u1362\u1367\u1368\u166e\u1735\u1736\u17d4\u17d5\u1803\u1809"
    "\u1944\u1945\u1aa8\u1aa9\u1aaa\u1aab\u1b5a\u1b5b\u1b5e\u1b5f\u1c3b\u1c3c\u1c7e\u1c7f"
    "\u3002\ua4ff\ua60e\ua60f\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\uaaf0\uaaf1\uabeb"
    "\ufe12\ufe15\ufe16\ufe56\ufe57\uff01\uff1f\uff61"
)
"""UAX #29 STerm: ends a sentence wherever it stands."""

_WIDE_TERMINATORS = frozenset("\u3002\uff01\uff1f\uff61\ufe12\ufe15\ufe16\uff0e")
"""Those after which no space is written."""

_CLOSERS = frozenset(
    "\"')]}*_\u2019\u201d\u00bb\u203a\u300d\u300f\u3011\u3009\u300b\uff09\uff3d\uff5d\uff63"
)

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "mx",
        "dr",
        "prof",
        "st",
        "sr",
        "jr",
        "messrs",
        "mme",
        "mlle",
        "m",
        "hr",
        "fr",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "cf",
        "viz",
        "no",
        "nos",
        "vol",
        "vols",
        "p",
        "pp",
        "fig",
        "figs",
        "ca",
        "approx",
        "inc",
        "ltd",
        "co",
        "corp",
        "gen",
        "col",
        "capt",
        "cmdr",
        "lt",
        "sgt",
        "rev",
        "hon",
        "mt",
        "ft",
        "dept",
        "est",
        "ed",
        "eds",
        "al",
        "op",
        "cit",
        "ch",
        "sec",
        "art",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "z.b",
        "bzw",
        "usw",
        "d.h",
        "u.a",
        "ggf",
        "nr",
        "str",
        "sra",
        "srta",
        "ud",
        "uds",
    ]
)

_WORD_BEFORE = re.compile(r"[^\s\"'(\[\u2018\u201c]*$")
_ENDS = re.compile(f"[{re.escape(FULL_STOPS + TERMINATORS)}]+|\\n")


def sentence_end(text: str, start: int = 0, *, final: bool = False) -> int | None:
    """The offset behind the first sentence of `text[start:]`, closing quotes with it, the space not.

    None where no sentence has ended yet: with `final` false, what could still go on (`3.` before `14`,
    `"Yes." ` before `he said`) has not ended. A line break ends a sentence once a word was written.
    """
    for match in _ENDS.finditer(text, start):
        if not any(map(str.isalnum, text[start : match.start()])):
            continue
        if match.group() == "\n":
            return len(text[: match.start()].rstrip())
        end = match.end()
        while end < len(text) and text[end] in _CLOSERS:
            end += 1
        verdict = _ends_here(text, start, match, end, final=final)
        if verdict is None:
            return None
        if verdict:
            return end
    return None


def _ends_here(
    text: str, start: int, match: re.Match[str], end: int, *, final: bool
) -> bool | None:
    """Whether a sentence ends at the closed-off terminator `match`; None while that can't be told."""
    mark = match.group()
    if mark[-1] in _WIDE_TERMINATORS:
        return True if final or end < len(text) else None
    if end == len(text):
        return True if final else None
    if not text[end].isspace():
        return (
            not text[end].isalnum()
            and mark[-1] not in FULL_STOPS
            and text[end] not in ",;:-\u2014\u2013"
        )
    if mark in FULL_STOPS and end == match.end() and _is_abbreviation(text[start : match.start()]):
        return False
    following = text[end:].lstrip(" \t\u00a0")
    if not following:
        return True if final else None
    quoted = end > match.end()
    soft = mark[0] in FULL_STOPS or "\u2026" in mark or quoted
    return not (soft and _first_letter(following).islower())


def _first_letter(text: str) -> str:
    for character in text:
        if character.isalnum() or character == "\n":
            return character
    return ""


def _is_abbreviation(before: str) -> bool:
    match = _WORD_BEFORE.search(before)
    word = match.group() if match else ""
    if len(word) == 1 and word.isupper() and word != "I":
        return True
    return word.lower().rstrip(".") in _ABBREVIATIONS


def _is_ideograph(character: str) -> bool:
    """Whether words of this script are written without spaces."""
    return (
        "\u2e80" <= character <= "\u9fff"
        or "\u0e00" <= character <= "\u0eff"
        or (
            character >= "\uf900"
            and unicodedata.east_asian_width(character) in "WF"
            and character.isalnum()
        )
    )


def word_end(text: str, start: int = 0) -> int:
    """The offset behind the next word with its punctuation: white space before it counts as its own.

    A word of a script without spaces is one character with the punctuation behind it.
    """
    index, size = start, len(text)
    while index < size and text[index].isspace():
        index += 1
    if index < size and _is_ideograph(text[index]):
        index += 1
        while index < size and (unicodedata.category(text[index])[0] in "PM"):
            index += 1
        return index
    while index < size and not text[index].isspace() and not _is_ideograph(text[index]):
        index += 1
    return index


def next_sentence_end(text: str, start: int = 0) -> int:
    """The offset behind the next sentence, or the end of the text."""
    end = sentence_end(text, start, final=True)
    return len(text) if end is None else end


def paragraph_end(text: str, start: int = 0) -> int:
    """The offset behind the next paragraph's last character: line breaks before it count as its own."""
    index = start
    while index < len(text) and text[index] in "\r\n":
        index += 1
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def word_count(text: str) -> int:
    """Words as a writer counts them: runs between white space, and each ideograph."""
    spaced = 0
    ideographs = 0
    for word in text.split():
        if word.isascii():
            spaced += any(map(str.isalnum, word))
            continue
        own = sum(map(_is_ideograph, word))
        ideographs += own
        spaced += own < sum(map(str.isalnum, word))
    return spaced + ideographs
