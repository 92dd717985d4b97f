"""What of the writer's earlier works stands before the draft when the model is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cowrite.config import Settings
from cowrite.core.document import Document, one_line_end
from cowrite.core.window import Context
from cowrite.errors import CowriteError
from cowrite.paths import Paths

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
    def head(self) -> str:
        """The text that goes before the draft; empty where there are no passages."""
        return self._slot.head if self._slot is not None else ""

    @property
    def looked(self) -> bool:
        """Whether passages were searched for, so that the draft can be read ahead with them."""
        return self._slot is not None

    def look(self, document: Document, cursor: int, tokens: int, shown: int) -> bool:
        """Search for passages of at most so many tokens; true where others stand before the draft now.

        shown: the most characters before the cursor that the model sees. Where the index can't be used, what
        stood there stays.
        """
        if self._port is None or tokens <= 0:
            return False
        try:
            index = self._port.index()
        except CowriteError:
            return False
        if index is None:
            return False
        from cowrite.learning.slot import EMPTY, look_again, passed_by, searched

        slot = self._slot or EMPTY
        if not look_again(slot, cursor):
            return False
        try:
            before = one_line_end(document.slice(max(0, cursor - max(shown, _NEAR)), cursor))
            after = document.slice(cursor, min(len(document), cursor + _AFTER))
            self._slot = searched(
                slot, index, before[-_NEAR:], cursor, tokens, before + one_line_end(after)
            )
        except CowriteError:
            self._slot = passed_by(slot, cursor)
        return self._slot.head != slot.head


def with_passages(
    context: Context, document: Document, cursor: int, settings: Settings, paths: Paths, shown: int
) -> Context:
    """A context with passages before it, for a command that asks once."""
    earlier = EarlierPassages(KeptPassages(paths.passages))
    if settings.learn.use:
        earlier.look(document, cursor, settings.learn.passages, shown)
    return replace(context, head=earlier.head + context.head)
