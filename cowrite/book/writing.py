"""A composed book as a file of each format."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from cowrite.book.docx_styles import BODY_TEMPLATE, Look, reference_docx
from cowrite.book.gathering import Book
from cowrite.book.links import heading_identifiers
from cowrite.book.manuscript import MANUSCRIPT_SCENE, manuscript_pages, page_head, underlined
from cowrite.book.nodes import (
    changed,
    paragraph,
    raw,
    styled,
    text_of,
)
from cowrite.book.odt_styles import reference_odt
from cowrite.book.pandoc import Node, pandoc, tree_bytes
from cowrite.book.sheets import EPUB_CSS, HTML_CSS
from cowrite.book.work import Work
from cowrite.core.front_matter import quoted

FORMATS = ("docx", "odt", "epub", "html", "pdf", "md", "txt")
BOOK_FONT = "Times New Roman"
STARS = "* * *"
_NO_LANGUAGE: Node = {"t": "MetaString", "c": "und"}
"""What BCP 47 calls a language that can't be told. Where none is said, pandoc writes the machine's locale."""


def render(work: Work, form: str) -> bytes:
    """The bytes of the file. form: one of `FORMATS`. Raises CowriteError."""
    with tempfile.TemporaryDirectory(prefix="cowrite-book-") as folder:
        return _WRITERS[form](work, Path(folder))


def _docx(work: Work, folder: Path) -> bytes:
    chapter = work.composed.chapter
    book = work.book
    if work.manuscript is not None:
        font = "Courier New" if work.manuscript.courier else BOOK_FONT
        look = Look(font, page_head(book), manuscript=True, chapter=chapter)
        blocks = work.blocks([styled("Scene Break", [paragraph(MANUSCRIPT_SCENE)])])
        if work.manuscript.courier:
            blocks = underlined(blocks)
        blocks = manuscript_pages(book, blocks, work.manuscript.words)
    else:
        look = Look(BOOK_FONT, chapter=chapter)
        scene = [styled("Scene Break", [paragraph(STARS)])]
        blocks = [*_title_page(book), *work.blocks(scene, "First Paragraph")]
    reference, template = folder / "reference.docx", folder / "body.openxml"
    reference.write_bytes(reference_docx(look))
    template.write_text(BODY_TEMPLATE)
    arguments = ["--reference-doc", str(reference), "--template", str(template)]
    blocks = [_marked(block) for block in blocks]
    return _written(blocks, work.meta, ["-t", "docx", *arguments])


def _marked(block: Node) -> Node:
    """A heading whose mark for links stands in its paragraph, as word processors put it."""
    if block["t"] != "Header" or not block["c"][1][0]:
        return block
    level, (identifier, classes, values), inlines = block["c"]
    mark = {"t": "Span", "c": [[identifier, [], []], []]}
    return {"t": "Header", "c": [level, ["", classes, values], [mark, *inlines]]}


def _title_page(book: Book) -> list[Node]:
    """The title page as styled paragraphs; a chapter without a heading begins on a page of its own, too."""
    page = book.page
    lines = (
        ("Title", book.title),
        ("Subtitle", page.subtitle),
        ("Author", page.author),
        ("Rights", page.rights),
    )
    out = [styled(style, [paragraph(text)]) for style, text in lines if text]
    return [*out, raw("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>')]


def _odt(work: Work, folder: Path) -> bytes:
    reference = folder / "reference.odt"
    reference.write_bytes(reference_odt(work.composed.chapter))
    blocks = work.blocks([styled("Scene Break", [paragraph(STARS)])], "First paragraph")
    if work.book.page.rights:
        blocks = [styled("Rights", [paragraph(work.book.page.rights)]), *blocks]
    return _written(blocks, work.meta, ["-t", "odt", "-s", "--reference-doc", str(reference)])


def _epub(work: Work, folder: Path) -> bytes:
    style = folder / "book.css"
    style.write_text(EPUB_CSS)
    name = f"{work.book.title}\n{work.book.page.author}"
    identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"
    meta = {"lang": _NO_LANGUAGE, **work.meta, "identifier": {"t": "MetaString", "c": identifier}}
    chapter = work.composed.chapter
    arguments = ["-t", "epub3", "--css", str(style), "--split-level", str(chapter), "--toc"]
    arguments += ["--toc-depth", str(chapter)]
    if work.book.page.cover is not None:
        arguments += ["--epub-cover-image", str(work.book.page.cover)]
    return _written(work.blocks([_scene_of_web()]), meta, arguments)


def _html(work: Work, folder: Path) -> bytes:
    head = folder / "head.html"
    head.write_text(f"<style>{HTML_CSS}</style>")
    arguments = ["-t", "html5", "-s", "--embed-resources", "--include-in-header", str(head)]
    arguments += ["-V", "document-css=false"]
    return _written(work.blocks([_scene_of_web()]), work.meta, arguments)


def _scene_of_web() -> Node:
    return {"t": "Div", "c": [["", ["scene-break"], []], [paragraph(STARS)]]}


def _md(work: Work, folder: Path) -> bytes:  # noqa: ARG001
    blocks = work.blocks([raw("markdown", "***")])
    blocks = changed(blocks, _near(work.output, _identifiers(blocks)))
    form = "commonmark+footnotes+pipe_tables+strikeout+task_lists"
    page = work.book.page
    said = {
        "title": work.book.title,
        "subtitle": page.subtitle,
        "author": page.author,
        "rights": page.rights,
        "lang": work.book.language,
    }
    front = "".join(f"{name}: {quoted(text)}\n" for name, text in said.items() if text)
    body = _written(blocks, {}, ["-t", form, "--wrap", "none"])
    return f"---\n{front}---\n\n".encode("utf-8", "replace") + body


def _identifiers(blocks: list[Node]) -> dict[str, str]:
    """Where links lead in one Markdown file: to its headings, by the names that readers of it give them."""
    found = [block["c"] for block in blocks if block["t"] == "Header"]
    names = heading_identifiers(text_of(inlines) for _, _, inlines in found)
    return {about[0]: name for name, (_, about, _) in zip(names, found, strict=True)}


def _near(output: Path, names: dict[str, str]) -> Callable[[Node], list[Node] | None]:
    """Pictures named from the folder of the file they stand in, and links by the file's own headings."""

    def change(node: Node) -> list[Node] | None:
        if node["t"] == "Image":
            about, inlines, (target, title) = node["c"]
            near = os.path.relpath(target, output.absolute().parent)
            return [{"t": "Image", "c": [about, inlines, [near, title]]}]
        if node["t"] == "Figure":
            return [{"t": "Para", "c": changed(node["c"][2][0]["c"], change)}]
        if node["t"] == "Link" and node["c"][2][0].startswith("#"):
            about, inlines, (target, title) = node["c"]
            inside = changed(inlines, change)
            goal = names.get(target[1:])
            return (
                inside
                if goal is None
                else [{"t": "Link", "c": [about, inside, [f"#{goal}", title]]}]
            )
        return None

    return change


def _txt(work: Work, folder: Path) -> bytes:  # noqa: ARG001
    book = work.book
    lines = (book.title, book.page.subtitle, book.page.author, book.page.rights)
    title = [paragraph(line) for line in lines if line]
    blocks = [*title, *work.blocks([paragraph(STARS)])]
    return _written(blocks, {}, ["-t", "plain", "--wrap", "none"]).rstrip(b"\n") + b"\n"


def _pdf(work: Work, folder: Path) -> bytes:
    from cowrite.book.printing import printed

    return printed(work, folder)


def _written(blocks: list[Node], meta: Node, arguments: Sequence[str]) -> bytes:
    return pandoc(["-f", "json", *arguments, "-o", "-"], tree_bytes(blocks, meta))


_WRITERS: dict[str, Callable[[Work, Path], bytes]] = {
    "docx": _docx,
    "odt": _odt,
    "epub": _epub,
    "html": _html,
    "pdf": _pdf,
    "md": _md,
    "txt": _txt,
}
