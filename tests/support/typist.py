"""A key stream with a clock that stands still, and what comes out of it when bytes come at certain times."""

from __future__ import annotations

from cowrite.tui.terminal.keyreports import Press
from cowrite.tui.terminal.keystream import KeyStream, Piece
from cowrite.tui.terminal.pasting import Pasted


class Clock:
    """Seconds, as they are set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def stream_of(*steps: str | float, far: bool = False, escape: float | None = None) -> list[Piece]:
    """The pieces of chunks (text) and pauses (seconds), and of what is due behind them."""
    clock = Clock()
    stream = KeyStream(clock, far=far, escape=escape)
    found: list[Piece] = []
    for step in (*steps, 30.0):
        if isinstance(step, str):
            found += stream.feed(step)
            continue
        end = clock.now + step
        while stream.due is not None and stream.due <= end:
            clock.now = max(clock.now, stream.due)
            found += stream.expire()
        clock.now = end
    assert stream.due is None
    return found


def said(*steps: str | float, far: bool = False, escape: float | None = None) -> str:
    """The same in one line: text as it is, other keys in angle brackets, pastes in `«»`; rest of one: `…»`."""
    return "".join(map(_said, stream_of(*steps, far=far, escape=escape)))


def _said(piece: Piece) -> str:
    if isinstance(piece, Press):
        control = piece.text is None or piece.text < " " or piece.text == "\x7f"
        return f"<{piece.key}>" if control else piece.text or ""
    if isinstance(piece, Pasted):
        return f"{'…' if piece.goes_on else '«'}{piece.text}»"
    return f"<{type(piece).__name__}>"
