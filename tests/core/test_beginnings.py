"""What may begin at a place of a draft."""

from __future__ import annotations

import pytest

from cowrite.core.beginnings import beginning_at
from cowrite.core.quotes import is_open, stray_quote


@pytest.mark.parametrize(
    ("before", "prose", "marker"),
    [
        ("", True, ""),
        ("\n\n", True, ""),
        ("# One\n\n", True, ""),
        ("# One\n", True, ""),
        ("He went.\n\n", True, ""),
        ("He went.\n", True, ""),
        ("He went", False, ""),
        ("He went.\n\nShe", False, ""),
        ("Roses are red,\n", False, ""),
        ("```\ncode\n\n", False, ""),
        ("| a | b |\n", False, ""),
        ("- one\n", False, "- "),
        ("- one\n\n", True, ""),
        ("9. one\n", False, "10. "),
        ("- [x] one\n", False, "- [ ] "),
        ("- one\n- ", False, ""),
    ],
)
def test_kinds_of_places(before: str, prose: bool, marker: str) -> None:
    found = beginning_at(before)
    assert (found.prose, found.marker) == (prose, marker)


@pytest.mark.parametrize(
    ("before", "text", "fits"),
    [
        ("He went.\n\n", "She", True),
        ("He went.\n\n", "\u201cI", True),
        ("He went.\n\n", "by", False),
        ("He went.\n\n", "1. The", False),
        ("He went.\n\n", "# One", False),
        ("He went.\n\n", "**One", False),
        ("all is small.\n\n", "so", True),
        ("1912 was wet.\n\n", "1913", True),
        ("\u4ed6\u8d70\u4e86\u3002\n\n", "\u5979", True),
        ("9. one\n", "10", True),
        ("9. one\n", "8", False),
        ("He went", " 1", True),
    ],
)
def test_what_fits(before: str, text: str, fits: bool) -> None:
    assert beginning_at(before).fits(text) is fits


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ('"Go," he said. "Now."', None),
        ('Captain, what is it?" he', 20),
        ("Captain, what is it?\u201d he", 20),
        ("\u201cGo.\u201d", None),
        ("\u201eGeh.\u201c", None),
        ("He is 5'10\" tall", None),
    ],
)
def test_a_quotation_that_was_never_opened(line: str, at: int | None) -> None:
    assert stray_quote(line) == at


def test_what_is_open() -> None:
    assert is_open('He said "no') == 8
    assert is_open('He said "no"') is None
    assert is_open("\u201cNo") == 0
