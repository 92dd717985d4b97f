"""A draft as simple as can be, kept from the journal alone: a string and an author for each character.

It is what the real draft is compared with, so it shares no code with `core`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from cowrite.core.events import Body, Edited, Opened, Saved
from cowrite.core.provenance import Runs, Source


class Plain:
    """The text and its authors after the events so far; `texts` holds a hash of each text that ever was."""

    def __init__(self, text: str, runs: Iterable[tuple[int, Source]]) -> None:
        self.text = text
        self.authors = [source for length, source in runs for _ in range(length)]
        assert len(self.authors) == len(text), "the runs cover the text"
        self.texts = {hash(text)}
        self.saved_text = text
        self.edits = 0

    def apply(self, body: Body) -> None:
        if isinstance(body, Edited):
            edit = body.edit
            end = edit.start + len(edit.deleted)
            assert self.text[edit.start : end] == edit.deleted, "an edit deletes what is there"
            assert sum(length for length, _ in edit.runs) == len(edit.inserted), "runs of an edit"
            self.text = self.text[: edit.start] + edit.inserted + self.text[end:]
            self.authors[edit.start : end] = [s for length, s in edit.runs for _ in range(length)]
            self.edits += 1
            self.texts.add(hash(self.text))
        elif isinstance(body, Saved):
            self.saved_text = self.text
        else:
            assert not isinstance(body, Opened), "a session is opened once"

    @property
    def runs(self) -> Runs:
        return tuple((len(list(same)), source) for source, same in groupby(self.authors))


class Tee:
    """Stands between a session and its journal, and lets `seen` look at each event."""

    def __init__(self, log: object, seen: Callable[[Body], None]) -> None:
        self._log, self._seen = log, seen

    def append(self, body: Body, *, durable: bool = False) -> None:
        self._seen(body)
        self._log.append(body, durable=durable)  # type: ignore[attr-defined]
