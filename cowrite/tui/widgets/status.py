"""The status line: the draft on the left, the engine on the right, in one calm row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from cowrite.core.printable import printable

_GOAL_CELLS = 8
_STATE_CELLS = len("restarting")
_GAP = "   "
_NAME_CELLS = 16
"""What the name gets before the engine's side gets more than its state."""
_HOST_CELLS = 24
_ASK = ": ask, to hear why"
_SUBJECT = "The model process "
"""What a reason is about, where it is one of the engine's: the state before it says so too."""
_NAME_AND_MARK = 2
"""The pieces that stay however narrow it gets."""


Piece = tuple[str, str]
"""A text and its style."""
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What the status line may say. Where it is narrow, the last things of each side go first.

    note: said in the place of the counts for a moment, a text or (a legend) styled pieces. selected: words
    in the selection, None where nothing is selected. goal: words wanted in this session. asides: what else
    the writer asked for, such as the session's time. share: how much of the draft is the model's,
    0 to 1, None while origins are hidden. quiet: why nothing is suggested here, in three words; it takes the
    place of the counts where there isn't room for both. resting: whether auto-suggest has a rest. learned:
    whether something that was learned is in use. progress: how far a model is being made ready, 0 to 1.
    remote: where the draft is sent, which is said as long as it holds; empty where it stays here.
    """

    name: str
    dirty: bool = False
    read_only: bool = False
    note: str | Pieces = ""
    words: int | None = None
    selected: int | None = None
    goal: int = 0
    written: int = 0
    asides: tuple[str, ...] = ()
    share: float | None = None
    quiet: str = ""
    auto: bool = False
    resting: bool = False
    state: str = "loading"
    reason: str = ""
    model: str = ""
    learned: bool = False
    progress: float | None = None
    remote: str = ""


def compose(facts: StatusFacts, width: int) -> list[Piece]:
    """The line's pieces; their widths add up to `width` cells where that is at least 1."""
    if width <= 0:
        return []
    inner = max(0, width - 2)
    right = _engine(facts)
    left = _draft(facts)
    if facts.selected is not None and _width(left) + _width(right) + 2 > inner:
        left = [(said.removesuffix(" selected"), style) for said, style in left]
    if facts.quiet and _width(left) + _width(right) + 2 > inner:
        left = _draft(replace(facts, note="", words=None, goal=0, asides=(), share=None))
    if facts.reason:
        room = inner - _width(right[:1]) - min(_width(left[:_NAME_AND_MARK]), _NAME_CELLS) - 2
        right[1:] = [(briefly(facts, room), right[1][1])]
    kept = len(left) if isinstance(facts.note, tuple) else _NAME_AND_MARK
    beside = _NAME_CELLS + _width(left[_NAME_AND_MARK:kept])
    while len(right) > 1 and not facts.reason and _width(right) + beside > inner:
        right.pop()
    while len(left) > kept and _width(left) + _width(right) + 2 > inner:
        left.pop()
    while facts.remote and len(left) > _NAME_AND_MARK and _width(left) + _width(right) + 2 > inner:
        left.pop()
    least = min(_width(left), _NAME_CELLS)
    while len(right) > bool(facts.remote) and (
        least + _width(right) + 2 > inner and _width(right) > inner // 2
    ):
        right.pop()
    room = inner - _width(right) - (2 if right else 0)
    name, style = left[0]
    rest = left[1:]
    name = shortened(name, max(1, room - _width(rest)))
    left = [(name, style), *rest]
    filler = inner - _width(left) - _width(right)
    pieces = [(" ", ""), *left, (" " * max(0, filler), ""), *right, (" ", "")]
    return _clipped(pieces, width)


