"""A draft with its authors marked: as a page, as Markdown, or with brackets."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from cowrite.core.document import one_line_end
from cowrite.core.printable import printable
from cowrite.core.provenance import Author, Runs
from cowrite.export.page import page, text

NAMES = {
    Author.WRITER: "typed by the writer",
    Author.MODEL: "written by the model",
    Author.PASTE: "pasted",
    Author.FILE: "there before",
}

_STYLE = """
.draft{white-space:pre-wrap;overflow-wrap:anywhere;font:1.05rem/1.7 Georgia,serif;margin-top:1.5rem}
mark{background:none;color:inherit;border-radius:.2em;padding:.05em 0}
mark.model{background:color-mix(in srgb,var(--b) 28%,transparent)}
mark.paste{background:color-mix(in srgb,var(--d) 28%,transparent)}
mark.file{border-bottom:1px dotted var(--soft)}
.key mark{margin-right:1rem;padding:.1em .3em}
"""


def pieces(draft: str, runs: Runs) -> Iterator[tuple[str, Author]]:
    """The draft in pieces of one author each."""
    at = 0
    for length, source in runs:
        yield draft[at : at + length], source.author
        at += length


def marked_page(name: str, draft: str, runs: Runs, statement: str) -> str:
    """A page of the draft, each author's text in its colour."""
    shown = {author for _, author in pieces(draft, runs)}
    key = "".join(
        f'<mark class="{author.value}">{text(NAMES[author])}</mark>'
        for author in Author
        if author in shown
    )
    body = "".join(
        text(piece)
        if author is Author.WRITER
        else f'<mark class="{author.value}">{text(piece)}</mark>'
        for piece, author in pieces(one_line_end(draft), _without_returns(draft, runs))
    )
    return page(
        f"Who wrote {name}",
        f"<h1>{text(name)}</h1>\n<p>{text(statement)}</p>\n"
        f'<p class="key">{key}</p>\n<div class="draft">{body}</div>',
        _STYLE,
    )


def marked_markdown(draft: str, runs: Runs, statement: str) -> str:
    """The draft as Markdown, the model's text in `<mark>`, with the statement behind a rule."""
    out = []
    for piece, author in pieces(draft, runs):
        if author is Author.MODEL:
            # A mark may not reach over the end of a paragraph, nor hold white space at its ends.
            out.append(
                re.sub(r"\S(?:[^\r\n]*\S)?", lambda found: f"<mark>{found.group()}</mark>", piece)
            )
        else:
            out.append(piece)
    said = html.escape(statement, quote=False)
    return "".join(out).rstrip() + f"\n\n---\n\n{said}\n"


def marked_plain(draft: str, runs: Runs) -> str:
    """The draft for a terminal without colours: the model's text in ⟦ ⟧, pasted text in ⟪ ⟫."""
    brackets = {Author.MODEL: "⟦⟧", Author.PASTE: "⟪⟫"}
    out = []
    for piece, author in pieces(one_line_end(draft), _without_returns(draft, runs)):
        safe = printable(piece, keep="\n\t")
        around = brackets.get(author)
        out.append(f"{around[0]}{safe}{around[1]}" if around else safe)
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
