"""Which settings come from a place that goes before the writer's own file, and what settings are called."""

from __future__ import annotations

from pathlib import Path

from cowrite.config import describe
from cowrite.config.overruling import overruling
from cowrite.config.titles import TITLES
from cowrite.paths import Paths


def test_the_projects_file_and_the_environment_go_before_the_writers(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    paths.config_file.write_text("[editor]\ncolumn = 70\nfocus = 'sentence'\nword_goal = 5\n")
    folder = tmp_path / "book"
    folder.mkdir()
    project = folder / "cowrite.toml"
    project.write_text("[editor]\nfocus = 'off'\nword_goal = 9\n")
    found = overruling(paths, folder / "a.md", {"COWRITE_EDITOR_WORD_GOAL": "7"})
    assert {key: source.short for key, source in found.items()} == {
        "editor.focus": "cowrite.toml",
        "editor.word_goal": "the environment",
    }
    assert found["editor.focus"].name == str(project)
    assert found["editor.word_goal"].name == "$COWRITE_EDITOR_WORD_GOAL"
    project.write_text("not toml")
    assert overruling(paths, folder / "a.md", {}) == {}


def test_every_setting_has_a_title_of_its_own() -> None:
    assert set(TITLES) == {setting.key for setting in describe()}
    titles = [setting.title for setting in describe()]
    assert len(set(titles)) == len(titles)
    assert all(0 < len(title) <= 32 for title in titles)
