"""Every command runs with folders of its own."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_host import fake_command

import cowrite.catalog
from cowrite.cli.main import main
from cowrite.engine.protocol import EngineOptions
from cowrite.paths import Paths, user_paths
from cowrite.session import found_model

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


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the stand-in answer; its script can be given."""

    def use(**script: Any) -> None:
        options = EngineOptions(command=fake_command(**script))
        monkeypatch.setattr(found_model, "engine_options_from", lambda *_: options)
        facts = SimpleNamespace(quantisation="")
        toy = {"name": "toy", "path": Path("/toy"), "sha256": "00ff", "base": True}
        found = SimpleNamespace(**toy, card=None, facts=facts)
        monkeypatch.setattr(cowrite.catalog, "resolve", lambda *_, **__: found)

    use()
    return use
