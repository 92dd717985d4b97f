"""The input stream: whatever the chunks are, keys stay keys and pastes stay pastes, and none is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typist import Clock, said, stream_of

from cowrite.tui.terminal.answers import Background
from cowrite.tui.terminal.keyreports import COMPOSED, Press, is_text, press_of, presses
from cowrite.tui.terminal.keystream import AT_ONCE, KeyStream, Piece
from cowrite.tui.terminal.modes import ESCAPE_PATIENCE, FAR_ESCAPE_PATIENCE
from cowrite.tui.terminal.pasting import Pasted

ESC = "\x1b"
REPORTS = (
    "[A", "[1;5C", "OP", "[21~", "[97;5u", "[1099::115;5u", "[32;;26377:24456u", "[13;2u", "[27;5;13~",
    "[Z", "[[A", "[3^", "[1;2:2B", "[57410u", "[0;;128104:8205:128105u",
)  # fmt: skip

pieces = st.lists(
    st.one_of(
        st.text(alphabet="ab你é\xa0\r\t[]2~u;", min_size=1, max_size=5),
        st.sampled_from(REPORTS).map(lambda rest: ESC + rest),
        st.text(alphabet="ab\x1b[]201~\x11\n", max_size=12)
        .filter(lambda text: f"{ESC}[201~" not in f"{text}{ESC}[201")
        .map(lambda text: Pasted(text)),
    ),
    max_size=8,
)


def wanted(part: str | Pasted) -> list[Piece]:
    if isinstance(part, Pasted):
        return [part] if part.text else []
    if part[0] == ESC:
        return list(presses(part) or ())
    return [key for character in part for key in press_of(character)]


@given(pieces, st.data())
def test_any_cut_gives_the_same_pieces(parts: list[str | Pasted], data: st.DataObject) -> None:
    text = "".join(f"{ESC}[200~{p.text}{ESC}[201~" if isinstance(p, Pasted) else p for p in parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    clock = Clock()
    stream = KeyStream(clock)
    found: list[Piece] = []
    for low, high in zip([0, *cuts], [*cuts, len(text)], strict=True):
        clock.now += data.draw(st.floats(0, AT_ONCE / 2))
        found += stream.feed(text[low:high])
        found += stream.expire()
    assert found == [piece for part in parts for piece in wanted(part)]
    assert stream.due is None


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")).filter(is_text)), st.data())
def test_plain_text_comes_out_as_it_is(text: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(text)))
    found = stream_of(text[:cut], data.draw(st.sampled_from([0.0, 0.1, 3.0])), text[cut:])
    assert "".join(piece.text or "" for piece in found if isinstance(piece, Press)) == text
    assert len(found) == len(text)


noise = st.lists(
    st.one_of(
        st.text(alphabet="\x1b[]OPX^_\\?<>;:~umMRA0123456789\x07\r\n\x13é你", max_size=12),
        st.sampled_from(
            [
                ESC,
                "\x1b[",
                "\x1b[200~",
                "\x1b[201~",
                "\x1b]11;",
                "\x1bP",
                "\x1b_G",
                "\x9b",
                "\x1b[M",
            ]
        ),
        st.sampled_from([0.0, 0.02, 0.06, 0.3, 1.0, 3.0]),
    ),
    max_size=30,
)


@given(noise)
def test_nothing_raises_and_nothing_holds_the_keys_that_follow(steps: list[str | float]) -> None:
    found = stream_of(*steps, 5.0, "hello", 0.2, "\x13")
    assert [piece.text for piece in found[-6:] if isinstance(piece, Press)] == [*"hello", "\x13"]
    for piece in found:
        if isinstance(piece, Press) and piece.text and piece.key == COMPOSED:
            assert ESC not in piece.text


@pytest.mark.parametrize(
    ("steps", "result"),
    [
        ((ESC, 1.0), "<escape>"),
        ((ESC, 0.15, "[A"), "<up>"),
        ((ESC, 0.15, "[", 0.15, "A"), "<up>"),
        ((ESC, 0.15, "OP"), "<f1>"),
        ((ESC, 0.15, "O", 0.1, "P"), "<f1>"),
        ((ESC, 0.15, "[1;5", 0.15, "D"), "<ctrl+left>"),
        ((ESC, 0.15, "[97;5u"), "<ctrl+a>"),
        ((ESC, 0.15, "[200~text\x1b[201~"), "«text»"),
        ((ESC, 0.15, "[<0;3;4M"), "<Report>"),
        ((ESC, 0.15, "]11;rgb:0/0/0\x07x"), "<Background>x"),
        (("\x1b[1;5", 0.4, "D"), "<ctrl+left>"),
        (("\x1b[32;;26377:24", 0.4, "456u"), "有很"),
        # It was the key, and the rest of a sequence came later still
        ((ESC, 0.4, "[A"), "<escape><up>"),
        ((ESC, 0.4, "[200~text\x1b[201~"), "<escape>«text»"),
        ((ESC, 2.0, "[A"), "<escape>[A"),
        # What a writer types behind Escape is neither lost nor out of its order
        ((ESC, 0.1, "hello"), "<escape>hello"),
        ((ESC, 0.1, "h", 0.1, "i"), "<escape>hi"),
        ((ESC, 0.1, "Oh, "), "<escape>Oh, "),
        ((ESC, 0.1, "O", 0.1, "r"), "<escape>Or"),
        ((ESC, 0.1, "[", 0.3, "x"), "<escape>[x"),
        ((ESC, 0.1, "[", 3.0, "A"), "<escape>[A"),
        ((ESC, 0.1, "]", 0.1, "x"), "<escape>]x"),
        ((ESC, 0.1, "Perhaps"), "<escape>Perhaps"),
        ((ESC, 0.1, "_so"), "<escape>_so"),
        ((ESC, 0.1, "\x13"), "<escape><ctrl+s>"),
        ((ESC, 0.1, ESC, 0.1, "x"), "<escape><escape>x"),
        ((ESC, 0.1, "\x1b[A"), "<escape><up>"),
        (("\x1b\x1b[A",), "<escape><up>"),
    ],
)
def test_k8_what_follows_escape_late(steps: tuple[str | float, ...], result: str) -> None:
    assert said(*steps) == result


def test_k8_how_long_escape_waits() -> None:
    assert said(ESC, ESCAPE_PATIENCE + 0.01 + 0.5, "[A") == "<escape>[A"
    assert ESCAPE_PATIENCE > 0.15
    assert said(ESC, FAR_ESCAPE_PATIENCE - 0.01, "[A", far=True) == "<up>"
    assert said(ESC, 0.04, "[A", escape=0.03) == "<escape><up>"


@pytest.mark.parametrize(
    ("steps", "result"),
    [
        (("\x1b[",), "<alt+left_square_bracket>"),
        (("\x1b[", 0.2, "hello"), "<alt+left_square_bracket>hello"),
        (("\x1b[1;", 0.2, "hello"), "hello"),
        (("\x1b[1;", 2.0, "hello"), "hello"),
        (("\x1b[12é",), "é"),
        (("\x1b[12\x13",), "<ctrl+s>"),
        (("\x1b[12\x1b[A",), "<up>"),
        (("\x1b[[xy",), "xy"),
        (("\x1bO", 2.0, "x"), "<alt+shift+o>x"),
        (("\x1b]0;a title", 2.0, "hello"), "hello"),
        (("\x1b]0;a title", 0.1, "hello"), "hello"),
        (("\x1b]0;a title\x07hello",), "hello"),
        (("\x1b]0;a ti\x1b[Ahello",), "<up>hello"),
        (("\x1bP1$r0m\x1b\\hello",), "hello"),
        (("\x1bP>|kitty", 2.0, "hello"), "hello"),
        (("\x1b_Gi=1;OK", 0.3, "\x1b\\hello"), "hello"),
        (("\x1b^private", 2.0, "hello"), "hello"),
        (("\x1bXstart of string", 2.0, "hello"), "hello"),
        (("\x1b]", 0.2, "hello"), "<alt+right_square_bracket>hello"),
        (("\x1bX", 0.2, "hello"), "<alt+shift+x>hello"),
        (("\x1b[?62;c", "x"), "x"),
        (("\x1b[?62", 0.2, ";c", "x"), "x"),
        (("\x1b[M abx",), "x"),
        (("\x1b[23$x",), "<shift+f11>x"),
    ],
)
def test_what_is_not_understood_is_left_out_and_ends(
    steps: tuple[str | float, ...], result: str
) -> None:
    assert said(*steps) == result


def test_a_string_that_goes_on_for_ever_ends() -> None:
    steps: list[str | float] = ["\x1bP1$r"]
    for _ in range(40):  # a key that is held down, behind a string without an end
        steps += [0.04, "x"]
    assert 2 <= said(*steps).count("x") <= 38


def test_a_key_with_alt_is_whole_whatever_follows() -> None:
    assert said("\x1bt\x1bhxy\x1b[A\x1bOP\x1bд") == "<alt+t><alt+h>xy<up><f1><alt+l>"
    assert said("\x1b\r\x1b\x7f\x1bf\x1bb\x1bL") == (
        "<enter><ctrl+w><ctrl+right><ctrl+left><alt+shift+l>"
    )


@pytest.mark.parametrize(
    ("steps", "result"),
    [
        (("a\nb",), "a<ctrl+j>b"),
        (("a\r\nb\r\n",), "a<enter>b<enter>"),
        (("a\r", "\nb"), "a<enter>b"),
        (("a\r", 0.2, "\nb"), "a<enter><ctrl+j>b"),
        (("a\n\n",), "a<ctrl+j><ctrl+j>"),
    ],
)
def test_k6_line_endings_are_one_key(steps: tuple[str | float, ...], result: str) -> None:
    assert said(*steps) == result


@pytest.mark.parametrize(
    ("steps", "result"),
    [
        (("\x1b[200~lost words", 2.0, " and more", 0.1, "\x13"), "«lost words» and more<ctrl+s>"),
        (("\x1b[200~lost words", 2.0, " and more\x13"), "«lost words» and more<ctrl+s>"),
        (("\x1b[200~lost words", 0.2, "\x13", 0.5), "«lost words»<ctrl+s>"),
        (("\x1b[200~lost words", 0.01, "\x13", 0.5), "«lost words»<ctrl+s>"),
        (("\x1b[200~lost words", 0.2, "\x13", 0.01, "\x1b[113;5u"), "«lost words»<ctrl+s><ctrl+q>"),
        (("\x1b[200~one", "\x13", "two\x1b[201~x"), "«one\x13two»x"),
        (("\x1b[200~lost words", 0.2, "\x1b[115;5u", 0.5), "«lost words»<ctrl+s>"),
        (("\x1b[200~lost words", 0.2, "\x1b[1;5D\x1b[A", 0.5), "«lost words»<ctrl+left><up>"),
        (("\x1b[200~lost words", 0.2, "\x1bl", 0.5), "«lost words»<alt+l>"),
        (("\x1b[200~lost words", 0.2, ESC, 0.6), "«lost words»<escape>"),
        (("\x1b[200~lost words", 0.2, "\x1b[<35;1;1M", 0.05, "\x1b[<35;1;2M", 1.0),
         "«lost words»<Report><Report>"),
        # A paste that comes slowly is one, and what looks like keys in it is none
        (("\x1b[200~one ", 0.5, "two ", 0.5, "three\x1b[201~x"), "«one »…two »…three»x"),
        (("\x1b[200~one", 0.2, "\x13", 0.2, "two\x1b[201~x"), "«one\x13two»x"),
        (("\x1b[200~one", 0.2, "\x1b[A", 0.2, "two\x1b[201~x"), "«one\x1b[Atwo»x"),
        (("\x1b[200~one", 0.2, ESC, 0.2, "[201~x"), "«one»x"),
        (("\x1b[200~one\x1b[20", 0.6, "1~x"), "«one»x"),
        (("\x1b[200~one\r", 0.4, "\ntwo\x1b[201~x"), "«one»…\r\ntwo»x"),
        # The rest of one that was taken for ended
        (("\x1b[200~one", 2.0, " two\x1b[201~x"), "«one»… two»x"),
        (("\x1b[200~one", 2.0, "y" * 70, "\x1b[201~x"), f"«one»…{'y' * 70}»x"),
        (("\x1b[200~one\x1b[20", 2.0, "x"), "«one»x"),
        (("\x1b[200~\x1b[201~x",), "x"),
        (("\x1b[201~x",), "x"),
    ],
)  # fmt: skip
def test_p1_a_paste_without_an_end(steps: tuple[str | float, ...], result: str) -> None:
    assert said(*steps) == result


def test_p1_a_paste_over_a_network_has_more_time() -> None:
    assert said("\x1b[200~one", 1.2, "two\x1b[201~", far=True) == "«one»…two»"
    assert said("\x1b[200~one", 3.0, "\x13", far=True) == "«one»<ctrl+s>"


def test_p1_what_has_come_is_delivered_before_the_end() -> None:
    clock = Clock()
    stream = KeyStream(clock)
    assert list(stream.feed("\x1b[200~lost words")) == []
    clock.now += 0.35
    assert list(stream.expire()) == [Pasted("lost words")]
    clock.now += 0.1
    assert list(stream.feed(" and more\x1b[201~")) == [Pasted(" and more", goes_on=True)]
    assert stream.due is None


@pytest.mark.parametrize(
    ("inside", "result"),
    [
        ("AAA\x1b[106;5uBBB\x1b[13;1uCCC", "AAA\nBBB\rCCC"),
        ("AAA\x1b[27;5;106~BBB\x1b[13uCCC\x1b[109;5uDDD", "AAA\nBBB\rCCC\rDDD"),
        ("a\x1b[97;5u\x1b[A\x1bOP\x11\x1b]0;x\x07\x1b[31mred", None),
        ("a\x1b[106;5", None),
        ("line\r\nline\ttab\x00", None),
    ],
)
def test_p2_only_line_breaks_of_a_paste_are_undone(inside: str, result: str | None) -> None:
    whole = f"\x1b[200~{inside}\x1b[201~"
    for cut in range(len(whole)):
        assert stream_of(whole[:cut], whole[cut:]) == [Pasted(result or inside)]


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
    first, background, last = stream_of(f"a\x1b]11;{answer}{end}b")
    assert (first, last) == (Press("a", "a"), Press("b", "b"))
    assert isinstance(background, Background)
    assert background.luminance == pytest.approx(luminance)


def test_an_answer_that_makes_no_sense_is_dropped() -> None:
    assert said("\x1b]11;what\x07\x1b]10;rgb:0/0/0\x07\x1b]11;rgb:00000/0/0\x07b") == "b"
