"""What another program's text is in Markdown: wrappings taken off, and what is lost counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cowrite.book.arriving import Lost
from cowrite.book.composing import SCENE, is_scene_break
from cowrite.book.nodes import changed, each, paragraph, raw, text_of
from cowrite.book.pandoc import Node, pandoc, tree_bytes

WRITES = "commonmark+footnotes+pipe_tables+strikeout"
_GONE = {
    "comment-start": "comment",
    "deletion": "deleted passage* of tracked changes",
    "comment-end": "",
    "paragraph-insertion": "",
    "paragraph-deletion": "",
}
_PLAIN = {
    "Underline": "underlined passage* (its words are there)",
    "SmallCaps": "passage* in small capitals (its words are there)",
    "Superscript": "raised passage* (its words are there)",
    "Subscript": "lowered passage* (its words are there)",
    "Cite": "",
}

LinkChange = Callable[[Node], list[Node] | None]
"""What a link becomes; None for its words alone."""


class Plainer:
    """Takes a text's wrappings off. link: what is made of a link that stays within the book."""

    def __init__(self, lost: Lost, link: LinkChange = lambda _: None) -> None:
        self._lost, self._link = lost, link

    def blocks(self, blocks: list[Node]) -> list[Node]:
        """The blocks as Markdown can say them, scene breaks told from text."""
        out = []
        for block in changed(blocks, self._change):
            if block["t"] in ("Para", "Plain") and not _has_words(block):
                continue
            out.append(SCENE if is_scene_break(block) else block)
        while out and out[-1]["t"] == "HorizontalRule":
            out.pop()
        while out and out[0]["t"] == "HorizontalRule":
            del out[0]
        return out

    def _change(self, node: Node) -> list[Node] | None:
        kind: str = node["t"]
        content: Any = node.get("c")
        match kind:
            case "Span":
                return self._span(content)
            case "Div":
                return changed(content[1], self._change)
            case "Underline" | "SmallCaps" | "Superscript" | "Subscript":
                return self._plain(kind, content)
            case "Cite":
                return changed(content[1], self._change)
            case "Quoted":
                signs = "“”" if content[0]["t"] == "DoubleQuote" else "‘’"
                inside = changed(content[1], self._change)
                return [{"t": "Str", "c": signs[0]}, *inside, {"t": "Str", "c": signs[1]}]
            case "RawBlock" | "RawInline":
                return []
            case "Math":
                self._lost.counts["equation* (its source is there)"] += 1
                return [{"t": "Code", "c": [["", [], []], content[1]]}]
            case "Header":
                level, _, inlines = content
                return [_header(level, changed(inlines, self._change))]
            case "Figure":
                return self._figure(content)
            case "Link":
                return self._link(node) or changed(content[1], self._change)
            case "Image":
                _, inlines, target = content
                return [{"t": "Image", "c": [["", [], []], inlines, target]}]
            case "LineBlock":
                lines = [[*line, {"t": "LineBreak"}] for line in content]
                flat = [one for line in lines for one in line][:-1]
                return [{"t": "Para", "c": changed(flat, self._change)}]
            case "Note":
                return [{"t": "Note", "c": _from_first_word(changed(content, self._change))}]
            case "CodeBlock" | "Code":
                return [{"t": kind, "c": [["", [], []], content[1]]}]
        return None

    def _span(self, content: Any) -> list[Node]:
        (_, classes, _), inlines = content
        for name in classes:
            if name in _GONE:
                if _GONE[name]:
                    self._lost.counts[_GONE[name]] += 1
                return []
        return changed(inlines, self._change)

    def _plain(self, kind: str, inlines: list[Node]) -> list[Node]:
        self._lost.counts[_PLAIN[kind]] += 1
        return changed(inlines, self._change)

    def _figure(self, content: Any) -> list[Node]:
        """A picture with its words as such; a figure of something else as what is in it."""
        pictures = [one for one in each(content[2]) if one["t"] == "Image"]
        if len(pictures) != 1:
            return changed(content[2], self._change)
        _, inlines, target = pictures[0]["c"]
        words = text_of(content[1][1] or []) or text_of(inlines)
        said = paragraph(" ".join(words.split()))["c"]
        return [{"t": "Para", "c": [{"t": "Image", "c": [["", [], []], said, target]}]}]


def _header(level: int, inlines: list[Node]) -> Node:
    """A heading in one line, which is not all bold."""
    flat: list[Node] = [
        {"t": "Space"} if one["t"] in ("LineBreak", "SoftBreak") else one for one in inlines
    ]
    if len(flat) == 1 and flat[0]["t"] == "Strong":
        flat = list(flat[0]["c"])
    return {"t": "Header", "c": [level, ["", [], []], flat]}


def _from_first_word(blocks: list[Node]) -> list[Node]:
    """A note's blocks without the space that word processors put behind its number."""
    if not blocks or blocks[0]["t"] not in ("Para", "Plain"):
        return blocks
    inlines = list(blocks[0]["c"])
    while inlines and inlines[0]["t"] in ("Space", "SoftBreak"):
        del inlines[0]
    return [{"t": blocks[0]["t"], "c": inlines}, *blocks[1:]]


def _has_words(block: Node) -> bool:
    return bool(text_of([block]).strip()) or any(
        one["t"] in ("Image", "Note", "Code") for one in each(block["c"])
    )


def markdown(blocks: list[Node]) -> str:
    """The text of blocks in Markdown, a paragraph in a line. Raises CowriteError."""
    scenes = [raw("markdown", "***") if b["t"] == "HorizontalRule" else b for b in blocks]
    arguments = ["-f", "json", "-t", WRITES, "--wrap", "none"]
    return pandoc(arguments, tree_bytes(scenes)).decode("utf-8").strip("\n")
