"""Which encodings bytes that are not UTF-8 may be in, with how their words would look in each.

chardet compares pairs of bytes with those of each language in each encoding. In a short text its figures
lie close together, and then what it can't see decides: whether the words could be words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from cowrite.core.printable import printable
from cowrite.core.wording import counted
from cowrite.files.encodings import MENDED, NAMES, mended, name_of, odd_words

_LIKELY = {
    "cp1252": 1.1, "iso8859-2": 0.9, "iso8859-5": 0.8, "iso8859-7": 0.9, "iso8859-9": 0.9,
    "iso8859-13": 0.8, "iso8859-15": 0.9, "iso8859-16": 0.7, "cp1258": 0.8, "koi8-u": 0.95,
    "cp866": 0.9, "cp437": 0.9, "cp850": 0.9, "cp852": 0.9, "mac-roman": 0.8, "mac-cyrillic": 0.7,
    "mac-latin2": 0.6,
}  # fmt: skip
"""How common an encoding is among drafts, where it is not as common as the rest (1): a tie-break."""
_CONSIDERED = [codec for codec in NAMES if codec not in ("utf-8", "utf-16", "utf-32", "iso8859-1")]
"""Those that drafts are found in. ISO-8859-1 is Windows-1252 without its quotes and dashes."""

_WINDOW = 1 << 16
"""Bytes that are looked at, from the first line that is not ASCII on."""
_MOST, _SHARE = 3, 0.3
"""Readings that are told, and how likely one is at least, compared with the likeliest."""
_FEW_CONTROLS = 0.01

_C1 = re.compile("[\x80-\x84\x86-\x9f]")
"""Controls that no text holds: where they come up, another encoding has letters there."""
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]+")
_AROUND = "“”‘’„«»–—…‚‹›·¿¡°†、。，！？：；（）「」『』《》〈〉・" + "£€¥¢₺₽₩"
_OPENING = ("‚", "„", "¿", "¡")
_NO_LETTERS = frozenset(("Cc", "Cn", "Co", "So", "Sm", "Sk", "No", "Sc"))
_TOGETHER = frozenset(("CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH"))
"""Scripts that stand in one word, by the first word of their characters' names."""
_NEUTRAL = frozenset(("MODIFIER", "FEMININE", "MASCULINE", "KATAKANA-HIRAGANA"))
_EAST_ASIAN = re.compile(r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef\s]")
_MOSTLY = 0.98


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a file's bytes.

    codec: for `encodings.decoded`. name: what a writer calls it. words: the first ones with letters
    beyond ASCII, as they are when it is read so.
    """

    codec: str
    name: str
    words: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The name with the words: `Windows-1250 (Zażółć gęślą jaźń)`."""
        words = printable(" ".join(self.words))
        return f"{self.name} ({words})" if words else self.name


def readings(data: bytes) -> tuple[Reading, ...]:
    """The likely encodings of bytes that are no UTF-8, the likeliest first; none where it is no text."""
    window = _window(data)
    found = []
    patched = mended(data)
    if patched is not None and is_text(patched[0]):
        name = f"UTF-8 with {counted(patched[1], 'byte')} of {name_of('cp1252')}"
        return (Reading(MENDED, name, odd_words(patched[0])),)
    for codec in _ranked(window):
        try:
            text = data.decode(codec)
        except UnicodeError:  # the window could be read, and what is behind it can't
            continue
        if is_text(text):
            found.append(Reading(codec, name_of(codec), odd_words(text)))
        if len(found) == _MOST:
            break
    return tuple(found)


def is_text(text: str) -> bool:
    """Whether it can be a writer's text: without NUL, and with next to no control codes."""
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a")
    return "\0" not in text and controls <= len(text) * _FEW_CONTROLS


def _window(data: bytes) -> bytes:
    """The bytes to look at: where the text seems to have two bytes a letter, from its beginning."""
    if len(data) <= _WINDOW or b"\0" in data[:_WINDOW]:
        return data[:_WINDOW]
    odd = re.search(rb"[\x80-\xff\x1b]", data)
    start = data.rfind(b"\n", 0, odd.start() if odd else 0) + 1
    return data[start : start + _WINDOW]


def _ranked(window: bytes) -> list[str]:
    """Codecs by how likely they are; of two that give the same text, the more common one."""
    import chardet  # here, since nearly every draft is UTF-8

    best: dict[str, tuple[float, str]] = {}
    for found in chardet.detect_all(
        window, ignore_threshold=True, include_encodings=_CONSIDERED, compat_names=False
    ):
        codec = found["encoding"]
        text = None if codec is None else _beginning(window, codec)
        if codec is None or text is None or _C1.search(text):
            continue
        score = found["confidence"] * (0.1 + 0.9 * plausibility(text)) * _LIKELY.get(codec, 1.0)
        best[text] = max(best.get(text, (0.0, "")), (score, codec))
    ranked = sorted(best.values(), reverse=True)
    if not ranked:
        return _east_asian(window)
    return [codec for score, codec in ranked if score >= ranked[0][0] * _SHARE]


def _beginning(window: bytes, codec: str) -> str | None:
    """The text of the window, whose last character may be cut."""
    for cut in range(4):
        try:
            return window[: len(window) - cut].decode(codec)
        except UnicodeDecodeError as error:
            if len(window) < _WINDOW or error.start < len(window) - 4:
                return None
    return None


def _east_asian(window: bytes) -> list[str]:
    """UTF-16 without a mark and without a single NUL, which seems to be no text at all."""
    for codec in ("utf-16-le", "utf-16-be"):
        text = _beginning(window[: len(window) & ~1], codec)
        if text and len(_EAST_ASIAN.findall(text)) >= len(text) * _MOSTLY:
            return [codec]
    return []


def plausibility(text: str) -> float:
    """The share of the words with letters beyond ASCII that could be words, 0 to 1."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return sum(map(_could_be, words)) / len(words) if words else 0.5


def _could_be(word: str) -> bool:
    """Letters of one script, no small one before a capital, and no signs among them."""
    plain = word.strip(_AROUND)
    if plain and word.endswith(_OPENING):
        return False
    if any(one.islower() and other.isupper() for one, other in pairwise(plain)):
        return False
    if any(unicodedata.category(character) in _NO_LETTERS for character in plain):
        return False
    scripts = {_script(character) for character in plain if character.isalpha()} - _NEUTRAL
    return len(scripts) < 2 or scripts <= _TOGETHER


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
