"""novelWriter's texts as Markdown: headings, tags, comments, short codes, alignment, footnotes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cowrite.book.arriving import Lost, NewText

_HEADING = re.compile(r"(#{1,4})(!?)\s+(.*)")
_TAG = re.compile(r"@([\w]+):\s*(.*)")
_SYNOPSIS = re.compile(r"%\s*(?:synopsis|short)\s*:\s*(.*)", re.IGNORECASE)
_FOOTNOTE = re.compile(r"%\s*footnote\.(\S+?)\s*:\s*(.*)", re.IGNORECASE)
_NOTE_MARK = re.compile(r"\[footnote:\s*([^\]\s]+)\s*\]", re.IGNORECASE)
_SPACE_CODE = re.compile(r"\[(?:new ?page|vspace(?::\d+)?)\]", re.IGNORECASE)
_CODES = {"b": "**", "i": "*", "s": "~~", "u": "", "m": "", "sup": "", "sub": ""}
_CODE = re.compile(r"\[/?(b|i|s|u|m|sup|sub)\]", re.IGNORECASE)
_LOST_CODES = {
    "u": "underlined passage* (its words are there)",
    "m": "highlighted passage (its words are there)",
    "sup": "raised passage* (its words are there)",
    "sub": "lowered passage* (its words are there)",
}
_LIST = re.compile(r"([-+*]|\d{1,9}(?=[.)]))(?=[\s.)])")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A document of the project: its name there, and its text."""

    name: str
    text: str


@dataclass
class _Chapter:
    title: str
    blocks: list[str] = field(default_factory=list)
    synopsis: list[str] = field(default_factory=list)
    scenes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    """Of footnotes, by the document that they are in and their names there."""
    has_text: bool = False
    in_scene: bool = False


def chapters_of(pieces: Iterable[Piece], lost: Lost) -> tuple[list[NewText], str]:
    """The chapters of a manuscript's documents, and the words of its title page."""
    made = _Making(lost)
    documents = list(pieces)
    made.parts = any(
        re.search(r"^#\s", piece.text, re.MULTILINE) is not None for piece in documents
    )
    for piece in documents:
        made.add(piece)
    chapters = [one for one in made.chapters if one.blocks]
    out = [
        NewText(
            one.title, "\n\n".join(one.blocks + one.notes), " ".join(one.synopsis or one.scenes)
        )
        for one in chapters
    ]
    return out, "\n\n".join(made.title_page)


