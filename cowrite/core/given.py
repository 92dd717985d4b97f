"""Texts that a call or the environment gives: what they are in UTF-8, and lists that are written in one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from typing import Any


def text_given(text: str) -> str:
    """The text that was meant, where Python has kept bytes that it couldn't read as lone surrogates.

    It does so with all letters beyond ASCII where the locale says that there are none. Raises UnicodeError
    where the bytes are no UTF-8.
    """
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return os.fsencode(text).decode("utf-8")


_PART = re.compile(
    r"""\s*(?:
        (?P<double>"(?:[^"\\]|\\.)*")      # as in JSON: commas and quotes can be in it
        |'(?P<single>[^',]*)'                # but 'tis is a word
        |(?P<plain>(?!")[^,]*?)
    )\s*(?:,|\Z)""",
    re.VERBOSE | re.DOTALL,
)


def list_given(text: str) -> list[Any]:
    """The list that a text is: TOML's or JSON's in square brackets, or parts divided by commas.

    Parts are without the white space around them, and empty ones are left out. One that is in quotes keeps
    both. Raises ValueError for a list or a part whose end is missing.
    """
    text = text.strip()
    if text.startswith("["):
        return _bracketed(text)
    out, at = [], 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            raise ValueError("a part that begins with a quote doesn't end with one")
        at = found.end()
        if found["double"] is not None:
            out.append(json.loads(found["double"], strict=False))
        else:
            out.append(found["plain"] if found["single"] is None else found["single"])
    return [part for part in out if part]


def _bracketed(text: str) -> list[Any]:
    import tomllib  # here, since most calls have no list

    try:
        tables = tomllib.loads(f"list = {text}")
        found = tables["list"] if len(tables) == 1 else None
    except (ValueError, RecursionError):
        try:
            found = json.loads(text)
        except RecursionError as error:
            raise ValueError("a list in lists without end") from error
    if not isinstance(found, list):
        raise ValueError("something stands behind the list")
    return found


_NEEDS_QUOTES = re.compile(r"""[,"]|^[\s\['"]|[\s'"]$|^$""")


def list_text(parts: Iterable[str]) -> str:
    """A list as people write it, divided by commas; `list_given` reads it back."""
    return ", ".join(
        json.dumps(part, ensure_ascii=False) if _NEEDS_QUOTES.search(part) else part
        for part in parts
    )
