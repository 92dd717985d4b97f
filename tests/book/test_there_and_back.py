"""A book goes out in a format and comes back: the words are the same, and where they stand."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from small_book import needs_pandoc, small_book

from cowrite.book.arriving import bring
from cowrite.book.composing import compose
from cowrite.book.gathering import gather
from cowrite.book.sources import arriving_of
from cowrite.book.work import Work
from cowrite.book.writing import render
from cowrite.core.chapters import chapters
from cowrite.memory.lore import told

pytestmark = needs_pandoc


def there_and_back(project: Path, form: str, folder: Path) -> list[str]:
    """The chapters' texts as they come back."""
    book = gather([project])
    composed = compose(book.sources, book.title, None)
    output = folder / f"book.{form}"
    output.write_bytes(render(Work(book, composed, output), form))
    bring(arriving_of(output), folder / f"from-{form}")
    return [source.body for source in gather([folder / f"from-{form}"]).sources]


def plain(text: str) -> str:
    """The words of Markdown, one space between, without its signs."""
    text = re.sub(r"\[\^\d+\](?=:)?|!?\[([^\]]*)\]\([^)]*\)", r"\1", told(text))
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~])|[*_#>]", "", text)
    return " ".join(text.split())


@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_the_small_book(tmp_path: Path, form: str) -> None:
    project = small_book(tmp_path / "mill")
    back = there_and_back(project, form, tmp_path)
    sources = [source.body for source in gather([project]).sources]
    assert len(back) == 2
    assert plain(back[0]).replace(" : ", " ") == plain(sources[0]).replace(" : ", " ").replace(
        "  ", " "
    )
    assert [text.count("***") for text in back] == [2, 1]
    again = [text.split("\n")[0] for text in back]
    assert again == ["# The rain", "# The sea"]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_a_real_book(tmp_path: Path, form: str) -> None:
    """`COWRITE_BOOK` names a plain text with chapters."""
    name = os.environ.get("COWRITE_BOOK")
    if not name:
        pytest.skip("COWRITE_BOOK names no book")
    text = Path(name).read_text(encoding="utf-8-sig")
    (tmp_path / "book" / "chapters").mkdir(parents=True)
    (tmp_path / "book" / "cowrite.toml").write_text(
        '[project]\ntitle = "Book"\nchapters = ["chapters/*.md"]\n'
    )
    found = chapters(text)
    assert len(found) > 5
    for number, one in enumerate(found, 1):
        body = text[one.start : one.end].strip().replace(one.title, "", 1)
        path = tmp_path / "book" / "chapters" / f"{number:02}.md"
        path.write_text(f"# {one.title or number}\n\n{body}\n")
    back = there_and_back(tmp_path / "book", form, tmp_path)
    sources = [source.body for source in gather([tmp_path / "book"]).sources]
    assert len(back) == len(sources)
    for one, other in zip(back, sources, strict=True):
        assert plain(one) == plain(other)
