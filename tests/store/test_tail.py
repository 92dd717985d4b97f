"""A tail gives back what was written whole, whatever happened to its end."""

import os
from pathlib import Path

import pytest

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Focused, Moved, Opened, SettingChanged, Stamped
from cowrite.store.encode import Header
from cowrite.store.tail import UNREADABLE, Tail, dead_tails, is_open, open_sessions

HEADER = Header("one", "d1", "/drafts/ä.md", 1000, "1.0", extra={"a": "b"})
EVENTS = [
    Stamped(1, 0, 1000, Opened("text", (), "/drafts/ä.md")),
    Stamped(2, 5, 1005, Edited(Edit(0, "", "😀", Origin.TYPED))),
    Stamped(3, 6, 1006, Moved(0, 1)),
]


def read(folder):
    found = []
    for tail in dead_tails(folder):
        found.append((tail.header, list(tail.events())))
        tail.close(remove=False)
    return found


def test_what_is_written_comes_back(tmp_path):
    tail = Tail(tmp_path, HEADER)
    tail.append(EVENTS[:2])
    tail.append(EVENTS[2:])
    assert open_sessions(tmp_path) == ["one"]
    assert read(tmp_path) == []
    tail.leave()
    assert not is_open(tmp_path, "one")
    assert read(tmp_path) == [(HEADER, EVENTS)]


def test_a_cut_tail_goes_on_with_its_header(tmp_path):
    tail = Tail(tmp_path, HEADER)
    tail.append(EVENTS[:2])
    tail.cut()
    tail.append(EVENTS[2:])
    tail.leave()
    assert read(tmp_path) == [(HEADER, EVENTS[2:])]


def test_an_ended_tail_is_gone(tmp_path):
    tail = Tail(tmp_path, HEADER)
    tail.append(EVENTS)
    tail.end()
    assert list(tmp_path.iterdir()) == []


def test_any_cut_end_loses_only_the_record_that_was_cut(tmp_path):
    tail = Tail(tmp_path, HEADER)
    sizes = []
    for event in EVENTS:
        tail.append([event])
        sizes.append(tail.path.stat().st_size)
    tail.leave()
    whole = tail.path.read_bytes()
    for size in range(sizes[0], len(whole)):
        tail.path.write_bytes(whole[:size])
        ((_, events),) = read(tmp_path)
        assert events == EVENTS[: sum(end <= size for end in sizes)]


def test_a_damaged_record_ends_the_tail(tmp_path):
    tail = Tail(tmp_path, HEADER)
    tail.append(EVENTS[:1])
    place = tail.path.stat().st_size
    tail.append(EVENTS[1:])
    tail.leave()
    raw = bytearray(tail.path.read_bytes())
    raw[place + 12] ^= 0xFF
    tail.path.write_bytes(bytes(raw))
    assert read(tmp_path) == [(HEADER, EVENTS[:1])]


def test_a_tail_without_a_header_is_nothing_and_goes(tmp_path):
    (tmp_path / "x.tail").write_bytes(b"\0" * 64)
    assert read(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_half_a_write_is_taken_back(tmp_path, monkeypatch):
    tail = Tail(tmp_path, HEADER)
    tail.append(EVENTS[:1])
    real, calls = os.write, []

    def full(fd, data):
        calls.append(len(data))
        if len(calls) == 1:
            return real(fd, bytes(data[:7]))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        tail.append(EVENTS[1:])
    monkeypatch.undo()
    tail.append([Stamped(2, 9, 9, Focused(True))])
    tail.leave()
    assert read(tmp_path) == [(HEADER, [EVENTS[0], Stamped(2, 9, 9, Focused(True))])]


def test_looking_for_a_session_leaves_other_files_open(tmp_path):
    """A session that is gone must not be confused with a descriptor: 0 is the terminal."""
    before = sorted(Path("/proc/self/fd").iterdir())
    for _ in range(3):
        assert not is_open(tmp_path, "never-there")
        tail = Tail(tmp_path, HEADER)
        assert is_open(tmp_path, "one")
        tail.end()
        assert not is_open(tmp_path, "one")
        (tmp_path / "killed.new").touch()
        Tail(tmp_path, HEADER).leave()
        assert len(read(tmp_path)) == 1
        (tmp_path / "one.tail").unlink()
    assert sorted(Path("/proc/self/fd").iterdir()) == before
    assert list(tmp_path.iterdir()) == []


def test_an_event_that_can_not_be_read_is_noted_in_its_place(tmp_path):
    tail = Tail(tmp_path, HEADER)
    tail.append([EVENTS[0], Stamped(2, 5, 5, Moved("here", None)), EVENTS[2]])
    tail.leave()
    ((_, events),) = read(tmp_path)
    assert events[0] == EVENTS[0]
    assert events[1] == Stamped(2, 5, 5, SettingChanged(UNREADABLE, "ValidationError"))
    assert events[2] == EVENTS[2]
