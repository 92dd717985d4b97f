"""Encodings by the names that writers know, and bytes to text in any of them."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator
from itertools import islice

from cowrite.errors import DraftError, UsageError, nearest

NAMES = {
    "utf-8": "UTF-8", "utf-16-le": "UTF-16LE", "utf-16-be": "UTF-16BE", "utf-32-le": "UTF-32LE",
    "utf-32-be": "UTF-32BE", "utf-16": "UTF-16", "utf-32": "UTF-32",
    "cp1250": "Windows-1250", "cp1251": "Windows-1251", "cp1252": "Windows-1252",
    "cp1253": "Windows-1253", "cp1254": "Windows-1254", "cp1255": "Windows-1255",
    "cp1256": "Windows-1256", "cp1257": "Windows-1257", "cp1258": "Windows-1258",
    "cp874": "Windows-874", "iso8859-1": "ISO-8859-1", "iso8859-2": "ISO-8859-2",
    "iso8859-5": "ISO-8859-5", "iso8859-7": "ISO-8859-7", "iso8859-9": "ISO-8859-9",
    "iso8859-13": "ISO-8859-13", "iso8859-15": "ISO-8859-15", "iso8859-16": "ISO-8859-16",
    "koi8-r": "KOI8-R", "koi8-u": "KOI8-U", "cp866": "CP866", "cp437": "CP437", "cp850": "CP850",
    "cp852": "CP852", "mac-roman": "Mac-Roman", "mac-cyrillic": "Mac-Cyrillic",
    "mac-latin2": "Mac-Latin2", "gb18030": "GB18030", "big5hkscs": "Big5", "cp932": "Shift_JIS",
    "euc_jis_2004": "EUC-JP", "iso2022_jp_2": "ISO-2022-JP", "cp949": "EUC-KR",
}  # fmt: skip
"""Python's codec -> what editors and mailers call it. Each name is found again by `codec_named`."""

_ALIASES = {
    **{re.sub(r"[^a-z0-9]", "", codec): codec for codec in NAMES},
    **{re.sub(r"[^a-z0-9]", "", name.lower()): codec for codec, name in NAMES.items()},
    **{f"win{number}": f"cp{number}" for number in range(1250, 1259)},
    **dict.fromkeys(("gb2312", "gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("mac", "macintosh", "xmacroman"), "mac-roman"),
    **{
        "ansi": "cp1252",
        "unicode": "utf-16",
        "utf8sig": "utf-8",
        "sjis": "cp932",
        "euckr": "cp949",
    },
}
"""Letters and digits of a name -> codec: those that Python doesn't know, and those with a larger sister."""
_NO_FILES = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
"""Codecs of Python's that give text and are no encoding of a file."""

_LONGEST_WORD = 16


def name_of(codec: str) -> str:
    """What a writer calls a codec of Python's."""
    return NAMES.get(codec, codec.replace("_", "-").upper())


def codec_named(word: str) -> str:
    """The codec of an encoding by any name that it has. Raises UsageError with the nearest one."""
    plain = _ALIASES.get(_squeezed(word))
    if plain is not None:
        return plain
    try:
        found = codecs.lookup(word.strip())
    except (LookupError, ValueError):  # a name with a NUL, or one that is no ASCII
        raise _unknown(word) from None
    if not getattr(found, "_is_text_encoding", True) or found.name in _NO_FILES:
        raise _unknown(word)
    return _ALIASES.get(_squeezed(found.name), found.name)


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _unknown(word: str) -> UsageError:
    near = nearest(word, NAMES.values(), parts=False) or nearest(word, _other_names(), parts=False)
    hint = f"Did you mean '{near}'?" if near else f"Known: {', '.join(NAMES.values())}."
    return UsageError(f"There is no encoding '{word}'.", hint)


def _other_names() -> list[str]:
    """What Python, too, calls the encodings that have a name here: `latin1`."""
    from encodings.aliases import aliases  # here, since it is for slips alone

    out = []
    for alias, codec in aliases.items():
        with contextlib.suppress(LookupError):  # some are of other systems
            if codecs.lookup(codec).name in NAMES:
                out.append(alias)
    return out


MENDED = "utf-8-mended"
"""In the place of a codec: UTF-8 but for some bytes, which `mended` reads."""
_MOST_STRAYS = 10_000
_TO_ONE_STRAY = 3
"""Letters that are good UTF-8, for each byte that is not: in another encoding there are next to none."""


def mended(data: bytes) -> tuple[str, int] | None:
    """A text that is UTF-8 but for some bytes, as an older editor's paste leaves them, and how many.

    They are read as Windows-1252; a character that is cut off at the end becomes U+FFFD. None where it
    is not mostly UTF-8.
    """
    view = memoryview(data)
    pieces: list[str] = []
    at = strays = cut_off = 0
    while at < len(data):
        try:
            piece, used = codecs.utf_8_decode(view[at:], "strict", True)
        except UnicodeDecodeError as error:
            piece = codecs.utf_8_decode(view[at : at + error.start])[0]
            stray = bytes(view[at + error.start : at + error.end])
            used = error.end
            if at + used == len(data) and error.reason == "unexpected end of data":
                piece, cut_off = piece + "\ufffd", len(stray)
            else:
                strays += len(stray)
                try:
                    piece += stray.decode("cp1252")
                except UnicodeDecodeError:
                    return None
            if strays > _MOST_STRAYS:
                return None
        pieces.append(piece)
        at += used
    text = "".join(pieces)
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    good = beyond - strays - bool(cut_off)
    return (text, strays + cut_off) if good >= max(1, strays * _TO_ONE_STRAY) else None


def decoded(data: bytes, codec: str) -> str:
    """The text of bytes in an encoding, without its byte order mark.

    Raises DraftError, whose message is a clause: the first byte that is none there, and its line.
    """
    if codec == MENDED:
        found = mended(data)
        return decoded(data, "utf-8") if found is None else found[0].removeprefix("\ufeff")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = 1 + _line_breaks(data[: error.start], codec)
        raise DraftError(
            f"it is not text in {name_of(codec)}: byte 0x{data[error.start]:02x} at {error.start:,},"
            f" in line {line:,}",
            "Give another encoding with --from.",
        ) from error
    except UnicodeError as error:  # UTF-16 whose mark is missing or wrong, say
        raise DraftError(
            f"it is not text in {name_of(codec)}: {error}", "Give another encoding with --from."
        ) from error
    return text.removeprefix("\ufeff")


def _line_breaks(before: bytes, codec: str) -> int:
    """Line ends before the place that is wrong; a CR LF is one."""
    text = before.decode(codec, "replace")
    return text.count("\n") + text.replace("\r\n", "").count("\r")


def odd_words(text: str, most: int = 3) -> tuple[str, ...]:
    """The first different words with letters beyond ASCII, each cut to a few characters."""
    return tuple(islice(_odd_words(text), most))


def _odd_words(text: str) -> Iterator[str]:
    seen = set()
    for line in text.splitlines():
        if line.isascii():
            continue
        for word in line.split():
            plain = word.strip("!\"'()*,-./:;<=>?[]_`{|}~")
            short = plain if len(plain) <= _LONGEST_WORD else plain[: _LONGEST_WORD - 1] + "…"
            if not plain.isascii() and short not in seen:
                seen.add(short)
                yield short
