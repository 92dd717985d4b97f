"""Full disks, folders that can't be written, a locked log, a second window: typing goes on, nothing is lost."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open

from cowrite.core.replay import Replay
from cowrite.store import Store

pytestmark = pytest.mark.pty

FIRST, SECOND = "Before the trouble.", " And in the midst of it."


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A file system in memory at the folder."""
    if os.getuid() != 0:
        pytest.skip("only root can mount")
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def make_read_only(folder: Path, *, on: bool) -> None:
    option = "ro" if on else "rw"
    subprocess.run(["mount", "-o", f"remount,{option}", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    assert shutil.disk_usage(folder).free == 0
    return filler


def begin(window: Open, file: Path) -> Terminal:
    screen = window(file)
    screen.wait("ready stand-in")
    screen.type(FIRST)
    screen.wait(FIRST)
    return screen


def leave(screen: Terminal) -> None:
    screen.press("ctrl+q")
    assert screen.ended() == 0


def logged(home: Path) -> list[str]:
    """The texts that the sessions in the log end with."""
    out = []
    with Store.open(home / "data" / "log.sqlite3") as store:
        for info in store.reader.sessions():
            replay = Replay()
            for stamped in store.reader.events(info.session_id):
                replay.apply(stamped.body)
            out.append(replay.text)
    with contextlib.closing(sqlite3.connect(home / "data" / "log.sqlite3")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return out


FULL = "The disk with the log"


def notices(screen: Terminal, words: str) -> int:
    """How often something was told: each toast is painted once as a whole."""
    return screen.prose.count(words)


@pytest.mark.slow
def test_the_logs_disk_is_full(window: Open, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    with mounted(home / "data", "1m"):
        screen = begin(window, file)
        time.sleep(2.5)
        filler = fill(home / "data")
        draw = random.Random(1)
        large = "".join(
            draw.choices("abcdefghijklmnopqrstuvwxyz ", k=400_000)
        )  # not to be compressed
        screen.paste(large)
        screen.wait(FULL, timeout=30)
        assert notices(screen, FULL) == 1, "it is told once"
        screen.press("ctrl+s")
        screen.wait("saved")
        assert file.read_text() == FIRST + large
        filler.unlink()
        screen.wait("The log is being written again.", timeout=30)
        screen.type(" After.")
        screen.press("ctrl+s")
        screen.settle()
        leave(screen)
        assert logged(home) == [FIRST + large + " After."]


@pytest.mark.slow
def test_the_drafts_disk_is_full(window: Open, home: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "256k"):
        file = tmp_path / "small" / "draft.md"
        file.write_text("As it was.")
        screen = window(file)
        screen.wait("ready stand-in")
        filler = fill(tmp_path / "small")
        screen.paste("many words " * 500)
        screen.press("ctrl+s")
        screen.wait("the disk is full")
        screen.press("c")
        screen.wait(lambda: "Close" not in screen.text)
        assert file.read_text() == "As it was."
        screen.type(SECOND)
        screen.wait(SECOND.strip())
        filler.unlink()
        screen.press("ctrl+s")
        screen.wait("saved")
        assert file.read_text() == "many words " * 500 + SECOND + "As it was."
        leave(screen)


@pytest.mark.slow
def test_the_drafts_folder_becomes_read_only(window: Open, home: Path, tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "256k"):
        file = tmp_path / "small" / "draft.md"
        file.write_text("")
        screen = begin(window, file)
        make_read_only(tmp_path / "small", on=True)
        screen.press("ctrl+s")
        screen.wait("its disk can only be")
        screen.press("c")
        screen.wait(lambda: "Close" not in screen.text)
        screen.type(SECOND)
        screen.wait(SECOND.strip())
        make_read_only(tmp_path / "small", on=False)
        screen.press("ctrl+s")
        screen.wait("saved")
        assert file.read_text() == FIRST + SECOND
        leave(screen)


@pytest.mark.slow
def test_the_logs_folder_is_read_only_from_the_start(
    window: Open, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    with mounted(home / "data", "1m"):
        make_read_only(home / "data", on=True)
        screen = begin(window, file)
        screen.wait("log", timeout=20)
        screen.press("ctrl+s")
        screen.wait("saved")
        assert file.read_text() == FIRST
        make_read_only(home / "data", on=False)
        screen.wait("The log is being written again.", timeout=30)
        leave(screen)
        assert logged(home) == [FIRST]


@pytest.mark.slow
def test_another_process_holds_the_log(window: Open, home: Path, tmp_path: Path) -> None:
    screen = begin(window, tmp_path / "draft.md")
    time.sleep(2.5)
    db = sqlite3.connect(home / "data" / "log.sqlite3", isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    screen.type(SECOND)
    screen.wait("locked by another process", timeout=30)
    assert notices(screen, "locked by another process") == 1
    screen.type(SECOND)
    db.execute("COMMIT")
    db.close()
    screen.wait("The log is being written again.", timeout=30)
    screen.press("ctrl+s")
    screen.wait("saved")
    leave(screen)
    assert logged(home) == [FIRST + SECOND * 2]


def test_killed_while_another_process_holds_the_log(
    window: Open, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    screen = begin(window, file)
    time.sleep(2.5)
    db = sqlite3.connect(home / "data" / "log.sqlite3", isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    screen.type(SECOND)
    screen.wait(SECOND.strip())
    time.sleep(0.2)
    screen.kill()
    screen.ended()
    db.execute("COMMIT")
    db.close()
    assert logged(home) == [FIRST + SECOND]


def test_two_windows_on_one_draft(window: Open, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    one = begin(window, file)
    time.sleep(2.5)
    two = window(file)
    two.wait("ready stand-in")
    two.wait("open in another window too")
    two.type(SECOND)
    one.press("ctrl+s")
    one.wait("saved")
    two.press("ctrl+s")
    two.wait("Overwrite the file")
    two.press("n")
    two.wait("Save the draft as")
    two.press("end")
    two.type("2")
    two.press("enter")
    two.wait("saved")
    assert file.read_text() == FIRST
    assert (tmp_path / "draft.md2").read_text() == SECOND
    leave(one)
    leave(two)
    assert sorted(logged(home)) == sorted([FIRST, SECOND])
