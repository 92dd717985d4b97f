"""A draft's reading follows its edits, and costs what was changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.reading import Reading

LINE = st.sampled_from(
    [
        *(
            "```",
            "~~~",
            "````",
            "text",
            "*em",
            "ph*",
            "",
            "  ```py",
            "x ```",
            "> a",
            "> ```",
            "- b",
        ),
        *(
            "  c",
            "    d",
            "---",
            "===",
            "# h",
            "<!-- x",
            "y -->",
            "<div>",
            "a | b",
            "-|-",
            "`c",
            "e`",
        ),
        *("title: x", "[r]: /u", "z <!-- *w*"),
    ]
)
DRAFT = st.lists(LINE, min_size=1, max_size=14)


def all_of(reading: Reading, document: Document) -> list[object]:
    """All that a reading says of a draft."""
    lines = range(document.line_count)
    return [[(reading.line(at), reading.spans(at)) for at in lines], reading.headings()]


@settings(max_examples=300, deadline=None)
@given(
    DRAFT,
    st.lists(
        st.tuples(
            st.integers(0, 99), st.integers(0, 12), st.lists(LINE, max_size=4), st.integers(-1, 14)
        ),
        max_size=6,
    ),
)
def test_it_follows_edits(lines: list[str], edits: list[tuple[int, int, list[str], int]]) -> None:
    document = Document("\n".join(lines))
    reading = Reading(document)
    for start, size, fresh, looked_at in edits:
        if 0 <= looked_at < document.line_count:
            reading.line(looked_at)
        start %= len(document) + 1
        end = min(len(document), start + size)
        _, first, before, after = document.replace(start, end, "\n".join(fresh))
        reading.changed(first, before, after)
    assert all_of(reading, document) == all_of(Reading(document), document)


def after_edit(text: str, offset: int, inserted: str) -> tuple[Reading, Document]:
    """A reading of all of a text that has just been told of an edit, its steps counted from then on."""
    document = Document(text)
    reading = Reading(document)
    reading.line(document.line_count - 1)
    _, first, before, after = document.replace(offset, offset, inserted)
    reading.steps = 0
    reading.changed(first, before, after)
    return reading, document


def test_q1_a_key_reads_the_lines_around_it() -> None:
    reading, document = after_edit("some prose\n\n" * 10_000, 60_000, "x")
    reading.line(document.line_count - 1)
    assert reading.steps < 10


def test_q1_what_changes_all_below_is_read_as_far_as_somebody_looks() -> None:
    reading, document = after_edit("some prose\n\n" * 10_000, 12, "```\n")
    assert reading.line(5).kind == "code"
    assert reading.steps < 20
    assert reading.line(document.line_count - 2).kind == "code"
    assert reading.steps < document.line_count + 20


def test_q1_opening_a_fence_and_closing_it_again_is_read_once() -> None:
    reading, document = after_edit("some prose\n\n" * 10_000, 12, "```\n")
    reading.line(40)
    _, first, before, after = document.replace(12, 16, "")
    reading.changed(first, before, after)
    reading.steps = 0
    reading.line(document.line_count - 1)
    assert reading.steps < 60


def test_spans_go_over_the_lines_of_a_paragraph() -> None:
    reading = Reading(Document("> an *emphasis\n> over* `two\nlines` here"))
    assert [reading.spans(line) for line in range(3)] == [
        ((0, 14, "quote"), (0, 2, "mark"), (5, 14, "emphasis"), (5, 6, "delimiter")),
        (
            *((0, 12, "quote"), (0, 2, "mark"), (2, 7, "emphasis"), (6, 7, "delimiter")),
            (8, 12, "code"),
        ),
        ((0, 6, "code"),),
    ]


def test_a_comment_goes_over_lines() -> None:
    reading = Reading(Document("<!-- one\ntwo\nthree --> four\n\na <!-- b\nc --> d"))
    spans = [reading.spans(line) for line in range(6)]
    assert spans == [
        ((0, 8, "comment"),),
        ((0, 3, "comment"),),
        ((0, 9, "comment"),),
        (),
        ((2, 8, "comment"),),
        ((0, 5, "comment"),),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One #\ntext\n## Two\n", [(0, 1, "One"), (2, 2, "Two")]),
        ("One\n===\n\nand\ntwo\n---", [(0, 1, "One"), (3, 2, "and two")]),
        ("```\n# no\n```\n# yes", [(3, 1, "yes")]),
        ("---\n# no: 1\n---\n> # yes", [(3, 1, "yes")]),
        ("<!--\n# no\n-->\n    # no\n\n# C#", [(5, 1, "C#")]),
    ],
)
def test_headings(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert Reading(Document(text)).headings() == expected


def test_only_a_part_of_a_very_long_line_is_looked_at() -> None:
    text = "> " + "*a* " * 50_000
    found = Reading(Document(text)).spans(0, 100_000, 100_040)
    assert found[0] == (0, len(text), "quote")
    assert all(100_000 <= low < high <= 100_040 for low, high, kind in found[2:])
    assert len(found) == 2 + 3 * 9  # the first and the last are cut


def test_a_paragraph_of_very_many_lines_is_read_line_by_line() -> None:
    reading = Reading(Document("*a*\n" * 5000))
    assert reading.spans(2500) == ((0, 3, "emphasis"), (0, 1, "delimiter"), (2, 3, "delimiter"))
