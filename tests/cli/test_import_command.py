"""`cowrite import coauthor`: sessions of others get figures, and go out as they came in."""

import json
from pathlib import Path

import pytest
from logged import a_session

from cowrite.cli.main import main
from cowrite.export.coauthor import session_lines


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in (1, 2):
        lines = session_lines(a_session(number).events)
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{number}.jsonl").write_text(text.replace("session", f"session{number}"))
    return folder


def test_read_counted_and_written_again(
    logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = json.loads((logs / "1.jsonl").read_text().splitlines()[0])
    first["eventTimestamp"] -= 5
    text = (logs / "1.jsonl").read_text().splitlines()
    (logs / "1.jsonl").write_text("\n".join([json.dumps(first), *text[1:]]) + "\n")
    assert main(["import", "coauthor", str(logs / "1.jsonl"), str(logs / "2.jsonl")]) == 0
    assert "2 sessions" in capsys.readouterr().err
    assert main(["import", "coauthor", str(logs)]) == 0
    assert "2 in the log already" in capsys.readouterr().err
    assert main(["stats", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["sessions"], found["requests"]) == (2, 10)
    assert found["outcomes"]["edited"] == 2
    assert main(["export", "-f", "coauthor", "-o", str(tmp_path / "out")]) == 0
    came, went = (
        sorted(([json.loads(one) for one in path.open()] for path in folder.iterdir()), key=repr)
        for folder in (logs, tmp_path / "out")
    )
    assert went == came


def test_a_damaged_file_costs_only_itself(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (logs / "0.jsonl").write_text("{")
    assert main(["import", "coauthor", str(logs)]) == 1
    said = capsys.readouterr().err
    assert "0.jsonl: line 1 is no JSON" in said
    assert "1 session with" in said
    assert main(["export"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 5
