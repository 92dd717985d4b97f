"""`cowrite import book`: what it prints, and that it leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from other_books import novelwriter


def test_it_lists_the_files_and_what_was_lost(call) -> None:
    novelwriter(Path.cwd() / "nw")
    code, out, err = call("import", "book", "nw", "-o", "mill")
    assert code == 0
    assert "mill/chapters/01-the-rain.md" in out.splitlines()
    assert all(Path(line).is_file() for line in out.splitlines())
    assert "  1 aligned paragraph\n" in err
    assert "“The Mill”: 1 chapter." in err
    code, out, err = call("import", "book", "nw", "-o", "mill")
    assert (code, out) == (2, "")
    assert "has things in it" in err
    assert call("book", "mill", "--check") == (0, "", "1 file: nothing to mend.\n")


def test_the_folder_must_be_named(call) -> None:
    code, _, err = call("import", "book", "nw")
    assert code == 2
    assert "--output" in err
