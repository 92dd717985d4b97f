"""What lies over the text of a paragraph: Markdown, origins, matches, ghost, focus, selection."""

from __future__ import annotations

import math
from collections.abc import Callable

from cowrite.core.inline import LONGEST, Spans
from cowrite.core.marks import Mark, marks
from cowrite.core.provenance import Runs
from cowrite.core.reading import Reading
from cowrite.tui.editor import motions
from cowrite.tui.editor.diff_view import NOTHING
from cowrite.tui.editor.display import Look
from cowrite.tui.editor.layout import Ghost, Layout
from cowrite.tui.editor.markdown import shown
from cowrite.tui.editor.rows import SELECTION, Layer
from cowrite.tui.editor.view import DraftView

_NEAR = 1000
"""Characters around the visible rows that are coloured of a paragraph longer than `LONGEST`."""

WrongWords = Callable[[str, Spans, int | None], list[tuple[int, int]]]
"""The places of the wrong words in a text with these spans, but for the one that ends where the last
argument says."""

Problems = Callable[[int, int, int], list[tuple[int, int]]]
"""The places of what is wrong by the grammar in a line, of which the columns between the last two are seen."""


class Layers:
    """The layers of the paragraphs on screen. `begin` is called before each look at them."""

    def __init__(self, session: DraftView, layout: Layout) -> None:
        self._session = session
        self._layout = layout
        self.reading = Reading(session.document)
        self.finder: Callable[[str], list[tuple[int, int]]] | None = None
        self.speller: WrongWords | None = None
        self.grammar: Problems | None = None
        self.tokens: tuple[int, list[Layer]] = (-1, [])
        """The draft's version, and layers over offsets of it: the tokens of an accepted span."""
        self.weighed: tuple[int, list[Layer]] = (-1, [])
        """The draft's version, and layers over offsets of it: sentences that counted for the suggestion."""
        self.token: int | None = None
        """The ghost's token that is looked at."""
        self.diff = NOTHING
        """The rewrite that stands in the draft."""
        self.cursor_index = 0
        self._look = Look()
        self._visible, self._top = (0, 0), 0
        self._selected = (0, 0)
        self._bright: tuple[int, int] | None = None
        self._writing_at: tuple[int, int] | None = None

    def changed(self, first: int, before: int, after: int) -> None:
        """Follow a change of lines."""
        self.reading.changed(first, before, after)

    def begin(self, look: Look, visible: tuple[int, int], top: int = 0) -> None:
        """Look at the session as it is now. visible: rows of the first paragraph on screen, which is `top`."""
        session, document = self._session, self._session.document
        self._look = look
        self._visible, self._top = visible, top
        self._selected = session.selected
        paragraph, column = document.locate(session.cursor)
        self.cursor_index = self._layout.shown_index(paragraph, column)
        self._writing_at = (
            (paragraph, column) if session.selected[0] == session.selected[1] else None
        )
        self._bright = None
        if look.focus == "sentence":
            start, end, _ = motions.sentences(document, session.cursor)
            self._bright = (start, end)
        elif look.focus == "paragraph":
            first, last = motions.paragraph_around(document, paragraph)
            self._bright = (document.line_start(first), document.line_end(last))

    def of(self, paragraph: int) -> list[Layer]:
        """The layers of a paragraph, lowest first, as indexes in what is shown."""
        layout, look = self._layout, self._look
        document = self._session.document
        text = document.line(paragraph)
        base = document.line_start(paragraph)
        layers: list[Layer] = []
        low, high = self._span(paragraph, text)
        if look.origins:  # and nothing else: bold and underlined text would be a sign of somebody
            runs = self._session.provenance.slice(base + low, base + high)
            layers += [
                (start + low, end + low, name) for start, end, name in origins(text[low:high], runs)
            ]
        elif look.markdown or self.speller is not None or self.grammar is not None:
            spans = self.reading.spans(paragraph, low, high)
            if look.markdown:
                layers += shown(spans)
            if self.grammar is not None:
                layers += [(a, b, "grammar") for a, b in self.grammar(paragraph, low, high)]
            if self.speller is not None:
                layers += self._misspelled(self.speller, paragraph, text[low:high], spans, low)
        if self.finder is not None:
            found = self.finder(text[low:high])
            layers += [(start + low, end + low, "match") for start, end in found]
        inserted = layout.inserted(paragraph)
        if inserted is not None and layers:
            layers = [
                (low, high, name)
                for start, end, name in layers
                for low, high in inserted.apart(start, end)
            ]
        bright = self._bright
        if bright is not None:
            layers += self._dimmed(paragraph, base, len(text), bright)
        layers += self._replaced(paragraph, base, len(text))
        layers += self._at_offsets(self.weighed, paragraph, base, len(text))
        if look.tokens:
            layers += self._at_offsets(self.tokens, paragraph, base, len(text))
        if self.diff is not NOTHING:
            layers += self._diff(paragraph, *self._seen(paragraph, text))
        ghost = layout.ghost
        if ghost is not None and ghost.paragraph == paragraph:
            layers += self._ghost(ghost)
        low, high = self._selected
        if low < base + len(text) and high > base and low < high:
            start = layout.shown_index(paragraph, max(0, low - base), behind=True)
            end = layout.shown_index(paragraph, min(len(text), high - base))
            layers.append((start, end, SELECTION))
        return layers

    def selects_break(self, paragraph: int) -> bool:
        """Whether the line break behind a paragraph is selected."""
        low, high = self._selected
        if low == high:
            return False
        end = self._session.document.line_end(paragraph)
        return low <= end < high

    def _span(self, paragraph: int, text: str) -> tuple[int, int]:
        """The columns worth colouring."""
        if len(text) <= LONGEST:
            return 0, len(text)
        _, starts = self._layout.wrapped(paragraph)
        first, last = self._visible
        low = starts[min(first, len(starts) - 1)] - _NEAR
        high = starts[min(last, len(starts) - 1)] + _NEAR
        return max(0, low), min(len(text), high)

    def _misspelled(
        self, speller: WrongWords, paragraph: int, text: str, spans: Spans, low: int
    ) -> list[Layer]:
        """The words that are known to be wrong, but for the one that is being written."""
        at = self._writing_at
        here = at[1] - low if at is not None and at[0] == paragraph else None
        if low:
            spans = tuple((start - low, end - low, kind) for start, end, kind in spans)
        return [(start + low, end + low, "misspelled") for start, end in speller(text, spans, here)]

    def _ghost(self, ghost: Ghost) -> list[Layer]:
        """The layers over the ghost's own text."""
        end = self._layout.shown_index(ghost.paragraph, ghost.column, behind=True)
        start = end - len(ghost.text)
        layers: list[Layer] = [(start, end, "ghost")]
        if self._look.origins:
            layers.append((start, end, "ghost-among"))
        if self._look.tokens:
            layers += self._tokens(start, len(ghost.text))
        return layers

    def _seen(self, paragraph: int, text: str) -> tuple[int, int]:
        """The columns of a long paragraph that can be seen, and some around them."""
        if len(text) <= _NEAR:
            return 0, len(text)
        _, starts = self._layout.wrapped(paragraph)
        first, last = self._visible if paragraph == self._top else (0, self._visible[1])
        low = starts[min(first, len(starts) - 1)]
        high = starts[min(last, len(starts) - 1)]
        column = self._layout.column
        return column(paragraph, low) - _NEAR, column(paragraph, high) + _NEAR

    def _diff(self, paragraph: int, low: int, high: int) -> list[Layer]:
        """What of a paragraph would go with the rewrite, and the new words, between two columns."""
        diff, inserted = self.diff, self._layout.inserted(paragraph)
        out: list[Layer] = []
        for ranges, name in (
            (diff.gone, "diff-gone"),
            (diff.lost, "diff-lost"),
            (diff.here, "diff-here"),
        ):
            for start, end in ranges.get(paragraph, ()):
                if start <= high and end >= low:
                    out += self._within(paragraph, start, end, name)
        fresh = diff.fresh.get(paragraph)
        if fresh is None or inserted is None:
            return out
        for column, text in fresh:
            if not low <= column <= high:
                continue
            start = inserted.index(column)
            out.append((start, start + len(text), "diff-new"))
            if diff.here_fresh == (paragraph, column):
                out.append((start, start + len(text), "diff-here"))
        return out

    def _dimmed(self, paragraph: int, base: int, size: int, bright: tuple[int, int]) -> list[Layer]:
        low = max(0, min(size, bright[0] - base))
        high = max(0, min(size, bright[1] - base))
        index = self._layout.shown_index
        end = index(paragraph, size, behind=True)
        if low >= high:
            cursor_here = bright[0] <= base <= bright[1]
            return [] if cursor_here else [(0, end, "dim")]
        dimmed = []
        if low:
            dimmed.append((0, index(paragraph, low), "dim"))
        if high < size:
            dimmed.append((index(paragraph, high, behind=True), end, "dim"))
        return dimmed

    def _within(self, paragraph: int, start: int, end: int, name: str) -> list[Layer]:
        """A layer over the columns from `start` to `end` of a paragraph, beside the ghost where it is there."""
        if start >= end:
            return []
        index = self._layout.shown_index
        return [(index(paragraph, start, behind=True), index(paragraph, end), name)]

    def _replaced(self, paragraph: int, base: int, size: int) -> list[Layer]:
        """What of the draft gives way when the ghost is accepted."""
        suggestion = self._session.suggestion
        if suggestion is None or not suggestion.replaces:
            return []
        low = suggestion.position - base
        high = low + suggestion.replaces
        return self._within(paragraph, max(0, low), min(size, high), "replaced")

    def _at_offsets(
        self, marked: tuple[int, list[Layer]], paragraph: int, base: int, size: int
    ) -> list[Layer]:
        """Layers over offsets, as long as the draft is the one that they were looked up in."""
        version, offsets = marked
        if version != self._session.document.version:
            return []
        out: list[Layer] = []
        for start, end, name in offsets:
            low, high = max(0, start - base), min(size, end - base)
            out += self._within(paragraph, low, high, name)
        return out

    def _tokens(self, column: int, size: int) -> list[Layer]:
        """The ghost's tokens by how sure the model was of them."""
        suggestion = self._session.suggestion
        candidate = suggestion.finished.get(suggestion.index) if suggestion is not None else None
        if suggestion is None or candidate is None:
            return []
        layers: list[Layer] = []
        place = column - len(suggestion.taken)
        for index, token in enumerate(candidate.tokens):
            start, place = place, place + len(token.text)
            if place > column and start < column + size:
                low, high = max(start, column), min(place, column + size)
                layers.append((low, high, token_layer(token.logprob)))
                if index == self.token:
                    layers.append((low, high, "token-here"))
        return layers


def token_layer(logprob: float) -> str:
    """The layer for how sure the model was of a token: `token-0` (unlikely) to `token-4`."""
    return f"token-{level(logprob)}"


def level(logprob: float) -> int:
    """How sure the model was of a token, 0 (unlikely) to 4."""
    return min(4, int(math.exp(logprob) * 5))


_ORIGINS = {
    Mark.MODEL: "origin-model",
    Mark.CHANGED: "origin-edited",
    Mark.PASTE: "origin-paste",
}


def origins(text: str, runs: Runs) -> list[Layer]:
    """Who wrote what, word by word: the model's, the model's changed by the writer, pasted."""
    out: list[Layer] = []
    place = 0
    for length, mark in marks(text, runs):
        if mark in _ORIGINS:
            out.append((place, place + length, _ORIGINS[mark]))
        place += length
    return out
