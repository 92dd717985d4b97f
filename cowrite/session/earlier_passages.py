"""What of the writer's earlier works stands before the draft when the model is asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cowrite.core.context import ContextPart
from cowrite.core.document import Document, one_line_end
from cowrite.errors import CowriteError

if TYPE_CHECKING:
    from cowrite.learning.passages import PassageIndex
    from cowrite.learning.slot import Slot

_NEAR = 2400
"""Characters before the cursor by which is searched."""

_AFTER = 600
"""Characters behind it that the model is shown."""


class PassagesPort(Protocol):
    """Where earlier passages are: `KeptPassages`, or a stand-in."""

    def index(self) -> PassageIndex | None:
        """The index, None where there is none. Raises CowriteError where it can't be used."""


class KeptPassages:
    """The index on the disk, for which nothing is imported where there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._index: PassageIndex | None = None

    def index(self) -> PassageIndex | None:
        """The index, opened when it is first asked for. Raises CowriteError where it can't be used."""
        if self._index is None:
            if not self._path.is_file():
                return None
            from cowrite.learning.passages import PassageIndex

            self._index = PassageIndex(self._path, wait_s=0.05)
        return self._index


class EarlierPassages:
    """The slot before one draft. It is looked at in pauses, and stays as it is in between."""

    def __init__(self, port: PassagesPort | None = None) -> None:
        self._port = port
        self._slot: Slot | None = None

    def use(self, port: PassagesPort | None) -> None:
        """Take passages from there from now on."""
        self._port, self._slot = port, None

    @property
    def parts(self) -> tuple[ContextPart, ...]:
        """The passages that stand there now."""
        return self._slot.parts if self._slot is not None else ()

    @property
    def looked(self) -> bool:
        """Whether passages were searched for, so that the draft can be read ahead with them."""
        return self._slot is not None

    def look(
        self,
        document: Document,
        cursor: int,
        tokens: int,
        shown: int,
        beside: tuple[PassageIndex, int, str] | None = None,
        told: str = "",
    ) -> bool:
        """Search for passages of at most so many tokens; true where others stand before the draft now.

        shown: the most characters before the cursor that the model sees. beside: the index of other chapters,
        the most tokens of them, and the document there that is this draft. told: what the model sees besides
        the draft, which no passage should say again. Where an index can't be used, what stood there stays.
        """
        from_earlier = self._index() if tokens > 0 else None
        if from_earlier is None and beside is None:
            return False
        from cowrite.learning.slot import EMPTY, look_again, passed_by, searched

        slot = self._slot or EMPTY
        if not look_again(slot, cursor):
            return False
        sources: list[tuple[PassageIndex, int, str | None]] = []
        if beside is not None:
            sources.append(beside)
        if from_earlier is not None:
            sources.append((from_earlier, tokens + (beside[1] if beside else 0), None))
        try:
            before = one_line_end(document.slice(max(0, cursor - max(shown, _NEAR)), cursor))
            after = document.slice(cursor, min(len(document), cursor + _AFTER))
            self._slot = searched(
                slot, sources, before[-_NEAR:], cursor, f"{before}{one_line_end(after)}\n{told}"
            )
        except CowriteError:
            self._slot = passed_by(slot, cursor)
        return self._slot.passages != slot.passages

    def _index(self) -> PassageIndex | None:
        """The index of earlier works; None where there is none, or it can't be used."""
        try:
            return self._port.index() if self._port is not None else None
        except CowriteError:
            return None
