"""Where words, sentences and paragraphs end, for prose in any script.

Sentence ends follow UAX #29 (Unicode Text Segmentation, section 5) with what a writer expects on top: titles,
initials and ordinals do not end a sentence, and neither does `"Really?" he said`. The tables are short: the
characters with the property Sentence_Terminal that people write with, and the commonest abbreviations.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from cowrite.core.abbreviations import is_abbreviation
from cowrite.core.entities import without_entities
from cowrite.core.saying import said_in_chinese, said_so
from cowrite.core.words import DASHES, IDEOGRAPHS, SPACELESS, VOICED

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

_CLOSERS = (
    "\"')]}*_`~\u2019\u201d\u00bb\u203a\u300d\u300f\u3011\u3009\u300b\uff09\uff3d\uff5d\uff63"
)
"""Quotes and brackets that close where they follow a terminator at once."""

_TURNED = "\u2018\u201c\u00ab\u2039"
"""Quotes that open in English and Chinese, and close in German where they follow a terminator at once."""

_GOES_ON = frozenset(",;:-\u2013\u2014\uff0c\u3001\uff1b\uff1a")
"""Behind a terminator these say that the sentence goes on."""

_CUT_OFF = '(?:\u2014|\u2013|--)(?=["\u201d\u2019\u00bb])'
"""A dash that ends a quotation: who spoke was interrupted."""

_MARKS = re.compile(f"[{re.escape(FULL_STOPS + TERMINATORS)}]+|{_CUT_OFF}|[\\r\\n]")
_SIGNS = r"[\ufe0e\ufe0f\u200d\u0300-\u036f]*"
_NOTES = r"(?:\[\^?\w{1,8}\]|</\w{1,8}>|[\u00b9\u00b2\u00b3\u2070-\u2079\u2020\u2021]+)*"
_BEHIND = re.compile(f"{_SIGNS}[{re.escape(_CLOSERS + _TURNED)}]*{_NOTES}")
_BEHIND_WIDE = re.compile(f"{_SIGNS}[{re.escape(_CLOSERS)}]*{_NOTES}")
_HALF_NOTE = re.compile(r"(?:\[\^?\w{0,8}|<(?:/\w{0,8})?)\Z")
_SPACED_STOPS = re.compile("(?:[ \u00a0\u202f]\\.)+")
_SPACED_GUILLEMET = re.compile("[ \u00a0\u202f]\u00bb")
_BLANKS = re.compile(r"[^\S\r\n]*")
_QUOTED = frozenset("\"'\u2019\u201d\u201c\u2018\u00bb\u00ab\u203a\u2039\u300d\u300f")
_LINE_END = re.compile(r"[\r\n]")


def sentence_end(text: str, start: int = 0, *, final: bool = False) -> int | None:
    """The offset behind the first sentence of `text[start:]`, closing quotes with it, the space not.

    None where no sentence has ended yet: with `final` false, what could still go on (`3.` before `14`,
    `"Yes." ` before `he said`) has not ended, and an end that was found stays, whatever is appended. A
    line break ends a sentence once a word was written.
    """
    written = False
    looked = start
    for mark in _MARKS.finditer(text, start):
        written = written or any(map(str.isalnum, text[looked : mark.start()]))
        looked = mark.end()
        if not written:
            continue
        if mark.group() in "\r\n":
            return len(text[start : mark.start()].rstrip()) + start
        end = _closed(text, start, mark)
        verdict = _ends_here(text, start, mark, end, final=final)
        if verdict is None:
            return None
        if verdict:
            return end
    return None


def _closed(text: str, start: int, mark: re.Match[str]) -> int:
    """The offset behind what belongs to a terminator: more stops, variation selectors, quotes, brackets."""
    end = mark.end()
    if mark.group()[-1] in _WIDE_TERMINATORS:
        return _end_of(_BEHIND_WIDE, text, end)
    if mark.group()[-1] == ".":
        end = _end_of(_SPACED_STOPS, text, end)
    closed = _end_of(_BEHIND, text, end)
    if closed == end and _SPACED_GUILLEMET.match(text, end):
        opened = text.count("\u00ab", start, end) > text.count("\u00bb", start, end)
        return end + 2 if opened else end
    return closed


def _ends_here(text: str, start: int, mark: re.Match[str], end: int, *, final: bool) -> bool | None:
    """Whether a sentence ends at the closed-off terminator `mark`; None while that can't be told."""
    if end >= len(text):
        return True if final else None
    if not final and _HALF_NOTE.match(text, end):
        return None
    signs, behind, quoted = mark.group(), text[end], end > mark.end()
    stop = signs[-1] in FULL_STOPS
    said = quoted and not _QUOTED.isdisjoint(text[mark.end() : end])
    if signs[-1] in _WIDE_TERMINATORS:
        if behind in _GOES_ON or (stop and behind.isdigit()):
            return False
        if quoted and behind in "\u3068\u3063":
            return False  # A quotation in Japanese that somebody says.
        return _not(said_in_chinese(text, end, final=final)) if said else True
    if not behind.isspace():
        if is_ideograph(behind):
            if said and signs[-1] in "!?\u2026":
                return _not(said_in_chinese(text, end, final=final))
            return not stop and "\u2026" not in signs
        return not stop and not behind.isalnum() and behind not in _GOES_ON
    ahead = _end_of(_BLANKS, text, end)
    if ahead >= len(text):
        return True if final else None
    if signs in FULL_STOPS and not quoted:
        verdict = is_abbreviation(text, start, mark.start(), ahead, final=final)
        if verdict is not False:
            return None if verdict is None else False
    letter = _first_letter(text, ahead)
    if not letter and not final:
        return None
    if letter.islower():
        return False
    if said and not stop and text[ahead].isupper():
        return _not(said_so(text, ahead, final=final))
    return True


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _first_letter(text: str, start: int) -> str:
    """The first letter, digit or line break from `start` on, or an empty string."""
    for index in range(start, len(text)):
        if text[index].isalnum() or text[index] in "\r\n":
            return text[index]
    return ""


