"""Names that begin with the sign of a home, where nobody has that home: one sentence, whichever command."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import small_book

from cowrite.paths import Paths
from cowrite.store import Store

NOWHERE = "~no-such-user/a.md"


@pytest.mark.parametrize(
    "words",
    [
        ("at", NOWHERE, "--list"),
        ("book", "mill", "-o", NOWHERE),
        ("complete", "--text", "x", "--model", "~no-such-user/a.gguf"),
        ("config", "list", "--for", NOWHERE),
        ("config", "set", "model.name", "~no-such-user/a.gguf"),
        ("config", "set", "models.instruct", "~no-such-user/a.gguf"),
        ("convert", "in.md", "-o", NOWHERE),
        ("export", "--format", "sft", "-o", NOWHERE),
        ("import", "book", NOWHERE, "-o", "new"),
        ("import", "book", "in.md", "-o", "~no-such-user/new"),
        ("log", "sessions", "--document", NOWHERE),
        ("log", "purge", "--document", NOWHERE),
        ("log", "scratch", NOWHERE),
        ("log", "off", NOWHERE),
        ("log", "move", NOWHERE, "in.md"),
        ("models", "add", "~no-such-user/a.gguf"),
        ("models", "info", "~no-such-user/a.gguf"),
        ("snapshot", "first draft", NOWHERE),
        ("stats", "--document", NOWHERE),
        ("stats", "--html", NOWHERE),
    ],
    ids=" ".join,
)
def test_it_is_one_sentence(call, home: Paths, words: tuple[str, ...]) -> None:
    small_book(Path("mill"))
    Path("in.md").write_bytes(b"caf\xe9\n")
    Store.open(home.log_file).close()
    code, out, err = call(*words)
    assert (code, out) == (2, ""), err
    assert "is nowhere: there is no user 'no-such-user'" in err


def test_a_folder_that_is_called_so_is_a_folder(call, home: Paths) -> None:
    Path("~no-such-user").mkdir()
    small_book(Path("mill"))
    Path("in.md").write_bytes(b"caf\xe9\n")
    for name in (NOWHERE, f"./{NOWHERE}"):
        assert call("convert", "in.md", "-o", name)[0] == 0
        assert Path("~no-such-user", "a.md").read_text() == "café\n"
        assert call("book", name, "-o", "~no-such-user/b.md")[0] == 0
        Path("~no-such-user", "a.md").unlink()
        Path("~no-such-user", "b.md").unlink()
    assert call("convert", "in.md", "-o", "~no-such-user.md")[0] == 0
    assert Path("~no-such-user.md").exists()
