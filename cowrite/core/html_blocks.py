"""Blocks of HTML in Markdown: what begins one, and what ends it (CommonMark 0.31, 4.6)."""

from __future__ import annotations

import re

from cowrite.core.inline import TAG

_RAW = re.compile(r"<(script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog"
    r"|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe"
    r"|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table"
    r"|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s>]|/>|$)",
    re.IGNORECASE,
)
_ENDS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))
RAW_END = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)
RAW_ENDS, UNTIL_BLANK = "</", "\n"
"""Ends that are no text: the end of a raw tag, and a blank line."""


def html_ends(text: str, place: int, *, whole_tags: bool) -> str:
    """What ends the block of HTML that begins here, or an empty string for no such block.

    whole_tags: whether any tag begins one that has the line to itself.
    """
    if _RAW.match(text, place):
        return RAW_ENDS
    for begin, end in _ENDS:
        if text.startswith(begin, place):
            return end
    if text.startswith("<!", place) and text[place + 2 : place + 3].isalpha():
        return ">"
    if _BLOCK_TAG.match(text, place):
        return UNTIL_BLANK
    tag = TAG.match(text, place) if whole_tags else None
    return UNTIL_BLANK if tag and not text[tag.end() :].strip(" \t") else ""
