"""What the store's tests share: a log of its own, and a pen that types into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Ended, Opened, Saved
from cowrite.core.provenance import FILE, Source, one_run
from cowrite.core.replay import Replay, usual_source
from cowrite.store import Journal, Store


class Pen:
    """Writes a draft and journals what it does, as a session would."""

    def __init__(
        self, store: Store, path: str | None, text: str = "", *, feedback: bool = True
    ) -> None:
        runs = (store.reader.provenance_for(path, text) if path else None) or one_run(
            len(text), FILE
        )
        self.path = path
        self.replay = Replay(text, runs)
        self.journal: Journal = store.begin(
            path, Opened(text, runs, path), app_version="1.0", feedback=feedback
        )

    @property
    def text(self) -> str:
        return self.replay.text

    def edit(
        self, start: int, deleted: int, inserted: str, origin: Origin = Origin.TYPED, **more
    ) -> None:
        old = self.replay.document.slice(start, start + deleted)
        gone = self.replay.provenance.slice(start, start + deleted)
        source: Source = usual_source(origin, more.get("suggestion_id"))
        runs = one_run(len(inserted), source)
        edited = Edited(Edit(start, old, inserted, origin, runs, gone, **more))
        self.replay.apply(edited)
        self.journal.append(edited)

    def type(self, text: str) -> None:
        for character in text:
            self.edit(self.replay.selection[1], 0, character)

    def end(self) -> None:
        """Put the cursor behind the last character."""
        self.replay.selection = (len(self.text), len(self.text))

    def save(self, path: str | None = None, sha256: str = "ab" * 32) -> None:
        self.journal.append(Saved(path or self.path or "", sha256, len(self.text)), durable=True)

    def close(self, *, saved: bool = True, how: str = "quit") -> None:
        self.journal.append(Ended(len(self.text), saved, how), durable=True)
        self.journal.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log.sqlite3"


@pytest.fixture
def store(log: Path) -> Iterator[Store]:
    with Store.open(log) as opened:
        yield opened


@pytest.fixture
def pen(store: Store):
    """Begins a session on a draft: `pen(path, text)`."""

    def begin(path: str | None = "/drafts/a.md", text: str = "", **more) -> Pen:
        return Pen(store, path, text, **more)

    return begin


@pytest.fixture
def pens() -> type[Pen]:
    """For tests that open the log themselves: `pens(store, path, text)`."""
    return Pen
