"""The word at the cursor of a draft, for spell-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.core.inline import LONGEST, Spans

if TYPE_CHECKING:
    from cowrite.session.draft import DraftSession
    from cowrite.spelling import Found
    from cowrite.tui.editor.editor import Editor
    from cowrite.tui.window.speller import Speller


def around(session: DraftSession, editor: Editor) -> tuple[int, str, Spans]:
    """The text around the cursor (its line, where that isn't very long), where it is, its spans."""
    document = session.document
    line, column = document.locate(session.selected[0])
    text = document.line(line)
    low = max(0, column - LONGEST // 2) if len(text) > LONGEST else 0
    high = min(len(text), low + LONGEST)
    spans = editor.page_layers.reading.spans(line, low, high)
    near = tuple((start - low, end - low, kind) for start, end, kind in spans)
    return document.line_start(line) + low, text[low:high], near


def word_here(session: DraftSession, editor: Editor) -> Found | None:
    """The word that the cursor touches or the selection lies in, by offsets of the draft."""
    from cowrite.spelling import prose_words

    start, end = session.selected
    base, text, spans = around(session, editor)
    for low, high, word in prose_words(text, spans):
        if base + low <= start and end <= base + high:
            return base + low, base + high, word
    return None


def is_wrong(found: Found, session: DraftSession, editor: Editor, speller: Speller) -> bool:
    """Whether the word is known to be wrong."""
    base, text, spans = around(session, editor)
    return (found[0] - base, found[1] - base) in speller.wrong(text, spans)