def is_ideograph(character: str) -> bool:
    """Whether words of this script are written without spaces."""
    return (
        character >= "\u0e00" and character.isalnum() and _unspaced().match(character) is not None
    )


def word_end(text: str, start: int = 0) -> int:
    """The offset behind the next word with its punctuation: white space before it counts as its own.

    A word of a script without spaces is one character, with what opens before it and closes behind it.
    """
    index, size = start, len(text)
    while index < size and text[index].isspace():
        index += 1
    while index < size and unicodedata.category(text[index]) in ("Ps", "Pi"):
        index += 1
    if index < size and is_ideograph(text[index]):
        index += 1
        while index < size and _belongs_behind(text[index]):
            index += 1
        return index
    while index < size and not text[index].isspace() and not is_ideograph(text[index]):
        index += 1
    return index


def _belongs_behind(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "PM" and category not in ("Ps", "Pi")


def next_sentence_end(text: str, start: int = 0) -> int:
    """The offset behind the next sentence, or the end of the text."""
    end = sentence_end(text, start, final=True)
    return len(text) if end is None else end


def paragraph_end(text: str, start: int = 0) -> int:
    """The offset behind the next paragraph's last character: line breaks before it count as its own."""
    index = start
    while index < len(text) and text[index] in "\r\n":
        index += 1
    end = _LINE_END.search(text, index)
    return len(text) if end is None else end.start()


_BORDERS = f"\\s\u200b\u2026{DASHES}"
"""A class of what divides words for counting, with the hyphens and full stops that stand in a row."""

_VOICED = re.compile(f"[{VOICED}]")
_LETTERS_A_WORD = 4
_LONG_WORDED = re.compile("[\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f]")
"""Burmese and Khmer, whose words have a letter more. Counted with ICU's dictionaries in some prose of each:
Thai 3.8, Lao 4.2, Khmer 5.4, Burmese 5.0 code points a word."""


@cache
def _counted(ideographs: str) -> re.Pattern[str]:
    """A word, from its first letter to what divides it from the next one."""
    rest = f"(?:[^{_BORDERS}\\-.{ideographs}]++|-(?!-)|\\.(?!\\.))*+"
    return re.compile(f"[^\\W_{ideographs}]{rest}")


@cache
def _ideographs() -> re.Pattern[str]:
    return re.compile(f"[{IDEOGRAPHS}]+")


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{IDEOGRAPHS}{SPACELESS}]")


@cache
def _spaceless() -> re.Pattern[str]:
    return re.compile(f"[{SPACELESS}]+")


def word_count(text: str) -> int:
    """Words as a writer counts them: what white space and dashes divide, and each ideograph.

    A hyphen divides none, and two of them are a dash; an ellipsis divides. The words of a script that is
    written without spaces, and that only a dictionary could tell, are guessed from the number of letters.
    """
    text = without_entities(text)
    if text.isascii():
        return len(_counted("").findall(text))
    guessed = 0
    for run in _spaceless().findall(text):
        size = _LETTERS_A_WORD + (_LONG_WORDED.match(run) is not None)
        guessed += max(1, round(len(run) / size))
    if guessed:
        text = _spaceless().sub(" ", text)
    if not _ideographs().search(text):
        return guessed + len(_counted("").findall(text))
    each = sum(map(len, _ideographs().findall(text))) - len(_VOICED.findall(text))
    return guessed + each + len(_counted(IDEOGRAPHS).findall(text))
