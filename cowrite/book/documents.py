"""A book in one file (docx, odt, epub, rtf, html) as chapters."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cowrite.book.arriving import Arrived, Lost, NewText, chapter_names
from cowrite.book.links import SCHEME, heading_identifiers
from cowrite.book.nodes import each, text_of
from cowrite.book.pandoc import Node, tree_of
from cowrite.book.pictures import Pictures
from cowrite.book.plainer import Plainer, markdown
from cowrite.core.chapters import is_chapter_line
from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.memory.project import TitlePage

_PAGE = ["-f", "html"]
READERS = {
    ".docx": ["-f", "docx+styles", "--track-changes=all"],
    ".odt": ["-f", "odt"],
    ".epub": ["-f", "epub"],
    ".rtf": ["-f", "rtf"],
    ".html": _PAGE,
    ".htm": _PAGE,
}
_OURS = {"Rights": "rights", "Contact": "contact"}
"""Styles of cowrite's own books, which say what a title page says."""
_KINDS = {
    "word/comments.xml": "",
    "word/header": "page header or footer",
    "word/footer": "page header or footer",
    "word/embeddings/": "embedded object",
    "Object ": "embedded object",
}
_MEDIA = (".mp3", ".mp4", ".m4a", ".ogg", ".webm", ".js")


def from_document(path: Path, stage: Path) -> Arrived:
    """The book of a file, its pictures in `stage`. Raises CowriteError."""
    form = path.suffix.lower()
    source = path.absolute()
    arguments = [*READERS[form], "--sandbox", "--extract-media=.", str(source)]
    try:
        tree = tree_of(b"", arguments, stage)
    except CowriteError as error:
        raise CowriteError(
            f"{path} can't be read as {form[1:]}: {error.message}",
            "Is it whole? Does it open elsewhere?",
        ) from error
    lost = Lost()
    _look_into(path, lost)
    blocks, page = _own_page(tree["blocks"])
    meta = {**_packed_meta(path), **{name: _said(tree["meta"], name) for name in tree["meta"]}}
    title = meta.get("title") or path.stem
    author, subtitle = meta.get("author", ""), meta.get("subtitle", "")
    rights = page.pop("rights", "") or meta.get("rights", "")
    said = [title, author, subtitle, rights, f"by {author}"]
    divided, level = _divided(_without_contents(_unwrapped(blocks)), lost)
    parts = [part for part in divided if _title(part, level) or _says_more(part, said)]
    titles = [_title(part, level) for part in parts]
    if len(parts) > 1 and titles[0] == title:  # e-books head what stands before all chapters so
        parts[0], titles[0] = parts[0][1:], ""
    pictures = Pictures(stage, lost, source.parent if READERS[form] == _PAGE else None)
    links = _Links(parts, chapter_names(titles))
    chapters = []
    for part, name in zip(parts, titles, strict=True):
        plain = Plainer(lost, links.change).blocks(part)
        if not name:
            plain = [one for one in plain if " ".join(text_of([one]).split()) not in said]
        pictures.near(plain)
        chapters.append(NewText(name, markdown(plain)))
    contact = tuple(page.pop("contact", "").splitlines())
    language = meta.get("lang") or meta.get("language", "")
    about = TitlePage(author, "", subtitle, "", rights, language, None, contact)
    arrived = Arrived(title, about, lost=lost)
    arrived.chapters = [one for one in chapters if one.text]
    return arrived


def _says_more(part: list[Node], said: list[str]) -> bool:
    """Whether what stands before the first heading is more than a title page."""
    plain = Plainer(Lost()).blocks(part)
    return any(" ".join(text_of([one]).split()) not in said for one in plain)


def _said(meta: dict[str, Any], name: str) -> str:
    value = meta.get(name)
    if value is None:
        return ""
    if value["t"] == "MetaList":
        return " and ".join(text_of(one["c"]) for one in value["c"] if isinstance(one["c"], list))
    content = value["c"]
    return " ".join((content if isinstance(content, str) else text_of(content)).split())


def _packed_meta(path: Path) -> dict[str, str]:
    """What an OpenDocument text says of itself, which pandoc doesn't read."""
    if path.suffix.lower() != ".odt":
        return {}
    try:
        with zipfile.ZipFile(path) as file:
            root = ElementTree.fromstring(file.read("meta.xml"))
    except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        return {}
    names = {"title": "title", "creator": "author", "initial-creator": "author", "language": "lang"}
    out: dict[str, str] = {}
    for one in root.iter():
        tag = one.tag.rpartition("}")[2]
        own = next((value for key, value in one.attrib.items() if key.endswith("}name")), "")
        name = own if own in ("subtitle", "rights") else names.get(tag)
        if name and one.text and one.text.strip():
            out.setdefault(name, one.text.strip())
    return out


def _own_page(blocks: list[Node]) -> tuple[list[Node], dict[str, str]]:
    """The blocks without what a title page of cowrite's says, and what that is."""
    page: dict[str, list[str]] = {}
    out = []
    for block in blocks:
        style = _style(block)
        if style in _OURS:
            line = text_of([block]).strip()
            if style == "Contact":
                line = re.sub(r"\s*about [\d,]+ words$", "", line)
            page.setdefault(_OURS[style], []).append(line)
        else:
            out.append(block)
    return out, {name: "\n".join(lines) for name, lines in page.items()}


