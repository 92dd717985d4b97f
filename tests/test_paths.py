"""Folders of the writer's alone."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from cowrite.errors import CowriteError, UsageError
from cowrite.paths import expanded, private_folder, user_paths, write_private


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


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_cant_sync_folders_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    sync = os.fsync

    def files_only(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(code, os.strerror(code))
        sync(fd)

    monkeypatch.setattr(os, "fsync", files_only)
    write_private(tmp_path / "config.toml", b"new")
    assert (tmp_path / "config.toml").read_bytes() == b"new"


def test_a_name_of_any_length_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 250)
    write_private(target, b"one")
    write_private(target, b"two")
    assert target.read_bytes() == b"two"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_is_left_of_a_write_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write_private(tmp_path / "kept", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_private(tmp_path / "kept", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("kept", b"old")]


def test_a_home_takes_the_place_of_its_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert expanded("~/a") == expanded(Path("~/a")) == tmp_path / "a"
    assert expanded("a/~b") == Path("a/~b")
    assert expanded("./~/a") == tmp_path / "~" / "a"


def test_a_home_of_nobody_is_a_name_where_it_is_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert expanded("~no-such-user.md") == tmp_path / "~no-such-user.md"
    for name in ("~no-such-user/a.md", "~no\0such/a.md", "~no\udcffsuch/a.md"):
        with pytest.raises(UsageError, match="is nowhere: there is no user 'no"):
            expanded(name)
    (tmp_path / "~no-such-user").mkdir()
    for name in ("~no-such-user/a.md", "./~no-such-user/a.md", Path("./~no-such-user/a.md")):
        found = expanded(name)
        assert found == expanded(found) == tmp_path / "~no-such-user" / "a.md"


def test_without_a_home_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    with pytest.raises(UsageError, match="your home is not known"):
        expanded("~/a.md")


def test_a_home_of_nobody_for_all_of_cowrite_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COWRITE_HOME", "~no-such-user/cowrite")
    with pytest.raises(UsageError, match="COWRITE_HOME: ~no-such-user/cowrite is nowhere"):
        user_paths()
