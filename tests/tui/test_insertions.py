"""Texts that are shown in a paragraph without being in it, and a rewrite as the page shows it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.events import DIFF, Generated, Instructed, Shown
from cowrite.core.rewrites import Rewrites
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings
from cowrite.core.task import TaskKind
from cowrite.tui.editor.diff_view import diff_view
from cowrite.tui.editor.insertions import Insertions
from cowrite.tui.editor.layout import Ghost, Layout
from cowrite.tui.editor.wrap import wrap


@st.composite
def inserted(draw: st.DrawFn) -> tuple[str, list[tuple[int, str]]]:
    text = draw(st.text(alphabet="ab 漢", max_size=20))
    columns = draw(st.lists(st.integers(0, len(text)), max_size=5).map(sorted))
    texts = draw(st.lists(st.text(alphabet="XY\n", min_size=1, max_size=4), min_size=5, max_size=5))
    return text, list(zip(columns, texts, strict=False))


@given(inserted())
def test_columns_and_indexes_match(made: tuple[str, list[tuple[int, str]]]) -> None:
    text, inserts = made
    found = Insertions(inserts)
    shown = found.shown(text)
    assert len(shown) == len(text) + sum(len(fresh) for _, fresh in inserts)
    for column in range(len(text) + 1):
        assert found.column(found.index(column)) == column
        assert found.column(found.index(column, behind=True)) == column
        assert shown[found.index(column, behind=True) :][:1] == text[column : column + 1]
    columns = [found.column(index) for index in range(len(shown) + 1)]
    assert columns == sorted(columns)


@given(inserted(), st.data())
def test_a_range_is_shown_without_what_is_not_in_the_paragraph(
    made: tuple[str, list[tuple[int, str]]], data: st.DataObject
) -> None:
    text, inserts = made
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = Insertions(inserts)
    shown = found.shown(text)
    assert "".join(shown[low:high] for low, high in found.apart(start, end)) == text[start:end]
    assert [shown[low:high] for low, high in found.spans()] == [fresh for _, fresh in inserts]


def test_a_ghost_and_new_words_are_laid_out_together() -> None:
    document = Document("one two three\nfour")
    layout = Layout(document, 10)
    layout.set_fresh({0: ((3, " X"), (7, " Y")), 1: ((4, "!"),)})
    layout.set_ghost(Ghost(0, 7, " ghost"))
    text, starts = layout.wrapped(0)
    assert text == "one X two Y ghost three"
    assert list(starts) == wrap(text, 10)
    assert layout.wrapped(1)[0] == "four!"
    _, first, before, after = document.replace(0, 0, "zero\n")
    layout.changed(first, before, after)
    assert layout.wrapped(2)[0] == "four!"
    layout.set_fresh({})
    layout.set_ghost(None)
    fresh = [wrap(document.line(line), 10) for line in range(document.line_count)]
    assert [list(layout.wrapped(line)[1]) for line in range(layout.count)] == fresh


def test_a_rewrite_as_the_page_shows_it() -> None:
    text = "Intro.\nMarta saw a lamp.\nIt was dark.\n"
    document = Document(text)
    rewrites = Rewrites(lambda: document)
    start, end = 7, len(text) - 1
    asked = Instructed("r", TaskKind.REWRITE, "x", start, end, 0, end, Params(n=1), "m", "0")
    rewrites.apply(asked)
    made = (Candidate("She saw a lamp.\nIt was night.", (), StopReason.END),)
    rewrites.apply(Generated("r", made, Timings()))
    rewrites.apply(Shown("r", 0, DIFF))
    assert rewrites.current is not None
    view = diff_view(document, rewrites.current, start)
    assert view.gone == {1: ((0, 5),), 2: ((7, 11),)}
    assert view.fresh == {1: ((5, "She"),), 2: ((11, "night"),)}
    assert view.here == {1: ((0, 5),)}
    assert view.here_fresh == (1, 5)
    assert view.end == (2, 12)
    assert diff_view(document, rewrites.current, 0).here == {}
