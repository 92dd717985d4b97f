"""What is wrong with a book's texts before it goes out: links, pictures, footnotes, headings, doubled words.

It looks whether files are there, and needs no pandoc.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from cowrite.book.gathering import Source, Unread
from cowrite.book.links import SCHEME, heading_identifiers
from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.reading import Heading, Reading
from cowrite.prose.remarks import Prose
from cowrite.prose.repeats import doubled

_TARGET = re.compile(r"\]\(\s*(?:<([^<>]*)>|(\S*?))(?:\s+[\"'(].*)?\s*\)$", re.DOTALL)
_NOTE = re.compile(r"\[\^([^\]\s]+)\](:?)")
_REFERENCE = re.compile(r"(?<!\\)(!?)\[((?:[^\[\]\\]|\\.)+)\]\[([^\[\]]*)\]")
_DEFINED = re.compile(r"[ ]{0,3}\[(?!\^)((?:[^\[\]\\]|\\.)+)\]:\s*(?:<([^<>]*)>|(\S+))")
_IMAGE_TAG = re.compile(r"<img\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Something at a line (from 1) of a file. note: whether it may well be meant so."""

    path: Path
    line: int
    says: str
    note: bool = False


def check(sources: Sequence[Source], unread: Sequence[Unread] = ()) -> list[Found]:
    """All that is found, in the book's order. unread: files of the book that can't be read, each a finding."""
    read: dict[Path, _Text | None] = {}
    out: list[Found] = []
    texts = [_Text(source) for source in sources]
    for text in texts:
        read.setdefault(text.path.resolve(), text)
    for one in unread:
        read.setdefault(Path(os.path.realpath(one.path)), None)
    for place, text in enumerate(texts):
        out += _unread(unread, place)
        first = read[text.path.resolve()]
        if first is not None and first is not text:
            says = f"the same file as {first.path.name}: it stands in the book more than once"
            out.append(text.found(0, says, note=True))
            continue
        found = [
            *_links(text, read),
            *_references(text, read),
            *_notes(text),
            *_headings(text),
            *_doubled(text),
        ]
        out += sorted(found, key=lambda one: (one.line, one.says))
    return out + _unread(unread, len(texts))


def _unread(unread: Sequence[Unread], place: int) -> list[Found]:
    """Why the files at a place can't be read; their names are told in front, and not again in the sentence."""
    out = []
    for one in unread:
        if one.place == place:
            words = one.error.message.rstrip(".")
            rest = words.removeprefix(f"{one.path} ")
            out.append(Found(one.path, 1, words if rest == words else f"it {rest}"))
    return out


class _Text:
    """A chapter as it is looked through, line by line."""

    def __init__(self, source: Source) -> None:
        self.path = source.path
        self.document = Document(source.text)
        self.reading = Reading(self.document)

    @cached_property
    def headings(self) -> list[Heading]:
        return self.reading.headings()

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """What a link may lead to: headings as GitHub names them."""
        return frozenset(heading_identifiers(heading.title for heading in self.headings))

    def found(self, line: int, says: str, *, note: bool = False) -> Found:
        return Found(self.path, line + 1, says, note)

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines of prose, with code and comments blanked."""
        for index in range(self.document.line_count):
            kind = self.reading.line(index).kind
            if kind in (BlockKind.CODE, BlockKind.FENCE, BlockKind.FRONT, BlockKind.BLANK):
                continue
            text = self.document.line(index)
            for start, end, what in self.reading.spans(index):
                if what in ("code", "comment"):
                    text = text[:start] + " " * (end - start) + text[end:]
            yield index, text


def _links(text: _Text, read: dict[Path, _Text | None]) -> Iterator[Found]:
    for index, line in text.lines():
        spans = text.reading.spans(index)
        for start, end, kind in spans:
            match = _TARGET.match(line[start:end]) if kind == "address" else None
            if match is None:
                continue
            target = match[1] if match[1] is not None else match[2]
            labels = [low for low, high, one in spans if one == "mark" and high <= start]
            image = bool(labels) and line[labels[-1] : labels[-1] + 2] == "!["
            yield from _target(text, index, target, read, image=image)
        if _IMAGE_TAG.search(line):
            says = "a picture in HTML is left out of books: write ![words](file)"
            yield text.found(index, says)


def _target(
    text: _Text, index: int, target: str, read: dict[Path, _Text | None], *, image: bool
) -> Iterator[Found]:
    """What is wrong with where a link leads, or a picture comes from."""
    what = "picture" if image else "link"
    if SCHEME.match(target):
        if image:
            yield text.found(index, f"the picture {target} is not on this machine")
        return
    place, _, part = target.partition("#")
    if not target:
        yield text.found(index, f"a {what} leads nowhere")
        return
    try:
        path = (text.path.parent / unquote(place)).resolve() if place else text.path.resolve()
        there = path.is_file() if image else path.exists()
    except (OSError, ValueError):
        there = False
    if not there:
        yield text.found(index, f"the {what} {target}: there is no such file")
    elif part and not image and (led := read.get(path)) and unquote(part) not in led.identifiers:
        where = "here" if path == text.path.resolve() else f"in {path.name}"
        yield text.found(index, f"the link {target}: there is no such heading {where}")
    elif not image and path not in read:
        yield text.found(index, f"the link {target} leads out of the book", note=True)


def _references(text: _Text, read: dict[Path, _Text | None]) -> Iterator[Found]:
    """Links by reference: those whose definition is missing, and definitions that lead nowhere."""
    defined = set()
    uses = []
    for index, line in text.lines():
        match = _DEFINED.match(line)
        if match is not None:
            defined.add(_label(match[1]))
            yield from _target(text, index, match[2] or match[3], read, image=False)
            continue
        uses += [(index, one[3] or one[2]) for one in _REFERENCE.finditer(line)]
    for index, label in uses:
        if _label(label) not in defined and not label.startswith("^"):
            yield text.found(index, f"the link by reference [{label}] is defined nowhere")


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()


def _notes(text: _Text) -> Iterator[Found]:
    """Footnotes without a mark, marks without a footnote, and footnotes that are there twice."""
    used: dict[str, int] = {}
    defined: dict[str, int] = {}
    for index, line in text.lines():
        for match in _NOTE.finditer(line):
            if match[2] and not line[: match.start()].strip():
                if match[1] in defined:
                    yield text.found(index, f"the footnote [^{match[1]}] is there twice")
                defined.setdefault(match[1], index)
            else:
                used.setdefault(match[1], index)
    for name, index in used.items():
        if name not in defined:
            yield text.found(index, f"the footnote [^{name}] is nowhere in this file")
    for name, index in defined.items():
        if name not in used:
            yield text.found(index, f"nothing refers to the footnote [^{name}]")


def _headings(text: _Text) -> Iterator[Found]:
    before = 0
    for heading in text.headings:
        if not heading.title:  # it is a scene break
            continue
        if before and heading.level > before + 1:
            says = f"a heading of level {heading.level} follows one of level {before}"
            yield text.found(heading.line, says)
        before = heading.level
    if not before:
        yield text.found(0, "no heading: it follows as a scene of the file before", note=True)


def _doubled(text: _Text) -> Iterator[Found]:
    for one in doubled(Prose(text.document.text)):
        line, _ = text.document.locate(one.start)
        yield text.found(line, one.says, note=True)
