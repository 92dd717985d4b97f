"""`cowrite snapshot`: taken, listed, compared and gone back to, of files that anybody may have changed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cowrite.memory.making import make_project


@pytest.fixture
def book(home) -> Path:
    make_project(Path.cwd(), "The Mill")
    (Path("chapters") / "01.md").write_bytes(b"One came.\r\nOne sat.\r\n")
    (Path("chapters") / "02.md").write_bytes(b"Two")
    return Path("chapters")


def test_taken_compared_and_gone_back_to(call, book: Path) -> None:
    code, out, err = call("snapshot", "first draft")
    assert (code, out) == (0, "")
    assert "Kept 2 drafts as “first draft”." in err
    (book / "01.md").write_bytes(b"One came.\r\nOne slept.\r\n")
    assert call("snapshot", "second", str(book / "01.md"))[0] == 0

    code, out, _ = call("snapshot", "list")
    assert code == 0
    assert [line.split()[3:] for line in out.splitlines()[1:]] == [
        ["01.md", "you", "second"],
        ["2", "drafts", "you", "first", "draft"],
    ]
    _, out, _ = call("snapshot", "list", str(book / "02.md"), "--json")
    (only,) = json.loads(out)
    assert only["name"] == "first draft"
    assert len(only["drafts"]) == 2

    code, out, _ = call("snapshot", "compare", "first draft")
    assert code == 0
    assert "-One sat." in out
    assert "+One slept." in out
    assert "02.md" not in out

    code, _, err = call("snapshot", "back", only["id"][:8])
    assert code == 0, err
    assert "Went back to “first draft”" in err
    assert "in 1 draft." in err
    assert (book / "01.md").read_bytes() == b"One came.\r\nOne sat.\r\n"
    forth = err.split()[-1]
    assert call("snapshot", "back", forth)[0] == 0
    assert (book / "01.md").read_bytes() == b"One came.\r\nOne slept.\r\n"
    assert call("snapshot", "compare", "second")[1] == ""


@pytest.mark.parametrize("name", ["a" * 5000, "~nobody-here", "b/" * 3000])
def test_a_name_that_no_file_can_have_is_one_of_a_snapshot(call, book: Path, name: str) -> None:
    code, _, err = call("snapshot", name)
    assert code == 0, err
    (only,) = json.loads(call("snapshot", "list", "--json")[1])
    assert name.startswith(only["name"].rstrip("…"))


def test_a_chapter_whose_name_is_no_utf_8_is_listed(call, book: Path) -> None:
    try:
        Path(os.fsdecode(b"chapters/03 caf\xe9.md")).write_text("Three")
    except OSError:
        pytest.skip("this file system takes names in UTF-8 alone")
    assert call("snapshot", "first")[0] == 0
    (only,) = json.loads(call("snapshot", "list", "--json")[1])
    assert [Path(path).name for path in only["drafts"]][-1] == "03 caf\ufffd.md"


def test_a_name_that_is_a_file_or_a_command(call, book: Path) -> None:
    assert call("snapshot", str(book / "02.md"))[0] == 0
    assert call("snapshot", "take", "list", str(book / "02.md"))[0] == 0
    _, out, _ = call("snapshot", "list", "--json")
    names = [one["name"] for one in json.loads(out)]
    assert names[0] == "list"
    assert names[1].startswith("20")


def test_what_can_not_be_is_told(call, book: Path, tmp_path: Path) -> None:
    assert "There is no log yet" in call("snapshot", "list")[2]
    assert "no log yet" in call("snapshot", "back", "x")[2]
    code, _, err = call("snapshot", "x", str(book / "gone.md"))
    assert code == 1
    assert "gone.md is not there" in err
    call("snapshot", "first draft")
    code, _, err = call("snapshot", "compare", "frist draft")
    assert code == 2
    assert "first draft" in err
    (book / "01.md").write_text("Other.")
    (book / "01.md").chmod(0o400)
    code, _, err = call("snapshot", "back", "first draft")
    assert code == 1
    assert "01.md stays as it is: 01.md can't be written" in err
    assert (book / "01.md").read_text() == "Other."
    (book / "02.md").unlink()
    assert call("snapshot", "back", "first draft", str(book / "02.md"))[0] == 0
    assert (book / "02.md").read_bytes() == b"Two"


def test_without_a_project_drafts_are_named(call, home) -> None:
    code, _, err = call("snapshot", "first draft")
    assert code == 2
    assert "Which drafts?" in err
