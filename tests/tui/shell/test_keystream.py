"""The input stream: whatever the chunks are, keys stay keys and pastes stay pastes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.tui.terminal.keystream import Background, Keys, KeyStream, Pasted, Piece, is_alt

pieces = st.lists(
    st.one_of(
        st.builds(Keys, st.text(alphabet="abc\r\t[]2", min_size=1, max_size=5)),
        st.builds(
            Keys, st.sampled_from(["\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[21~", "\x1b[<0;3;4M"])
        ),
        st.builds(
            Pasted,
            st.text(alphabet="ab\x1b[]201~\x11\n", max_size=12).filter(
                lambda text: "\x1b[201~" not in text + "\x1b[201"
            ),
        ),
    ),
    max_size=8,
)


def encoded(piece: Piece) -> str:
    return f"\x1b[200~{piece.text}\x1b[201~" if isinstance(piece, Pasted) else piece.text  # type: ignore[union-attr]


def merged(found: list[Piece]) -> list[Piece]:
    """Keys next to one another as one."""
    out: list[Piece] = []
    for piece in found:
        if isinstance(piece, Keys) and out and isinstance(out[-1], Keys):
            out[-1] = Keys(out[-1].text + piece.text)
        else:
            out.append(piece)
    return out


@given(pieces, st.data())
def test_any_cut_gives_the_same_pieces(wanted: list[Piece], data: st.DataObject) -> None:
    text = "".join(map(encoded, wanted))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    stream = KeyStream()
    found: list[Piece] = []
    for low, high in zip([0, *cuts], [*cuts, len(text)], strict=True):
        found += stream.feed(text[low:high])
    found += stream.release()
    assert merged(found) == merged([p for p in wanted if not isinstance(p, Keys) or p.text])


def test_a_lone_escape_is_released_as_a_key() -> None:
    stream = KeyStream()
    assert list(stream.feed("\x1b")) == []
    assert stream.waiting
    assert list(stream.release()) == [Keys("\x1b")]
    assert not stream.waiting


def test_a_key_with_alt_is_whole_whatever_follows() -> None:
    found = list(KeyStream().feed("\x1bt\x1bhxy\x1b[A\x1bOP"))
    assert found == [Keys("\x1bt"), Keys("\x1bh"), Keys("xy"), Keys("\x1b[A"), Keys("\x1bOP")]
    assert [is_alt(piece.text) for piece in found if isinstance(piece, Keys)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_an_unfinished_paste_is_not_released_as_keys() -> None:
    stream = KeyStream()
    assert list(stream.feed("\x1b[200~text\x1b[20")) == []
    assert not stream.waiting
    assert list(stream.release()) == []
    assert list(stream.feed("1~x")) == [Pasted("text"), Keys("x")]


@pytest.mark.parametrize(
    ("answer", "luminance"),
    [
        ("rgb:0000/0000/0000", 0.0),
        ("rgb:ffff/ffff/ffff", 1.0),
        ("rgb:f/f/f", 1.0),
        ("rgba:ff/ff/ff/80", 1.0),
    ],
)
@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_the_background_is_read_and_not_typed(answer: str, luminance: float, end: str) -> None:
    (first, background, last) = KeyStream().feed(f"a\x1b]11;{answer}{end}b")
    assert (first, last) == (Keys("a"), Keys("b"))
    assert isinstance(background, Background)
    assert background.luminance == pytest.approx(luminance)


def test_an_answer_that_makes_no_sense_is_dropped() -> None:
    assert list(KeyStream().feed("\x1b]11;what\x07\x1b]10;rgb:0/0/0\x07b")) == [Keys("b")]
