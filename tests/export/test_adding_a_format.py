"""A format is added by a module and its entry in the registry; the pages for people name every one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

import pytest
from logged import a_session, write_log

from cowrite.cli.main import main
from cowrite.export import FORMATS, ExportSource, Format, Shape

ROOT = Path(__file__).parents[2]


def words(source: ExportSource, out: BinaryIO) -> int:
    """A toy: how many characters each session ends with."""
    count = 0
    for session in source.sessions():
        texts = [event.body for event in source.events(session)]
        out.write(json.dumps([session.session_id, len(texts)]).encode() + b"\n")
        count += 1
    return count


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    module = ModuleType("cowrite.export.toy")
    module.write = words  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cowrite.export.toy", module)
    form = Format("toy", "a toy", Shape.LINES, "toy:write", "toy", suggestions=False, sessions=True)
    monkeypatch.setitem(FORMATS, "toy", form)
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    write_log(tmp_path, a_session(1), a_session(2))
    return tmp_path


def test_it_is_written_to_a_file_a_stream_and_in_two_parts(
    toy: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["export", "-f", "toy"]) == 0
    whole = capsysbinary.readouterr().out
    assert len(whole.splitlines()) == 2
    assert main(["export", "-f", "toy", "-o", str(toy / "out.toy")]) == 0
    assert (toy / "out.toy").read_bytes() == whole
    assert main(["export", "-f", "toy", "--split", "0.5", "-o", str(toy / "out.toy")]) == 0
    assert {(toy / f"out.{part}.toy").exists() for part in ("train", "test")} == {True}


def test_what_it_has_decides_what_can_be_asked_of_it(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "-f", "toy", "--outcome", "accepted"]) == 2
    assert "toy has whole sessions" in capsys.readouterr().err
    assert main(["export", "-f", "toy", "--redact"]) == 0
    assert "masked to their shape" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_pages_for_people_name_it(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs" / "export.md").read_text()
    assert f"{name}" in (ROOT / "cowrite" / "cli" / "export.py").read_text().split("output:")[0]
