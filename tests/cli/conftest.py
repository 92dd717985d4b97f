"""Every command runs with folders of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.cli.main import main
from cowrite.paths import Paths, user_paths

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """The folders of a fresh user, who stands in an empty folder."""
    for name in ("COWRITE_MODEL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return user_paths()


@pytest.fixture
def call(home: Paths, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run one command line in this process; its exit code, stdout and stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(words))
        out, err = capsys.readouterr()
        return code, out, err

    return run
