"""Bytes to text and back."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.errors import DraftError
from cowrite.files import FileFormat, load, save
from cowrite.files.format import decode, encode

PIECES = (
    *("a", "word ", "é", "e\u0301", "日本", "👩‍👩‍👧", "🇩🇪", "\u200b", "\u202e", "\ufeff", "\ufffd"),
    *("\n", "\r\n", "\r", "\n\n", "\f", "\v", "\x1c", "\x85", "\u2028", "\u2029", "\t", " "),
    *("\x1b[31m", "\x07", "\x7f", "\0", "# ", "“", "…"),
)
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}

texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
marked = st.tuples(st.sampled_from(sorted(MARKS)), texts | st.text(max_size=40)).map(
    lambda pair: MARKS[pair[0]] + pair[1].encode(pair[0], "replace")
)
plain = (texts | st.text(max_size=40)).map(lambda text: text.encode("utf-8", "replace"))
other = st.tuples(texts, st.sampled_from(["latin-1", "cp1252", "shift_jis", "utf-16-le"])).map(
    lambda pair: pair[0].encode(pair[1], "replace")
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A text's bytes with some cut out and others put in."""
    data = draw(plain | marked)
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 4)))
    return data[:start] + draw(st.binary(max_size=4)) + data[end:]


anything = st.binary(max_size=200) | plain | marked | other | mutated()


def check_identity(folder: Path, data: bytes) -> None:
    path = folder / "draft.md"
    path.write_bytes(data)
    draft = load(path)
    assert not any("\ud800" <= character <= "\udfff" for character in draft.text)
    if draft.format.lossless:
        saved = save(path, draft.text, draft.format, draft.identity)
        assert saved.size == len(data)
    else:
        assert draft.read_only is not None
        with pytest.raises(DraftError):
            save(path, draft.text, draft.format, draft.identity)
    assert path.read_bytes() == data


@settings(max_examples=400, deadline=None)
@given(data=anything)
def test_a_file_saved_without_an_edit_is_the_same_file(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_identity(tmp_path_factory.getbasetemp(), data)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@given(data=anything)
def test_a_file_saved_without_an_edit_is_the_same_file_20000_times(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    check_identity(tmp_path_factory.getbasetemp(), data)


@settings(max_examples=400, deadline=None)
@given(data=anything)
def test_decoding_loses_nothing_that_it_does_not_say(data: bytes) -> None:
    text, form, reason = decode(data)
    if form.lossless:
        assert encode(text, form) == data
    else:
        assert reason is not None
        assert "\ufffd" in text


@pytest.mark.parametrize("encoding", sorted(MARKS))
def test_a_byte_order_mark_is_kept_out_of_the_text(encoding: str) -> None:
    data = MARKS[encoding] + "Es war\r\neinmal".encode(encoding)
    text, form, reason = decode(data)
    assert (text, form, reason) == ("Es war\r\neinmal", FileFormat(encoding, MARKS[encoding]), None)
    assert encode(text + "é日", form) == data + "é日".encode(encoding)


def test_only_the_first_mark_is_one() -> None:
    text, form, _ = decode(codecs.BOM_UTF8 * 2 + b"a")
    assert (text, form.mark) == ("\ufeffa", codecs.BOM_UTF8)


@pytest.mark.parametrize("text", ["", "\n", "no end", "a\r\nb\nc\rd\x0be\x0cf\x85g\u2028h\u2029"])
def test_every_line_ending_stays_in_the_text(text: str) -> None:
    assert decode(text.encode()) == (text, FileFormat(), None)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"abc\xff", "it is not text in UTF-8: byte 0xff at 3"),
        (codecs.BOM_UTF8 + b"ab\xc3(", "it is not text in UTF-8: byte 0xc3 at 5"),
        ("é".encode("latin-1"), "it is not text in UTF-8: byte 0xe9 at 0"),
        (b"\xed\xa0\x80", "it is not text in UTF-8: byte 0xed at 0"),
        (codecs.BOM_UTF16_LE + b"a\0\x00\xd8", "it is not text in UTF-8: byte 0xff at 0"),
    ],
)
def test_what_is_not_text_can_only_be_read(data: bytes, reason: str) -> None:
    _, form, found = decode(data)
    assert found == reason
    assert not form.lossless
    with pytest.raises(DraftError) as error:
        encode("anything", form)
    assert "cowrite convert" in error.value.hint


def test_a_nul_is_not_text_but_is_kept() -> None:
    text, form, reason = decode(b"ab\0c")
    assert (text, form.lossless) == ("ab\0c", True)
    assert reason == "it is not text: there is a NUL at character 2"


def test_half_a_character_is_refused_with_its_line() -> None:
    with pytest.raises(DraftError, match=r"U\+D83D\) in line 2, which UTF-8"):
        encode("a\nb\ud83d", FileFormat())


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (FileFormat(), "UTF-8"),
        (FileFormat("utf-8", codecs.BOM_UTF8), "UTF-8 with BOM"),
        (FileFormat("utf-16-le", codecs.BOM_UTF16_LE), "UTF-16 LE"),
        (FileFormat("utf-32-be", codecs.BOM_UTF32_BE), "UTF-32 BE"),
    ],
)
def test_formats_have_the_names_writers_know(form: FileFormat, name: str) -> None:
    assert form.name == name


def test_random_megabytes_are_read_and_kept(tmp_path: Path) -> None:
    check_identity(tmp_path, os.urandom(2 << 20))
    check_identity(tmp_path, ("Ein Satz.\r\nNoch einer.\f" * 40_000).encode())
