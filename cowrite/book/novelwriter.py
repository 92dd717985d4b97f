"""A novelWriter project as chapters and lore: its texts are near to Markdown, so no other program is needed.

After the project's file 1.5 (novelWriter 2) and the older ones that keep texts in `content`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from cowrite import small_text
from cowrite.book.arriving import Arrived, NewText
from cowrite.book.nwd import Piece, chapters_of, entry_of, plain_of
from cowrite.errors import CowriteError
from cowrite.memory.project import TitlePage

PROJECT = "nwProject.nwx"
_MOST = 50_000_000
"""Bytes of a project's file, or of a text, at most."""
_ASIDE = {
    "ARCHIVE": "in the archive there",
    "TRASH": "",
    "TEMPLATE": "",
    "NO_CLASS": "in no folder there",
}
"""Classes that are no part of the book, and what is said of their texts, which go to `research`, if any."""


@dataclass(frozen=True, slots=True)
class _Item:
    handle: str
    parent: str
    order: int
    kind: str
    group: str
    note: bool
    active: bool
    name: str


def from_novelwriter(folder: Path, stage: Path) -> Arrived:  # noqa: ARG001
    """The book of a project's folder. Raises CowriteError."""
    root = _parsed(folder / PROJECT)
    items = _in_order([_item(one) for one in root.iter("item")])
    language = _text(root, "settings/language").replace("_", "-")
    page = TitlePage(
        author=_text(root, "project/author"), language="" if language == "None" else language
    )
    arrived = Arrived(_text(root, "project/name") or folder.name, page)
    replace = {
        f"<{one.get('key', '')}>": one.text or ""
        for one in root.findall("settings/autoReplace/entry")
    }
    pieces = []
    for item in items:
        if item.kind != "FILE":
            continue
        text = _source(folder, item, replace, arrived)
        if text is None:
            continue
        if item.group in _ASIDE:
            _aside(item, text, arrived)
        elif item.group != "NOVEL":
            arrived.lore.append(entry_of(item.name, text))
        elif item.note or not item.active:
            arrived.lost.said.append(
                f"“{item.name}” is no part of the manuscript: research/ has it."
            )
            arrived.research.append(NewText(item.name, plain_of(text)))
        else:
            pieces.append(Piece(item.name, text))
    arrived.chapters, title = chapters_of(pieces, arrived.lost)
    if title:
        arrived.research.append(NewText("Title page", title))
        arrived.lost.said.append("The words of the title page are in research/.")
    return arrived


def _parsed(path: Path) -> ElementTree.Element:
    text = small_text.read(path, f"The project {path}", error=CowriteError, most=_MOST).text
    try:
        return ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ElementTree.ParseError as error:
        raise CowriteError(
            f"The project {path} can't be read: {error}.",
            "Open it in novelWriter and save it anew.",
        ) from error


def _text(root: ElementTree.Element, path: str) -> str:
    return (root.findtext(path) or "").strip()


def _item(one: ElementTree.Element) -> _Item:
    def said(name: str) -> str:
        return (one.get(name) or one.findtext(name) or "").strip()

    name = one.find("name")
    active = said("exported") or ("yes" if name is None else name.get("active", "yes"))
    order = said("order")
    return _Item(
        said("handle"),
        said("parent"),
        int(order) if order.isdecimal() else 0,
        said("type"),
        said("class"),
        said("layout") == "NOTE",
        active not in ("no", "False"),
        (one.findtext("name") or "").strip() or "Without a name",
    )


def _in_order(items: list[_Item]) -> Iterator[_Item]:
    """As the project's tree shows them; a text stands before those below it."""
    below: dict[str, list[_Item]] = {}
    known = {item.handle for item in items}
    for item in items:
        parent = item.parent if item.parent in known and item.parent != item.handle else ""
        below.setdefault(parent, []).append(item)
    stack = sorted(below.get("", []), key=lambda item: item.order, reverse=True)
    while stack:
        item = stack.pop()
        yield item
        stack += sorted(below.pop(item.handle, []), key=lambda one: one.order, reverse=True)


def _source(folder: Path, item: _Item, replace: dict[str, str], arrived: Arrived) -> str | None:
    """A text of the project, None where it is missing, which is told."""
    if not re.fullmatch(r"[0-9A-Za-z]+", item.handle):
        return None
    path = folder / "content" / f"{item.handle}.nwd"
    if not path.exists():
        arrived.lost.said.append(f"“{item.name}” has no file {path.name}.")
        return None
    text = small_text.read(path, str(path), error=CowriteError, most=_MOST).text
    for sign, words in replace.items():
        text = text.replace(sign, words)
    return text


def _aside(item: _Item, text: str, arrived: Arrived) -> None:
    where = _ASIDE[item.group]
    if not where:
        arrived.lost.counts["text* of the trash or the templates"] += 1
        return
    arrived.lost.said.append(f"“{item.name}” is {where}: research/ has it.")
    arrived.research.append(NewText(item.name, plain_of(text)))