def _draft(facts: StatusFacts) -> list[Piece]:
    mark = " ●" if facts.dirty else "  "
    out = [(printable(facts.name), "bold"), (mark, "$text-accent")]
    if facts.read_only:
        out.append((_GAP + "read-only", "$text-warning"))
    if facts.note:
        return [*out, *_noted(facts.note)]
    if facts.words is not None:
        counted = f"{facts.words:,} word{'s' if facts.words != 1 else ' '}"
        if facts.selected is not None:
            counted = f"{facts.selected:,} of {facts.words:,} words selected"
        out.append((_GAP + counted, "$foreground 60%"))
    if facts.goal:
        out.append((_GAP + goal_bar(facts.written, facts.goal), "$foreground 60%"))
    out += [(_GAP + aside, "$foreground 60%") for aside in facts.asides]
    if facts.share is not None:
        out.append((f"{_GAP}{facts.share:.0%} the model's", "$foreground 60%"))
    if facts.quiet:
        out.append((_GAP + facts.quiet, "$foreground 60%"))
    return out


def _noted(note: str | Pieces) -> Pieces:
    """What is said for a moment, in one look."""
    if isinstance(note, str):
        return ((_GAP + printable(note), "$foreground 60%"),)
    return ((_GAP, ""), *note)


def _engine(facts: StatusFacts) -> list[Piece]:
    """State first, since it stays longest; they stand right-aligned in columns that do not move."""
    state = facts.state
    if facts.progress is not None:
        state = f"{state} {facts.progress:.0%}"
    style = {
        "writing": "$text-accent",
        "no model": "$text-warning",
        "restarting": "$text-warning",
    }.get(facts.state, "$foreground 60%")
    if facts.remote:
        state = f"remote: {shortened(printable(facts.remote), _HOST_CELLS)}  {state.rjust(_STATE_CELLS)}"
    out = [(state.rjust(_STATE_CELLS), style)]
    if facts.reason:
        out.append((f": {printable(facts.reason)}", "$foreground 60%"))
    elif facts.model:
        name = facts.model.partition(" @ ")[0] if facts.remote else facts.model
        out.append((f"  {shortened(printable(name), 28)}", "$foreground 60%"))
        if facts.learned:
            out.append((" + learned", "$text-accent"))
    if facts.auto:
        out.append(("  auto rests" if facts.resting else "  auto", "$foreground 60%"))
    return out


def briefly(facts: StatusFacts, width: int) -> str:
    """Why the engine is in its state, in at most `width` cells: whole sentences, or how to hear them."""
    reason = printable(facts.reason)
    parts = (reason, *_parts(reason))
    for part in (*parts, *(part.removeprefix(_SUBJECT).removeprefix("was ") for part in parts)):
        if cell_len(part) + 2 <= width:
            return f": {part}"
    if facts.state == "no model":
        return _ASK if len(_ASK) <= width else ""
    return ""


def _parts(reason: str) -> Iterator[str]:
    """The first sentence of a reason, and the first clause of that."""
    for mark in (". ", "; "):
        head, found, _ = reason.partition(mark)
        if found:
            yield head + "."


def goal_bar(written: int, goal: int) -> str:
    """A quiet bar of the session's goal, and the words of it."""
    done = min(_GOAL_CELLS, max(0, written) * _GOAL_CELLS // goal)
    return f"{'━' * done}{'╌' * (_GOAL_CELLS - done)} {written:,}/{goal:,}"


def shortened(text: str, width: int) -> str:
    """The text in at most `width` cells, its end kept too, since names differ there."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    tail = width // 3 if width > 8 else 0
    end = set_cell_size(text[::-1], tail)[::-1] if tail else ""
    return set_cell_size(text, width - 1 - tail) + "…" + end


def _width(pieces: list[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _clipped(pieces: list[Piece], width: int) -> list[Piece]:
    out: list[Piece] = []
    for text, style in pieces:
        size = min(cell_len(text), width)
        if size:
            out.append((set_cell_size(text, size), style))
        width -= size
    return out


class StatusLine(Widget):
    """Shows `facts`; repainted only when they changed."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $surface; color: $foreground; }
    """

    def __init__(self, facts: StatusFacts) -> None:
        super().__init__(id="status")
        self._facts = facts

    @property
    def facts(self) -> StatusFacts:
        return self._facts

    @facts.setter
    def facts(self, facts: StatusFacts) -> None:
        if facts != self._facts:
            self._facts = facts
            self.refresh()

    def render(self) -> Content:
        return Content.assemble(*compose(self._facts, self.size.width))
