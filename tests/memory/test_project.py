"""A project's file and its files: what is wrong is one sentence, what is missing costs itself alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cowrite.config import load
from cowrite.errors import CowriteError, UsageError
from cowrite.memory import project as module
from cowrite.memory.keeper import Keeper
from cowrite.memory.making import make_project
from cowrite.memory.project import chapter_files, find_project, read_project
from cowrite.memory.story import read_story, state_of
from cowrite.paths import Paths


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_md", ".md").replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "cowrite.toml"


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("chapter = ['a.md']", "there is no 'project.chapter'"),
        ("chapters = 7", "chapters must be a list of files"),
        ("chapters = ['a.md', 7]", "chapters must be a list of files"),
        ("notes = ['']", "notes must be a list of files"),
        ("title = 7", "title must be a text"),
        ("passages = 'many'", "passages must be a number"),
        ("passages = true", "passages must be a number"),
        ("passages = -1", "passages must be 0 to 4000"),
    ],
)
def test_a_wrong_entry_is_named_with_its_line(tmp_path: Path, table: str, says: str) -> None:
    file = write(tmp_path, cowrite_toml=f"[ui]\n\n[project]\n{table}\n")
    with pytest.raises(UsageError) as error:
        read_project(file)
    assert says in error.value.message
    assert "line 4" in error.value.message


def test_a_slip_is_told_with_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read_project(write(tmp_path, cowrite_toml="[project]\nchaptres = []\n"))
    assert "chapters" in error.value.hint


@pytest.mark.parametrize(
    "text", ["project = 7\n", "[project\n", "[project]\nnotes = notes.md\n", "\0"]
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(CowriteError):
        read_project(write(tmp_path, cowrite_toml=text))


def test_settings_alone_are_no_project(tmp_path: Path) -> None:
    file = write(tmp_path, cowrite_toml="[editor]\ncolumn = 70\n")
    assert read_project(file) is None
    assert find_project(tmp_path / "a.md") is None


def test_the_same_file_has_settings_too(tmp_path: Path) -> None:
    write(tmp_path, cowrite_toml='[editor]\ncolumn = 70\n\n[project]\nnotes = "n.md"\n')
    paths = Paths(*(tmp_path / name for name in "abcd"))
    assert load(paths, tmp_path / "x.md", environ={}).editor.column == 70
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", config_toml="[project]\n")
    with pytest.raises(UsageError):
        load(paths, tmp_path / "x.md", environ={})


def test_chapters_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    names = ("c__10_md", "c__2_md", "c__1_md", "c__.hidden_md", "z_md", "notes_md", "lore__x_md")
    file = write(
        tmp_path,
        cowrite_toml="[project]\nchapters = ['z.md', 'c/*.md', '*.md', 'gone.md']\nnotes='notes.md'\n"
        "lore='lore'\n",
        **dict.fromkeys(names, "x"),
    )
    project = read_project(file)
    assert project is not None
    found = [path.relative_to(tmp_path).as_posix() for path in chapter_files(project)]
    assert found == ["z.md", "c/1.md", "c/2.md", "c/10.md", "gone.md"]


def test_folders_that_hold_themselves_end(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        cowrite_toml="[project]\nlore='lore'\nchapters=['**/*.md']\n",
        lore__a_md="# A\n\nx\n",
    )
    (tmp_path / "lore" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "lore" / "self.md").symlink_to(tmp_path / "lore" / "self.md")
    project = read_project(file)
    assert project is not None
    story = read_story(project)
    assert [entry.name for entry in story.lore.entries] == ["A"]
    assert any("self.md" in trouble for trouble in story.troubles)


def test_a_folder_with_too_much_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 3)
    file = write(tmp_path, cowrite_toml="[project]\nchapters=['*.md']\n", a_md="", b_md="", c_md="")
    project = read_project(file)
    assert project is not None
    (trouble,) = read_story(project).troubles
    assert "more than 3 files" in trouble


def test_what_is_missing_or_no_text_costs_itself_alone(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        cowrite_toml="[project]\nchapters=['a.md','gone.md','pipe']\nnotes=['n.md','dir']\nlore='bin.md'\n",
        a_md="Text.",
        n_md="Never kill Tom.",
    )
    (tmp_path / "dir").mkdir()
    (tmp_path / "bin.md").write_bytes(b"\x80\x00\xff" * 50)
    os.mkfifo(tmp_path / "pipe")
    project = read_project(file)
    assert project is not None
    story = read_story(project)
    assert [chapter.path.name for chapter in story.chapters] == ["a.md"]
    assert [note.text for note in story.notes] == ["Never kill Tom."]
    said = "\n".join(story.troubles)
    for name in ("gone.md", "pipe", "dir"):
        assert name in said


def test_a_keeper_reads_again_what_has_changed(tmp_path: Path) -> None:
    file = write(tmp_path, cowrite_toml="[project]\nnotes='n.md'\n", n_md="One.")
    project = read_project(file)
    assert project is not None
    keeper = Keeper(project)
    assert keeper.look()
    assert not keeper.look()
    (tmp_path / "n.md").write_text("Two, longer.")
    assert keeper.look()
    assert keeper.story is not None
    assert keeper.story.notes[0].text == "Two, longer."
    file.write_text("[project]\nnotes='n.md'\nlore='l.md'\n")
    (tmp_path / "l.md").write_text("# Tom\n\nA sailor.\n")
    assert keeper.look()
    assert len(keeper.story.lore) == 1
    file.write_text("[project]\nnotes=\n")
    assert keeper.look()
    assert "not valid TOML" in keeper.story.troubles[0]
    assert len(keeper.story.lore) == 1, "what it said before still holds"
    (tmp_path / "n.md").unlink()
    assert keeper.look()
    assert not keeper.look(), "what is missing is not read again and again"


# Making one


def test_a_new_project_can_be_read_and_tells_the_model_nothing_yet(tmp_path: Path) -> None:
    made = make_project(tmp_path / "my book")
    project = find_project(made.begin)
    assert project is not None
    assert project.title == "my book"
    story = read_story(project)
    assert story.troubles == ()
    assert [chapter.title for chapter in story.chapters] == ["Chapter One"]
    assert not any(note.text for note in story.notes)
    assert len(story.lore) == 0
    assert all(path.exists() for path in made.made)
    assert state_of(project)


def test_texts_that_are_there_become_chapters_and_stay(tmp_path: Path) -> None:
    write(tmp_path, a10_md="ten", a2_md="two", notes_md="mine", README_md="x")
    made = make_project(tmp_path)
    project = find_project(made.begin)
    assert project is not None
    assert [path.name for path in chapter_files(project)] == ["a2.md", "a10.md"]
    assert (tmp_path / "notes.md").read_text() == "mine"
    assert made.begin.name == "a2.md"


@pytest.mark.parametrize("name", ['we"ird', "tab\there", "new\nline", "del\x7f", "ünï", "a\udc80"])
def test_any_folder_can_be_one(tmp_path: Path, name: str) -> None:
    made = make_project(tmp_path / name)
    project = find_project(made.begin)
    assert project is not None
    assert read_story(project).troubles == ()


def test_a_project_is_made_once(tmp_path: Path) -> None:
    make_project(tmp_path)
    with pytest.raises(CowriteError, match="already"):
        make_project(tmp_path)


def test_where_nothing_can_be_made_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CowriteError, match="can't be made"):
        make_project(tmp_path / "file" / "below")
