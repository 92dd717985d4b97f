"""`cowrite doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from nasty_server import nasty_server

from cowrite.cli import checks
from cowrite.cli.finding import Verdict
from cowrite.engine.protocol import Way
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


def test_the_way_of_evaluating_is_named_with_its_reason(call: Any, home: Paths) -> None:
    """Before the model is unpacked nothing can be tried; where it is there, it is tried at once."""
    _, out, _ = call("doctor", "--json")
    report = json.loads(out)
    assert report["engine"]["way"] is None
    assert "not tried yet" in report["engine"]["way_reason"]
    call("config", "set", "model.name", "smollm2-135m-instruct")
    _, out, _ = call("doctor", "--json")
    engine = json.loads(out)["engine"]
    assert engine["way"] in {way.value for way in Way}
    assert engine["way_reason"]
    assert not (home.cache / "ways.json").exists()


def test_a_way_that_was_chosen_is_said(
    call: Any, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("config", "set", "model.name", "smollm2-135m-instruct")
    monkeypatch.setenv("COWRITE_ENGINE_WAY", "plain")
    engine = json.loads(call("doctor", "--json")[1])["engine"]
    assert engine == {"way": "plain", "way_reason": "chosen by engine.way"}
    monkeypatch.setenv("COWRITE_ENGINE_WAY", "fulll")
    code, out, _ = call("doctor", "--json")
    assert code == 1
    assert "fulll" in out


def test_a_library_that_cant_be_loaded_is_a_sentence_with_the_command(
    call: Any, home: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A wheel that was built for another machine: here, files that are no libraries."""
    (tmp_path / "lib").mkdir()
    for name in ("libllama.so", "libggml.so", "libggml-cpu.so", "libggml-base.so"):
        (tmp_path / "lib" / name).write_bytes(b"\x7fELF of another machine")
    monkeypatch.setenv("LLAMA_CPP_LIB_PATH", str(tmp_path / "lib"))
    code, found = findings(call)
    assert code == 1
    (llama,) = found["llama.cpp"]
    assert llama["verdict"] == "problem"
    assert "--no-cache-dir" in llama["hint"]
    monkeypatch.setenv("COWRITE_MODEL_NAME", "smollm2-135m-instruct")
    code, _, err = call("complete", "--text", "It was")
    assert code == 1
    assert "llama.cpp's library can't be loaded here" in err
    assert "--no-cache-dir" in err
    assert "Traceback" not in err


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


@pytest.mark.parametrize(
    ("infill", "said"), [("good", "cursor is sent too"), ("refused", "cursor is not sent")]
)
def test_whether_what_follows_is_sent_is_told(call: Any, infill: str, said: str) -> None:
    with nasty_server() as server:
        server.infill = infill
        call("config", "set", "engine.remote", server.url)
        _, found = findings(call)
        assert not any("follows" in one["text"] for one in found["remote"])
        call("config", "set", "engine.remote_suffix", "true")
        _, found = findings(call)
        assert any(said in one["text"] for one in found["remote"])
