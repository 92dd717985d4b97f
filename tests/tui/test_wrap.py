"""Soft wrap: rules by example, and properties that hold for any text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.tui.editor import wrap as wrapping
from cowrite.tui.editor.graphemes import (
    boundary_after,
    boundary_before,
    cells,
    graphemes,
    is_simple,
    is_wide,
    snapped,
)
from cowrite.tui.editor.wrap import cell_at, index_at, rewrap, row_end, wrap

PIECES = st.sampled_from(
    [*"aZ é,.-—“”(3_ \t", "word", "  ", "漢", "字", "、", "。", "「", "」", "っ", "e\u0301",
     "👨\u200d👩\u200d👧", "🇨🇭", "❤\ufe0f", "\u200b", "\u00a0", "\x1b", "\r", "ש", "ﷺ", "क्षि", "ไทย", "각",
     "\u202e", "\ud800"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)
SIMPLE = st.text(alphabet="ab -—–.,“”é(", max_size=80)
WIDTHS = st.integers(1, 24)


def rows(text: str, width: int) -> list[str]:
    starts = wrap(text, width)
    return [text[low:high] for low, high in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 5, [""]),
        ("The quick brown fox", 10, ["The quick ", "brown fox"]),
        ("hello     x", 5, ["hello     ", "x"]),
        ("hello     ", 5, ["hello     "]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("mother-in-law", 10, ["mother-in-", "law"]),
        ("a -5 b", 3, ["a ", "-5 ", "b"]),
        ("one—two", 5, ["one—", "two"]),
        ("これは、長い", 6, ["これ", "は、長", "い"]),
        ("あ「引用」い", 4, ["あ", "「引", "用」", "い"]),
        ("がっこう", 4, ["がっ", "こう"]),
        ("がこっう", 4, ["が", "こっ", "う"]),
        ("a\u00a0b cd", 4, ["a\u00a0b ", "cd"]),
        ("ab\ncd", 9, ["ab\n", "cd"]),
        ("\n", 9, ["\n", ""]),
        ("한국어 글", 6, ["한국어 ", "글"]),
        ("\tab", 4, ["\t", "ab"]),
    ],
)
def test_rows(text: str, width: int, expected: list[str]) -> None:
    assert rows(text, width) == expected


@given(TEXTS, WIDTHS)
def test_rows_cover_the_text_in_order_and_end_between_graphemes(text: str, width: int) -> None:
    starts = wrap(text, width)
    assert starts[0] == 0
    assert all(low < high for low, high in pairwise(starts))
    assert starts[-1] < len(text) or not text
    boundaries = {0}
    place = 0
    for grapheme in graphemes(text):
        place += len(grapheme)
        boundaries.add(place)
    assert set(starts) <= boundaries


@given(TEXTS, WIDTHS)
def test_no_row_is_wider_than_the_page_but_for_hanging_spaces(text: str, width: int) -> None:
    for row in rows(text, width):
        shown = row.rstrip(" \t")
        if len(list(graphemes(shown))) > 1 and "\u200b" not in shown:
            assert cell_at(shown, 0, len(shown)) <= max(width, 2)


@given(TEXTS, WIDTHS)
def test_closing_punctuation_begins_a_row_only_where_nothing_else_fits(
    text: str, width: int
) -> None:
    found = rows(text, width)
    for above, row in pairwise(found):
        if row[0] in "、。」":
            graphemes_above = list(graphemes(above))
            breakable = [
                at
                for at in range(1, len(graphemes_above))
                if wrapping._breaks(
                    above,
                    0,
                    len("".join(graphemes_above[:at])),
                    graphemes_above[at - 1],
                    graphemes_above[at],
                )
            ]
            assert above[-1] in " \t\u200b" or not breakable


@given(SIMPLE, WIDTHS)
def test_the_fast_way_and_the_careful_way_agree(text: str, width: int) -> None:
    assert is_simple(text)
    start = 0
    while start < len(text):
        end = row_end(text, start, width)
        assert end == wrapping._row_end(text, start, width, 4)
        start = end


@given(st.text(alphabet="漢字かなっー、。「」！（）…", max_size=60), WIDTHS)
def test_the_fast_way_for_wide_text_agrees_too(text: str, width: int) -> None:
    start = 0
    while start < len(text):
        end = row_end(text, start, width)
        assert end == wrapping._row_end(text, start, width, 4)
        start = end


@given(TEXTS, TEXTS, TEXTS, TEXTS, WIDTHS)
def test_rewrap_after_an_edit_is_wrap(head: str, old: str, new: str, tail: str, width: int) -> None:
    before, after = head + old + tail, head + new + tail
    assert rewrap(before, wrap(before, width), after, width) == wrap(after, width)


@given(SIMPLE, SIMPLE, st.integers(0, 80), WIDTHS)
def test_rewrap_in_prose_is_wrap(text: str, new: str, at: int, width: int) -> None:
    after = text[:at] + new + text[at + 3 :]
    assert rewrap(text, wrap(text, width), after, width) == wrap(after, width)


def test_rewrap_looks_only_at_the_rows_around_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "word " * 20_000
    starts = wrap(text, 75)
    calls = 0

    def counted(*arguments: int) -> int:
        nonlocal calls
        calls += 1
        return row_end(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(wrapping, "row_end", counted)
    rewrap(text, starts, text[:50_000] + "x" + text[50_000:], 75)
    assert calls < 30


@given(TEXTS, st.integers(0, 40))
def test_a_cell_and_its_index_find_each_other(text: str, cell: int) -> None:
    index = index_at(text, 0, len(text), cell)
    assert cell_at(text, 0, index) <= cell
    if index < len(text):
        following = boundary_after(text, index)
        assert cell_at(text, 0, following) > cell


@given(TEXTS)
def test_walking_by_graphemes_meets_every_boundary_both_ways(text: str) -> None:
    places = [0]
    while places[-1] < len(text):
        places.append(boundary_after(text, places[-1]))
    assert "".join(graphemes(text)) == text
    back = [len(text)]
    while back[-1] > 0:
        back.append(boundary_before(text, back[-1]))
    assert back[::-1] == places
    for low, high in pairwise(places):
        assert all(snapped(text, index) == low for index in range(low, high))


@pytest.mark.parametrize(
    ("grapheme", "width"),
    [("a", 1), ("漢", 2), ("e\u0301", 1), ("👨\u200d👩\u200d👧", 2), ("🇨🇭", 2), ("\x1b", 1), ("\u202e", 1),
     ("\u200b", 0)],
)  # fmt: skip
def test_cells(grapheme: str, width: int) -> None:
    assert cells(grapheme) == width


def test_every_simple_character_is_one_cell_by_the_tables() -> None:
    from wcwidth import wcwidth

    wrong = [
        hex(code)
        for code in range(0x20, 0x2100)
        if is_simple(chr(code)) and wcwidth(chr(code)) != 1
    ]
    assert wrong == []


def test_every_wide_character_is_two_cells_and_a_grapheme_by_the_tables() -> None:
    from wcwidth import wcwidth

    wide = [chr(code) for code in range(0x3000, 0x10000) if is_wide(chr(code))]
    assert [sign for sign in wide if wcwidth(sign) != 2] == []
    assert [sign for sign in wide if len(list(graphemes("漢" + sign))) != 2] == []


@pytest.mark.parametrize(
    "sign", ["a", "\t", " ", "\u0e01", "a\u00ad", "\u0301", "\u200d", "e\u0301", "\u6f22"]
)
def test_q1_an_edit_in_an_endless_line_moves_some_rows_and_no_row_is_endless(sign: str) -> None:
    """Each row fits, and those behind the edit are where they were but for one short one."""
    text = sign * 100_000
    rows = wrap(text, 40)
    assert max(high - low for low, high in pairwise(rows)) <= 16 * 40 + 1024
    middle = len(text) // 2
    other = text[:middle] + "x" + text[middle:]
    fresh = rewrap(text, rows, other, 40)
    assert [row for row in fresh if row < middle - 4000] == [
        row for row in rows if row < middle - 4000
    ]
    far = middle + 20_000
    assert [row for row in fresh if row > far] == [row + 1 for row in rows if row + 1 > far]
    for low, high in pairwise(fresh):
        assert cell_at(other, low, low + len(other[low:high].rstrip(" \t"))) <= 40


def test_q1_a_thousand_accents_are_several_letters() -> None:
    text = "e" + "\u0301" * 5000
    assert boundary_after(text, 0) == 512
    assert 0 < len(text) - boundary_before(text, len(text)) <= 512
