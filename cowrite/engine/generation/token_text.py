"""What tokens say: their bytes as text, also where a character is made of several tokens.

Emoji, old scripts and rare ideographs are spelled byte by byte. A token's text is what becomes whole with it,
so that the texts of all tokens are the candidate's; its bytes are kept where they are not those of its text.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from cowrite.core.suggestion import Token, byte_name

Likely = tuple[bytes, float]
"""What might have been chosen, and its natural log-probability."""

Piece = tuple[bytes, float, tuple[Likely, ...]]
"""A chosen token's bytes and log-probability, and what else was likely there."""

_DECODER = codecs.getincrementaldecoder("utf-8")


def spelled(pieces: Iterable[Piece]) -> Iterator[Token]:
    """The tokens of a candidate, in order. Bytes that are no part of a character are in no text."""
    decoder = _DECODER("ignore")
    for data, logprob, others in pieces:
        pending = decoder.getstate()[0]
        alternatives = tuple((_alternative(pending, other), value) for other, value in others)
        text = decoder.decode(data)
        kept = None if text.encode() == data else tuple(data)
        yield Token(text, logprob, alternatives, kept)


def _alternative(pending: bytes, data: bytes) -> str:
    """What a token would have said behind the unfinished character `pending`; its bytes where that is none."""
    decoder = _DECODER("ignore")
    decoder.decode(pending)
    text = decoder.decode(data)
    rest = decoder.getstate()[0]
    return text + byte_name(rest) if text else byte_name(data)
