"""Chapters as one tree: what stands where, and what is told of what could not be kept."""

from __future__ import annotations

from pathlib import Path

from small_book import needs_pandoc, small_book

from cowrite.book.composing import Composed, compose
from cowrite.book.gathering import gather, source_of
from cowrite.book.nodes import each, text_of
from cowrite.core.quotation import STYLES

pytestmark = needs_pandoc


def composed(*texts: str, folder: Path, title: str = "Book", quotes: str = "") -> Composed:
    folder.mkdir(exist_ok=True)
    sources = []
    for number, text in enumerate(texts, 1):
        path = folder / f"{number}.md"
        path.write_text(text)
        sources.append(source_of(path))
    return compose(sources, title, STYLES[quotes] if quotes else None)


def outline(made: Composed) -> list[str]:
    return [
        f"{block['t']} {text_of([block]).strip()}".strip()
        if block["t"] != "Header"
        else f"{block['c'][0]} {text_of(block['c'][2])}"
        for block in made.blocks
    ]


def test_the_small_book(tmp_path: Path) -> None:
    book = gather([small_book(tmp_path / "mill")])
    made = compose(book.sources, book.title, STYLES["english"])
    blocks = outline(made)
    assert blocks[:2] == [
        "1 The rain",
        "Para It rained. “Where is the ‘mill’?” she asked – and waited… More is in the second, and at its end.",
    ]
    assert blocks.count("HorizontalRule") == 3  # two in the first, one before the last file
    assert blocks[-1] == "Para One more scene, without a heading."
    assert "Tom" not in str(made.blocks)
    notes = [text_of(one["c"]) for one in each(made.blocks) if one["t"] == "Note"]
    assert notes == ["A note with words.", "Another note."]
    links = [one["c"][2][0] for one in each(made.blocks) if one["t"] == "Link"]
    marks = {one["c"][1][0] for one in made.blocks if one["t"] == "Header"}
    assert links == ["#c2", "#c2-the-end", "#c1"]
    assert {link[1:] for link in links} <= marks
    pictures = [one["c"][2][0] for one in each(made.blocks) if one["t"] == "Image"]
    assert pictures == [str((book.sources[0].path.parent / "../pictures/wheel.png").resolve())]
    assert made.notes == ["10.md has no heading: it follows as a scene of the file before."]


def test_quotes_stay_where_they_are_not_asked_for(tmp_path: Path) -> None:
    made = composed('# A\n\n"Yes" -- no\n', folder=tmp_path)
    assert outline(made) == ["1 A", 'Para "Yes" -- no']


def test_quotes_are_those_of_the_language(tmp_path: Path) -> None:
    made = composed("# A\n\n\"Ja, 'so' ist's\"\n", folder=tmp_path, quotes="german")
    assert outline(made) == ["1 A", "Para „Ja, ‚so‘ ist’s“"]


def test_what_leads_nowhere_is_plain_text_and_told(tmp_path: Path) -> None:
    text = "# A\n\n[x](b.md) [y](#z) ![w](w.png) ![v](http://a.example/v.png) <b>u</b> a<br>b\n"
    made = composed(text, folder=tmp_path)
    assert outline(made)[1] == "Para x y w v u a b"
    assert not [one for one in each(made.blocks) if one["t"] in ("Link", "Image", "RawInline")]
    assert len(made.notes) == 5


def test_levels_begin_with_one_and_parts_are_told_from_chapters(tmp_path: Path) -> None:
    made = composed("## A\n\na\n", "## B\n\n### C\n\nb\n", folder=tmp_path)
    assert outline(made) == ["1 A", "Para a", "1 B", "2 C", "Para b"]
    parts = composed("# I\n\n## A\n\na\n", "## B\n\nb\n", folder=tmp_path)
    assert parts.chapter == 2


def test_the_title_is_not_said_twice(tmp_path: Path) -> None:
    made = composed("# The  Mill\n\n## A\n\na\n", folder=tmp_path, title="the mill")
    assert outline(made) == ["1 A", "Para a"]
    kept = composed("# The Mill\n\na\n", "# B\n\nb\n", folder=tmp_path, title="The Mill")
    assert outline(kept)[0] == "1 The Mill"


def test_a_title_of_front_matter_is_the_heading_that_is_missing(tmp_path: Path) -> None:
    made = composed("# A\n\na\n", '---\ntitle: "B"\n---\n\nb\n', folder=tmp_path)
    assert outline(made) == ["1 A", "Para a", "1 B", "Para b"]


def test_what_no_xml_may_hold_is_left_out(tmp_path: Path) -> None:
    made = composed("# A\r\n\r\nbe\x1b]0;x\x07ll\u202e \x9b2J\r\n", folder=tmp_path)
    assert outline(made)[1] == "Para be]0;xll\u202e 2J"
