"""pandoc's tree: walked, made, and read as text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cowrite.book.pandoc import Node

Change = Callable[[Node], list[Node] | None]
"""What takes a node's place; None where it stays and is looked into."""


def changed(nodes: Iterable[Node], change: Change) -> list[Node]:
    """The nodes as `change` has them, from the outside in; what it gives is not looked into again."""
    out: list[Node] = []
    for node in nodes:
        new = change(node)
        out += [_inside(node, change)] if new is None else new
    return out


def _inside(node: Node, change: Change) -> Node:
    content = node.get("c")
    return {**node, "c": _part(content, change)} if isinstance(content, list) else node


def _part(content: Any, change: Change) -> Any:
    if not isinstance(content, list):
        return content
    if content and all(_is_node(one) for one in content):
        return changed(content, change)
    return [_part(one, change) for one in content]


def _is_node(value: object) -> bool:
    return isinstance(value, dict) and "t" in value


def each(nodes: Iterable[Any]) -> Iterator[Node]:
    """All nodes, those within others too, outer ones first."""
    for node in nodes:
        if isinstance(node, list):
            yield from each(node)
        elif _is_node(node):
            yield node
            content = node.get("c")
            if isinstance(content, list):
                yield from each(content)


def text_of(nodes: Iterable[Any]) -> str:
    """What is read of inlines, or of a block's; notes and pictures' words are left out."""
    out = []
    for node in nodes:
        if isinstance(node, list):
            out.append(text_of(node))
        elif _is_node(node):
            kind, content = node["t"], node.get("c")
            if kind == "Str":
                out.append(content)
            elif kind in ("Space", "SoftBreak", "LineBreak"):
                out.append(" ")
            elif kind in ("Code", "Math"):
                out.append(content[1])
            elif kind not in ("Note", "Image", "RawInline", "RawBlock") and content is not None:
                out.append(text_of(content if isinstance(content, list) else []))
    return "".join(out)


def words_as_inlines(text: str) -> list[Node]:
    """Inlines that say a text of one line."""
    out: list[Node] = []
    for word in text.split():
        out += [{"t": "Space"}, {"t": "Str", "c": word}]
    return out[1:]


def paragraph(text: str) -> Node:
    """A paragraph that says a text of one line."""
    return {"t": "Para", "c": words_as_inlines(text)}


def styled(style: str, blocks: list[Node], name: str = "") -> Node:
    """Blocks in a paragraph style of a word processor's, by its name. name: the class that HTML gives them."""
    classes = [name or style.lower().replace(" ", "-")]
    return {"t": "Div", "c": [["", classes, [["custom-style", style]]], blocks]}


def heading(level: int, inlines: list[Node], identifier: str = "") -> Node:
    """A heading."""
    return {"t": "Header", "c": [level, [identifier, [], []], inlines]}


def raw(form: str, text: str, *, inline: bool = False) -> Node:
    """What one format's writer takes as it is."""
    return {"t": "RawInline" if inline else "RawBlock", "c": [form, text]}
