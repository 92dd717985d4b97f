"""`cowrite provenance`: origins marked in every form, and a statement whose figures are right."""

import json
from pathlib import Path

import pytest
from logged import write_log
from scripted import Scripted

from cowrite.cli.main import main
from cowrite.core.edits import Origin
from cowrite.core.provenance import Author, Source, one_run
from cowrite.logbook.disclosure import Disclosure


@pytest.fixture
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    path = tmp_path / "story.md"
    script = Scripted("Once.\n", document_path=str(path))
    script.type("He <b>")
    script.ask("a", " ran.\n\nShe sat.").accept("a")
    script.edit(0, 0, "Pasted \x1b[31m.", Origin.PASTE)
    script.save().end()
    path.write_text(script.document.text)
    write_log(tmp_path / "home", script)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code = main(["provenance", *arguments])
    said = capsys.readouterr()
    assert code == 0, said.err
    return said.out


def test_plain_marks_with_brackets_and_shows_controls(
    draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run(capsys, str(draft))
    assert "⟪Pasted ␛[31m.⟫Once.\nHe <b>⟦ ran.\n\nShe sat.⟧" in out
    assert "\x1b" not in out


def test_json_runs_cover_the_draft(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(run(capsys, str(draft), "--json"))
    text = draft.read_text()
    assert [(run["author"], text[run["start"] : run["end"]]) for run in found["runs"]] == [
        ("paste", "Pasted \x1b[31m."),
        ("file", "Once.\n"),
        ("writer", "He <b>"),
        ("model", " ran.\n\nShe sat."),
    ]
    assert found["by"] == {"paste": 13, "file": 6, "writer": 6, "model": 15}
    assert found["models"] == ["small"]
    assert (found["requests"], found["taken"], found["edited"]) == (1, 1, 0)
    assert "37.5 % were written by the model" in found["statement"]
    assert "(small)" in found["statement"]


@pytest.fixture
def changed(draft: Path, tmp_path: Path) -> Path:
    """A draft in which a word of the model's was changed, and its stop stands behind the writer's word."""
    path = tmp_path / "changed.md"
    script = Scripted("Once.\n", document_path=str(path), number=2)
    script.ask("b", "He walked far away.").accept("b")
    script.change("far", "not so far")
    script.ask("c", " She saw. So").accept("c")
    script.change("She saw", "Who").change("So", "And")
    script.save().end()
    path.write_text(script.document.text)
    write_log(tmp_path / "home", script)
    return path


def test_l9_what_the_writer_changed_is_told_apart_everywhere(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = changed.read_text()
    assert text == "Once.\nHe walked not so far away. Who. And"
    plain = run(capsys, str(changed))
    assert "Once.\n⟨He walked not so far away.⟩ Who. And\n" in plain
    page = run(capsys, str(changed), "--html", "-")
    assert '<mark class="changed">He walked not so far away.</mark> Who. And' in page
    assert "changed by the writer</mark>" in page
    assert '<mark class="changed">He walked not so far away.</mark> Who.' in run(
        capsys, str(changed), "--markdown"
    )
    found = json.loads(run(capsys, str(changed), "--json"))
    assert [(one["mark"], text[one["start"] : one["end"]]) for one in found["marks"]] == [
        ("file", "Once.\n"),
        ("changed", "He walked not so far away."),
        ("writer", " Who. And"),
    ]
    assert "".join(text[one["start"] : one["end"]] for one in found["runs"]) == text
    assert [one["author"] for one in found["runs"]].count("model") > 2


@pytest.mark.parametrize(("edited", "said"), [(1, "1 of those was"), (2, "2 of those were")])
def test_the_statement_counts_in_words(edited: int, said: str) -> None:
    text = "She ran."
    by = dict.fromkeys(Author, 0) | {Author.MODEL: len(text)}
    runs = one_run(len(text), Source(Author.MODEL, "a"))
    found = Disclosure("a.md", text, runs, by, 2, ("small",), 1, 3, 2, edited)
    assert f"taken of 2, and {said} changed by the writer." in found.statement


def test_markdown_marks_within_paragraphs(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, str(draft), "--markdown")
    assert "He <b> <mark>ran.</mark>\n\n<mark>She sat.</mark>\n\n---\n" in out


def test_the_page_holds_no_markup_of_the_draft(
    draft: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, str(draft), "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text()
    assert '<mark class="model"> ran.\n\nShe sat.</mark>' in page
    assert "He &lt;b&gt;" in page
    assert "\x1b" not in page
    assert "default-src 'none'" in page
    assert main(["provenance", str(draft), "--html", str(tmp_path / "page.html")]) == 2


def test_line_ends_of_two_characters_move_no_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    path = tmp_path / "dos.md"
    script = Scripted("One\r\nTwo\r\n", document_path=str(path))
    script.ask("a", "She sat.\r\nHe").accept("a")
    script.save().end()
    path.write_bytes(script.document.text.encode())
    write_log(tmp_path / "home", script)
    assert '<mark class="model">She sat.\nHe</mark>' in run(capsys, str(path), "--html", "-")


@pytest.mark.parametrize("name", ["missing.md", "other.md"])
def test_what_the_log_does_not_know_is_told(
    name: str, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (draft.parent / "other.md").write_text("x")
    assert main(["provenance", str(draft.parent / name)]) == 1
    assert name in capsys.readouterr().err
    assert main(["provenance", str(draft), "--json", "--html", "-"]) == 2


def test_the_statement_tells_of_instructions_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words that a model wrote over the writer's were asked for too, though they were no suggestion."""
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    file = tmp_path / "told.md"
    file.write_text("The old man slept.")
    told = Scripted("The old man slept long.", 4, str(file))
    told.tell("t1", "Shorter!", "slept long", "slept").wait(5).save().end()
    write_log(tmp_path / "home", told)
    found = json.loads(run(capsys, str(file), "--json"))
    said = found["statement"]
    assert "(small)" in said
    assert "asked about the draft, once; something was taken of 1." in said
    assert "suggestion" not in said
