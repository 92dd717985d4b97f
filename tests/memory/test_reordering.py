"""Chapters in another order: the file says so, and says everything else that it said."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.errors import CowriteError
from cowrite.memory.project import ChapterPlan, Project, chapter_files, read_project
from cowrite.memory.project_file import set_plan, take_back
from cowrite.memory.reordering import move, reorder

NAMES = ("01.md", "02.md", "10.md", "[a] b.md", "第一章.md", "it's #1.md")


def make(folder: Path, toml: str | bytes, names: tuple[str, ...] = NAMES) -> Project:
    for name in names:
        path = folder / "chapters" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("words")
    file = folder / "cowrite.toml"
    file.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
    return again(file)


def again(file: Path) -> Project:
    project = read_project(file)
    assert project is not None
    return project


ARRAYS = (
    'chapters = ["chapters/*.md"] # all',
    "chapters = 'chapters/*.md' # all",
    "chapters = [ # begins\n  # first\n  \"chapters/10.md\", # ten\n  'chapters/*.md' # rest\n  # end\n]",
    'chapters = ["chapters/02.md", "chapters/01.md", "chapters/10.md", "chapters/*", "gone.md"]',
    'chapters = ["""chapters/02.md""", "chapters/[[]a] b.md", "chapters/*.md"]',
)
SHAPES = (
    "# top\n[ui]\ntheme = 'x' # why\n\n[project] # mine\ntitle = 'T'\n{}\nlore = 'l.md' # lore\n\n[model]\n",
    "project.title = 'T' # t\nproject.{}\n# last",
)


def comments(text: str) -> set[str]:
    return set(re.findall(r"# \w+", text))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(ARRAYS), st.sampled_from(SHAPES), st.permutations(NAMES), st.booleans())
def test_any_order_is_written_and_all_else_stays(
    array: str, shape: str, names: list[str], crlf: bool
) -> None:
    with TemporaryDirectory() as where:
        toml = shape.format(array)
        before = toml.replace("\n", "\r\n").encode() if crlf else toml.encode()
        project = make(Path(where), before)
        had = chapter_files(project)
        gone = [path for path in had if path.name not in NAMES]
        order = [*gone, *(project.folder / "chapters" / name for name in names)]
        done = reorder(project, order)
        after = project.file.read_bytes()
        assert chapter_files(again(project.file)) == order
        assert comments(after.decode()) == comments(toml)
        assert (b"\r\n" in after) is (crlf and b"\n" in before)
        assert not crlf or b"\n" not in after.replace(b"\r\n", b"")
        assert again(project.file).title == "T"
        if done is None:
            assert after == before
        else:
            take_back(done)
            assert project.file.read_bytes() == before


def test_a_new_file_is_the_last_chapter_still(tmp_path: Path) -> None:
    project = make(tmp_path, '[project]\nchapters = ["chapters/*.md"]\n', ("1.md", "2.md"))
    first, second = chapter_files(project)
    reorder(project, [second, first])
    third = tmp_path / "chapters" / "3.md"
    third.write_text("new")
    assert chapter_files(again(project.file)) == [second, first, third]


def test_moves_of_moves_do_not_let_the_list_grow(tmp_path: Path) -> None:
    project = make(tmp_path, '[project]\nchapters = ["chapters/*.md"]\n', ("1.md", "2.md", "3.md"))
    for order in permutations(chapter_files(project)):
        reorder(again(project.file), order)
    assert len(again(project.file).chapters) == 4


def test_what_another_program_wrote_meanwhile_stays(tmp_path: Path) -> None:
    project = make(tmp_path, '[project]\nchapters = ["chapters/*.md"]\n', ("1.md", "2.md"))
    done = reorder(project, list(reversed(chapter_files(project))))
    assert done is not None
    theirs = project.file.read_text() + "# theirs\n"
    project.file.write_text(theirs)
    with pytest.raises(CowriteError, match="changed since"):
        take_back(done)
    assert project.file.read_text() == theirs


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(ARRAYS),
    st.sampled_from(SHAPES),
    st.lists(
        st.tuples(
            st.sampled_from(NAMES), st.integers(0, 9000), st.sampled_from(("", 'a "b"', "初稿"))
        ),
        max_size=5,
    ),
)
def test_goals_and_statuses_are_written_and_taken_back(
    array: str, shape: str, said: list[tuple[str, int, str]]
) -> None:
    with TemporaryDirectory() as where:
        toml = shape.format(array)
        project = make(Path(where), toml)
        had, done = chapter_files(project), []
        for name, goal, status in said:
            chapter, plan = project.folder / "chapters" / name, ChapterPlan(goal, status)
            done.append(set_plan(again(project.file), chapter, goal, status))
            assert again(project.file).plan_of(chapter) == plan
        assert chapter_files(again(project.file)) == had
        assert comments(project.file.read_text()) == comments(toml)
        for one in filter(None, reversed(done)):
            take_back(one)
        assert project.file.read_text() == toml


@pytest.mark.parametrize("shape", SHAPES)
def test_a_plan_that_is_cleared_leaves_no_empty_table(shape: str, tmp_path: Path) -> None:
    """Its table may stand apart from the project's other lines, at the end of the file."""
    project = make(tmp_path, shape.format(ARRAYS[0]))
    chapter = project.folder / "chapters" / NAMES[0]
    for plan in (ChapterPlan(900, "draft"), ChapterPlan()):
        set_plan(again(project.file), chapter, plan.goal, plan.status)
        assert again(project.file).plan_of(chapter) == plan
    assert "status" not in project.file.read_text()
    assert "goals" not in project.file.read_text()


def test_a_goal_that_is_no_number_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CowriteError, match=r"line 2.*goals must be a table with a number"):
        make(tmp_path, '[project]\ngoals = "many"\n')


def test_an_order_of_other_chapters_is_refused(tmp_path: Path) -> None:
    project = make(tmp_path, '[project]\nchapters = ["chapters/*.md"]\n', ("1.md", "2.md"))
    before = project.file.read_bytes()
    with pytest.raises(CowriteError, match="others by now"):
        reorder(project, chapter_files(project)[:1])
    assert project.file.read_bytes() == before


def test_a_move_keeps_the_order_that_another_window_wrote(tmp_path: Path) -> None:
    project = make(tmp_path, '[project]\nchapters = ["chapters/*.md"]\n', ("1.md", "2.md", "3.md"))
    first, second, third = chapter_files(project)
    reorder(project, [first, third, second])
    assert move(project.file, first, 1) is not None
    assert chapter_files(again(project.file)) == [third, first, second]
    assert move(project.file, third, -1) is None
    with pytest.raises(CowriteError, match="others by now"):
        reorder(project, [third, second, first])  # it was made of an order that is no more
    with pytest.raises(CowriteError, match="others by now"):
        move(project.file, tmp_path / "no.md", 1)
    assert chapter_files(again(project.file)) == [third, first, second]


def test_a_goal_leaves_the_status_that_another_window_wrote(tmp_path: Path) -> None:
    project = make(tmp_path, '[project]\nchapters = ["chapters/*.md"]\n')
    chapter = chapter_files(project)[0]
    set_plan(project, chapter, status="done")
    set_plan(project, chapter, goal=900)
    assert again(project.file).plan_of(chapter) == ChapterPlan(900, "done")
    set_plan(project, chapter, status="")
    assert again(project.file).plan_of(chapter) == ChapterPlan(900, "")
