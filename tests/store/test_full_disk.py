"""A disk that is really full, or really read-only: typing goes on, and nothing is lost."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cowrite.core import events as ev
from cowrite.store import Store


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system in memory at the folder."""
    if os.getuid() != 0:
        pytest.skip("only root can mount")
    command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def wait_for(told: list, count: int) -> None:
    end = time.monotonic() + 30
    while len(told) < count and time.monotonic() < end:
        time.sleep(0.02)
    assert len(told) >= count, told


def written(store: Store, session_id: str) -> str:
    bodies = (stamped.body for stamped in store.reader.events(session_id))
    return "".join(body.edit.inserted for body in bodies if isinstance(body, ev.Edited))


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    assert shutil.disk_usage(folder).free == 0
    return filler


def test_a_full_disk(log, pens):
    """Even the tail has no room; the events wait in memory until there is some."""
    log.parent.mkdir(parents=True)
    with mounted(log.parent, "-o", "size=768k"), Store.open(log) as store:
        one, told = pens(store, "/drafts/a.md"), []
        one.journal.on_trouble = told.append
        assert one.journal.flush()
        filler = fill(log.parent)
        for number in range(20):
            one.type(f"paragraph {number} " + "z" * 300)
        wait_for(told, 1)
        assert "full" in told[0].message
        filler.unlink()
        wait_for(told, 2)
        assert told[1:] == [None]
        assert one.journal.flush()
        assert written(store, one.journal.session_id) == one.text
        one.close()


def test_a_disk_that_is_full_from_the_start(log, pens):
    log.parent.mkdir(parents=True)
    with mounted(log.parent, "-o", "size=256k"):
        filler = fill(log.parent)
        told: list = []
        with Store.open(log) as store:
            one = pens(store, "/drafts/a.md")
            one.journal.on_trouble = told.append
            one.type("typed on a full disk")
            wait_for(told, 1)
            assert "full" in told[0].message
            filler.unlink()
            wait_for(told, 2)
            assert told[1] is None
            assert written(store, one.journal.session_id) == one.text


def test_a_disk_that_can_only_be_read_for_a_while(log, pens):
    log.parent.mkdir(parents=True)
    with mounted(log.parent, "-o", "ro"):
        told: list = []
        with Store.open(log) as store:
            one = pens(store, "/drafts/a.md")
            one.journal.on_trouble = told.append
            one.type("meanwhile")
            wait_for(told, 1)
            assert "can't be written" in told[0].message
            subprocess.run(["mount", "-o", "remount,rw", str(log.parent)], check=True)
            wait_for(told, 2)
            assert told[1] is None
            assert written(store, one.journal.session_id) == one.text
