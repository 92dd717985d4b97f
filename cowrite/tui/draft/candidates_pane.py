"""All candidates side by side: where they part is marked, a click or a number takes one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from cowrite.core.diff import parting
from cowrite.core.printable import printable
from cowrite.core.words import pieces as words_of
from cowrite.tui.parts import PartMessage

EMPTY = "Candidates appear here when you ask."
ABOUT = "Candidates, and how likely the model finds their words"

_LIKELY = ((0.35, "very likely"), (0.2, "likely"), (0.08, "possible"))
"""Mean probabilities of a token from which a candidate is called so. Small models give their better
sentences 0.15 to 0.3; below the last one auto-suggest shows nothing as it is set at first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate in the pane. likelihood: how likely it is, in words; None while it is written.

    index: which of the suggestion's it is; the pane lists them in an order of their own.
    """

    text: str
    likelihood: str | None
    current: bool
    choosable: bool
    index: int = 0


def painted(place: int, shown: Shown, pieces: list[tuple[bool, str]]) -> Content:
    """A candidate: its number, where it can be chosen, how likely it is, and its text, marked."""
    sure = shown.likelihood or "…"
    head = "bold $text-accent" if shown.current else "$foreground 60%"
    number = str(place + 1) if shown.choosable else "–"
    parts = [(f"{number} {sure}  ", head)]
    plain = "$foreground" if shown.choosable else "$foreground 40%"
    for marked, text in pieces:
        for word in words_of(printable(text, keep="\n")):
            style = f"{plain} underline" if marked and not word.isspace() else plain
            parts.append((word, style))
    return Content.assemble(*parts)


def likelihood(mean_logprob: float | None) -> str | None:
    """How likely a candidate is, in words, from the mean log-probability of its tokens."""
    if mean_logprob is None:
        return None
    mean = math.exp(mean_logprob)
    return next((words for least, words in _LIKELY if mean >= least), "unlikely")


class _Card(Static):
    """One candidate; a click takes it."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.shown: Shown | None = None

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if self.shown is not None:
            self.post_message(CandidatesPane.Taken(self.shown.index))


class CandidatesPane(Vertical):
    """Side by side where there is room, one below the other where there isn't."""

    DEFAULT_CSS = """
    CandidatesPane {
        height: auto; max-height: 50%; padding: 0 0 1 0; background: $surface; border-top: solid $border;
    }
    CandidatesPane .about { color: $foreground 60%; height: 1; padding: 0 1; }
    CandidatesPane Horizontal { height: auto; }
    CandidatesPane _Card { width: 1fr; height: auto; padding: 0 1; }
    CandidatesPane _Card:hover { background: $panel; }
    CandidatesPane.-narrow Horizontal { layout: vertical; }
    """

    class Taken(PartMessage):
        """The writer takes the candidate with this index."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Seen(PartMessage):
        """These candidates of a suggestion can be read on the screen."""

        def __init__(self, suggestion_id: str, indexes: tuple[int, ...]) -> None:
            super().__init__()
            self.suggestion_id, self.indexes = suggestion_id, indexes

    def __init__(self, count: int) -> None:
        super().__init__(id="candidates")
        self._cards = [_Card() for _ in range(count)]
        self._about = Static(EMPTY, classes="about", markup=False)
        self._painted: list[Shown] = []
        self._of = ""
        """The suggestion that the painted candidates are of."""

    def compose(self) -> ComposeResult:
        yield self._about
        with Horizontal():
            yield from self._cards

    def on_mount(self) -> None:
        self.show([])

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < 24 * max(1, len(self._painted)), "-narrow")
        self.call_after_refresh(self._tell_seen)

    def show(self, candidates: list[Shown], of: str = "") -> None:
        """Show these of the suggestion `of`, and nothing where there are none."""
        self._of = of
        self._about.update(ABOUT if candidates else EMPTY)
        split = parting([shown.text.strip() for shown in candidates])
        before = self._painted
        self._painted = candidates
        self.set_class(self.size.width < 24 * max(1, len(candidates)), "-narrow")
        for place, card in enumerate(self._cards):
            card.display = place < len(candidates)
            card.shown = candidates[place] if place < len(candidates) else None
            if card.shown is not None and before != candidates:
                card.update(painted(place, card.shown, split[place]))
        if candidates:
            self.call_after_refresh(self._tell_seen)

    def _tell_seen(self) -> None:
        """Say which candidates have found room: of each, its first row at least."""
        room = self.content_region
        seen = tuple(
            shown.index
            for shown, card in zip(self._painted, self._cards, strict=False)
            if shown.text and room.contains(*card.region.offset)
        )
        if seen:
            self.post_message(self.Seen(self._of, seen))
