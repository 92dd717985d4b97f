"""What a page is told of edits that one key makes: enough to draw the draft again, and as seldom as can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.session.line_changes import LineChanges


class Page:
    """Keeps a draft's lines by what it is told alone."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = self.now()
        self.told = 0

    def now(self) -> list[str]:
        return [self.document.line(index) for index in range(self.document.line_count)]

    def changed(self, first: int, before: int, after: int) -> None:
        self.told += 1
        self.lines[first : first + before] = self.now()[first : first + after]
        assert self.lines == self.now()  # the document is as it was when this was the last change

    def moved(self) -> None: ...
    def ghosted(self) -> None: ...
    def status(self) -> None: ...
    def notice(self, message: str, hint: str = "", severity: str = "information") -> None: ...


def edit(document: Document, lines: LineChanges, start: int, end: int, text: str) -> None:
    lines.coming(start, end)
    _, first, before, after = document.replace(start, end, text)
    lines.made(first, before, after)


TEXT = st.text(alphabet="ab\n\r", max_size=30)


@given(TEXT, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5), TEXT), max_size=8))
def test_a_page_that_follows_has_the_drafts_lines(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    document = Document(text)
    page = Page(document)
    lines = LineChanges(document, page)
    with lines.together():
        for start, size, fresh in edits:
            start = min(start, len(document))
            edit(document, lines, start, min(start + size, len(document)), fresh)
    assert page.lines == page.now()


def test_edits_of_one_paragraph_are_told_once_and_those_far_away_by_themselves() -> None:
    document = Document("one two three four\n\nfive six\n\n\n\n\nseven")
    page = Page(document)
    lines = LineChanges(document, page)
    with lines.together():
        for start in (24, 20, 14, 8, 0):  # from the last to the first, as hunks are taken
            edit(document, lines, start, start + 1, "x")
    assert page.told == 1
    with lines.together():
        edit(document, lines, len(document), len(document), "!")
        edit(document, lines, 0, 1, "O")
    assert page.told == 3
    edit(document, lines, 0, 1, "o")
    assert page.told == 4
