"""Books of other programs become projects, and what could not be brought is told."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from other_books import novelwriter, scrivener, scrivener_2
from small_book import needs_pandoc, picture

from cowrite.book.arriving import Arrived, Lost, bring
from cowrite.book.pandoc import pandoc
from cowrite.book.sources import arriving_of
from cowrite.errors import CowriteError, UsageError
from cowrite.memory.project import chapter_files, read_project


def brought(source: Path, folder: Path) -> tuple[Arrived, dict[str, str]]:
    """What arrived, and the texts of the new project by their paths; the source must stay as it was."""
    before = digests(source)
    arrived = bring(arriving_of(source), folder)
    assert digests(source) == before
    texts = {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".md", ".toml")
    }
    project = read_project(folder / "cowrite.toml")
    assert project is not None
    assert len(chapter_files(project)) == len(arrived.chapters)
    return arrived, texts


def digests(source: Path) -> dict[str, str]:
    paths = [source] if source.is_file() else sorted(source.rglob("*"))
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths if path.is_file()
    }


def made_by_pandoc(path: Path, markdown: str) -> Path:
    pandoc(["-f", "markdown", "-s", "-o", str(path)], markdown.encode())
    return path


def test_novelwriter(tmp_path: Path) -> None:
    arrived, texts = brought(novelwriter(tmp_path / "nw"), tmp_path / "new")
    assert texts["chapters/01-the-rain.md"] == (
        '---\nsummary: "It rains."\n---\n\n# Part One\n\n## The rain\n\nBefore all scenes.\n\n***\n\n'
        "<!-- At the mill -->\n\n<!-- @pov: Marta\n@location: Mill -->\n\n<!-- ask Tom -->\n\n"
        "Marta saw _rain_[^1], **much** of it.\\\nAnd then?\n\nIn the middle\n\n> Indented.\n\n"
        "\\- said she\n\n1899\\. That was it.\n\n***\n\n<!-- At sea -->\n\nThe sea[^2] & \\<b>.\n\n"
        "<!-- A section -->\n\nMore.\n\n[^1]: A **note**.\n\n[^2]: Salty.\n"
    )
    assert texts["lore.md"] == (
        "## Marta\n\nKeys: Miss Quill\n\nA clockmaker.\n\n#### Past\n\nUnknown.\n"
    )
    assert 'title = "The Mill"\nauthor = "Jo Quill"\nlanguage = "en-GB"\n' in texts["cowrite.toml"]
    assert texts["research/01-left-out.md"] == "### Left out\n\nNot in it.\n"
    assert arrived.lost.told() == [
        "1 aligned paragraph",
        "1 page break or space",
        "1 text of the trash or the templates",
        "1 underlined passage (its words are there)",
        "“Left out” is no part of the manuscript: research/ has it.",
        "The words of the title page are in research/.",
    ]


@needs_pandoc
@pytest.mark.parametrize("make", [scrivener, scrivener_2], ids=["version 3", "version 2"])
def test_scrivener(tmp_path: Path, make) -> None:
    arrived, texts = brought(make(tmp_path / "Mill.scriv"), tmp_path / "new")
    assert texts["chapters/01-the-rain.md"] == (
        '---\nsummary: "It rains at the mill."\n---\n\n# The rain\n\n<!-- At the mill -->\n\n'
        "See this[^1] and that. “Quoted” café.\n\nSecond *x*.\n\n***\n\n<!-- At sea -->\n\n"
        "Sea[^2].\n\n***\n\nLater.\n\n[^1]: A note.\n\n[^2]: salty\n"
    )
    assert texts["chapters/02-an-end.md"] == "# An end\n\nThe end.\n"
    assert texts["lore.md"] == "## Marta\n\nA clockmaker.\n"
    research = {name: text for name, text in texts.items() if name.startswith("research/")}
    assert list(research.values()) == ["Ask Tom.\n", "Out of it.\n", "Mills turn.\n"]
    assert arrived.title == "Mill"
    assert arrived.lost.told() == [
        "1 comment",
        "1 text of the trash or the templates",
        "“Cut” is not compiled: research/ has it.",
        "“Plan” (PDF) stays in Scrivener.",
        "Labels, states, keywords, targets and snapshots stay in Scrivener.",
    ]


_WORD = """---
title: The Mill
author: Jo Quill
---

