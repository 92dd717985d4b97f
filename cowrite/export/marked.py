"""A draft with its authors marked: as a page, as Markdown, or with brackets."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from cowrite.core.document import one_line_end
from cowrite.core.marks import Mark, marks
from cowrite.core.printable import printable
from cowrite.core.provenance import Runs
from cowrite.export.page import page, text

NAMES = {
    Mark.WRITER: "typed by the writer",
    Mark.MODEL: "written by the model",
    Mark.CHANGED: "written by the model, changed by the writer",
    Mark.PASTE: "pasted",
    Mark.FILE: "there before",
}
BRACKETS = {Mark.MODEL: ("⟦", "⟧"), Mark.CHANGED: ("⟨", "⟩"), Mark.PASTE: ("⟪", "⟫")}
"""Around what is marked where there are no colours."""

_LINES = re.compile(r"\S(?:[^\r\n]*\S)?")
_STYLE = """
.draft{white-space:pre-wrap;unicode-bidi:plaintext;font:1.05rem/1.7 Georgia,serif;margin-top:1.5rem}
mark{background:none;color:inherit;border-radius:.2em;padding:.05em 0}
mark.model{background:color-mix(in srgb,var(--b) 28%,transparent)}
mark.changed{background:color-mix(in srgb,var(--c) 28%,transparent);border-bottom:1px dashed var(--c)}
mark.paste{background:color-mix(in srgb,var(--d) 28%,transparent)}
mark.file{border-bottom:1px dotted var(--soft)}
.key mark{display:inline-block;margin:0 1rem .3rem 0;padding:.1em .3em}
"""


def pieces(draft: str, runs: Runs) -> Iterator[tuple[str, Mark]]:
    """The draft in pieces of one mark each."""
    at = 0
    for length, mark in marks(draft, runs):
        yield draft[at : at + length], mark
        at += length


def marked_page(name: str, draft: str, runs: Runs, statement: str) -> str:
    """A page of the draft, each author's text in its colour."""
    draft, runs = one_line_end(draft), _without_returns(draft, runs)
    shown = list(pieces(draft, runs))
    there = {mark for _, mark in shown}
    key = "".join(
        f'<mark class="{mark.value}">{text(name)}</mark>'
        for mark, name in NAMES.items()
        if mark in there
    )
    body = "".join(
        text(piece) if mark is Mark.WRITER else f'<mark class="{mark.value}">{text(piece)}</mark>'
        for piece, mark in shown
    )
    return page(
        f"Who wrote {name}",
        f"<h1>{text(name)}</h1>\n<p>{text(statement)}</p>\n"
        f'<p class="key">{key}</p>\n<div class="draft">{body}</div>',
        _STYLE,
    )


def marked_markdown(draft: str, runs: Runs, statement: str) -> str:
    """The draft as Markdown, the model's text in `<mark>`, with the statement behind a rule."""
    tags = {Mark.MODEL: "<mark>", Mark.CHANGED: '<mark class="changed">'}
    out = []
    for piece, mark in pieces(draft, runs):
        tag = tags.get(mark)
        # A mark may not reach over the end of a paragraph, nor hold white space at its ends.
        out.append(_LINES.sub(rf"{tag}\g<0></mark>", piece) if tag else piece)
    said = html.escape(statement, quote=False)
    return "".join(out).rstrip() + f"\n\n---\n\n{said}\n"


def marked_plain(draft: str, runs: Runs) -> str:
    """The draft for a terminal without colours: the model's text in ⟦ ⟧, changed in ⟨ ⟩, pasted in ⟪ ⟫."""
    out = []
    for piece, mark in pieces(one_line_end(draft), _without_returns(draft, runs)):
        safe = printable(piece, keep="\n\t")
        opening, closing = BRACKETS.get(mark, ("", ""))
        out.append(f"{opening}{safe}{closing}")
    return "".join(out)


def _without_returns(draft: str, runs: Runs) -> Runs:
    """The runs of the draft as it is with `\\n` for `\\r\\n`."""
    if "\r\n" not in draft:
        return runs
    out = []
    at = 0
    for length, source in runs:
        piece = draft[at : at + length + 1]
        returns = sum(piece[i : i + 2] == "\r\n" for i in range(length))
        out.append((length - returns, source))
        at += length
    return tuple(out)
