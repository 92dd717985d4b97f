"""`cowrite doctor`."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from cowrite.cli import checks
from cowrite.cli.checks import Verdict
from cowrite.paths import Paths, private_folder


def findings(call: Any) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    code, out, _ = call("doctor", "--json")
    report = json.loads(out)
    assert report["ok"] is (code == 0)
    by_topic: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        by_topic.setdefault(finding["topic"], []).append(finding)
    return code, by_topic


def test_a_fresh_installation_is_well_and_stays_untouched(call: Any, home: Paths) -> None:
    code, found = findings(call)
    assert code == 0
    assert {"program", "sqlite", "llama.cpp", "models", "folders", "settings"} <= set(found)
    (llama,) = found["llama.cpp"]
    assert llama["facts"]["build"]
    assert "= 1" in llama["facts"]["system_info"]
    assert llama["facts"]["kernel"] in llama["text"]
    assert not home.config.parent.exists()
    code, out, err = call("doctor")
    assert code == 0
    assert "gemma-3-270m (in use)" in out
    assert "All is well." in err


def test_wrong_settings_and_open_folders_are_problems(call: Any, home: Paths) -> None:
    private_folder(home.config)
    home.config_file.write_text("[editor]\ncolumn = 7\n")
    private_folder(home.data)
    home.log_file.touch()
    home.log_file.chmod(0o644)
    home.data.chmod(0o755)
    code, found = findings(call)
    assert code == 1
    assert found["settings"][0]["verdict"] == "problem"
    assert found["log"][0]["hint"] == f"chmod 600 {home.log_file}"
    data = next(f for f in found["folders"] if f["facts"]["name"] == "data")
    assert data["hint"] == f"chmod 700 {home.data}"


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ("3.40.1", "rollback"),
        ("3.44.5", "rollback"),
        ("3.44.6", "wal"),
        ("3.45.0", "rollback"),
        ("3.50.7", "wal"),
        ("3.51.2", "rollback"),
        ("3.51.3", "wal"),
        ("3.53.0", "wal"),
    ],
)
def test_what_a_sqlite_version_means(version: str, journal: str) -> None:
    finding = checks.sqlite(version)
    assert finding.facts["journal"] == journal
    assert finding.verdict is not Verdict.PROBLEM


def test_the_model_in_use_must_be_there(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWRITE_MODEL", "gema-3-270m")
    code, found = findings(call)
    assert code == 1
    assert any("'gemma-3-270m'" in finding["hint"] for finding in found["models"])


def test_terminals(home: Paths) -> None:
    good = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}

    def verdicts(environ: dict[str, str], columns: int, lines: int, tty: bool = True) -> list[str]:
        screen = os.terminal_size((columns, lines))
        found = checks.terminal(environ, screen, tty)
        return [finding.verdict for finding in found if finding.topic == "terminal"]

    assert verdicts(good, 100, 30) == ["ok"]
    assert verdicts(good, 20, 5) == ["note"]
    assert verdicts({"TERM": "dumb"}, 100, 30) == ["problem"]
    assert verdicts(good, 100, 30, tty=False) == ["note"]
