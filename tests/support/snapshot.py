"""Pictures of screens as SVG: drawn by Textual, kept beside the tests, compared letter by letter.

    COWRITE_UPDATE_SNAPSHOTS=1 pytest tests/tui/shell/test_snapshots.py    # keep how everything looks now

Where a screen looks different, what was kept and what is there now are left in `build/snapshots`, with a page
that shows them side by side.
"""

from __future__ import annotations

import os
import re
from html import unescape
from pathlib import Path

from textual.app import App

UPDATE = "COWRITE_UPDATE_SNAPSHOTS"
REPORT = Path(__file__).resolve().parents[2] / "build" / "snapshots"

_TEXT = re.compile(r'<text [^>]*clip-path="url\(#[\w-]+-line-(\d+)\)"[^>]*>(.*?)</text>')
_NUMBER = re.compile(r"\bterminal-\d+-")
"""Rich numbers its classes by a checksum of what it drew."""

_PAGE = """<!doctype html><meta charset="utf-8"><title>{name}</title>
<body style="background:#888;font-family:sans-serif">
<h1>{name}</h1><h2>kept</h2><img src="{name}.kept.svg"><h2>now</h2><img src="{name}.now.svg">
"""


def picture(app: App[None]) -> str:
    """The screen as SVG. The same screen gives the same letters each time."""
    drawn = _NUMBER.sub("terminal-", app.export_screenshot(title="cowrite"))
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def rows(svg: str) -> list[str]:
    """The text of a picture, row by row, without its blanks."""
    found: dict[int, list[str]] = {}
    for number, text in _TEXT.findall(svg):
        found.setdefault(int(number), []).append(unescape(text).replace("\xa0", " ").strip())
    return [" ".join(found.get(number, ())) for number in range(max(found, default=-1) + 1)]


def difference(now: str, file: Path) -> str | None:
    """What is different from the picture that is kept in `file`, in words; None where nothing is.

    With `COWRITE_UPDATE_SNAPSHOTS` set, what is there now is kept.
    """
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if now == kept:
        return None
    if os.environ.get(UPDATE):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
        return None
    page = _leave(file.stem, kept, now)
    return f"{file.stem}: {_said(rows(kept), rows(now))}\n  see {page}"


def _leave(name: str, kept: str, now: str) -> Path:
    """Leave both pictures where they can be looked at; returns the page with both."""
    REPORT.mkdir(parents=True, exist_ok=True)
    (REPORT / f"{name}.kept.svg").write_text(kept, encoding="utf-8")
    (REPORT / f"{name}.now.svg").write_text(now, encoding="utf-8")
    page = REPORT / f"{name}.html"
    page.write_text(_PAGE.format(name=name), encoding="utf-8")
    return page


def _said(kept: list[str], now: list[str]) -> str:
    if not kept:
        return "there is no picture yet"
    count = max(len(kept), len(now))
    pairs = zip(kept + [""] * count, now + [""] * count, strict=False)
    other = [(y, was, is_) for y, (was, is_) in enumerate(pairs) if was != is_][:4]
    if not other:
        return "the same text in another look"
    return "".join(f"\n  row {y}: {was!r}\n     now: {is_!r}" for y, was, is_ in other)
