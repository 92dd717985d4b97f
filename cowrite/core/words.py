"""Letters, words and the borders between them: one definition for all that reads prose.

After Unicode Standard Annex #29 (Text Segmentation, section 4), as far as prose needs it: a word is a run of
letters and digits; marks and format characters belong to what is before them (WB4); an apostrophe, a middle
dot or a Hebrew geresh between two letters does not divide (WB6, WB7), nor does a low line (WB13). Tailored:
an apostrophe may have any of its shapes, since keyboards, phones and typesetters give others; a run of Han,
Hiragana or Katakana is one word each; a full stop or a colon always divides, as in editors.

So marks of emphasis are no letters, dashes are borders, and a hyphen is neither: it divides words, but for
counting (`segmentation.word_count`), where `well-known` is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

APOSTROPHES = "'\u2019\u2018\u201b\u02bc\u02bb\uff07\u055a\ua78c\u2032\u00b4"
"""What stands for an apostrophe within a word. All but the straight one and its wide form say it in print;
the last two are a prime and an accent, which some keyboards have in its place."""

DASHES = "\u2012\u2013\u2014\u2015\u2e3a\u2e3b\ufe31\ufe32\ufe58"
"""Figure, en and em dash, bar, the longer dashes and the forms of East Asia. Not the hyphens."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
"""A class of what is nothing to who reads: soft hyphens, joiners, marks of direction, variation selectors.
Not the zero width space, which says that a word ends."""

SPACELESS = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eba\u0ebc-\u0ec6\u0ec8-\u0ecd\u0edc-\u0edf\u1000-\u103f\u104c-\u109f"
    "\u1780-\u17d3\u17d7\u17dc\u17dd\u1950-\u19df\u1a20-\u1aad\ua9e0-\ua9ff\uaa60-\uaadf"
)
"""A class of the letters of scripts without spaces whose words only a dictionary can tell: Thai, Lao,
Burmese, Khmer, the Tai scripts (Line_Break SA of UAX #14)."""

_HIRAGANA, _KATAKANA = "\u3041-\u309f", "\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HAN = "\u3005-\u3007\u3021-\u3029\u3031-\u303c\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
IDEOGRAPHS = f"{_HAN}{_HIRAGANA}{_KATAKANA}\u3105-\u312f\u31a0-\u31bf\U00016fe0-\U00018d08\U0001aff0-\U0001b2fb"
"""A class of the letters each of which counts for a word: Han, kana, bopomofo, Tangut, Nushu."""

VOICED = "\u3099-\u309c\uff9e\uff9f"
"""A class of the marks of voiced kana, which stand behind them where they are not composed with them."""

_BETWEEN = f'[{APOSTROPHES}\u00b7\u2027\u05f3\u05f4]|(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])'
_MARKED_BLOCKS = (
    *((0x0300, 0x1E00), (0x20D0, 0x2100), (0x2CE0, 0x2E00), (0x3020, 0x30A0), (0xA660, 0xAC00)),
    *(
        (0xFB10, 0xFB20),
        (0xFE00, 0xFE30),
        (0x10100, 0x12000),
        (0x13400, 0x13500),
        (0x16100, 0x17000),
    ),
    *((0x1BC90, 0x1BCB0), (0x1CF00, 0x1CF50), (0x1D160, 0x1D250), (0x1DA00, 0x1DAB0)),
    *((0x1E000, 0x1E950), (0xE0100, 0xE01F0)),
)
"""Where Unicode has its marks: looking at these takes a millisecond, at all code points a hundred."""

_JOINER = "\u200d"
_FAR = 64
"""The most characters that are looked at to the left of a border."""


@cache
def marks() -> str:
    """A class of all combining marks (general category M), for a regular expression."""
    out: list[str] = []
    start = -1
    for low, high in _MARKED_BLOCKS:
        for code in range(low, high + 1):
            marked = code < high and unicodedata.category(chr(code))[0] == "M"
            if marked and start < 0:
                start = code
            elif not marked and start >= 0:
                out.append(chr(start) if code - start == 1 else f"{chr(start)}-{chr(code - 1)}")
                start = -1
    return "".join(out)


