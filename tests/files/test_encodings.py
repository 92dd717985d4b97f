"""Old encodings: found out, shown as their words would look, and converted."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.errors import DraftError, UsageError
from cowrite.files import load
from cowrite.files.conversion import converted, write_copy
from cowrite.files.detection import readings
from cowrite.files.encodings import NAMES, codec_named, decoded, mended, name_of

TEXTS = [
    ("cp1250", "Pan Świętopełk siedział przy oknie i patrzył na śnieg.\n"),
    ("cp1250", "Zażółć gęślą jaźń."),
    ("cp1250", "Když jsem přišel domů, bylo už pozdě."),
    ("iso8859-2", "Pan Świętopełk siedział przy oknie i patrzył na śnieg.\n"),
    ("cp1254", "Akşam oldu, güneş batıyordu."),
    ("cp1251", "Море было спокойно."),
    ("cp1251", "Він повернувся додому пізно ввечері."),
    ("koi8-r", "Все счастливые семьи похожи друг на друга."),
    ("cp866", "Море было спокойно."),
    ("gbk", "那天早上，大海很平静，老人坐在船上。"),
    ("gb18030", "你好"),
    ("big5", "那天早上，大海很平靜，老人坐在船上。"),
    ("cp932", "吾輩は猫である。名前はまだ無い。"),
    ("shift_jis", "海は静かだった。"),
    ("euc_jp", "吾輩は猫である。名前はまだ無い。"),
    ("euc_kr", "그날 아침 바다는 고요했고, 노인은 배에 앉아 있었다."),
    ("cp1253", "Η θάλασσα ήταν ήρεμη."),
    ("cp1255", "הים היה רגוע."),
    ("cp1256", "كان البحر هادئا."),
    ("cp1257", "Vėjas pūtė iš šiaurės, o ji vis dar laukė."),
    ("latin-1", "Ein Café für Åse.\n"),
    ("cp1252", "“Quoted” – and so on…"),
    ("cp1252", "The sea was calm, and she didn’t answer."),
    ("cp1252", "Il était une fois une forêt où l'été ne finissait jamais."),
    ("mac-roman", "Il était une fois une forêt où l'été ne finissait jamais."),
    ("utf-16-le", "The sea was calm."),
    ("utf-16-be", "Море было спокойно."),
    ("utf-16-le", "大海很平静，老人坐在船上。"),
    ("utf-16-be", "大海很平静，老人坐在船上。"),
    ("utf-32-le", "The sea was calm."),
    ("utf-32-be", "The sea was calm."),
]


@pytest.mark.parametrize(("codec", "text"), TEXTS, ids=[f"{c}-{t[:12]}" for c, t in TEXTS])
def test_e3_short_texts_are_read_in_their_encoding(codec: str, text: str) -> None:
    found = readings(text.encode(codec))
    assert decoded(text.encode(codec), found[0].codec) == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "naïve"),
        ("cp1252", "It’s"),
        ("cp1250", "ČESKÁ REPUBLIKA"),
        ("cp1254", "Ağaç"),
        ("cp850", "Über den Dächern lag Schnee; er hörte nur die Glocken."),
    ],
)
def test_e3_a_word_or_two_are_among_the_readings(codec: str, text: str) -> None:
    """What can't be known is shown: the writer sees which words are words."""
    data = text.encode(codec)
    assert text in [decoded(data, one.codec) for one in readings(data)]


def test_e3_readings_show_how_the_first_odd_words_look() -> None:
    data = "Nic. Zażółć gęślą jaźń, zażółć gęślą!".encode("cp1250")
    found = readings(data)
    assert found[0].shown == "Windows-1250 (Zażółć gęślą jaźń)"
    turkish = readings("Akşam oldu, güneş batıyordu.".encode("cp1254"))
    assert [one.shown for one in turkish][:2] == [
        "Windows-1254 (Akşam güneş batıyordu)",
        "Windows-1252 (Akþam güneþ batýyordu)",
    ]


def test_e3_the_words_may_come_late_in_a_long_file() -> None:
    data = b"All of this is plain.\n" * 20_000 + "Świętopełk wrócił.\n".encode("cp1250")
    assert readings(data)[0].words == ("Świętopełk", "wrócił")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01",
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n\x01\x02\x03\x04\x05\x06",
        b"PK\x03\x04\x14\0\0\0\x08\0",
        bytes(range(256)) * 40,
        b"caf\xe9 \x00\x01",
    ],
)
def test_e3_what_is_no_text_has_no_reading(data: bytes) -> None:
    assert readings(data) == ()
    with pytest.raises(DraftError, match="not text in any encoding"):
        converted(data)
    with pytest.raises(DraftError, match="ISO-8859-1: it would hold control codes"):
        converted(data, "iso8859-1")


