"""What of Markdown is coloured, and that fences are followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.tui.editor.markdown import Fences, highlight


def kinds(text: str) -> list[tuple[str, str]]:
    return [(text[low:high], kind) for low, high, kind in highlight(text) if kind != "mark"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text", []),
        ("## Two", [("## Two", "heading")]),
        ("#nospace", []),
        ("> said", [("> said", "quote")]),
        ("- item", [("-", "list")]),
        ("12. item", [("12.", "list")]),
        ("- [x] done", [("- [x]", "list")]),
        ("an *odd* word", [("*odd*", "emphasis")]),
        ("a **bold *and* more** b", [("**bold *and* more**", "strong"), ("*and*", "emphasis")]),
        ("snake_case_name", []),
        ("2 * 3 * 4", []),
        ("`a *b* c`", [("`a *b* c`", "code")]),
        (r"\*no\*", []),
        ("see [here](x.md) now", [("here", "link")]),
        ("~~gone~~", [("~~gone~~", "strike")]),
    ],
)
def test_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@given(st.text(alphabet="a *_`~[]()#>-\\<!\n", max_size=80))
def test_spans_lie_in_the_text(text: str) -> None:
    assert all(0 <= low <= high <= len(text) for low, high, _ in highlight(text))


LINE = st.sampled_from(["```", "~~~", "text", "", "  ```py", "x ```"])


@given(
    st.lists(LINE, min_size=1, max_size=12),
    st.lists(
        st.tuples(st.integers(0, 99), st.integers(0, 12), st.lists(LINE, max_size=4)), max_size=6
    ),
)
def test_fences_follow_edits(lines: list[str], edits: list[tuple[int, int, list[str]]]) -> None:
    document = Document("\n".join(lines))
    fences = Fences(document)
    for start, size, fresh in edits:
        start %= len(document) + 1
        end = min(len(document), start + size)
        _, first, before, after = document.replace(start, end, "\n".join(fresh))
        fences.changed(first, before, after)
        expected = Fences(document)
        assert [fences.is_code(line) for line in range(document.line_count)] == [
            expected.is_code(line) for line in range(document.line_count)
        ]


def test_code_is_between_fences() -> None:
    document = Document("a\n```\ncode\n```\nb")
    fences = Fences(document)
    assert [fences.is_code(line) for line in range(5)] == [False, True, True, True, False]
