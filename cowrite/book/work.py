"""What is to be written as a book, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cowrite.book.composing import Composed
from cowrite.book.gathering import Book
from cowrite.book.nodes import heading, paragraph, styled, words_as_inlines
from cowrite.book.pandoc import Node


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A manuscript as editors ask for it. words: of the book. courier: whether in that, else in Times."""

    words: int
    courier: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """What is written, and where it will be: pictures of a Markdown file are named from there.

    closing: a statement on how the book came about, for its last page; empty for none.
    """

    book: Book
    composed: Composed
    output: Path
    closing: str = ""
    manuscript: Manuscript | None = None

    @property
    def meta(self) -> Node:
        """What the book says of itself, as pandoc's metadata."""
        page = self.book.page
        said = {
            "title": self.book.title,
            "subtitle": page.subtitle,
            "author": page.author,
            "rights": page.rights,
        }
        meta = {
            name: {"t": "MetaInlines", "c": words_as_inlines(text)}
            for name, text in said.items()
            if text
        }
        if self.book.language:
            meta["lang"] = {"t": "MetaString", "c": self.book.language}
        return meta

    def blocks(self, scene: list[Node], first: str = "") -> list[Node]:
        """The chapters with scene breaks as a format has them. first: the style of the paragraph behind one."""
        out: list[Node] = []
        after = False
        for block in self.composed.blocks:
            if block["t"] == "HorizontalRule":
                out += scene
            elif after and first and block["t"] == "Para":
                out.append(styled(first, [block]))
            else:
                out.append(block)
            after = block["t"] == "HorizontalRule"
        if self.closing:
            title = words_as_inlines("How this book was written")
            out += [heading(self.composed.chapter, title, "disclosure"), paragraph(self.closing)]
        return out
