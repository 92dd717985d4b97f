"""Tokens joined are the text, whatever its characters are made of."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cowrite.core.suggestion import Token, bytes_of, is_part
from cowrite.engine.generation.token_text import spelled
from cowrite.store.codec import pack_tokens, unpack_tokens

DATA = st.binary(max_size=4) | st.text(max_size=3).map(lambda text: text.encode("utf-8", "replace"))


def cut(text: str, places: list[int]) -> list[bytes]:
    data = text.encode()
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[a:b] for a, b in itertools.pairwise(ends)]


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), st.lists(st.integers(0, 40)))
@example("a👨‍👩‍👧𒀀", list(range(40)))
def test_l7_a_text_cut_anywhere_is_joined_again(text: str, places: list[int]) -> None:
    pieces = cut(text, places)
    tokens = list(spelled((piece, -1.0, ()) for piece in pieces))
    assert "".join(token.text for token in tokens) == text
    assert [bytes_of(token) for token in tokens] == pieces
    assert all(token.label for token in tokens)


@settings(max_examples=300)
@given(st.lists(st.tuples(DATA, st.lists(DATA, max_size=2)), max_size=6))
def test_l7_any_bytes_are_kept_and_come_back_from_the_log(
    pieces: list[tuple[bytes, list[bytes]]],
) -> None:
    said = [(data, -0.5, tuple((other, -2.0) for other in others)) for data, others in pieces]
    tokens = tuple(spelled(said))
    text = b"".join(data for data, _ in pieces).decode("utf-8", "ignore")
    assert "".join(token.text for token in tokens) == text
    assert [bytes_of(token) for token in tokens] == [data for data, _ in pieces]
    assert unpack_tokens(text, pack_tokens(text, tokens)) == tokens


def test_l7_an_alternative_is_what_the_character_would_have_been() -> None:
    others = ((b"\x82", -1.0), (b"\xe2", -2.0), (b"a", -3.0), (b" \xf0", -4.0), (b"\x80\xf0", -5.0))
    *_, last = spelled([(b"\xf0\x9f", 0, ()), (b"\x98", 0, ()), (b"\x80", 0, others)])
    assert last.text == "😀"
    wanted = ["😂", "<0xE2>", "a", " <0xF0>", "😀<0xF0>"]
    assert [text for text, _ in last.alternatives] == wanted
    assert [is_part(text) for text in wanted] == [False, True, False, True, True]


def test_l7_tokens_of_whole_characters_are_packed_as_they_always_were() -> None:
    plain = (Token("Hé", -1.0, (("a", -2.0),)), Token(" wild", -0.5))
    parts = (Token("", -1.0, (), (0xF0, 0x9F)), Token("😀", -1.0, (), (0x98, 0x80)))
    assert unpack_tokens("Hé wild", pack_tokens("Hé wild", plain)) == plain
    assert unpack_tokens("😀", pack_tokens("😀", parts)) == parts
