"""CommonMark's own examples: our reading of lines and spans against a parser that passes them all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from markdown_oracle import differing_lines, expected_lines, expected_rendering, rendered

FILE = Path(__file__).with_name("commonmark_examples.json")
EXAMPLES: list[tuple[int, str, str]] = [
    (number, section, text.rstrip("\n"))
    for number, section, text in json.loads(FILE.read_text("utf-8"))["examples"]
]

FRONT_MATTER = {96, 98}
"""Begin with `---`, which is front matter to us."""
LONG_DEFINITIONS = {193, 195, 196, 198, 208, 217, 540}
"""A link by reference whose definition goes over several lines: to us that is a paragraph."""
ENTITIES = {25, 26, 27, 37, 39, 40, 41}
"""Our spans tell where an entity is, and leave it in the text."""
LINKS_IN_IMAGES = {516, 519}
"""The parser has an image's text without its links."""

INLINES = {
    "Autolinks",
    "Backslash escapes",
    "Code spans",
    "Emphasis and strong emphasis",
    "Entity and numeric character references",
    "Hard line breaks",
    "Links",
    "Precedence",
    "Raw HTML",
    "Soft line breaks",
    "Textual content",
}


def test_m1_all_examples_are_there() -> None:
    assert [number for number, _, _ in EXAMPLES] == list(range(1, 653))


@pytest.mark.parametrize(("number", "section", "text"), EXAMPLES)
def test_m1_every_line_is_what_commonmark_says(number: int, section: str, text: str) -> None:
    same = differing_lines(text) == []
    assert same is (number not in FRONT_MATTER | LONG_DEFINITIONS), section


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (number, text)
        for number, section, text in EXAMPLES
        if section in INLINES and set(expected_lines(text)) == {"paragraph"}
    ],
)
def test_m1_every_span_is_where_commonmark_has_it(number: int, text: str) -> None:
    same = rendered(text) == expected_rendering(text)
    assert same is (number not in ENTITIES | LINKS_IN_IMAGES)
