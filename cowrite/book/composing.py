"""Chapters as one tree: scene breaks, quotes, links, pictures and headings as a book has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from cowrite.book.gathering import Source
from cowrite.book.links import SCHEME
from cowrite.book.nodes import changed, each, heading, text_of, words_as_inlines
from cowrite.book.pandoc import Node, tree_of
from cowrite.core.quotation import Quotes
from cowrite.core.scenes import SCENE_SIGNS
from cowrite.core.wording import counted
from cowrite.errors import DraftError

READS = (
    "commonmark+footnotes+pipe_tables+strikeout+task_lists+gfm_auto_identifiers+implicit_figures"
)
"""What a draft is written in: as the page shows it, with footnotes."""

SCENE: Node = {"t": "HorizontalRule"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
"""What no XML may hold, and no reader sees."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def is_scene_break(block: Node) -> bool:
    """Whether a block is nothing but a sign that a scene ends: `***`, `* * *`, `#`, an asterism."""
    if block["t"] == "HorizontalRule":
        return True
    if block["t"] == "Header":
        return not text_of(block["c"][2]).strip()
    if block["t"] not in ("Para", "Plain"):
        return False
    return SCENE_SIGNS.fullmatch(text_of(block["c"]).strip()) is not None


@dataclass
class Composed:
    """A book's blocks. chapter: the level of the headings that begin one. notes: what is not as it was."""

    blocks: list[Node]
    chapter: int = 1
    notes: list[str] = field(default_factory=list)


def compose(sources: Sequence[Source], title: str, quotes: Quotes | None) -> Composed:
    """The chapters as one tree. quotes: what typed ones become; None where they stay. Raises CowriteError."""
    names = {source.path.resolve(): f"c{number}" for number, source in enumerate(sources, 1)}
    smart = "+smart" if quotes is not None else ""
    parts, notes = [], []
    alias: dict[str, str] = {}
    for source in sources:
        text = _CONTROLS.sub("", source.body)
        read = tree_of(text.encode("utf-8", "replace"), ["-f", READS + smart])
        one = _Chapter(source, names, quotes)
        parts.append(one.settled(read["blocks"]))
        notes += one.told()
        alias |= one.alias
    if not any(parts):
        raise DraftError("There is nothing in these texts yet.", "Write some words first.")
    _drop_title(parts, title)
    least = min((b["c"][0] for part in parts for b in part if b["t"] == "Header"), default=1)
    joined = [_raised(block, least - 1) for block in _joined(parts, sources, notes)]
    blocks = _linked(joined, alias, notes)
    return Composed(blocks, _chapter_level(blocks), notes)


def _joined(parts: list[list[Node]], sources: Sequence[Source], notes: list[str]) -> Iterable[Node]:
    """One after the other. A file without a heading is a scene of what the file before began."""
    level = next((b["c"][0] for part in parts for b in part if b["t"] == "Header"), 1)
    begun = False
    for number, (part, source) in enumerate(zip(parts, sources, strict=True), 1):
        if not part:
            notes.append(f"{source.path.name} is empty.")
            continue
        if part[0]["t"] != "Header":
            if source.front.get("title"):
                yield heading(level, words_as_inlines(source.front["title"]), f"c{number}")
            elif begun:
                notes.append(
                    f"{source.path.name} has no heading: it follows as a scene of the file before."
                )
                yield SCENE
        begun = True
        yield from part


def _linked(blocks: list[Node], alias: dict[str, str], notes: list[str]) -> list[Node]:
    """Links within the book lead to headings that are in it; others are plain text."""
    there = {block["c"][1][0] for block in blocks if block["t"] == "Header"}

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Link" or not node["c"][2][0].startswith("#"):
            return None
        about, inlines, (target, title) = node["c"]
        goal = alias.get(target[1:], target[1:])
        if goal in there:
            return [{"t": "Link", "c": [about, inlines, [f"#{goal}", title]]}]
        notes.append(f"the link “{text_of(inlines)}” leads to no heading and is plain text.")
        return list(inlines)

    return changed(blocks, change)


def _drop_title(parts: list[list[Node]], title: str) -> None:
    """The book's title where it stands as a heading at its very start: the title page says it."""
    tops = [b for part in parts for b in part if b["t"] == "Header" and b["c"][0] == 1]
    first = parts[0][:1] if parts else []
    if len(tops) == 1 and first == tops and _same(text_of(first[0]["c"][2]), title):
        del parts[0][0]


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _raised(block: Node, levels: int) -> Node:
    if block["t"] != "Header" or not levels:
        return block
    level, about, inlines = block["c"]
    return {"t": "Header", "c": [level - levels, about, inlines]}


