"""What the lines of a draft are, against CommonMark's rules and against a parser that keeps them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_oracle import differing_lines

from cowrite.core.blocks import START, BlockKind, step
from cowrite.core.document import Document
from cowrite.core.front_matter import front_matter
from cowrite.core.reading import Reading


def kinds(text: str) -> list[str]:
    """The kind of each line, in a word."""
    reading = Reading(Document(text))
    return [str(reading.line(index).kind) for index in range(len(text.split("\n")))]


def test_m1_a_line_that_begins_with_inline_code_is_prose() -> None:
    assert kinds("```Ctrl+S``` saves.\n\nprose") == ["paragraph", "blank", "paragraph"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\na\n```\nb", "fence code fence paragraph"),
        ("```\na\n~~~\n````\nb", "fence code code fence paragraph"),
        ("````\na\n```\nb\n````\nc", "fence code code code fence paragraph"),
        ("~~~ py `x`\na\n```\n~~~ no\n~~~~  \nb", "fence code code code fence paragraph"),
        ("```\na\n\nb", "fence code code code"),
        ("- ```\n  a\n\n  ```\n- b", "fence code code fence paragraph"),
        ("- ```\n  a\nb", "fence code paragraph"),
        ("> ```\n> a\nb", "fence code paragraph"),
        ("> - ~~~\n>   a\n> b", "fence code paragraph"),
        ("   ```\n   a\n    ```\n   ```\nb", "fence code code fence paragraph"),
        ("    ```\nb", "code paragraph"),
        ("a\n    b", "paragraph paragraph"),
        ("a\n\n    b\n\n    c\nd", "paragraph blank code blank code paragraph"),
        ("\tcode\n\n- a\n\n\tb\n\n\t\tc", "code blank paragraph blank paragraph blank code"),
        ("<!-- a\n\nb -->\nc", "html html html paragraph"),
        ("a <!-- b\nc --> d\n\ne", "paragraph paragraph blank paragraph"),
        ("<script>\na\n\n</script>\nb", "code code code code paragraph"),
        ("<div>\na\n\nb", "html html blank paragraph"),
        ("a\n<b>\n\n<b>\nc", "paragraph paragraph blank html html"),
        ("A\n===\nB\nC\n---\n---", "heading underline heading heading underline rule"),
        ("# A\n####### B\n#C", "heading paragraph paragraph"),
        ("a | b\n-|-\n1 | 2\n\nc", "table table table blank paragraph"),
        ("x\na | b\n- | -\n", "paragraph paragraph paragraph blank"),
        ("a | b\n-|-|-\n1 | 2", "paragraph paragraph paragraph"),
        ("* * *\n- a\n***", "rule paragraph rule"),
        ("a\n2. b\n1. c", "paragraph paragraph paragraph"),
        ("[x]: /u 'T'\n[^1]: a note", "definition paragraph"),
        ("", "blank"),
    ],
)
def test_kinds_of_lines(text: str, expected: str) -> None:
    assert kinds(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("---\ntitle: x\n---\nprose", 3),
        ("---\ntitle: x\n...\n\nprose", 3),
        ("+++\na = 1\n+++\nprose", 3),
        ("---\na: 1\n\nb: 2\n---", 5),
        ("---\n\na rule first\n\n---\n", 0),
        ("\n---\na: 1\n---", 0),
        (" ---\na: 1\n---", 0),
        ("---\nnever closed", 0),
        ("---", 0),
        ("----\na: 1\n----", 0),
    ],
)
def test_front_matter_is_at_the_first_line_alone(text: str, count: int) -> None:
    lines = text.split("\n")
    assert front_matter(lines.__getitem__, len(lines)) == count
    assert kinds(text).count("front") == count


PIECES = st.sampled_from(
    [
        *("a", "b c", "# h", "## h ##", "#x", "- ", "* ", "+ ", "1. ", "2) ", "10. ", "> ", ">"),
        *("  ", "    ", "\t", " ", "```", "````", "~~~", "``` py", "```a`b", "---", "- - -", "***"),
        *("===", "--", "=", "<div>", "</div>", "<!-- ", "-->", "<!-- x -->", "<b>", "<script>"),
        *("</script>", "<?", "?>", "<a href='x'>", "\\", "*e*", "", "-", "`c`", "<pre>", "</pre>"),
        *("<!A", "<![CDATA[", "]]>", "é"),
    ]
)
LINES = st.lists(st.lists(PIECES, max_size=3).map("".join), min_size=1, max_size=7).map("\n".join)


@settings(max_examples=500, deadline=None)
@given(LINES)
def test_lines_are_what_a_well_kept_parser_says(text: str) -> None:
    assume(not text.startswith(("---", "+++")))  # front matter is ours
    assert differing_lines(text) == []


ROW = st.sampled_from(
    [
        "| a | b |",
        "a | b",
        "|a|",
        "a \\| b | c",
        "|---|---|",
        "--- | ---",
        ":-|-:",
        "|-|",
        "a",
        "",
        "> ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=5).map("\n".join))
def test_tables_are_what_a_well_kept_parser_says(text: str) -> None:
    assert differing_lines(text) == []


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@given(LINES)
def test_lines_are_what_a_well_kept_parser_says_20000_times(text: str) -> None:
    assume(not text.startswith(("---", "+++")))
    assert differing_lines(text) == []


@given(st.text(alphabet="a >-`~#<!=|\t1.)\\", max_size=60))
def test_a_line_says_where_its_content_begins(text: str) -> None:
    line, _ = step(START, text)
    assert 0 <= line.start <= len(text)
    assert all(0 <= low <= high <= len(text) for low, high, _ in line.marks)
    if line.kind is BlockKind.BLANK:
        assert not text[line.start :].strip()


def test_nesting_without_end_is_text() -> None:
    line, state = step(START, "> " * 100_000)
    assert line.kind in (BlockKind.PARAGRAPH, BlockKind.BLANK)
    assert len(state.containers) < 100
