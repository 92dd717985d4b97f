"""Small files that people write by hand: marks, line ends, UTF-16, and what is no text."""

from __future__ import annotations

import codecs
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite import small_text
from cowrite.catalog.cards import read_card
from cowrite.config import load, save_user
from cowrite.errors import CowriteError, ModelError, UsageError
from cowrite.export import Redactor
from cowrite.export.coauthor_reader import read_session
from cowrite.logbook.source import make_redactor
from cowrite.paths import Paths
from cowrite.small_text import MARKS, SmallText
from cowrite.spelling import OwnWords

WAYS = [
    ("utf-8", b"", "\n"),
    ("utf-8", codecs.BOM_UTF8, "\n"),
    ("utf-8", codecs.BOM_UTF8, "\r\n"),
    ("utf-8", b"", "\r\n"),
    ("utf-8", b"", "\r"),
    ("utf-16-le", codecs.BOM_UTF16_LE, "\r\n"),
    ("utf-16-be", codecs.BOM_UTF16_BE, "\n"),
    ("utf-32-le", codecs.BOM_UTF32_LE, "\n"),
]
Way = tuple[str, bytes, str]
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way[0]}-{way[1]!r}-{way[2]!r}")


def written(path: Path, text: str, way: Way) -> Path:
    encoding, mark, newline = way
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(mark + text.replace("\n", newline).encode(encoding))
    return path


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config", tmp_path / "data", tmp_path / "cache", tmp_path / "state")


@each_way
def test_e1_a_redaction_list_takes_out_its_first_name(paths: Paths, way: Way) -> None:
    written(paths.config / "redact.txt", "Anna Karlsson\n# a note\nÅsa\n", way)
    redactor = make_redactor(paths, None)
    assert isinstance(redactor, Redactor)
    assert redactor.text("With Anna Karlsson and Åsa.") == "With [WORD] and [WORD]."


def test_e1_a_redaction_list_may_come_through_a_pipe(paths: Paths) -> None:
    read, write = os.pipe()
    os.write(write, codecs.BOM_UTF8 + b"Anna\r\n")
    os.close(write)
    redactor = make_redactor(paths, Path(f"/dev/fd/{read}"))
    os.close(read)
    assert redactor.text("by Anna") == "by [WORD]"


@each_way
def test_e1_settings_are_read_and_keep_their_form(paths: Paths, way: Way) -> None:
    text = "# mine\n[editor]\ncolumn = 70  # narrow\n\n[ui]\nmouse = false\n"
    written(paths.config_file, text, way)
    assert load(paths, environ={}).editor.column == 70
    save_user(paths, "editor.column", "72")
    save_user(paths, "suggestions.auto", True)
    encoding, mark, newline = way
    data = paths.config_file.read_bytes()
    assert data.startswith(mark)
    kept = data[len(mark) :].decode(encoding)
    assert kept.startswith(text.replace("70", "72").replace("\n", newline))
    assert kept.replace("\r\n", "\n").replace("\r", "\n").count("\n") == kept.count(newline)
    got = load(paths, environ={})
    assert (got.editor.column, got.suggestions.auto, got.ui.mouse) == (72, True, False)


@each_way
def test_e1_a_projects_settings_are_read(paths: Paths, tmp_path: Path, way: Way) -> None:
    written(tmp_path / "cowrite.toml", '[model]\nhead = "Größe"\n', way)
    assert load(paths, tmp_path / "a.md", environ={}).model.head == "Größe"


@each_way
def test_e1_own_words_are_read_and_added_in_their_form(tmp_path: Path, way: Way) -> None:
    file = written(tmp_path / "words.txt", "Aino\nkuu", way)
    own = OwnWords(file)
    assert "aino" in own
    assert own.trouble is None
    own.add("Størst")
    encoding, mark, newline = way
    assert file.read_bytes() == mark + f"Aino{newline}kuu{newline}Størst{newline}".encode(encoding)
    assert "størst" in OwnWords(file)


@each_way
def test_e1_a_models_card_is_read(tmp_path: Path, way: Way) -> None:
    card = (
        'name = "tiny"\ntitle = "Größe"\nsource = "here"\nfile = "a.gguf"\n'
        f'sha256 = "{"0" * 64}"\nsize = 4\nlicence = "mit"\narchitecture = "llama"\n'
        'kind = "base"\ncontext_length = 8\n'
    )
    assert read_card(written(tmp_path / "tiny.toml", card, way)).title == "Größe"