def _chapter_level(blocks: Sequence[Node]) -> int:
    """2 where headings of the first level name parts, since one of the second follows at once; else 1."""
    levels = [block["c"][0] if block["t"] == "Header" else 0 for block in blocks]
    return 2 if any(pair == (1, 2) for pair in pairwise(levels)) else 1


class _Chapter:
    """One chapter on its way into a book."""

    def __init__(self, source: Source, names: dict[Path, str], quotes: Quotes | None) -> None:
        self._source, self._names, self._quotes = source, names, quotes
        self._name = names[source.path.resolve()]
        self.alias: dict[str, str] = {}
        self._html = 0
        self._lost: list[str] = []

    def settled(self, blocks: list[Node]) -> list[Node]:
        found = [block for block in changed(blocks, self._change) if not _is_empty(block)]
        found = [SCENE if is_scene_break(block) else block for block in found]
        while found and found[-1]["t"] == "HorizontalRule":
            found.pop()
        if not found:
            return found
        first = found[0]
        if first["t"] == "Header":  # what links to the chapter leads here
            level, (identifier, classes, values), inlines = first["c"]
            self.alias = {identifier: self._name}
            found[0] = {"t": "Header", "c": [level, [self._name, classes, values], inlines]}
        return found

    def told(self) -> list[str]:
        name = self._source.path.name
        if self._html:
            self._lost.append(f"{counted(self._html, 'tag')} of HTML were left out")
        return [f"{name}: {what}." for what in self._lost]

    def _change(self, node: Node) -> list[Node] | None:
        match node["t"]:
            case "RawBlock" | "RawInline":
                return self._raw(node)
            case "Quoted":
                return self._quoted(node)
            case "Header":
                level, (identifier, classes, values), inlines = node["c"]
                about = [f"{self._name}-{identifier}" if identifier else "", classes, values]
                return [{"t": "Header", "c": [level, about, changed(inlines, self._change)]}]
            case "Link":
                return self._link(node)
            case "Image":
                return self._image(node)
            case "Figure":
                pictures = [one for one in each(node["c"][2]) if one["t"] == "Image"]
                if pictures and all(self._picture(one["c"][2][0]) is None for one in pictures):
                    return [{"t": "Para", "c": changed(pictures, self._change)}]
        return None

    def _raw(self, node: Node) -> list[Node]:
        text = node["c"][1].strip()
        if _BREAK.fullmatch(text):
            return [{"t": "LineBreak"}] if node["t"] == "RawInline" else []
        if not re.fullmatch(r"(?:<!--.*?-->\s*)+", text, re.DOTALL) and text.startswith("<"):
            self._html += 1
        return []

    def _quoted(self, node: Node) -> list[Node]:
        kind, inlines = node["c"]
        quotes = self._quotes
        assert quotes is not None
        signs = quotes[:2] if kind["t"] == "DoubleQuote" else quotes[2:]
        inside = changed(inlines, self._change)
        return [{"t": "Str", "c": signs[0]}, *inside, {"t": "Str", "c": signs[1]}]

    def _link(self, node: Node) -> list[Node]:
        about, inlines, (target, title) = node["c"]
        inside = changed(inlines, self._change)
        if SCHEME.match(target):
            return [{"t": "Link", "c": [about, inside, [target, title]]}]
        place, _, part = target.partition("#")
        path = self._source.path.parent / unquote(place) if place else self._source.path
        name = self._names.get(path.resolve())
        if name is None:
            self._lost.append(f"the link to {target} leads out of the book and is plain text")
            return inside
        goal = f"#{name}-{part}" if part else f"#{name}"
        return [{"t": "Link", "c": [about, inside, [goal, title]]}]

    def _image(self, node: Node) -> list[Node]:
        about, inlines, (target, title) = node["c"]
        found = self._picture(target)
        if found is None:
            far = SCHEME.match(target) is not None
            why = "is not on this machine" if far else "is not there"
            self._lost.append(f"the picture {target} {why}; its words stand in its place")
            return changed(inlines, self._change)
        return [{"t": "Image", "c": [about, inlines, [str(found), title]]}]

    def _picture(self, target: str) -> Path | None:
        """A picture's file; None where it is none here. Nothing is ever fetched."""
        if SCHEME.match(target):
            return None
        try:
            path = (self._source.path.parent / unquote(target)).resolve()
            return path if path.is_file() else None
        except (OSError, ValueError):
            return None


def _is_empty(block: Node) -> bool:
    return block["t"] in ("Para", "Plain") and not block["c"]
