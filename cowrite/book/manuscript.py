"""A standard manuscript, as William Shunn describes it: what editors of stories and novels ask for.

Twelve points, double-spaced; who wrote it and how long it is on the first page; name, title and number on each
other; `#` where a scene ends.
"""

from __future__ import annotations

from cowrite.book.gathering import Book
from cowrite.book.nodes import changed, paragraph, raw, styled, words_as_inlines
from cowrite.book.pandoc import Node

MANUSCRIPT_SCENE = "#"
_END = "# # #"
_TAB = raw("openxml", "<w:r><w:tab/></w:r>", inline=True)
_STORY, _NOVELLA = 17_500, 40_000
"""Words from which a story is a novella, and that a novel."""


def about_words(count: int) -> str:
    """The length as an editor is told it: by hundreds, from a novella on by 500, of a novel by thousands."""
    step = 100 if count < _STORY else 500 if count < _NOVELLA else 1000
    rounded = max(step, (count + step // 2) // step * step) if count else 0
    return f"about {rounded:,} words"


def page_head(book: Book) -> str:
    """What stands at each page's head, before its number: `Quill / MILL`."""
    surname = book.page.surname or next(iter(reversed(book.page.author.split())), "")
    title = (book.page.short_title or book.title).upper()
    return " / ".join(part for part in (surname, title) if part)


def manuscript_pages(book: Book, blocks: list[Node], words: int) -> list[Node]:
    """The chapters behind a first page; what has no chapters begins on that page, as a story does."""
    contact = list(book.page.contact) or [book.page.author]
    first, *others = contact
    head = {
        "t": "Para",
        "c": [*words_as_inlines(first), _TAB, *words_as_inlines(about_words(words))],
    }
    out = [styled("Contact", [head])]
    out += [styled("Contact", [paragraph(line)]) for line in others if line.strip()]
    out.append(styled("Title", [paragraph(book.title)]))
    if book.page.subtitle:
        out.append(styled("Subtitle", [paragraph(book.page.subtitle)]))
    if book.page.author:
        out.append(styled("Author", [paragraph(f"by {book.page.author}")]))
    return [*out, *blocks, styled("Scene Break", [paragraph(_END)])]


def underlined(blocks: list[Node]) -> list[Node]:
    """Emphasis underlined, as it is in Courier, whose italics can hardly be told."""

    def change(node: Node) -> list[Node] | None:
        if node["t"] == "Emph":
            return [{"t": "Underline", "c": changed(node["c"], change)}]
        return None

    return changed(blocks, change)
