"""Long texts in pieces: nothing is lost, paragraphs are whole, and what is no prose stays as it is."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.pieces import grouped, pieces, relevant, within

TEXT = """---
title: x
---
# The shore

It was late. The tide
was out.

- first thing
- second thing

```
code stays
```

> He said so.
The end.
"""


def prose(text: str, most: int = 1200) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces(text, most) if piece.prose]


def test_prose_is_found_and_the_rest_is_left_alone() -> None:
    assert prose(TEXT) == [
        "It was late. The tide\nwas out.", "first thing", "second thing", "He said so.\nThe end.",
    ]  # fmt: skip


def test_a_long_paragraph_is_divided_at_sentences() -> None:
    text = "One two three. Four five six! Seven eight nine? Ten."
    assert prose(text, 30) == ["One two three. Four five six!", "Seven eight nine? Ten."]
    assert prose("word " * 20, 22) == ["word word word word"] * 5
    assert prose("x" * 50, 20) == ["x" * 20, "x" * 20, "x" * 10]


@given(st.text(alphabet="ab .\n#->`|\r\u00e9\u4e2d", max_size=200), st.integers(1, 40))
def test_pieces_are_the_whole_text(text: str, most: int) -> None:
    found = pieces(text, most)
    assert "".join(text[piece.start : piece.end] for piece in found) == text
    assert all(piece.end > piece.start for piece in found)
    for piece in found:
        assert not piece.prose or piece.end - piece.start <= most
    for start, end in grouped(text, most):
        assert 0 <= start < end <= len(text)


def test_a_megabyte_in_one_paragraph_takes_no_minute() -> None:
    """A quadratic way through it would take one."""
    began = time.monotonic()
    assert len(pieces("Nothing happened here today. " * 35_000)) > 800
    assert time.monotonic() - began < 30


def test_groups_are_read_as_a_whole() -> None:
    text = "One.\n\nTwo.\n\nThree is long.\n"
    assert [text[start:end] for start, end in grouped(text, 12)] == [
        "One.\n\nTwo.",
        "Three is",
        "long.",
    ]


def test_the_paragraphs_of_a_question_are_found() -> None:
    text = "\n\n".join(
        [
            *["It rained and it rained on the roof."] * 20,
            "Marta sold the blue boat.",
            *["So it was."] * 20,
        ]
    )
    found = relevant("Who sold the boat?", text, 120)
    assert "Marta sold the blue boat." in [text[start:end] for start, end in found]
    assert sum(end - start for start, end in found) <= 120
    assert list(found) == sorted(found)
    first = relevant("xyzzy", text, 60)
    assert first[0][0] == 0
    assert len(relevant("boat", "One.\n\nTwo.", 100)) == 2


def test_words_are_kept_within_a_bound_by_whole_sentences() -> None:
    assert within("One two. Three four. Five.", 4) == "One two. Three four."
    assert within("One two three four five.", 4) == ""
