"""What of one suggestion is in the draft: the pieces that were taken, and how each of them was."""

from __future__ import annotations

from cowrite.core.edits import Part


class AcceptedText:
    """The parts of a suggestion that are in the draft, in order; they are taken back from the end.

    `text` has the draft's own line endings.
    """

    __slots__ = ("_pieces", "_undone", "refused", "text")

    def __init__(self) -> None:
        self.text = ""
        self.refused = False
        """Whether the writer took back something that had been accepted, other than by typing it."""
        self._pieces: list[tuple[str, Part]] = []
        self._undone: list[tuple[str, Part]] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    @property
    def by_hand(self) -> int:
        """How many characters of it the writer typed through."""
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
        """How the last piece was taken."""
        return self._pieces[-1][1] if self._pieces else None

    def add(self, text: str, part: Part) -> None:
        """One more piece was taken."""
        self._pieces.append((text, part))
        self._undone.clear()
        self.text += text

    def ends_with(self, text: str, *, by_hand: bool | None = None) -> bool:
        """Whether these characters are what was taken last.

        by_hand: whether they must have been typed through, or must not; None takes both.
        """
        return bool(text) and self.text.endswith(text) and self._ends(len(text), by_hand)

    def take_back(self, text: str, *, by_hand: bool | None = None) -> bool:
        """Take back the characters that end what was taken; false where `ends_with` is."""
        if not self.ends_with(text, by_hand=by_hand):
            return False
        size = len(text)
        self.text = self.text[:-size]
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
        if by_hand is None:
            return True
        for piece, part in reversed(self._pieces):
            if (part is Part.TYPED) is not by_hand:
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
        self.text += text
        self.refused = False
        return True

    def copy(self) -> AcceptedText:
        """The same, to be changed by itself."""
        fresh = AcceptedText()
        fresh.text, fresh.refused = self.text, self.refused
        fresh._pieces, fresh._undone = list(self._pieces), list(self._undone)
        return fresh
