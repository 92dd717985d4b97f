"""What is on the disk stays as it is: what older versions wrote is read, and the same is written still.

`written/` holds what cowrite wrote for `one_of_each` when schema 1 was new, and the rows when schemas 2,
3 and 4 were. Nobody may write those files
anew to make these tests pass: another form of a row is a new schema, another form of a record a new kind
of tail.
"""

import gzip
import json
import shutil
import sqlite3
import struct
import zlib
from pathlib import Path

import msgspec
from one_of_each import INFO, ONE_OF_EACH

from cowrite.core import events as ev
from cowrite.store import LogReader, Store
from cowrite.store.encode import Header
from cowrite.store.event_types import EVENTS
from cowrite.store.tail import Tail, dead_tails

WRITTEN = Path(__file__).parent / "written"
HEADER = Header("one", "d1", "/drafts/ä.md", 1000, "1.0", extra={"a": "b"})
FIRST = ONE_OF_EACH[:-10]
"""Those of schema 1."""

TAILED = [event for event in FIRST if r"\ud800" not in repr(event)]
"""MessagePack has no form for half of a surrogate pair; such an event goes into the database at once."""


def plain(value: object) -> object:
    """A column as JSON: packed ones unpacked, since another zlib may pack the same otherwise."""
    if not isinstance(value, bytes):
        return value
    try:
        return {"zlib": zlib.decompress(value).hex()}
    except zlib.error:
        return {"bytes": value.hex()}


def rows(log: Path) -> str:
    """Every row of a log, a line each."""
    db = sqlite3.connect(log)
    tables = db.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    ).fetchall()
    lines = [
        json.dumps([table, *map(plain, row)], ensure_ascii=False)
        for (table,) in tables
        for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
    ]
    db.close()
    return "\n".join(lines) + "\n"


def write(log: Path) -> None:
    with Store.open(log) as store:
        store.add_session(INFO, ONE_OF_EACH)


def test_every_type_of_event_is_among_them() -> None:
    assert {type(event.body) for event in ONE_OF_EACH} == set(ev.Body.__args__)


def test_the_same_rows_are_written(tmp_path: Path) -> None:
    write(tmp_path / "log.sqlite3")
    written = rows(tmp_path / "log.sqlite3")
    written = without(written, 16, 17, 18, 19)  # rows of `events` alone, so of no schema
    assert written == (WRITTEN / "log-4.jsonl").read_text()
    assert without_instructions(written) == (WRITTEN / "log-3.jsonl").read_text()
    third = without_learned(without_instructions(written))
    assert third == (WRITTEN / "log-2.jsonl").read_text()
    before = (WRITTEN / "log-1.jsonl").read_text().splitlines()
    after = third.splitlines()
    assert set(before) <= set(after), "schema 2 has more, and nothing else"


def without_instructions(lines: str) -> str:
    """The rows of schema 4 as schema 3 had them: there were no instructions, nor events of them."""
    return without(lines, 14, 15, table="instructions")


def without(lines: str, *numbers: int, table: str = "") -> str:
    """The rows without those of a table and of types of events, by their numbers in the tail."""
    new = {row.kind for entry in EVENTS if entry.number in numbers for row in entry.kinds}
    rows = [json.loads(line) for line in lines.splitlines()]
    place = {"kinds": 1, "events": 2}
    kept = [
        row
        for row in rows
        if row[0] != table and not (row[0] in place and row[place[row[0]]] in new)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)


def without_learned(lines: str) -> str:
    """The rows of schema 3 as schema 2 had them: requests had no last column."""
    rows = [json.loads(line) for line in lines.splitlines()]
    rows = [row[:-1] if row[0] == "requests" else row for row in rows]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_an_old_log_is_read(tmp_path: Path) -> None:
    log = gzip.decompress((WRITTEN / "log-1.sqlite3.gz").read_bytes())
    (tmp_path / "log.sqlite3").write_bytes(log)
    with Store.open(tmp_path / "log.sqlite3") as store:
        assert list(store.reader.events("one")) == list(FIRST)
    with LogReader.open(tmp_path / "log.sqlite3") as reader:
        assert list(reader.events("one")) == list(FIRST)


def records(data: bytes) -> list[object]:
    """What is in a tail, whatever it may mean."""
    found, at = [], 0
    while at < len(data):
        length, checksum = struct.unpack_from("<II", data, at)
        record = data[at + 8 : at + 8 + length]
        assert zlib.crc32(record) == checksum
        found.append(msgspec.msgpack.decode(record))
        at += 8 + length
    return found


def holds(new: object, old: object) -> bool:
    """Whether all of `old` is in `new`, at its place: what has come since has names of its own."""
    if isinstance(old, dict):
        assert isinstance(new, dict)
        return all(name in new and holds(new[name], value) for name, value in old.items())
    if isinstance(old, list):
        assert isinstance(new, list)
        return len(new) == len(old) and all(map(holds, new, old))
    return new == old


def test_the_same_tail_is_written(tmp_path: Path) -> None:
    """A field that an event got later stands beside the old ones: older versions pass over it."""
    tail = Tail(tmp_path, HEADER)
    tail.append(TAILED)
    tail.leave()
    written = records((WRITTEN / "one-1.tail").read_bytes())
    assert holds(records(tail.path.read_bytes()), written)


def test_an_old_tail_is_read(tmp_path: Path) -> None:
    shutil.copy(WRITTEN / "one-1.tail", tmp_path / "one.tail")
    (found,) = dead_tails(tmp_path)
    assert (found.header, list(found.events())) == (HEADER, TAILED)
    found.close(remove=False)
