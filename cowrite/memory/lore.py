"""Lore: entries with keys, read of Markdown.

An entry is a heading with what stands below it. Its name, and other keys that a first line `Keys: Marta, the
clockmaker` gives, bring it in where they stand in the last words. A file without a heading is one entry, which
is called as the file is; front matter may give it `aliases`, as in Obsidian.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cowrite.core.document import Document, one_line_end
from cowrite.core.front_matter import front_matter
from cowrite.core.reading import Heading, Reading

MOST_ENTRIES = 50_000
_LONGEST_KEY = 80
_KEYS = re.compile(r"[ \t]*(?:keys?|aliases|alias|also)[ \t]*:[ \t]*([^\n]*)\n?", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*\n")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be known of somebody or something.

    keys: its name first. start: where its heading is in the file (code points), where one jumps to.
    """

    name: str
    keys: tuple[str, ...]
    text: str
    path: Path
    start: int = 0


def told(text: str) -> str:
    """What of a text the model is told: without front matter and comments, no more than one line blank."""
    text = one_line_end(text)
    lines = text.split("\n", 201)
    skip = front_matter(lambda index: lines[index], len(lines))
    body = "\n".join(lines[skip:]) if skip else text
    return _BLANK_LINES.sub("\n\n", _COMMENT.sub("", body)).strip()


def entries_of(text: str, path: Path) -> Iterator[Entry]:
    """The entries of a file."""
    document = Document(text)
    headings = Reading(document).headings()
    level = _level(document, headings)
    if level == 0:
        yield from _whole(text, path)
        return
    chosen = [h for h in headings if h.level == level]
    bounds = [h for h in headings if h.level <= level]
    ends = {h.line: after.line for h, after in pairwise(bounds)}
    for heading in chosen:
        first = _behind(document, heading)
        last = ends.get(heading.line, document.line_count)
        start = document.line_start(heading.line)
        end = document.line_start(last) if last < document.line_count else len(document)
        body = document.slice(min(document.line_start(first), end), end) if first < last else ""
        if heading.title:
            yield _entry(heading.title, one_line_end(body), path, start)


def _level(document: Document, headings: Sequence[Heading]) -> int:
    """The level of the headings that are entries, 0 for none: the highest that stands more than once and mostly
    with a text right below it, else the highest with a text below it, else the lowest. What is above names
    groups."""
    if not headings:
        return 0
    full: Counter[int] = Counter()
    count: Counter[int] = Counter()
    ends = [*(heading.line for heading in headings[1:]), document.line_count]
    for heading, last in zip(headings, ends, strict=True):
        lines = range(_behind(document, heading), last)
        count[heading.level] += 1
        full[heading.level] += bool(told("\n".join(document.line(index) for index in lines)))
    levels = sorted(count)
    several = [level for level in levels if count[level] > 1 and 2 * full[level] >= count[level]]
    return next(iter([*several, *(level for level in levels if full[level])]), levels[-1])


def _behind(document: Document, heading: Heading) -> int:
    """The line behind a heading; a heading that is underlined has more than one."""
    line = heading.line
    if document.line(line).lstrip().startswith("#"):
        return line + 1
    while line + 1 < document.line_count and not re.match(
        r"\s{0,3}(?:=+|-+)\s*$", document.line(line)
    ):
        line += 1
    return line + 1


def _entry(name: str, body: str, path: Path, start: int, more: tuple[str, ...] = ()) -> Entry:
    body = body.lstrip("\n")
    given = _KEYS.match(body)
    keys = [name, *more]
    if given is not None:
        keys += re.split(r"[,;|]", given.group(1))
        body = body[given.end() :]
    cleaned = (key.strip().strip("\"'") for key in keys)
    known = dict.fromkeys(key for key in cleaned if key and len(key) <= _LONGEST_KEY)
    return Entry(name, tuple(known), told(body), path, start)


def _whole(text: str, path: Path) -> Iterator[Entry]:
    """A file without headings, or with one over an empty text."""
    body = one_line_end(text)
    lines = body.split("\n", 201)
    skip = front_matter(lambda index: lines[index], len(lines))
    if told(body):
        yield _entry(path.stem, "\n".join(lines[skip:]), path, 0, _aliases(lines[:skip]))


def _aliases(front: Sequence[str]) -> tuple[str, ...]:
    """The `aliases` or `keys` of front matter: in brackets, or a line each."""
    out: list[str] = []
    inside = False
    for line in front:
        name, mark, value = line.partition(":")
        if mark and name.strip().casefold() in ("aliases", "alias", "keys"):
            inside = True
            out += value.strip().strip("[]").split(",")
        elif inside and line.lstrip().startswith("- "):
            out.append(line.lstrip()[2:])
        else:
            inside = False
    return tuple(one.strip().strip("\"'") for one in out if one.strip())
