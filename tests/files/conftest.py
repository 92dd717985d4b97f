"""A world whose calls can fail, or stop, at any place."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cowrite.files import osops

NAMES = sorted(
    name
    for name, value in vars(osops).items()
    if callable(value) and name not in ("write_all", "read_all")
)
NOBODY = 65534


class Crash(BaseException):
    """The machine stopped: nothing runs after it, no clean-up either."""


class World:
    """Counts the calls of `osops`, and breaks them as told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.fail_at: int | None = None
        self.fail_on: frozenset[str] = frozenset()
        self.error: int = 0
        self.lasting = False
        self.crash_at: int | None = None
        self.half = False

    def call(self, name: str, real: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        number = len(self.calls)
        self.calls.append(name)
        if self.crash_at is not None and number >= self.crash_at:
            if number == self.crash_at and self.half and name == "write":
                real(args[0], bytes(args[1])[: len(args[1]) // 2])
            raise Crash
        first = self.fail_at is not None and number >= self.fail_at
        if first and (not self.fail_on or name in self.fail_on):
            if not self.lasting:
                self.fail_at = None
            if name == "close":
                real(*args)
            raise OSError(self.error, os.strerror(self.error))
        return real(*args, **kwargs)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The seam to the operating system, in the test's hands."""
    made = World()
    for name in NAMES:
        real = getattr(osops, name)

        def broken(*args: Any, _name: str = name, _real: Any = real, **kwargs: Any) -> Any:
            return made.call(_name, _real, *args, **kwargs)

        monkeypatch.setattr(osops, name, broken)
    yield made
    monkeypatch.undo()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "home" / "state" / "backups"


@pytest.fixture
def as_nobody() -> Callable[[Callable[[], str]], str]:
    """Runs a function in a child process without root's rights; its answer, or its traceback."""
    if os.getuid() != 0:
        pytest.skip("only root can become somebody else")

    def run(job: Callable[[], str]) -> str:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
                answer = job()
            except BaseException:
                answer = traceback.format_exc()
            os.write(writing, answer.encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as stream:
            answer = stream.read()
        os.waitpid(pid, 0)
        return answer

    return run


@pytest.fixture
def open_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that other users can reach; pytest's own are private."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="cowrite-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
