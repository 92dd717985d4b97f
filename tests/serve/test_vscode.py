"""The extension for VS Code and Microsoft's language client under it, in Node, with a stand-in for VS Code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fake_host import DEFAULT
from language_client import ROOT, SUPPORT, WAIT

from cowrite.cli.main import main

EXTENSION = ROOT / "editors" / "vscode"
NODE = shutil.which("node")
LIBRARY = EXTENSION / "node_modules" / "vscode-languageclient"

pytestmark = pytest.mark.skipif(
    NODE is None or not LIBRARY.exists(), reason="needs Node, and npm install in editors/vscode"
)


def test_a_writers_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    draft = tmp_path / "tale.md"
    draft.write_text("H\u00e9 went \U0001f600\nend\n")
    server = [sys.executable, str(SUPPORT / "run_lsp.py"), json.dumps({"chunk_delay": 0.1})]
    assert NODE is not None
    done = subprocess.run(
        [NODE, str(SUPPORT / "vscode_standin.js"), str(EXTENSION), str(draft), json.dumps(server)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}"},
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    first = DEFAULT[0][0]
    assert said["text"] == f"H\u00e9 went \U0001f600{first}\nend{first}\n"
    assert said["candidates"] == 3
    assert said["left"] == [first.removeprefix(" and")]
    assert said["cancelled"] == said["unasked"] == said["listed"] == []
    capsys.readouterr()
    assert main(["export", "-f", "suggestions"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(row["outcome"], row["parts"], row["inserted_text"]) for row in rows]
    assert told == [
        ("accepted", ["all"], first),
        ("accepted", ["word", "all"], first),
        ("rejected", [], ""),
        ("unseen", [], ""),
    ]