@cache
def _pattern() -> re.Pattern[str]:
    others = _HAN + _HIRAGANA + _KATAKANA + APOSTROPHES
    first, letters = f"[^\\W_{others}]", f"(?:[^\\W{others}]++|[{marks()}{INVISIBLE}]++)"
    return re.compile(
        f"[{_HIRAGANA}]+|[{_KATAKANA}]+|[{_HAN}]+|{first}{letters}*+(?:(?:{_BETWEEN})(?={first}){letters}++)*+"
    )


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Where the words of `text[start:end]` begin and end."""
    stop = len(text) if end is None else end
    for match in _pattern().finditer(text, start, stop):
        low, high = match.span()
        while text[high - 1] == "_":
            high -= 1
        yield low, high


def pieces(text: str) -> list[str]:
    """The text as words, runs of white space and single signs, in order; joined they are the text."""
    out: list[str] = []
    place = 0
    for low, high in words(text):
        out += _between().findall(text, place, low)
        out.append(text[low:high])
        place = high
    return out + _between().findall(text, place)


@cache
def _between() -> re.Pattern[str]:
    return re.compile(f"\\s+|\\S[{marks()}{INVISIBLE}]*")


def is_letter(character: str) -> bool:
    """Whether a character is a letter or digit, or a mark upon one. No apostrophe is, whatever its shape."""
    if character.isalnum():
        return character.isascii() or character not in APOSTROPHES
    return unicodedata.category(character)[0] == "M"


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether no letter touches `text[start:end]` from outside, so that it is made of whole words.

    What an apostrophe divides is whole on both sides, as in `Anna's` and `l'eau`; not in `don't`, where
    neither side is a word.
    """
    before = _visible_before(text, start)
    if before and is_letter(text[start]):
        if is_letter(before):
            return False
        if before in APOSTROPHES and text[start:end].lower() in _TAILS and start > 1:
            return not is_letter(text[start - 2])
    after = _visible_after(text, end)
    if not after or not is_letter(text[end - 1]):
        return True
    return not is_letter(after) and not _is_contracted(text, end)


_TAILS = frozenset(("d", "ll", "m", "re", "s", "t", "ve"))
"""What stands behind the apostrophe of a contraction."""


def _is_contracted(text: str, end: int) -> bool:
    """Whether a word goes on behind an apostrophe, with more than the `s` of a genitive."""
    if text[end : end + 1] not in APOSTROPHES or end >= len(text):
        return False
    behind = text[end + 1 : end + 3]
    if not behind or not is_letter(behind[0]):
        return False
    return not (behind[0] in "sS" and (len(behind) == 1 or not is_letter(behind[1])))


def _visible_before(text: str, place: int) -> str:
    """The character before a place, past what is nothing to who reads; empty at the start."""
    low = max(0, place - _FAR)
    while place > low and is_invisible(text[place - 1]):
        place -= 1
    return text[place - 1] if place else ""


def _visible_after(text: str, place: int) -> str:
    high = min(len(text), place + _FAR)
    while place < high and is_invisible(text[place]):
        place += 1
    return text[place : place + 1]


@cache
def _invisible() -> re.Pattern[str]:
    return re.compile(f"[{INVISIBLE}]+")


def is_invisible(character: str) -> bool:
    """Whether a character is nothing to who reads."""
    return not character.isascii() and _invisible().match(character) is not None


def goes_on(before: str, after: str) -> bool:
    """Whether a word goes on from the end of one text to the beginning of the next."""
    if not before or not after:
        return False
    if cuts_letter(before[-_FAR:] + after[:1], min(len(before), _FAR)):
        return True
    last, first = _visible_before(before, len(before)), _visible_after(after, 0)
    if not last or not first:
        return False
    if is_letter(last) and is_letter(first):
        return True
    if first in APOSTROPHES and is_letter(last):
        return is_letter((after.partition(first)[2] or " ")[0])
    if last in APOSTROPHES and is_letter(first):
        return is_letter((before.rpartition(last)[0] or " ")[-1])
    return False


def cuts_letter(text: str, place: int) -> bool:
    """Whether a border at `place` would cut a letter in two: from its accent, within an emoji or a flag.

    The rules for grapheme clusters of UAX #29, section 3, tailored as searching needs it: a vowel sign of
    an Indic script (a mark with combining class 0) is a letter of its own.
    """
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if after.isascii():
        return after == "\n" and before == "\r"
    if before == _JOINER or unicodedata.combining(after) or _is_attached(after):
        return True
    if "\u1160" <= after <= "\u11ff":
        return "\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3"
    if _is_flag(after) and _is_flag(before):
        low = place
        while low > max(0, place - _FAR) and _is_flag(text[low - 1]):
            low -= 1
        return (place - low) % 2 == 1
    return False


def _is_attached(character: str) -> bool:
    """Whether a sign only says how the one before it is to look."""
    return (
        character == _JOINER
        or character == "\u200c"
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e01ef"
        or unicodedata.category(character) == "Me"
    )


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


_ARABIC_SIGNS = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed]"
)
"""Vowel signs and tatweel: they say how a word is read or fill its line, and no word list has them. Hamza
and madda, which make other letters, are not among them."""


def plain(word: str) -> str:
    """A word as it is compared: composed (NFC), its apostrophes straight, without what is invisible."""
    if word.isascii():
        return word
    word = _invisible().sub("", unicodedata.normalize("NFC", word))
    for sign in APOSTROPHES[1:]:
        if sign in word:
            word = word.replace(sign, "'")
    return _ARABIC_SIGNS.sub("", word)
