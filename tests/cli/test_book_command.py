"""`cowrite book`: files of each format, opened as other programs do, and what is never written over."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from scripted import Scripted
from small_book import needs_office, needs_pandoc, small_book

from cowrite.book import pandoc, printing
from cowrite.book.manuscript import about_words
from cowrite.paths import Paths
from cowrite.store import Store

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = ("It rained.", "The mill stood.", "She said nothing.", "One more scene")


@pytest.fixture
def mill(home: Paths) -> Path:
    """The small book, in the folder where the user stands."""
    return small_book(Path.cwd() / "mill")


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def styled(path: Path) -> list[tuple[str, str]]:
    """A docx's paragraphs, with the identifiers of their styles."""
    root = ElementTree.fromstring(parts(path)["word/document.xml"])
    out = []
    for one in root.iter(f"{W}p"):
        style = one.find(f"{W}pPr/{W}pStyle")
        text = "".join(t.text or "" for t in one.iter(f"{W}t"))
        out.append(("" if style is None else style.attrib[f"{W}val"], text))
    return out


def hide(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Have a package as if it were not installed."""
    real = importlib.util.find_spec

    def find(name: str, *more: str) -> object:
        return None if name == package else real(name, *more)

    monkeypatch.setattr(importlib.util, "find_spec", find)


@needs_pandoc
def test_a_docx_has_title_chapters_scenes_notes_and_pictures(call, mill: Path) -> None:
    code, out, err = call("book", "mill", "-o", "mill.docx", "--typography")
    assert (code, out) == (0, "")
    assert "mill.docx: “The Mill & the <Sea>”, 3 files" in err
    found = styled(Path("mill.docx"))
    assert found[:4] == [
        ("Title", "The Mill & the <Sea>"),
        ("Subtitle", "A story of rain"),
        ("Author", "Jo Ann Quill"),
        ("Rights", "Copyright 2026"),
    ]
    assert [text for style, text in found if style == "Heading1"] == ["The rain", "The sea"]
    assert [text for style, text in found if style == "SceneBreak"] == ["* * *"] * 3
    assert any(text.startswith("It rained. “Where is the ‘mill’?”") for _, text in found)
    files = parts(Path("mill.docx"))
    assert any(name.startswith("word/media/") for name in files)
    notes = ElementTree.fromstring(files["word/footnotes.xml"])
    said = "".join(one.text or "" for one in notes.iter(f"{W}t"))
    assert "A note with words." in said
    assert "Another note." in said
    styles = files["word/styles.xml"].decode()
    heading = re.search(r'w:styleId="Heading1"[^>]*>.*?</w:style>', styles, re.DOTALL)
    assert heading is not None
    assert "pageBreakBefore" in heading[0]
    core = files["docProps/core.xml"].decode()
    assert "The Mill &amp; the &lt;Sea&gt;" in core
    assert "Jo Ann Quill" in core


@needs_pandoc
def test_a_manuscript_is_as_editors_want_it(call, mill: Path) -> None:
    assert call("book", "mill", "-o", "ms.docx", "--manuscript")[0] == 0
    found = styled(Path("ms.docx"))
    assert found[0] == ("Contact", "Jo Quillabout 100 words")
    assert found[1:5] == [
        ("Contact", "1 Mill Lane"),
        ("Contact", "jo@example.com"),
        ("Title", "The Mill & the <Sea>"),
        ("Subtitle", "A story of rain"),
    ]
    assert ("SceneBreak", "#") in found
    assert found[-1] == ("SceneBreak", "# # #")
    files = parts(Path("ms.docx"))
    head = next(data.decode() for name, data in files.items() if "word/header" in name)
    assert "Quill / THE MILL &amp; THE &lt;SEA&gt; / " in head
    assert " PAGE " in head
    document = files["word/document.xml"].decode()
    assert "w:headerReference" in document
    assert "w:titlePg" in document
    styles = files["word/styles.xml"].decode()
    body = re.search(r'w:styleId="BodyText"[^>]*>.*?</w:style>', styles, re.DOTALL)
    assert body is not None
    assert 'w:line="480"' in body[0]
    assert "Times New Roman" in styles
    assert call("book", "mill", "-o", "co.docx", "--courier")[0] == 0
    files = parts(Path("co.docx"))
    assert "Courier New" in files["word/styles.xml"].decode()
    assert '<w:u w:val="single"' in files["word/document.xml"].decode()


def test_a_manuscript_s_words_are_rounded() -> None:
    counts = (0, 40, 1449, 17_600, 83_499)
    assert [about_words(count) for count in counts] == [
        "about 0 words",
        "about 100 words",
        "about 1,400 words",
        "about 17,500 words",
        "about 83,000 words",
    ]


@needs_pandoc
def test_an_epub_is_sound(call, mill: Path) -> None:
    assert call("book", "mill", "--to", "epub", "-o", "mill.epub")[0] == 0
    with zipfile.ZipFile("mill.epub") as file:
        assert file.infolist()[0].filename == "mimetype"
        assert file.infolist()[0].compress_type == zipfile.ZIP_STORED
    files = parts(Path("mill.epub"))
    pages = {name: data for name, data in files.items() if name.endswith((".xhtml", ".opf"))}
    roots = {name: ElementTree.fromstring(data) for name, data in pages.items()}
    chapters = [name for name in roots if "/ch" in name]
    assert len(chapters) == 2
    package = files["EPUB/content.opf"].decode()
    assert "<dc:language>en</dc:language>" in package
    assert "Jo Ann Quill" in package
    names = {Path(name).name for name in files}
    for name, root in roots.items():  # every link leads to a file that is there
        for one in root.iter():
            target = one.attrib.get("href", "").partition("#")[0]
            assert not target or Path(target).name in names, (name, target)
    assert call("book", "mill", "-o", "mill.epub")[0] == 0
    again = parts(Path("mill.epub"))["EPUB/content.opf"].decode()
    uuid = re.compile(r"urn:uuid:[0-9a-f-]+")
    assert uuid.findall(again) == uuid.findall(package) != []


@needs_pandoc
@pytest.mark.parametrize("locale", ["C", "de_DE.UTF-8"])
def test_an_epub_in_no_known_language_does_not_say_the_machines(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    monkeypatch.setenv("LANG", locale)
    monkeypatch.delenv("LC_ALL", raising=False)
    text = tmp_path / "short.md"
    text.write_text("# Xylo\n\nZyzzyva quux.\n")
    assert call("book", str(text), "-o", str(tmp_path / "short.epub"))[0] == 0
    package = parts(tmp_path / "short.epub")["EPUB/content.opf"].decode()
    assert "<dc:language>und</dc:language>" in package


@needs_pandoc
@pytest.mark.parametrize("form", ["html", "md", "txt"])
def test_texts_are_whole(call, mill: Path, form: str) -> None:
    assert call("book", "mill", "-o", f"mill.{form}")[0] == 0
    text = Path(f"mill.{form}").read_text()
    for one in TEXT:
        assert one in text
    assert "Tom" not in text
    assert "http" not in text.replace("http://www.w3.org", "")
    if form == "html":
        assert 'src="data:image/png;base64,' in text
    if form == "md":
        assert text.startswith('---\ntitle: "The Mill & the <Sea>"\n')
        assert "[its end](#the-end)" in text
        assert "](mill/pictures/wheel.png)" in text
        assert "[^2]: Another note." in text


@needs_pandoc
def test_only_its_own_making_is_written_over(call, mill: Path) -> None:
    assert call("book", "mill", "-o", "a.txt")[0] == 0
    assert call("book", "mill", "-o", "a.txt")[0] == 0  # its own, and unchanged
    Path("a.txt").write_text("edited")
    code, _, err = call("book", "mill", "-o", "a.txt")
    assert code == 2
    assert "not as cowrite wrote it" in err
    assert Path("a.txt").read_text() == "edited"
    assert call("book", "mill", "-o", "a.txt", "--force")[0] == 0
    first = mill / "chapters" / "01.md"
    before = first.read_bytes()
    Path("link.md").symlink_to(first)
    for name in (str(first), "link.md"):
        assert call("book", "mill", "-o", name, "--force")[0] == 2
    assert first.read_bytes() == before
    assert not [path for path in Path.cwd().iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("book",), "no project here"),
        (("book", "gone", "-o", "a.docx"), "gone is not there"),
        (("book", "mill"), "Which format?"),
        (("book", "mill", "--to", "epup"), "epub"),
        (("book", "mill", "--to", "epub"), "Where to?"),
        (("book", "mill", "--manuscript", "-o", "a.odt"), "is a docx"),
        (("book", "mill", "--check", "-o", "a.odt"), "makes no file"),
        (("book", "mill", "-o", "gone/a.md"), "no folder gone"),
    ],
)
def test_slips_are_told(call, mill: Path, words: tuple[str, ...], says: str) -> None:
    code, _, err = call(*words)
    assert code in (1, 2)
    assert says in err


def test_without_pandoc_it_is_one_sentence(
    call, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, "pypandoc")
    monkeypatch.setenv("PATH", str(mill))
    pandoc.find_pandoc.cache_clear()
    code, _, err = call("book", "mill", "-o", "a.docx")
    pandoc.find_pandoc.cache_clear()
    assert code == 1
    assert "pip install 'cowrite[book]'" in err
    assert err.count("\n") == 2


@needs_pandoc
def test_without_a_typesetter_it_is_one_sentence(
    call, mill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pandoc.find_pandoc()
    hide(monkeypatch, "typst")
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    code, _, err = call("book", "mill", "-o", "a.pdf")
    assert code == 1
    assert "A PDF needs a typesetter" in err
    assert not Path("a.pdf").exists()


@needs_pandoc
def test_a_pdf_is_made_where_typst_is(call, mill: Path) -> None:
    pytest.importorskip("typst")
    assert call("book", "mill", "-o", "a.pdf")[0] == 0
    assert Path("a.pdf").read_bytes().startswith(b"%PDF-")


def test_check_lists_lines_and_ends_with_one(call, mill: Path) -> None:
    (mill / "chapters" / "01.md").write_text("# One\n\n[a](b.md)\n")
    (mill / "chapters" / "10.md").write_text("# Ten\n\nAll is well.\n")
    code, out, err = call("book", "mill", "--check")
    assert (code, out) == (1, "mill/chapters/01.md:3: the link b.md: there is no such file\n")
    assert "1 thing to mend, 0 notes" in err
    (mill / "chapters" / "01.md").write_text("# One\n\nAll is well.\n")
    assert call("book", "mill", "--check") == (0, "", "3 files: nothing to mend.\n")


def broken(mill: Path) -> None:
    """Chapters of a project that can't be read: missing, no text, a folder."""
    named = "\n".join(
        f'  "chapters/{name}",' for name in ("01.md", "gone.md", "no.md", "in", "10.md")
    )
    toml = (mill / "cowrite.toml").read_text()
    (mill / "cowrite.toml").write_text(toml.replace('["chapters/*.md"]', f"[\n{named}\n]"))
    (mill / "chapters" / "01.md").write_text("# One\n\n[a](b.md) and [c](no.md#d)\n")
    (mill / "chapters" / "no.md").write_bytes(b"\x00\x01\x02\xff" * 50)
    (mill / "chapters" / "in").mkdir()
    (mill / "chapters" / "10.md").write_text("# Ten\n\n[a](c.md)\n")


def test_check_finds_what_cant_be_read_and_goes_on(call, mill: Path) -> None:
    broken(mill)
    code, out, err = call("book", "mill", "--check")
    lines = [line.removeprefix("mill/chapters/") for line in out.splitlines()]
    assert code == 1
    assert lines[:2] == [
        "01.md:3: the link b.md: there is no such file",
        "gone.md:1: it is not there",
    ]
    assert lines[2].startswith("no.md:1: it can't be put into a book: it is not text")
    assert lines[3:] == [
        "in:1: it is a folder, not a file",
        "10.md:3: the link c.md: there is no such file",
    ]
    assert "5 files: 5 things to mend, 0 notes" in err
    for name in ("01.md", "10.md"):
        (mill / "chapters" / name).unlink()
    code, out, _ = call("book", "mill", "--check")
    assert (code, len(out.splitlines())) == (1, 5)


def test_a_book_names_all_chapters_that_cant_be_read(call, mill: Path) -> None:
    broken(mill)
    code, _, err = call("book", "mill", "-o", "mill.md")
    assert code == 1
    assert "3 files of the book can't be read." in err
    for name in ("gone.md is not there", "no.md can't be put into a book", "in is a folder"):
        assert name in err
    assert not Path("mill.md").exists()


def test_a_closed_folder_of_chapters_is_told(call, mill: Path) -> None:
    (mill / "chapters").chmod(0)
    if os.access(mill / "chapters", os.X_OK):
        pytest.skip("this user may read all")
    try:
        alone = call("book", "mill/chapters/01.md", "-o", "mill.md")
        code, out, err = call("book", "mill/chapters/01.md", "mill/chapters/02.md", "--check")
    finally:
        (mill / "chapters").chmod(0o700)
    assert (code, out.count("it may not be read by you")) == (1, 2)
    assert "2 files: 2 things to mend" in err
    assert alone[0] == 1
    assert "mill/chapters/01.md may not be read by you" in alone[2]


@needs_pandoc
@needs_office
@pytest.mark.parametrize("form", ["docx", "odt"])
def test_libreoffice_opens_it(call, mill: Path, form: str, tmp_path: Path) -> None:
    assert call("book", "mill", "-o", f"mill.{form}")[0] == 0
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    words = ["soffice", profile, "--headless", "--convert-to", "txt:Text", f"mill.{form}"]
    subprocess.run(words, check=True, capture_output=True, timeout=240)
    text = Path("mill.txt").read_text()
    for one in (*TEXT, "The Mill & the <Sea>", "* * *"):
        assert one in text


@needs_pandoc
def test_a_last_page_says_who_wrote_what(call, home: Paths, mill: Path) -> None:
    assert call("book", "mill", "-o", "a.md", "--disclosure")[0] == 2  # there is no log yet
    first = mill / "chapters" / "02.md"
    made = Scripted("# The sea\n\n", document_path=str(first))
    made.wait(60).ask("s", "It rose.").show("s").take("s")
    made.wait(60).save().end()
    with Store.open(home.log_file) as store:
        store.add_session(made.info, made.events)
    first.write_text(made.document.text)
    code, _, err = call("book", "mill", "-o", "a.md", "--disclosure")
    assert code == 0, err
    text = Path("a.md").read_text()
    last = text.partition("# How this book was written\n\n")[2].partition("\n")[0]
    whole = sum(len(path.read_text()) for path in mill.glob("chapters/*.md"))
    assert last.startswith(f"Of the {whole:,} characters")
    assert f"{100 * 8 / whole:.1f} % were written by the model and kept" in last
    assert "1 suggestion; something was taken of 1" in last
