"""`cowrite convert`: a copy in UTF-8, what is said of it, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

POLISH = "Pan Świętopełk wrócił.\r\nPadał śnieg.\r\n"


def test_e3_a_copy_is_made_and_said(call: Any) -> None:
    Path("old.md").write_bytes(POLISH.encode("cp1250"))
    code, out, err = call("convert", "old.md")
    assert (code, out) == (0, "")
    assert Path("old.utf8.md").read_bytes() == POLISH.encode()
    assert Path("old.md").read_bytes() == POLISH.encode("cp1250")
    for part in (
        "old.utf8.md is in UTF-8, read as Windows-1250: 38 characters, 7 of them not ASCII.",
        "Line ends are as they were (CR LF).",
        "Its words: Świętopełk wrócił Padał",
    ):
        assert part in err, err


def test_e3_the_other_readings_come_with_their_command(call: Any) -> None:
    Path("o l d.md").write_bytes("Akşam oldu, güneş batıyordu.\n".encode("cp1254"))
    _, _, err = call("convert", "o l d.md")
    assert "cowrite convert 'o l d.md' --from windows-1252   Akþam güneþ batýyordu" in err
    code, _, err = call("convert", "o l d.md", "--from", "windows-1252")
    assert code == 0
    assert Path("o l d.utf8-2.md").read_text(encoding="utf-8").startswith("Akþam")
    assert "If they look wrong" not in err


def test_what_is_utf8_already_needs_no_copy(call: Any) -> None:
    Path("new.md").write_text("Größe\n", encoding="utf-8")
    code, _, err = call("convert", "new.md")
    assert (code, "is UTF-8 already" in err) == (0, True)
    assert not Path("new.utf8.md").exists()
    assert call("convert", "new.md", "-o", "asked.md")[0] == 0
    assert Path("asked.md").read_text(encoding="utf-8") == "Größe\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["picture.png"], 1, "picture.png can't be converted: it is not text in any encoding"),
        (["picture.png", "--from", "latin-1"], 1, "it is not text in ISO-8859-1"),
        (["old.md", "--from", "utf-8"], 1, "it is not text in UTF-8: byte 0x8c at 4, in line 1"),
        (["old.md", "--from", "latin-twelve"], 2, "There is no encoding 'latin-twelve'"),
        (["old.md", "-o", "old.md"], 1, "There is already a file"),
        (["old.md", "-o", "no/new.md"], 1, "There is no folder no"),
        (["missing.md"], 1, "missing.md is not there"),
        (["."], 1, "is a folder"),
    ],
)
def test_what_cant_be_converted_is_a_sentence(
    call: Any, words: list[str], code: int, said: str
) -> None:
    Path("old.md").write_bytes(POLISH.encode("cp1250"))
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    found, _, err = call("convert", *words)
    assert (found, said in err) == (code, True), err
    assert {path.name for path in Path().iterdir()} == {"old.md", "picture.png"}


def test_it_stands_in_a_pipe(home: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cowrite", "convert", "-"],
        input=POLISH.encode("cp1250"),
        capture_output=True,
        check=True,
    )
    assert done.stdout == POLISH.encode()
    assert b"read as Windows-1250" in done.stderr


def test_e3_complete_names_the_command(call: Any) -> None:
    Path("old.md").write_bytes(POLISH.encode("cp1250"))
    code, _, err = call("complete", "old.md")
    assert code == 1
    assert "Windows-1250 (Świętopełk wrócił Padał)" in err
    assert "`cowrite convert old.md`" in err
