"""What of Markdown is coloured."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.inline import Spans
from cowrite.core.reading import Reading
from cowrite.tui.editor.markdown import shown


def layers(text: str) -> Spans:
    """The layers of a draft of one line."""
    return shown(Reading(Document(text)).spans(0))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(text[low:high], kind) for low, high, kind in layers(text) if kind != "mark"]


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
        ("```Ctrl+S``` saves.", [("```Ctrl+S```", "code")]),
        ("    code", [("code", "code")]),
    ],
)
def test_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "dim"),
    [
        ("a <!-- b --> <i>c</i>", ["<!-- b -->", "<i>", "</i>"]),
        ("[a](b) <http://c>", ["[", "](b)", "<http://c>"]),
        ("* * *", ["* * *"]),
        (r"\*", ["\\"]),
        ("https://a.b &amp;", []),
    ],
)
def test_signs_that_are_no_text_are_dim(text: str, dim: list[str]) -> None:
    assert [text[low:high] for low, high, kind in layers(text) if kind == "mark"] == dim


@given(st.text(alphabet="a *_`~[]()#>-\\<!&;", max_size=80))
def test_spans_lie_in_the_text(text: str) -> None:
    assert all(0 <= low <= high <= len(text) for low, high, _ in layers(text))


def test_q1_a_thousand_emphases_in_one_another_are_few_layers() -> None:
    for sign in "*_":
        found = layers(sign * 1000 + "a" + sign * 1000)
        assert len(found) <= 4
        over = {name for low, high, name in found if low <= 1000 < high}
        assert over == {"strong"}
    nested = ((0, 9, "strong"), (0, 2, "delimiter"), (2, 7, "strong"), (2, 4, "delimiter"))
    assert shown(nested) == ((0, 9, "strong"), (0, 4, "mark"))
    mixed = ((0, 9, "strong"), (2, 7, "emphasis"), (3, 5, "strong"))
    assert shown(mixed) == mixed[:2]
