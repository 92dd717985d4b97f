"""The writer's earlier passages, found again by the rare words that they share with what is being written.

A file of its own, made of the library's texts and made again from them whenever it can't be read. Each passage
is some sentences in a row; each of its words is one row of a table that says which passages hold it. SQLite's
own index of words (FTS5) would do the same, but leaves words of what was removed in its segments where it is
older than 3.42: what is taken out of this file is overwritten, for which `secure_delete` on plain tables does.

A passage's worth is the sum of the inverse document frequencies of the words it shares (Sparck Jones, "A
statistical interpretation of term specificity", 1972); passages are of one length, so nothing is normalised.
"""

from __future__ import annotations

import contextlib
import math
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cowrite.errors import CowriteError, StoreError
from cowrite.learning.passage_text import divide, grams, terms, tokens_of
from cowrite.paths import open_private, private_folder

VERSION = 1
_NEAR = 2400
"""Characters before the cursor whose words are looked for; the last quarter of them counts twice."""

_TERMS = 32
"""The rarest words that are looked for."""

_COMMON = 0.08
"""A word that a larger share of the passages holds says nothing."""

_COVERED = 0.4
"""What is left of a word's worth for each chosen passage that holds it already."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS passages (
  id INTEGER PRIMARY KEY, document TEXT NOT NULL, place INTEGER NOT NULL, wrote REAL NOT NULL,
  text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS of_document ON passages (document, place);
CREATE TABLE IF NOT EXISTS terms (
  term TEXT NOT NULL, passage INTEGER NOT NULL, PRIMARY KEY (term, passage)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS of_passage ON terms (passage);
CREATE TABLE IF NOT EXISTS documents (document TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
"""


_PASSAGE = "SELECT document, place, wrote, text FROM passages"


@dataclass(frozen=True, slots=True)
class Passage:
    """Some sentences of an earlier text. place: its number in its document; wrote: when, as seconds."""

    document: str
    place: int
    wrote: float
    text: str

    @property
    def tokens(self) -> int:
        """How many tokens it is, about."""
        return tokens_of(self.text)