def test_utf8_with_a_few_bytes_of_an_older_editor_is_mended() -> None:
    data = "Déjà vu, l’été, ".encode() + "où\r\n".encode("cp1252")
    found = converted(data)
    assert found.text == "Déjà vu, l’été, où\r\n"
    assert found.reading.name == "UTF-8 with 1 byte of Windows-1252"
    assert converted("Größe é".encode()[:-1]).text == "Größe \ufffd"
    assert mended("Zażółć gęślą".encode("cp1250")) is None


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Windows-1250", "cp1250"), ("WINDOWS-1252", "cp1252"), ("win1251", "cp1251"),
        (" cp1254 ", "cp1254"), ("latin2", "iso8859-2"), ("ISO_8859-15", "iso8859-15"),
        ("GBK", "gb18030"), ("sjis", "cp932"), ("koi8r", "koi8-r"), ("utf8", "utf-8"),
        ("UTF-16LE", "utf-16-le"), ("mac", "mac-roman"), ("cp037", "cp037"),
    ],
)  # fmt: skip
def test_encodings_have_many_names(name: str, codec: str) -> None:
    assert codec_named(name) == codec


def test_every_name_that_is_shown_can_be_given() -> None:
    for codec in NAMES:
        assert "é".encode(codec_named(name_of(codec)), "replace") == "é".encode(codec, "replace")


@pytest.mark.parametrize(
    "name", ["rot13", "base64", "hex", "zip", "idna", "\0", "é", "", "a" * 999]
)
def test_what_is_no_encoding_of_a_file_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="There is no encoding"):
        codec_named(name)


@pytest.mark.parametrize(
    ("word", "near"), [("latn1", "latin1"), ("utf-9", "UTF-8"), ("Windows-1522", "Windows-1252")]
)
def test_s3_a_slip_in_an_encodings_name(word: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        codec_named(word)
    assert caught.value.hint == f"Did you mean '{near}'?"
    codec_named(near)


def test_s3_an_encoding_like_no_other_gets_no_guess() -> None:
    with pytest.raises(UsageError) as caught:
        codec_named("zzz")
    assert caught.value.hint.startswith("Known: UTF-8, ")


def test_an_unknown_encoding_comes_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        codec_named("windows-125O")
    assert caught.value.hint.startswith("Did you mean 'Windows-125")


def test_a_byte_that_is_none_there_is_named_with_its_line() -> None:
    with pytest.raises(DraftError, match=r"Windows-1252: byte 0x81 at 5, in line 3$"):
        converted(b"a\r\nb\n\x81", "cp1252")


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("aé \n\r\f\tпри日…\u2028"), max_size=60),
    st.sampled_from(["utf-16-le", "utf-32-be", "gb18030", "utf-8"]),
)
def test_converting_changes_bytes_and_no_character(text: str, codec: str) -> None:
    found = converted(text.encode(codec), codec)
    assert found.text == text


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_converted_or_refused(data: bytes) -> None:
    try:
        found = converted(data)
    except DraftError:
        return
    found.text.encode("utf-8")
    assert "\0" not in found.text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_e3_a_copy_has_the_line_ends_of_the_file(tmp_path: Path, newline: str) -> None:
    text = newline.join(["Zażółć", "gęślą", "jaźń", ""])
    old = tmp_path / "old.md"
    old.write_bytes(text.encode("cp1250"))
    found = converted(old.read_bytes())
    copy = write_copy(old, found.text)
    assert copy.name == "old.utf8.md"
    assert copy.read_bytes() == text.encode()
    assert old.read_bytes() == text.encode("cp1250")
    assert write_copy(old, "x").name == "old.utf8-2.md"
    assert found.line_ends == {"\n": "LF", "\r\n": "CR LF", "\r": "CR"}[newline]


def test_marks_are_left_out_of_the_copy() -> None:
    for codec, mark in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-8", codecs.BOM_UTF8)):
        found = converted(mark + "Größe".encode(codec))
        assert (found.text, found.already) == ("Größe", False)
        assert converted(mark + "Größe".encode(codec), codec).text == "Größe"
    assert converted("Größe".encode()).already


def test_a_copy_is_never_written_over_a_file(tmp_path: Path) -> None:
    there = tmp_path / "there.md"
    there.write_text("mine")
    with pytest.raises(DraftError, match="already a file") as caught:
        write_copy(tmp_path / "old.md", "text", there)
    assert "-o" in caught.value.hint
    assert there.read_text() == "mine"
    with pytest.raises(DraftError, match="There is no folder"):
        write_copy(tmp_path / "old.md", "text", tmp_path / "no" / "new.md")


def test_e3_a_draft_in_an_old_encoding_comes_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "my draft.md"
    file.write_bytes("Zażółć gęślą jaźń.".encode("cp1250"))
    loaded = load(file)
    assert loaded.read_only == "it is not text in UTF-8: byte 0xbf at 2"
    assert loaded.advice == (
        "It looks like Windows-1250 (Zażółć gęślą jaźń). "
        "`cowrite convert 'my draft.md'` makes a copy in UTF-8 to edit."
    )
    file.write_bytes("Море было спокойно.".encode("utf-16-le"))
    assert "UTF-16LE (Море было спокойно)" in (load(file).advice or "")
    file.write_bytes(os.urandom(400))
    assert "--from ENCODING" in (load(file).advice or "")
    file.write_bytes(b"fine")
    assert load(file).advice is None
