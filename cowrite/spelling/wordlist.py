"""The word lists of the package pyspellchecker, read without holding the interpreter.

Its own reader decodes a list in one go, which stops every other thread for 50 to 220 ms; in bits, other
threads wait for 5 ms at most, and a key in the editor isn't late.
"""

from __future__ import annotations

import gzip
import re
from importlib.resources import files

import spellchecker

from cowrite.errors import CowriteError

_ENTRY = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:\s*(\d+)')
_BIT = 1 << 14


def word_list(language: str) -> dict[str, int]:
    """The words of a language such as `en`, in small letters, with how often each is used.

    Raises CowriteError where the list isn't there or can't be read.
    """
    words: dict[str, int] = {}
    source = files(spellchecker) / "resources" / f"{language}.json.gz"
    try:
        with source.open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as file:
            rest = ""
            while bit := file.read(_BIT):
                bit = rest + bit
                cut = bit.rfind(",") + 1
                bit, rest = bit[:cut], bit[cut:]
                words.update((word, int(count)) for word, count in _ENTRY.findall(bit))
            words.update((word, int(count)) for word, count in _ENTRY.findall(rest))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CowriteError(
            f"The word list for '{language}' can't be read.",
            "Install cowrite again; until then spell-check is off.",
        ) from error
    if not words:
        raise CowriteError(f"The word list for '{language}' is empty.", "Install cowrite again.")
    return words
