"""Keyboards whose letters are not Latin: which key of a US keyboard a letter stands on.

A writer with a Cyrillic keyboard presses Ctrl and the key where a US keyboard has S in order to save. Some
terminals say which key that is; for the others it is looked up here. Letters of scripts with more than one
usual keyboard are on the one that most use (Cyrillic: ЙЦУКЕН, also where some write phonetically; Armenian
and Georgian: phonetic). A letter of two keyboards is on the key that has a letter, since commands have letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

_US = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "`")

_BOARDS = (
    ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "ё"),  # Russian, Bulgarian (the keys of most)
    ("        ў  ї", " і        є"),  # Ukrainian, Belarusian
    ("љњ         ђ", "      ј   ћ", "ѕџ"),  # Serbian
    ("           ѓ", "          ќ"),  # Macedonian
    (" ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"),  # Greek
    ("  קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"),  # Hebrew
    ("ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرﻻىةوزظ", "ذ"),  # Arabic
    ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو"),  # Persian
    ("ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ"),  # Thai
    ("ქწერტყუიოპ", "ასდფგჰჯკლ", "ზხცვბნმ"),  # Georgian
    (" ჭ ღთ", " შ    ჟ", "ძ ჩ"),  # the same with Shift
    ("քոեռտըւիօպխծ", "ասդֆգհճկլ", "զղցվբնմ"),  # Armenian
    ("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"),  # Korean
    ("ㅃㅉㄸㄲㅆ   ㅒㅖ",),  # the same with Shift
    ("たていすかんなにらせ", "ちとしはきくまのりれけ", "つさそひこみもねるめ"),  # Japanese kana
    ("タテイスカンナニラセ", "チトシハキクマノリレケ", "ツサソヒコミモネルメ"),
    ("ㄆㄊㄍㄐㄔㄗㄧㄛㄟㄣ", "ㄇㄋㄎㄑㄕㄘㄨㄜㄠㄤ", "ㄈㄌㄏㄒㄖㄙㄩㄝㄡㄥ"),  # Zhuyin
    ("ौैाीूबहगदजड", "ोे्िुपरकतचट", "ॆंमनवलस  य"),  # Devanagari
    ("       ı",),  # Turkish
)
"""Keyboards by the rows of `_US`; a space says nothing."""


def _pairs() -> Iterator[tuple[str, str]]:
    for board in _BOARDS:
        for row, letters in zip(_US, board, strict=False):
            for key, letter in zip(row, letters, strict=False):
                if letter != " ":
                    yield letter, key


@cache
def _keys() -> dict[str, str]:
    """Letter to key; made when it is wanted first, which on most keyboards is never."""
    found: dict[str, str] = {}
    for letter, key in _pairs():
        if letter not in found or not found[letter].isalpha():
            found[letter] = key
    return found


@lru_cache(maxsize=512)
def us_key(character: str) -> str:
    """What a US keyboard has on the key of this character, in small letters; the character itself, if unknown.

    Full-width letters, as input methods write them, are the plain ones.
    """
    if character.isascii():
        return character.lower()
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain.isascii():
        return plain.lower()
    small = character.lower()
    return _keys().get(small, small if len(small) == 1 else character)
