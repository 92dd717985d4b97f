"""What markdown-it-py reads in a text, in the words of `cowrite.core.blocks` and `cowrite.core.inline`.

It passes CommonMark's own examples, so where the two agree on any text that can be thought of, ours does.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from cowrite.core.blocks import BlockKind
from cowrite.core.document import Document
from cowrite.core.inline import inline
from cowrite.core.reading import Reading

BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
INLINE = MarkdownIt("commonmark").enable("strikethrough")

_KINDS = {
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
    "hr": "rule",
    "table_open": "table",
    "paragraph_open": "paragraph",
    "heading_open": "heading",
}
_CODE = (BlockKind.CODE, BlockKind.FENCE)


def expected_lines(text: str) -> list[str]:
    """What each line is; `blank` for what belongs to no block."""
    out = ["blank"] * len(text.split("\n"))
    for token in BLOCKS.parse(text):
        kind = _KINDS.get(token.type)
        if kind is None or token.map is None:
            continue
        first, last = token.map
        for line in range(first, min(last, len(out))):
            out[line] = kind
        if token.type == "heading_open" and token.markup in "=-":
            out[last - 1] = "underline"
    return out


def differing_lines(text: str) -> list[tuple[str, str, str]]:
    """`(line, expected, found)` where the two differ. Signs of containers alone are no content to either."""
    reading = Reading(Document(text))
    out = []
    for index, (line, wanted) in enumerate(
        zip(text.split("\n"), expected_lines(text), strict=True)
    ):
        kind = reading.line(index).kind
        found = "code" if kind in _CODE else str(kind)
        known = kind is BlockKind.DEFINITION and wanted == "blank"  # it takes those away
        raw = found == "code" and wanted == "html"  # what <pre> and <script> hold is code to us
        if found != wanted and line.strip(" \t>") and not known and not raw:
            out.append((line, wanted, found))
    return out


_TAGS = {"emphasis": "em", "strong": "strong", "strike": "s", "link": "a"}


def rendered(text: str) -> str:
    """Our spans of a text as tags around what they hold, signs left out."""
    hidden: set[int] = set()
    opening: dict[int, list[tuple[int, str]]] = {}
    for start, end, kind in inline(text):
        if kind == "address" and text[start] == "<":
            hidden |= {start, end - 1}
            opening.setdefault(start + 1, []).append((end - 1, "a"))
        elif kind in ("delimiter", "escape", "mark", "address"):
            hidden |= set(range(start, end))
        elif kind == "code":
            ticks = len(text[start:end]) - len(text[start:end].lstrip("`"))
            low, high = start + ticks, end - ticks
            hidden |= {*range(start, low), *range(high, end)}
            held = text[low:high].replace("\n", " ")
            if held.strip(" ") and held[0] == held[-1] == " ":
                hidden |= {low, high - 1}
            opening.setdefault(low, []).append((high, "code"))
        elif kind in _TAGS:
            opening.setdefault(start, []).append((end, _TAGS[kind]))
    return _tidy(_tagged(text, hidden, opening))


def _tagged(text: str, hidden: set[int], opening: dict[int, list[tuple[int, str]]]) -> str:
    out: list[str] = []
    stack: list[tuple[int, str]] = []
    for index in range(len(text) + 1):
        while stack and stack[-1][0] == index:
            out.append(f"</{stack.pop()[1]}>")
        for end, tag in sorted(opening.get(index, []), key=lambda one: (-one[0], one[1] != "a")):
            stack.append((end, tag))
            out.append(f"<{tag}>")
        while stack and stack[-1][0] == index:
            out.append(f"</{stack.pop()[1]}>")
        if index < len(text) and index not in hidden:
            in_code = any(tag == "code" for _, tag in stack)
            out.append(" " if in_code and text[index] == "\n" else text[index])
    return "".join(out)


def expected_rendering(text: str) -> str:
    """The same by markdown-it-py."""
    tokens = INLINE.parseInline(text)[0].children or []
    return _tidy("".join(map(_shown, tokens)))


def _shown(token: Token) -> str:
    match token.type:
        case "em_open" | "strong_open" | "s_open":
            return f"<{token.tag}>"
        case "em_close" | "strong_close" | "s_close":
            return f"</{token.tag}>"
        case "link_open":
            return "<a>"
        case "link_close":
            return "</a>"
        case "code_inline":
            return f"<code>{token.content}</code>"
        case "softbreak" | "hardbreak":
            return "\n"
    return token.content


def _tidy(text: str) -> str:
    return re.sub(r" *\n *", "\n", text).strip()
