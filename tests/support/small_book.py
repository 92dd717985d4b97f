"""A small book of our own: chapters with all that books hold, made anew for each test."""

from __future__ import annotations

import shutil
import struct
import zlib
from pathlib import Path

import pytest

from cowrite.book.pandoc import find_pandoc
from cowrite.errors import CowriteError

TOML = """[project]
title = "The Mill & the <Sea>"
author = "Jo Ann Quill"
subtitle = "A story of rain"
rights = "Copyright 2026"
language = "en"
contact = ["Jo Quill", "1 Mill Lane", "jo@example.com"]
chapters = ["chapters/*.md"]
"""
ONE = """---
summary: It rains.
---

# The rain

<!-- Ask Tom about the date. -->
It rained. "Where is the 'mill'?" she asked -- and waited...[^1] More is in [the second](02.md), and
at [its end](02.md#the-end).

It *had* rained for **days**.

* * *

The mill stood. Its wheel turned.

![The wheel](../pictures/wheel.png)

#

It was [that rain](#the-rain), still.

[^1]: A note with *words*.
"""
TWO = """# The sea

A second note stands here.[^1]

> She said nothing.

- salt
- tar

## The end

Nobody came.

[^1]: Another note.
"""
TEN = "One more scene, without a heading.\n\n***\n"


def picture(red: int = 200) -> bytes:
    """A PNG of 40 by 20 dots."""
    rows = b"".join(b"\0" + bytes([red, 80, 80]) * 40 for _ in range(20))

    def part(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = part(b"IHDR", struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def small_book(folder: Path) -> Path:
    """Make the project in a folder; returns it."""
    (folder / "chapters").mkdir(parents=True)
    (folder / "pictures").mkdir()
    (folder / "pictures" / "wheel.png").write_bytes(picture())
    (folder / "cowrite.toml").write_text(TOML)
    for name, text in (("01.md", ONE), ("02.md", TWO), ("10.md", TEN)):
        (folder / "chapters" / name).write_text(text)
    return folder


def has_pandoc() -> bool:
    try:
        find_pandoc()
    except CowriteError:
        return False
    return True


needs_pandoc = pytest.mark.skipif(not has_pandoc(), reason="pandoc is not installed")
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)