@each_way
def test_e1_a_log_of_another_program_is_read(tmp_path: Path, way: Way) -> None:
    line = '{"eventName": "system-initialize", "eventTimestamp": 5, "currentDoc": "", "eventSource": "api"}\n'
    assert read_session(written(tmp_path / "a.jsonl", line, way))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"one\ntwo\r\ncaf\xe9\n", "line 3 is not text in UTF-8 (byte 0xe9)"),
        (b"one\rcaf\xe9", "line 2 is not text in UTF-8"),
        (codecs.BOM_UTF16_LE + b"a\0\n\0\x00\xd8", "line 2 is not text in UTF-16"),
        ("one\ntwo".encode("utf-16-le"), "line 1 holds a NUL"),
        (b"x" * 1_000_001, "the file is too large"),
    ],
)
def test_e1_what_is_no_text_is_a_sentence_with_file_and_line(
    tmp_path: Path, data: bytes, said: str
) -> None:
    file = tmp_path / "my words.txt"
    file.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        small_text.read(file, f"The words in {file}")
    assert said in caught.value.message
    assert str(file) in caught.value.message
    assert "cowrite convert '" in caught.value.hint or "1 MB" in caught.value.hint


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "forbidden", "a\0b"])
def test_what_is_no_file_is_a_sentence_and_never_waits(tmp_path: Path, kind: str) -> None:
    place = tmp_path / kind
    if kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "forbidden":
        place = Path("/proc/self/mem")
    with pytest.raises(ModelError, match="The card can't be read: "):
        small_text.read(place, "The card", error=ModelError)


def test_e1_own_words_lose_the_line_that_is_no_text_alone(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(b"Aino\ncaf\xe9\nlast\n")
    own = OwnWords(file)
    assert "aino" in own
    assert "last" in own
    assert own.trouble is not None
    assert "line 2 is not text" in own.trouble.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# a\n[editor]\ncolumn = 'x'\n", 3),
        ("[ui]\n[ editor ]  # here\n\n'column' = 'x'", 4),
        ("editor.column = 'x'", 1),
        ("\n\neditor = {column = 'x'}", None),
        ("[ui]\nmouse = true\n[editor]\ncolum = 1\n", 4),
        ("[suggestions]\ncount = 1\n[edito]\ncolumn = 1\n", 3),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(paths: Paths, text: str, line: int | None) -> None:
    written(paths.config_file, text, WAYS[2])
    with pytest.raises(UsageError) as caught:
        load(paths, environ={})
    place = f"{paths.config_file}, line {line}:" if line else f"{paths.config_file}:"
    assert caught.value.message.startswith(place)


def test_mixed_line_ends_stay_where_they_are(paths: Paths) -> None:
    paths.config.mkdir()
    paths.config_file.write_bytes(b"# a\r\n[ui]\nmouse = true\r\n# b\r# c\n")
    save_user(paths, "ui.mouse", "off")
    assert paths.config_file.read_bytes() == b"# a\r\n[ui]\nmouse = false\r\n# b\r# c\n"


lines = st.lists(st.sampled_from(["", "a", "b", "ä\u2028", " # x"]), min_size=1, max_size=8)
ends = st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=8, max_size=8)


@settings(deadline=None)
@given(lines, lines, ends, st.sampled_from(MARKS))
def test_a_rewritten_file_says_the_new_text_and_unchanged_is_the_same(
    old: list[str], new: list[str], ends: list[str], mark: tuple[str, bytes]
) -> None:
    raw = "".join(a + b for a, b in zip(old, [*ends[: len(old) - 1], ""], strict=True))
    source = SmallText(raw, *mark)
    again = small_text.decoded(source.rewritten("\n".join(new)), Path("x"), "It")
    assert again.text == "\n".join(new)
    assert source.rewritten(source.text) == mark[1] + raw.encode(mark[0])


def test_the_error_is_the_callers() -> None:
    with pytest.raises(CowriteError):
        small_text.decoded(b"\xff", Path("x"), "It", error=CowriteError)


def test_the_settings_command_keeps_cr_lf_and_the_mark(tmp_path: Path, monkeypatch: Any) -> None:
    from cowrite.cli.main import main

    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    file = written(tmp_path / "config" / "config.toml", "[editor]\ncolumn = 70\n", WAYS[2])
    assert main(["config", "set", "editor.column", "90"]) == 0
    assert file.read_bytes() == codecs.BOM_UTF8 + b"[editor]\r\ncolumn = 90\r\n"
