"""How texts, runs and tokens are written into columns, and read back unchanged."""

from __future__ import annotations

import json
import re
import zlib
from array import array
from collections.abc import Callable
from typing import Any

import msgspec

from cowrite.core.provenance import Author, Runs, Source
from cowrite.core.suggestion import Token

LETTERS: dict[Author, str] = {
    Author.WRITER: "w",
    Author.MODEL: "m",
    Author.PASTE: "p",
    Author.FILE: "f",
}
AUTHORS = {letter: author for author, letter in LETTERS.items()}
_RUN = re.compile(r"(\d+)([a-z])(\d*)")


def to_column(text: str) -> str | bytes:
    """A text as SQLite takes it: a lone surrogate has no UTF-8, so such a text is kept as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def from_column(value: str | bytes | None) -> str:
    """The text of a column; empty for NULL."""
    if value is None:
        return ""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogatepass")


def pack_runs(runs: Runs, number_of: Callable[[str], int]) -> str:
    """Runs as `12w 40m3 5f`: length, author, and the number of the suggestion."""
    return " ".join(
        f"{length}{LETTERS[source.author]}"
        + ("" if source.suggestion_id is None else str(number_of(source.suggestion_id)))
        for length, source in runs
    )


def unpack_runs(packed: str, id_of: Callable[[int], str]) -> Runs:
    """The runs of `pack_runs`."""
    return tuple(
        (int(length), Source(AUTHORS[letter], id_of(int(number)) if number else None))
        for length, letter, number in _RUN.findall(packed)
    )


def numbers_in_runs(packed: str) -> set[int]:
    """The suggestions that packed runs name."""
    return {int(number) for _, _, number in _RUN.findall(packed) if number}


def pack_tokens(text: str, tokens: tuple[Token, ...]) -> bytes | None:
    """A candidate's tokens, compact: the pieces are cut from its text where they spell it.

    Log-probabilities are kept in 32 bits where that loses nothing, else in 64.
    """
    if not tokens:
        return None
    pieces = [token.text for token in tokens]
    spelled = "".join(pieces)
    packed: list[Any] = [
        [len(piece) for piece in pieces],
        None if spelled == text else to_column(spelled),
        _floats([token.logprob for token in tokens]),
        [len(token.alternatives) for token in tokens],
        [to_column(word) for token in tokens for word, _ in token.alternatives],
        _floats([value for token in tokens for _, value in token.alternatives]),
    ]
    if any(token.bytes is not None for token in tokens):
        packed.append([None if token.bytes is None else bytes(token.bytes) for token in tokens])
    return zlib.compress(msgspec.msgpack.encode(packed), 6)


def unpack_tokens(text: str, packed: bytes | None) -> tuple[Token, ...]:
    """The tokens of `pack_tokens`; `text` is the candidate's."""
    if packed is None:
        return ()
    lengths, spelled, logprobs, counts, words, values, *more = msgspec.msgpack.decode(
        zlib.decompress(packed)
    )
    parts = more[0] if more else [None] * len(lengths)
    spelled = text if spelled is None else from_column(spelled)
    others = list(zip(map(from_column, words), _unfloats(values), strict=True))
    tokens, at, used = [], 0, 0
    for length, logprob, count, data in zip(
        lengths, _unfloats(logprobs), counts, parts, strict=True
    ):
        alternatives = tuple(others[used : used + count])
        kept = None if data is None else tuple(data)
        tokens.append(Token(spelled[at : at + length], logprob, alternatives, kept))
        at, used = at + length, used + count
    return tuple(tokens)


def _floats(values: list[float]) -> bytes:
    try:
        short = array("f", values)
    except OverflowError:
        return b"d" + array("d", values).tobytes()
    if list(short) == values:
        return b"f" + short.tobytes()
    return b"d" + array("d", values).tobytes()


def _unfloats(packed: bytes) -> list[float]:
    out = array(chr(packed[0]))
    out.frombytes(packed[1:])
    return list(out)


def pack_json(value: Any) -> str:
    """Compact JSON; the same value always gives the same text."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