def _style(block: Node) -> str:
    if block["t"] != "Div":
        return ""
    return next((value for name, value in block["c"][0][2] if name == "custom-style"), "")


def _unwrapped(blocks: list[Node]) -> list[Node]:
    """Blocks out of the sections and styles that they stand in; a list's and a quotation's stay."""
    out = []
    for block in blocks:
        if block["t"] == "Div":
            inside = _unwrapped(block["c"][1])
            identifier = block["c"][0][0]
            if inside and inside[0]["t"] == "Header" and identifier:
                level, about, inlines = inside[0]["c"]
                mark = {"t": "Span", "c": [[identifier, [], []], []]}
                inside[0] = {"t": "Header", "c": [level, about, [mark, *inlines]]}
            out += inside
        else:
            out.append(block)
    return out


def _without_contents(blocks: list[Node]) -> list[Node]:
    """The blocks without lists of links before the first heading: an e-book's table of contents."""
    first = next((n for n, block in enumerate(blocks) if block["t"] == "Header"), 0)
    return [
        block
        for number, block in enumerate(blocks)
        if number >= first
        or block["t"] not in ("OrderedList", "BulletList")
        or text_of([block]).strip()
        != "".join(text_of(one["c"][1]) for one in each([block]) if one["t"] == "Link").strip()
    ]


def _divided(blocks: list[Node], lost: Lost) -> tuple[list[list[Node]], int]:
    """The blocks by chapters, and the level of their headings; without any, lines such as `Chapter 4` are."""
    if not any(block["t"] == "Header" and text_of(block["c"][2]).strip() for block in blocks):
        lines = [b for b in blocks if b["t"] in ("Para", "Plain") and _is_chapter_line(b)]
        if len(lines) > 1:
            blocks = [
                {"t": "Header", "c": [1, ["", [], []], b["c"]]} if b in lines else b for b in blocks
            ]
        else:
            lost.said.append("It has no headings, so all of it is one chapter.")
    levels = [b["c"][0] if b["t"] == "Header" and text_of(b["c"][2]).strip() else 0 for b in blocks]
    top = _chapter_level([level for level in levels if level])
    out: list[list[Node]] = [[]]
    begun = False
    """Whether the part has a text, or a heading of a chapter, so that the next heading begins another."""
    for block, level in zip(blocks, levels, strict=True):
        if 0 < level <= top:
            if begun:
                out.append([])
            begun = level == top
        elif level == 0 and text_of([block]).strip() and out[-1]:
            begun = True
        if 0 < level <= top and out[-1] and all(b["t"] != "Header" for b in out[-1]):
            out.append([])
        out[-1].append(block)
    return [part for part in out if part], top


def _chapter_level(levels: Sequence[int]) -> int:
    """The level of headings that begin a chapter: the highest that stands more than once, or below parts."""
    often = [level for level in sorted(set(levels)) if levels.count(level) > 1]
    level = often[0] if often else min(levels, default=1)
    follows = sum(a == level and b == level + 1 for a, b in pairwise(levels))
    parts = follows > 0 and levels.count(level + 1) > levels.count(level) == follows
    return level + 1 if parts else level


def _is_chapter_line(block: Node) -> bool:
    return is_chapter_line(" ".join(text_of([block]).split()))


def _title(part: list[Node], top: int) -> str:
    """The chapter's title: the last of the headings that it begins with, up to the level of chapters."""
    out = ""
    for block in part:
        if block["t"] != "Header" or block["c"][0] > top:
            break
        out = " ".join(text_of(block["c"][2]).split())
    return out


class _Links:
    """Where links within the book lead, once it is several files."""

    def __init__(self, parts: list[list[Node]], names: list[str]) -> None:
        self._goals: dict[str, str] = {}
        for part, name in zip(parts, names, strict=True):
            headers = [one for one in part if one["t"] == "Header"]
            titles = heading_identifiers(text_of(one["c"][2]) for one in headers)
            for number, (header, title) in enumerate(zip(headers, titles, strict=True)):
                marks = [one["c"][0][0] for one in each(header["c"][2]) if one["t"] == "Span"]
                for mark in (header["c"][1][0], *marks):
                    if mark:
                        self._goals.setdefault(mark, f"{name}#{title}" if number else name)

    def change(self, link: Node) -> list[Node] | None:
        _, inlines, (target, title) = link["c"]
        known = self._goals.get(target.removeprefix("#"), "")
        goal = target if SCHEME.match(target) else known
        if not goal:
            return None
        words = Plainer(Lost()).blocks([{"t": "Para", "c": inlines}])
        inside = words[0]["c"] if words else inlines
        return [{"t": "Link", "c": [["", [], []], inside, [goal, title]]}]


def _look_into(path: Path, lost: Lost) -> None:
    """Count what a packed file holds that no text is made of."""
    lost.said.append("Fonts, colours, page layout and alignment stay behind.")
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            kind = next((what for start, what in _KINDS.items() if name.startswith(start)), "")
            if kind and not name.endswith("/"):
                lost.counts[kind] += 1
            elif name.lower().endswith(_MEDIA):
                lost.counts["file* of sound, film or script"] += 1
        if "word/document.xml" in file.namelist():
            boxes = file.read("word/document.xml").count(b"<w:txbxContent")
            if boxes:
                lost.said.append(
                    f"{counted(boxes, 'text box')} may be missing.".replace("boxs", "boxes")
                )
