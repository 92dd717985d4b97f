"""Folders of the writer's alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cowrite.errors import CowriteError
from cowrite.paths import private_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folders_are_private_from_the_first_moment(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        made = private_folder(tmp_path / "data" / "drafts")
    finally:
        os.umask(before)
    assert [mode(made), mode(made.parent)] == [0o700, 0o700]


def test_a_folder_that_was_opened_is_closed_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    assert mode(private_folder(folder)) == 0o700


def test_a_folder_that_all_share_stays_open(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777)
    assert mode(private_folder(folder)) == 0o1777


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(CowriteError):
        private_folder(tmp_path / "data" / "drafts")