An epigraph.

# The rain

It rained ^[A note.] and [linked](#the-sea).

[u]{.underline} and H~2~O.

\\* \\* \\*

Later.

![The wheel](wheel.png)

# The sea

## Deep

Salt.
"""


@needs_pandoc
@pytest.mark.parametrize("form", ["docx", "odt", "epub"])
def test_documents(tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wheel.png").write_bytes(picture())
    monkeypatch.chdir(tmp_path)
    source = made_by_pandoc(tmp_path / f"mill.{form}", _WORD)
    arrived, texts = brought(source, tmp_path / "new")
    assert arrived.title == "The Mill"
    assert arrived.page.author == "Jo Quill"
    assert [one.title for one in arrived.chapters] == ["", "The rain", "The sea"]
    assert texts["chapters/01.md"] == "An epigraph.\n"
    rain = texts["chapters/02-the-rain.md"]
    assert rain.startswith("# The rain\n\nIt rained [^1] and ")
    assert "\n\n***\n\nLater.\n" in rain
    assert "[^1]: A note.\n" in rain
    assert texts["chapters/03-the-sea.md"] == "# The sea\n\n## Deep\n\nSalt.\n"
    if form != "odt":
        assert "[linked](03-the-sea.md)" in rain
    target = rain.partition("](../")[2].partition(")")[0]
    assert (tmp_path / "new" / target).read_bytes() == picture()
    assert "1 lowered passage (its words are there)" in arrived.lost.told()


@needs_pandoc
def test_tracked_changes_are_taken_and_comments_counted(tmp_path: Path) -> None:
    text = (
        "# One\n\nWe []{.insertion author=a date=2026-01-01T00:00:00Z}"
        "[came]{.insertion author=a date=2026-01-01T00:00:00Z}"
        "[went]{.deletion author=a date=2026-01-01T00:00:00Z} "
        "[why?]{.comment-start id=0 author=a date=2026-01-01T00:00:00Z}home[]{.comment-end id=0}.\n"
    )
    arrived, texts = brought(made_by_pandoc(tmp_path / "a.docx", text), tmp_path / "new")
    assert texts["chapters/01-one.md"] == "# One\n\nWe came home.\n"
    told = arrived.lost.told()
    assert told[:2] == ["1 comment", "1 deleted passage of tracked changes"]


@needs_pandoc
def test_chapters_are_found_without_headings(tmp_path: Path) -> None:
    text = "Chapter One\n\nIt rained.\n\nChapter Two\n\nIt stopped.\n"
    arrived, texts = brought(made_by_pandoc(tmp_path / "a.docx", text), tmp_path / "new")
    assert texts["chapters/02-chapter-two.md"] == "# Chapter Two\n\nIt stopped.\n"
    arrived, _ = brought(made_by_pandoc(tmp_path / "b.docx", "It rained.\n"), tmp_path / "other")
    assert len(arrived.chapters) == 1
    assert "It has no headings, so all of it is one chapter." in arrived.lost.told()


@needs_pandoc
def test_parts_stand_with_their_first_chapter(tmp_path: Path) -> None:
    text = "# I\n\n## A\n\na\n\n## B\n\nb\n\n# II\n\n## C\n\nc\n"
    _, texts = brought(made_by_pandoc(tmp_path / "a.docx", text), tmp_path / "new")
    chapters = [text for name, text in texts.items() if name.startswith("chapters/")]
    assert chapters == ["# I\n\n## A\n\na\n", "## B\n\nb\n", "# II\n\n## C\n\nc\n"]


@needs_pandoc
@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.epub"])
@pytest.mark.parametrize(
    "data", [b"", b"no zip", bytes(range(256)) * 9], ids=["empty", "text", "binary"]
)
def test_what_is_no_book_is_refused_and_leaves_nothing(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CowriteError, match="can't be read"):
        bring(arriving_of(tmp_path / name), tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_broken_project_is_refused(tmp_path: Path) -> None:
    folder = novelwriter(tmp_path / "nw")
    (folder / "nwProject.nwx").write_text("<novelWriterXML><content>")
    with pytest.raises(CowriteError, match="can't be read"):
        bring(arriving_of(folder), tmp_path / "new")
    folder = scrivener(tmp_path / "Mill.scriv")
    (folder / "Mill.scrivx").write_text("<ScrivenerProject/>")
    with pytest.raises(CowriteError, match="no draft folder"):
        bring(arriving_of(folder), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_names_in_a_project_lead_nowhere_else(tmp_path: Path) -> None:
    """A handle is a name, and no path."""
    folder = novelwriter(tmp_path / "nw")
    (tmp_path / "secret.nwd").write_text("secret")
    project = folder / "nwProject.nwx"
    project.write_text(project.read_text().replace('handle="a4"', 'handle="../../secret"'))
    _, texts = brought(folder, tmp_path / "new")
    assert "secret" not in "".join(texts.values())


def test_a_folder_that_has_things_is_refused(tmp_path: Path) -> None:
    source = novelwriter(tmp_path / "nw")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.md").write_text("mine")
    with pytest.raises(UsageError, match="has things in it"):
        bring(arriving_of(source), tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.md"]
    (tmp_path / "empty").mkdir()
    brought(source, tmp_path / "empty")
    with pytest.raises(UsageError, match="no folder"):
        bring(arriving_of(source), tmp_path / "gone" / "new")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is no folder"):
        bring(arriving_of(source), tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "says"),
    [("gone.docx", "no file"), ("a.pdf", "no kind"), ("folder", "no folder of Scrivener's")],
)
def test_other_things_are_told(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CowriteError, match=says):
        arriving_of(tmp_path / name)


def test_more_than_one_of_a_kind_is_told_so() -> None:
    lost = Lost()
    for kind in ("comment", "lowered passage* (its words are there)", "link* between texts"):
        lost.counts[kind] = 2
    assert lost.told() == [
        "2 comments",
        "2 links between texts",
        "2 lowered passages (their words are there)",
    ]
    lost.counts["lowered passage* (its words are there)"] = 1
    assert lost.told()[-1] == "1 lowered passage (its words are there)"


@needs_pandoc
def test_nothing_is_fetched(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text('<h1>One</h1><p>a <img src="http://127.0.0.1:9/a.png" alt="w"></p>')
    _, texts = brought(page, tmp_path / "new")
    assert "http://127.0.0.1:9/a.png" in texts["chapters/01-one.md"]


@needs_pandoc
def test_a_pages_pictures_come_from_its_own_folder_and_the_others_are_told(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture())
    folder = tmp_path / "page" / "my files"
    folder.mkdir(parents=True)
    (folder / "wheel 1.png").write_bytes(picture())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    names = [
        "my%20files/wheel%201.png",
        "my files/link.png",
        "../secret.png",
        "gone.png",
        "n" * 300,
    ]
    names += [
        str(tmp_path / "secret.png"),
        "file:///etc/passwd",
        "http://127.0.0.1:9/a.png",
        "a\0b",
    ]
    page = tmp_path / "page" / "a.html"
    pictures = "".join(f'<img src="{name}">' for name in [*names, names[0]])
    page.write_text(f"<h1>One</h1><p>a {pictures}</p><h1>Two</h1><p>b</p>")
    arrived, texts = brought(page, tmp_path / "new")
    assert "](../media/my%20files/wheel%201.png)" in texts["chapters/01-one.md"]
    found = list((tmp_path / "new").rglob("*.png"))
    assert [path.name for path in found] == ["wheel 1.png"]
    assert found[0].read_bytes() == picture()
    assert arrived.lost.told()[:2] == [
        "6 missing pictures (their name is there)",
        "2 pictures elsewhere (their address is there)",
    ]


@needs_pandoc
def test_the_zip_of_an_epub_may_not_lead_out(tmp_path: Path) -> None:
    source = made_by_pandoc(tmp_path / "a.epub", "# One\n\na\n")
    with zipfile.ZipFile(source, "a") as file:
        file.writestr("../../evil.png", b"x")
    bring(arriving_of(source), tmp_path / "new")
    assert not list(tmp_path.parent.glob("evil*"))