class PassageIndex:
    """The passages of all documents. Raises StoreError where its file can't be written."""

    def __init__(self, path: Path | None, *, wait_s: float = 5.0) -> None:
        """path: of its file, made where it is missing; None for one in memory.

        wait_s: how long is waited for another process that writes into it.
        """
        self._path, self._wait_s = path, wait_s
        self.rebuilt = False
        """Whether the file could not be read and is empty now: all texts are to be put in again."""
        self._db = self._opened()

    def close(self) -> None:
        """End its connection."""
        self._db.close()

    # Its documents

    def replace(self, document: str, text: str, wrote: float = 0.0, state: str = "") -> int:
        """Put a document's passages in the place of those it had; returns how many there are.

        wrote: when, as any number that grows. state: names what the text was read from.
        """
        parts = divide(text)
        with self._change() as db:
            _remove(db, document)
            db.execute("INSERT INTO documents VALUES (?, ?)", (document, state))
            for place, part in enumerate(parts):
                row = (document, place, wrote, part)
                cursor = db.execute(
                    "INSERT INTO passages (document, place, wrote, text) VALUES (?, ?, ?, ?)", row
                )
                entries = [(term, cursor.lastrowid) for term in sorted(set(terms(part)))]
                db.executemany("INSERT INTO terms VALUES (?, ?)", entries)
        return len(parts)

    def remove(self, document: str) -> None:
        """Take a document out: its text and words are overwritten in the file."""
        with self._change() as db:
            _remove(db, document)

    def clear(self) -> None:
        """Take all documents out."""
        with self._change() as db:
            db.execute("DELETE FROM terms")
            db.execute("DELETE FROM passages")
            db.execute("DELETE FROM documents")

    def states(self) -> dict[str, str]:
        """Which documents it holds, and what each was read from."""
        return dict(self._rows("SELECT document, state FROM documents"))

    def __len__(self) -> int:
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    # What is found

    def find(
        self, near: str, tokens: int, *, shown: str = "", exclude: str | None = None
    ) -> list[Passage]:
        """Passages of at most so many tokens that share rare words with `near`, the best one last.

        near: what was written before the cursor. shown: all of the draft that the model sees anyway: what
        repeats it is left out, and so is what repeats another passage. exclude: a document none of whose
        passages may come. Where `near` has no word that is known and rare, the newest passages come.
        """
        return self.select(near, tokens, shown=shown, exclude=exclude)[0]

    def select(
        self, near: str, tokens: int, *, shown: str = "", exclude: str | None = None
    ) -> tuple[list[Passage], dict[str, float]]:
        """As `find`, with the worth of each word that was looked for."""
        count = len(self)
        if tokens <= 0 or not count:
            return [], {}
        worth = self._worth(near, count)
        holding = self._holding(worth)
        known = set(grams(shown or near))
        chosen: list[Passage] = []
        left = tokens
        weights = dict(worth)
        while holding and left > 0:
            scored = [(sum(weights[t] for t in held), number) for number, held in holding.items()]
            best = max(scored, key=lambda one: (one[0], one[1]))[1]
            held = holding.pop(best)
            passage = self._passage(best)
            if passage is None or not self._fits(passage, left, known, exclude):
                continue
            chosen.append(passage)
            left -= passage.tokens
            known.update(grams(passage.text))
            for term in held:
                weights[term] *= _COVERED
        if not chosen:
            chosen = self._newest(tokens, known, exclude)
        return chosen[::-1], worth

    def _worth(self, near: str, count: int) -> dict[str, float]:
        """The rarest words before the cursor that some passages hold, and what each is worth."""
        near = near[-_NEAR:]
        last = set(terms(near[-_NEAR // 4 :]))
        found: dict[str, float] = {}
        most = max(2, int(count * _COMMON))
        for term in sorted(set(terms(near))):
            row = self._rows("SELECT count(*) FROM terms WHERE term = ?", term)
            if 0 < row[0][0] <= most:
                found[term] = math.log((count + 1) / row[0][0]) * (2.0 if term in last else 1.0)
        best = sorted(found, key=lambda term: (-found[term], term))[:_TERMS]
        return {term: found[term] for term in best}

    def _holding(self, worth: dict[str, float]) -> dict[int, list[str]]:
        """By passage: which of the words it holds."""
        holding: dict[int, list[str]] = {}
        for term in worth:
            for (number,) in self._rows("SELECT passage FROM terms WHERE term = ?", term):
                holding.setdefault(number, []).append(term)
        return holding

    def _passage(self, number: int) -> Passage | None:
        rows = self._rows(f"{_PASSAGE} WHERE id = ?", number)
        return Passage(*rows[0]) if rows else None

    def _fits(self, passage: Passage, left: int, known: set[str], exclude: str | None) -> bool:
        return (
            passage.document != exclude
            and passage.tokens <= left
            and known.isdisjoint(grams(passage.text))
        )

    def _newest(self, tokens: int, known: set[str], exclude: str | None) -> list[Passage]:
        sql = f"{_PASSAGE} ORDER BY wrote DESC, document DESC, place DESC LIMIT 64"
        chosen: list[Passage] = []
        for row in self._rows(sql):
            passage = Passage(*row)
            if self._fits(passage, tokens, known, exclude):
                chosen.append(passage)
                tokens -= passage.tokens
                known.update(grams(passage.text))
        return chosen

    # Its file

    def _opened(self) -> sqlite3.Connection:
        if self._path is None:
            return _connected(":memory:", 0)
        try:
            private_folder(self._path.parent)
            os.close(open_private(self._path, os.O_RDWR | os.O_CREAT))
            try:
                return _connected(str(self._path), self._wait_s)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                return self._anew()
        except (sqlite3.Error, OSError, CowriteError) as error:
            raise _told(error, self._path) from error

    def _anew(self) -> sqlite3.Connection:
        """Begin with an empty file: nothing in it is truth."""
        assert self._path is not None
        for path in (self._path, self._path.with_name(self._path.name + "-journal")):
            path.unlink(missing_ok=True)
        os.close(open_private(self._path, os.O_RDWR | os.O_CREAT))
        self.rebuilt = True
        return _connected(str(self._path), self._wait_s)

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the file; none, and an empty file, where it turns out to be damaged."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            raise _told(error, self._path) from error
        except sqlite3.DatabaseError as error:
            return self._recovered(error).execute(sql, values).fetchall()

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction, which is done whole or not at all."""
        try:
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
        except sqlite3.OperationalError as error:
            raise _told(error, self._path) from error
        except sqlite3.DatabaseError as error:
            self._recovered(error)
            raise _told(error, self._path) from error

    def _recovered(self, error: sqlite3.Error) -> sqlite3.Connection:
        if self._path is None:
            raise _told(error, None) from error
        self._db.close()
        try:
            self._db = self._anew()
        except (sqlite3.Error, OSError, CowriteError) as other:
            raise _told(other, self._path) from other
        return self._db


def worth_of(passages: Sequence[Passage], worth: dict[str, float]) -> float:
    """What passages are worth for the words that are looked for; a word's first passage counts most."""
    total = 0.0
    left = dict(worth)
    for passage in reversed(passages):
        for term in set(terms(passage.text)) & left.keys():
            total += left[term]
            left[term] *= _COVERED
    return total


def _connected(path: str, wait_s: float) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = TRUNCATE")
        db.execute("PRAGMA secure_delete = ON")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise sqlite3.DatabaseError("the file is of another version")
        if version != VERSION:
            db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        db.execute("SELECT count(*) FROM documents").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _remove(db: sqlite3.Connection, document: str) -> None:
    db.execute(
        "DELETE FROM terms WHERE passage IN (SELECT id FROM passages WHERE document = ?)",
        (document,),
    )
    db.execute("DELETE FROM passages WHERE document = ?", (document,))
    db.execute("DELETE FROM documents WHERE document = ?", (document,))


def _told(error: Exception, path: Path | None) -> StoreError:
    reason = getattr(error, "strerror", None) or str(error)
    return StoreError(
        f"The index of passages {path or 'in memory'} can't be used: {reason}.",
        "It is made of what cowrite has learned from, and can be deleted at any time.",
    )
