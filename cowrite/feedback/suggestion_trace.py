"""One suggestion while its session goes by: how long it was seen, what of it was taken, how it closed."""

from __future__ import annotations

from cowrite.core.edits import Part
from cowrite.core.outcome import Closing
from cowrite.feedback.survival import Accepted
from cowrite.feedback.typed_instead import Instead


class Taken:
    """The parts of a suggestion that are in the draft, in order; undo takes them back from the end."""

    __slots__ = ("_pieces", "_undone", "refused")

    def __init__(self) -> None:
        self._pieces: list[tuple[str, Part]] = []
        self._undone: list[tuple[str, Part]] = []
        self.refused = False
        """Whether the writer took back something that had been accepted, other than by typing it."""

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self._pieces)

    @property
    def by_hand(self) -> int:
        return sum(len(text) for text, part in self._pieces if part is Part.TYPED)

    @property
    def parts(self) -> tuple[str, ...]:
        """How it was taken: one word for each act, typing through counted once for a stretch."""
        out: list[str] = []
        for _, part in self._pieces:
            if part is not Part.TYPED or not out or out[-1] != part.value:
                out.append(part.value)
        return tuple(out)

    @property
    def last(self) -> Part | None:
        return self._pieces[-1][1] if self._pieces else None

    def add(self, text: str, part: Part) -> None:
        self._pieces.append((text, part))
        self._undone.clear()

    def take_back(self, text: str, *, by_hand: bool | None = None) -> bool:
        """Take back the characters that end what was taken; false where they do not.

        by_hand: whether they must have been typed through, or must not; None takes both.
        """
        if not text or not self.text.endswith(text) or not self._ends(len(text), by_hand):
            return False
        size = len(text)
        while size:
            piece, part = self._pieces.pop()
            back = min(size, len(piece))
            if back < len(piece):
                self._pieces.append((piece[:-back], part))
            self._undone.append((piece[-back:], part))
            self.refused = self.refused or part is not Part.TYPED
            size -= back
        return True

    def _ends(self, size: int, by_hand: bool | None) -> bool:
        """Whether the last `size` characters were all typed through (or, by_hand false, none was)."""
        for piece, part in reversed(self._pieces):
            if by_hand is not None and (part is Part.TYPED) is not by_hand:
                return False
            size -= len(piece)
            if size <= 0:
                break
        return True

    def give_again(self, text: str, *, by_hand: bool) -> bool:
        """Redo what was taken back last; false where it is another text."""
        size, index = 0, len(self._undone)
        while index and size < len(text):
            index -= 1
            size += len(self._undone[index][0])
        again = self._undone[index:][::-1]
        alike = all((part is Part.TYPED) is by_hand for _, part in again)
        if not text or not alike or "".join(piece for piece, _ in again) != text:
            return False
        del self._undone[index:]
        self._pieces.extend(again)
        self.refused = False
        return True


class Sight:
    """How long each candidate of a suggestion was on screen while the terminal had the focus."""

    __slots__ = ("_all_since", "_all_total", "_since", "_total", "order")

    def __init__(self) -> None:
        self.order: list[int] = []
        self._total: dict[int, int] = {}
        self._since: dict[int, int] = {}
        self._all_total = 0
        self._all_since: int | None = None

    def show(self, candidate: int, now: int, *, alone: bool, focused: bool) -> None:
        """A candidate came on screen; `alone`: in the place of the one before."""
        if alone:
            self._stop(now)
        if candidate not in self._total:
            self.order.append(candidate)
            self._total[candidate] = 0
        self._since.setdefault(candidate, now)
        if not focused:
            self.pause(now)
            return
        if self._all_since is None:
            self._all_since = now

    def _stop(self, now: int) -> None:
        for candidate, since in self._since.items():
            self._total[candidate] += now - since
        self._since.clear()

    def pause(self, now: int) -> list[int]:
        """Nothing is seen from now on; returns what was on screen."""
        on_screen = list(self._since)
        self._stop(now)
        if self._all_since is not None:
            self._all_total += now - self._all_since
            self._all_since = None
        return on_screen

    @property
    def total(self) -> int:
        """Milliseconds that any of them was on screen: at least 1 where one was."""
        return max(1, self._all_total) if self.order else 0

    def of(self, candidate: int) -> int:
        """Milliseconds that this candidate was on screen."""
        return self._total.get(candidate, 0)


class Asked:
    """What is known so far of one request. `place` is where its ghost begins in the draft."""

    __slots__ = (
        "accepted",
        "chosen",
        "closing",
        "generated",
        "instead",
        "place",
        "requested",
        "sight",
        "suggestion_id",
        "taken",
    )

    def __init__(self, suggestion_id: str, place: int, requested: tuple[int, int]) -> None:
        self.suggestion_id = suggestion_id
        self.place = place
        self.requested = requested
        """Where the request lies in the spool."""
        self.generated: tuple[int, int] | None = None
        self.closing: Closing | None = None
        self.sight = Sight()
        self.taken = Taken()
        self.chosen: int | None = None
        self.accepted: Accepted | None = None
        self.instead: Instead | None = None

    @property
    def decided(self) -> bool:
        """Whether something of it was taken, or taken and given back."""
        return bool(self.taken) or self.taken.refused