class _Making:
    """Chapters on their way, line by line."""

    def __init__(self, lost: Lost) -> None:
        self._lost = lost
        self.parts = False
        self.chapters: list[_Chapter] = []
        self.title_page: list[str] = []
        self._on_title = False
        self._part = ""
        self._documents = 0

    def add(self, piece: Piece) -> None:
        """Take in a document."""
        self._documents += 1
        for block in _paragraphs(piece.text):
            first = block[0]
            heading = _HEADING.match(first)
            if heading is not None:
                self._heading(len(heading[1]), heading[2] == "!", heading[3].strip())
            elif self._on_title:
                self.title_page.append("\n".join(block))
            else:
                self._block(block)

    def _now(self) -> _Chapter:
        if not self.chapters:
            self.chapters.append(_Chapter(""))
        return self.chapters[-1]

    def _heading(self, level: int, hard: bool, title: str) -> None:
        self._on_title = level == 1 and hard
        if self._on_title:
            return
        if level == 1:
            self._part = title
        elif level == 2:
            chapter = _Chapter(title)
            if self._part:
                chapter.blocks.append(f"# {self._part}")
                self._part = ""
            chapter.blocks.append(f"{'##' if self.parts else '#'} {title}")
            self.chapters.append(chapter)
        else:
            chapter = self._now()
            if level == 3:
                if chapter.has_text:
                    chapter.blocks.append("***")
                chapter.in_scene = True
            chapter.blocks.append(comment(title))

    def _block(self, block: list[str]) -> None:
        first = block[0]
        if self._part and not first.startswith(("%", "@")):  # a part with words of its own
            self.chapters.append(_Chapter(self._part, [f"# {self._part}"]))
            self._part = ""
        chapter = self._now()
        if (synopsis := _SYNOPSIS.match(first)) is not None:
            (chapter.scenes if chapter.in_scene else chapter.synopsis).append(synopsis[1].strip())
        elif (note := _FOOTNOTE.match(first)) is not None:
            number = self._number(chapter, note[1])
            chapter.notes.append(f"[^{number}]: {self._inline(note[2])}")
        elif first.startswith("%"):
            chapter.blocks.append(comment(first.lstrip("%~ ")))
        elif first.startswith("@"):
            chapter.blocks.append(comment("\n".join(block)))
        else:
            text = self._paragraph(block)
            if not text:
                return
            text = _NOTE_MARK.sub(lambda mark: f"[^{self._number(chapter, mark[1])}]", text)
            chapter.blocks.append(text)
            chapter.has_text = True

    def _number(self, chapter: _Chapter, name: str) -> int:
        """A footnote's number in its chapter."""
        return chapter.numbers.setdefault((self._documents, name), len(chapter.numbers) + 1)

    def _paragraph(self, block: list[str]) -> str:
        lines = []
        for line in block:
            line, count = _SPACE_CODE.subn("", line)
            if count:
                self._lost.counts["page break* or space"] += count
            lines.append(self._aligned(line.strip()))
        return "\\\n".join(line for line in lines if line)

    def _aligned(self, line: str) -> str:
        """A line without the signs that align it; one that is indented is a quotation."""
        quoted = line.startswith("> ") and line.endswith(" <")
        bare = re.sub(r"^>{1,2} | <{1,2}$", "", line).strip()
        if bare != line and not quoted:
            self._lost.counts["aligned paragraph"] += 1
        text = _LIST.sub(r"\\\1", bare, count=1) if _LIST.match(bare) and not _stars(bare) else bare
        text = re.sub(r"^\\(\d+)", r"\1\\", text)
        return ("> " if quoted else "") + self._inline(text)

    def _inline(self, text: str) -> str:
        def code(found: re.Match[str]) -> str:
            name = found[1].lower()
            if name in _LOST_CODES and not found[0].startswith("[/"):
                self._lost.counts[_LOST_CODES[name]] += 1
            return _CODES[name]

        text = _MARKUP.sub(r"\\<", _CODE.sub(code, text))
        return re.sub(r"\[br\]", "\\\\\n", text, flags=re.IGNORECASE)


def _stars(line: str) -> bool:
    return re.fullmatch(r"(?:[*\-_] ?){3,}", line) is not None


def _paragraphs(text: str) -> Iterable[list[str]]:
    """Lines that belong together; a heading, a comment and a tag's lines are each their own."""
    block: list[str] = []
    tags = False
    for line in text.split("\n"):
        if line.startswith("%%~"):
            continue
        alone = line.startswith("%") or _HEADING.match(line) is not None
        tag = _TAG.match(line) is not None
        if block and (not line.strip() or alone or tag != tags):
            yield block
            block = []
        if alone:
            yield [line]
        elif line.strip():
            block.append(line.rstrip())
            tags = tag
    if block:
        yield block


def comment(text: str) -> str:
    """A text that the writer alone sees."""
    return f"<!-- {text.replace('-->', '->').strip()} -->"


def entry_of(name: str, text: str) -> NewText:
    """An entry of lore made of a note: its tag is a key, its headings stand below the entry's."""
    title, keys, out = name, [], []
    lost = Lost()
    making = _Making(lost)
    for number, block in enumerate(_paragraphs(text)):
        heading = _HEADING.match(block[0])
        if heading is not None:
            if number == 0:
                title = heading[3].strip()
            else:
                out.append(f"{'#' * min(6, len(heading[1]) + 2)} {heading[3].strip()}")
        elif _TAG.match(block[0]) is not None:
            for line in block:
                tag = _TAG.match(line)
                if tag is not None and tag[1] == "tag":
                    keys += [key.strip() for key in tag[2].split("|")]
                else:
                    out.append(comment(line))
        elif (synopsis := _SYNOPSIS.match(block[0])) is not None:
            out.append(synopsis[1].strip())
        elif block[0].startswith("%"):
            out.append(comment(block[0].lstrip("%~ ")))
        else:
            out.append(making._paragraph(block))
    named = [key for key in keys if key and key.casefold() != title.casefold()]
    head = [f"Keys: {', '.join(dict.fromkeys(named))}"] if named else []
    return NewText(title, "\n\n".join([*head, *out]))


def plain_of(text: str) -> str:
    """A text that goes beside the book, without the lines that are for novelWriter."""
    lines = [line for line in text.split("\n") if not line.startswith("%%~")]
    return "\n".join(lines).strip("\n")
