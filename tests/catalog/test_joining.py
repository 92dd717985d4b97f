"""Parts of packages become one file once, whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from make_gguf import gguf

from cowrite.catalog import Card, ModelState, file_of, state_of
from cowrite.catalog.joining import join, locate
from cowrite.errors import ModelError
from cowrite.paths import Paths


def left_over(paths: Paths) -> list[str]:
    return sorted(path.name for path in paths.model_cache.iterdir() if path.is_file())


def test_parts_are_joined_privately_and_progress_is_told(paths: Paths, packaged: Any) -> None:
    card: Card = packaged(3)
    seen: list[tuple[int, int]] = []
    assert state_of(card, paths) is ModelState.PACKED
    old = os.umask(0)
    try:
        stamp = join(card, paths, lambda done, total: seen.append((done, total)))
    finally:
        os.umask(old)
    target = file_of(card, paths)
    assert target.read_bytes() == gguf()
    assert (stamp.path, stamp.sha256) == (str(target), card.sha256)
    assert seen[-1] == (card.size, card.size)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert stat.S_IMODE(target.parent.stat().st_mode) == 0o700
    assert left_over(paths) == ["tiny.gguf", "tiny.gguf.lock"]
    assert state_of(card, paths) is ModelState.READY


def test_a_second_join_finds_the_first(paths: Paths, packaged: Any) -> None:
    card: Card = packaged(2)
    join(card, paths)
    before = file_of(card, paths).stat()
    join(card, paths)
    after = file_of(card, paths).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_missing_package_is_named(paths: Paths, packaged: Any) -> None:
    card: Card = packaged(2)
    gone = locate(card.parts[1])
    assert gone is not None
    gone.unlink()
    assert state_of(card, paths) is ModelState.MISSING
    with pytest.raises(ModelError) as caught:
        join(card, paths)
    assert "tiny-part1 is missing" in caught.value.message
    assert caught.value.hint == "pip install tiny"


def test_damaged_packages_leave_nothing_behind(paths: Paths, packaged: Any) -> None:
    card: Card = packaged(2)
    part = locate(card.parts[0])
    assert part is not None
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    with pytest.raises(ModelError, match="damaged"):
        join(card, paths)
    assert left_over(paths) == ["tiny.gguf.lock"]


def test_a_full_disk_is_seen_before_a_byte_is_written(
    paths: Paths, packaged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    card: Card = packaged(2)
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=card.size))
    with pytest.raises(ModelError) as caught:
        join(card, paths)
    assert "disk is too full" in caught.value.message
    assert "COWRITE_HOME" in caught.value.hint
    assert left_over(paths) == ["tiny.gguf.lock"]


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_disk_that_fills_up_on_the_way(
    paths: Paths, packaged: Any, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    card: Card = packaged(2)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    elif call == "rename":
        monkeypatch.setattr(Path, "replace", full)
    else:
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (card.size // 2, limit[1]))
    try:
        with pytest.raises(ModelError, match="too full"):
            join(card, paths)
    finally:
        if call == "write":
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert left_over(paths) == ["tiny.gguf.lock"]


def test_an_interrupt_leaves_nothing_behind(paths: Paths, packaged: Any) -> None:
    card: Card = packaged(2)

    def interrupted(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        join(card, paths, interrupted)
    assert left_over(paths) == ["tiny.gguf.lock"]


def test_what_a_killed_program_left_is_written_over(paths: Paths, packaged: Any) -> None:
    card: Card = packaged(2)
    paths.model_cache.mkdir(parents=True)
    (paths.model_cache / ".tiny.gguf.joining").write_bytes(b"x" * 10_000)
    join(card, paths)
    assert left_over(paths) == ["tiny.gguf", "tiny.gguf.lock"]


def test_two_programs_at_once(paths: Paths, packaged: Any) -> None:
    """Both get the file; it is written once."""
    card: Card = packaged(2, gguf(tensors=(("t", (1024, 1024, 8)),)))
    code = (
        "import sys, msgspec\n"
        "from pathlib import Path\n"
        "from cowrite.catalog import Card\n"
        "from cowrite.catalog.joining import join\n"
        "from cowrite.paths import Paths\n"
        "card = msgspec.json.decode(sys.stdin.buffer.read(), type=Card)\n"
        "home = Path(sys.argv[1])\n"
        "paths = Paths(home / 'config', home / 'data', home / 'cache', home / 'state')\n"
        "calls = []\n"
        "join(card, paths, lambda *_: calls.append(1))\n"
        "print(len(calls))\n"
    )
    import msgspec

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(paths.cache.parent)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        for _ in range(2)
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(msgspec.json.encode(card))
        process.stdin.close()
    counts = []
    for process in running:
        assert process.stdout is not None
        counts.append(int(process.stdout.read()))
        assert process.wait() == 0
    assert sorted(count > 0 for count in counts) == [False, True]
    assert file_of(card, paths).stat().st_size == card.size
