"""Rows of a whole draft, with edits and a ghost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.tui.editor.heights import Heights
from cowrite.tui.editor.layout import Ghost, Layout, Place
from cowrite.tui.editor.wrap import wrap

LINES = st.lists(st.text(alphabet="ab 漢。-\u0301", max_size=30), min_size=1, max_size=12)
EDITS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 40), st.text(alphabet="a \n漢", max_size=12)),
    max_size=8,
)


def edit(document: Document, layout: Layout, start: int, size: int, text: str) -> None:
    start %= len(document) + 1
    _, first, before, after = document.replace(start, min(len(document), start + size), text)
    layout.changed(first, before, after)


@given(LINES, EDITS, st.integers(1, 20))
def test_after_any_edits_the_rows_are_those_of_a_fresh_layout(
    lines: list[str], edits: list[tuple[int, int, str]], width: int
) -> None:
    document = Document("\n".join(lines))
    layout = Layout(document, width)
    layout.work(1.0)
    for start, size, text in edits:
        edit(document, layout, start, size, text)
    layout.work(1.0)
    fresh = [wrap(document.line(line), width) for line in range(document.line_count)]
    assert [list(layout.wrapped(line)[1]) for line in range(layout.count)] == fresh
    assert layout.heights.total == sum(map(len, fresh))


@given(
    LINES,
    EDITS,
    st.integers(1, 20),
    st.text(alphabet="gh \n漢", min_size=1, max_size=30),
    st.data(),
)
def test_a_ghost_is_laid_out_as_if_it_stood_there_and_leaves_no_trace(
    lines: list[str], edits: list[tuple[int, int, str]], width: int, ghost: str, data: st.DataObject
) -> None:
    document = Document("\n".join(lines))
    layout = Layout(document, width)
    for start, size, text in edits:
        at = data.draw(st.integers(0, len(document)))
        paragraph, column = document.locate(at)
        layout.set_ghost(Ghost(paragraph, column, ghost))
        line = document.line(paragraph)
        shown, starts = layout.wrapped(paragraph)
        assert shown == line[:column] + ghost + line[column:]
        assert list(starts) == wrap(shown, width)
        for index in range(layout.count):
            layout.rows(index)
        edit(document, layout, start, size, text)
        assert layout.ghost is None
    layout.set_ghost(None)
    for index in range(layout.count):
        shown, starts = layout.wrapped(index)
        assert (shown, list(starts)) == (document.line(index), wrap(document.line(index), width))


@given(LINES, st.integers(1, 20), st.data())
def test_every_offset_has_a_place_that_leads_back(
    lines: list[str], width: int, data: st.DataObject
) -> None:
    document = Document("\n".join(line.replace("\u0301", "") for line in lines))
    layout = Layout(document, width)
    offset = data.draw(st.integers(0, len(document)))
    place = layout.place(offset)
    found = layout.offset(*place)
    _, start, end = layout.row_span(place.paragraph, place.row)
    at_row_end = place.row + 1 < layout.rows(place.paragraph)
    base = document.line_start(place.paragraph)
    assert found == offset or (at_row_end and base + start <= found < base + end)
    ghost = Ghost(place.paragraph, offset - base, "some ghost\ntext ")
    layout.set_ghost(ghost)
    moved = layout.place(offset)
    text, starts = layout.wrapped(place.paragraph)
    assert starts[moved.row] <= ghost.column < [*starts, len(text) + 1][moved.row + 1]


@given(LINES, st.integers(1, 20), st.integers(-50, 50))
def test_stepping_by_rows_walks_all_rows(lines: list[str], width: int, by: int) -> None:
    layout = Layout(Document("\n".join(lines)), width)
    every = [(line, row) for line in range(layout.count) for row in range(layout.rows(line))]
    for number, (paragraph, row) in enumerate(every):
        target = max(0, min(len(every) - 1, number + by))
        assert layout.step(paragraph, row, by) == every[target]
        place = Place(*every[target], 0)
        assert layout.distance(paragraph, row, place, 1000) == target - number


@settings(max_examples=200)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=1500), st.data())
def test_heights_are_a_list_with_sums(numbers: list[int], data: st.DataObject) -> None:
    heights = Heights(numbers)
    for _ in range(3):
        first = data.draw(st.integers(0, len(numbers)))
        before = data.draw(st.integers(0, len(numbers) - first))
        fresh = data.draw(
            st.lists(st.integers(1, 9), min_size=1 if before == len(numbers) else 0, max_size=700)
        )
        heights.replace(first, before, fresh)
        numbers[first : first + before] = fresh
        assert heights.total == sum(numbers)
        assert len(heights) == len(numbers)
        at = data.draw(st.integers(0, len(numbers) - 1))
        assert heights.before(at) == sum(numbers[:at])
        assert heights.locate(sum(numbers[:at])) == (at, 0)
        assert heights.locate(sum(numbers[: at + 1]) - 1) == (at, numbers[at] - 1)


def test_opening_wraps_nothing_and_work_wraps_all() -> None:
    document = Document("\n".join("word " * 40 for _ in range(500)))
    layout = Layout(document, 30)
    assert layout._wrapped == [None] * 500
    while layout.work(0.0):
        pass
    assert None not in layout._wrapped
    assert layout.heights.total == sum(layout.rows(line) for line in range(500))


def test_a_key_in_a_long_text_wraps_one_paragraph() -> None:
    document = Document("\n".join("word " * 40 for _ in range(500)))
    layout = Layout(document, 30)
    while layout.work(0.0):
        pass
    kept = list(layout._wrapped)
    edit(document, layout, document.line_start(250) + 7, 0, "x")
    changed = [line for line in range(500) if layout._wrapped[line] is not kept[line]]
    assert changed == [250]
