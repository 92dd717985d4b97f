"""A server that writes: where drafts are sent is on the screen, and nothing that it does ends the window."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from nasty_server import nasty_server
from terminal import Terminal

WORDS = "She had walked"


@pytest.mark.pty
def test_a_server_writes_fails_and_is_kept_from_a_draft(home: Path, tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "cowrite.toml").write_text('[engine]\nremote = "never"\n')
    letter, chapter = tmp_path / "letter.md", book / "one.md"
    letter.write_text(WORDS)
    chapter.write_text("A secret of the book")
    with nasty_server() as server:
        env = {"COWRITE_HOME": str(home), "COWRITE_ENGINE_REMOTE": server.url}
        command = [sys.executable, "-m", "cowrite", str(letter)]
        with Terminal(command, columns=60, rows=20, env=env) as screen:
            screen.wait("remote: this machine       ready", timeout=30)
            screen.press("ctrl+end", "ctrl+space")
            screen.wait("a long way down the river.")
            screen.press("tab")
            server.mode = "garbage"
            screen.press("ctrl+space")
            screen.wait("answered nonsense", timeout=30)
            screen.type(" And on.")
            screen.wait("river. And on.")
            screen.press("escape", "ctrl+o")
            screen.settle(0.3)
            screen.type(str(chapter) + "\r")
            screen.wait("A secret of the book")
            screen.press("ctrl+end", "ctrl+space")
            screen.wait("no model")
            assert "remote:" not in screen.text
            screen.press("ctrl+s", "ctrl+q")
            screen.settle(0.3)
            screen.press("ctrl+q")
        said = [one.body.get("prompt", "") for one in server.completions]
        assert any(WORDS in prompt for prompt in said)
        assert not any("secret" in prompt for prompt in said)
