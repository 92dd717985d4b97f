"""Saving on a real disk: what is kept of the old file, and what is refused."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cowrite.errors import DraftError
from cowrite.files import (
    UTF8,
    ChangedOnDisk,
    FileFormat,
    OnDisk,
    Saved,
    Watch,
    identity,
    load,
    osops,
    save,
    save_copy,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def resave(path: Path, text: str, **options: Any) -> Saved:
    draft = load(path)
    return save(path, text, draft.format, draft.identity, **options)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    old = os.umask(mask)
    try:
        yield
    finally:
        os.umask(old)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A small disk of its own at `folder`; skips where that is not permitted."""
    if os.getuid() != 0:
        pytest.skip("only root can mount")
    command = ["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_saving_says_what_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    saved = save(path, "Grüße\r\n", UTF8, None)
    data = "Grüße\r\n".encode()
    assert path.read_bytes() == data
    assert (saved.path, saved.size, saved.in_place) == (path, len(data), False)
    assert saved.sha256 == saved.identity.sha256 == hashlib.sha256(data).hexdigest()
    assert saved.identity == identity(path)
    again = save(path, "two", UTF8, saved.identity)
    assert again.identity == identity(path) != saved.identity
    assert names(tmp_path) == ["draft.md"]


def test_saving_in_another_encoding(tmp_path: Path) -> None:
    save(tmp_path / "draft.md", "日本", FileFormat("utf-16-le", b"\xff\xfe"), None)
    assert (tmp_path / "draft.md").read_bytes() == b"\xff\xfe" + "日本".encode("utf-16-le")


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_obeys_the_umask(tmp_path: Path, mask: int, mode: int) -> None:
    with umask(mask):
        save(tmp_path / "draft.md", "text", UTF8, None)
    assert stat.S_IMODE((tmp_path / "draft.md").stat().st_mode) == mode


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755, 0o4755, 0o200])
def test_mode_owner_and_attributes_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "draft.md"
    path.write_text("old")
    os.setxattr(path, "user.title", b"News")
    if os.getuid() == 0:
        os.chown(path, 1234, 2345)
    path.chmod(mode)
    before = path.stat()
    with umask(0o077):
        saved = save(path, "new", UTF8, identity(path))
    after = path.stat()
    assert path.read_text() == "new"
    assert not saved.in_place
    assert after.st_ino != before.st_ino
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    assert os.getxattr(path, "user.title") == b"News"


def test_access_lists_stay_as_they_are(tmp_path: Path) -> None:
    # Version 2: owner rw, user 1000 r, group r, mask r, others nothing.
    entries = [(1, 6, -1), (2, 4, 1000), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
    listed = (2).to_bytes(4, "little") + b"".join(
        tag.to_bytes(2, "little")
        + rights.to_bytes(2, "little")
        + (who & 0xFFFFFFFF).to_bytes(4, "little")
        for tag, rights, who in entries
    )
    path = tmp_path / "draft.md"
    path.write_text("old")
    try:
        os.setxattr(path, "system.posix_acl_access", listed)
    except OSError:
        pytest.skip("this disk has no access lists")
    resave(path, "new")
    assert os.getxattr(path, "system.posix_acl_access") == listed
    # The folder gives a list to new files; a file that had none gets none.
    plain = tmp_path / "plain.md"
    plain.write_text("old")
    os.setxattr(tmp_path, "system.posix_acl_default", listed)
    assert not resave(plain, "new").in_place
    assert "system.posix_acl_access" not in os.listxattr(plain)


def test_links_are_followed_and_stay(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    real = tmp_path / "far" / "real.md"
    real.write_text("old")
    link = tmp_path / "link.md"
    link.symlink_to("far/real.md")
    resave(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    new = tmp_path / "new.md"
    new.symlink_to("far/none.md")
    resave(new, "text")
    assert new.is_symlink()
    assert (tmp_path / "far" / "none.md").read_text() == "text"


def test_hard_links_stay_together(tmp_path: Path, backups: Path) -> None:
    path, other = tmp_path / "draft.md", tmp_path / "other.md"
    path.write_text("old text")
    os.link(path, other)
    for text in ("new", "a longer text than before", "", "x"):
        saved = resave(path, text)
        assert saved.in_place
        assert path.samefile(other)
        assert other.read_text() == text
        assert saved.identity == identity(path)
        assert names(backups) == []
    assert stat.S_IMODE(backups.stat().st_mode) == 0o700


def test_a_changed_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("old")
    draft = load(path)
    path.write_text("theirs")
    with pytest.raises(ChangedOnDisk, match="Another program has changed") as caught:
        save(path, "mine", draft.format, draft.identity)
    assert caught.value.expected == draft.identity
    assert caught.value.found == identity(path)
    assert path.read_text() == "theirs"
    save(path, "mine", draft.format, draft.identity, force=True)
    assert path.read_text() == "mine"


def test_a_file_that_came_up_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    draft = load(path)
    path.write_text("theirs")
    with pytest.raises(ChangedOnDisk, match="There is already a file"):
        save(path, "mine", draft.format, draft.identity)
    assert path.read_text() == "theirs"


def test_a_file_that_came_up_at_the_last_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "draft.md"

    def late(source: Path, target: Path) -> None:
        target.write_text("theirs")
        os.link(source, target)

    monkeypatch.setattr(osops, "link", late)
    with pytest.raises(ChangedOnDisk):
        save(path, "mine", UTF8, None)
    assert path.read_text() == "theirs"
    assert names(tmp_path) == ["draft.md"]


def test_a_file_that_changes_while_the_new_one_is_written_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "draft.md"
    path.write_text("old")
    draft = load(path)

    def slow(fd: int) -> None:
        path.write_text("theirs")
        os.fsync(fd)

    monkeypatch.setattr(osops, "fsync", slow)
    with pytest.raises(ChangedOnDisk):
        save(path, "mine", draft.format, draft.identity)
    assert path.read_text() == "theirs"
    assert names(tmp_path) == ["draft.md"]


def test_the_same_bytes_are_no_change(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("old")
    draft = load(path)
    os.utime(path, ns=(1, 1))
    save(path, "new", draft.format, draft.identity)
    # What is to be written is there already: a save whose answer was lost.
    save(path, "new", draft.format, draft.identity)
    assert path.read_text() == "new"


def test_a_deleted_file_is_made_again_but_not_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "draft.md"
    path.write_text("old")
    draft = load(path)
    path.unlink()
    save(path, "new", draft.format, draft.identity)
    assert path.read_text() == "new"
    path.unlink()
    folder.rmdir()
    with pytest.raises(DraftError, match="its folder is no longer there") as caught:
        save(path, "new", draft.format, draft.identity)
    assert "Your text is still here" in caught.value.hint


def test_what_is_no_file_is_not_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "file").write_text("")
    for path, what in [
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is a named pipe"),
        (Path("/dev/null"), "is a device"),
        (tmp_path / "a", "leads back to itself"),
        (tmp_path / "file" / "draft.md", "not a folder"),
        (tmp_path / ("n" * 300), "too long"),
        (Path("a\0b"), "can't be a file's name"),
    ]:
        with pytest.raises(DraftError, match=what):
            save(path, "text", UTF8, None, force=True)


def test_names_as_long_as_can_be_are_saved(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    resave(path, "one")
    resave(path, "two")
    assert path.read_text() == "two"


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(DraftError, match="its permissions forbid writing"):
        resave(path, "new", force=True)
    assert path.read_text() == "old"


def test_a_text_that_could_not_be_opened_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(DraftError, match="larger than 64 MB"):
        save(tmp_path / "draft.md", "é" * (33 << 20), UTF8, None)
    assert names(tmp_path) == []


def test_half_a_character_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("old")
    with pytest.raises(DraftError, match="half of a character"):
        resave(path, "new\ud800")
    assert path.read_text() == "old"


def test_copies_go_beside_and_over_nothing(tmp_path: Path) -> None:
    path = tmp_path / "draft.v2.md"
    copies = [save_copy(path, f"text {number}", UTF8).name for number in range(3)]
    assert copies == ["draft.v2.recovered.md", "draft.v2.recovered-2.md", "draft.v2.recovered-3.md"]
    assert (tmp_path / copies[0]).read_text() == "text 0"
    broken = FileFormat(lossless=False)
    assert save_copy(tmp_path / "notes", "text", broken, "mine") == tmp_path / "notes.mine"


def test_leavings_of_saves_that_were_cut_off_are_cleared(tmp_path: Path) -> None:
    old, young = tmp_path / ".cowrite-0.tmp", tmp_path / ".cowrite-1.tmp"
    for file in (old, young, tmp_path / ".other.tmp"):
        file.write_text("half")
    os.utime(old, (0, 0))
    os.utime(tmp_path / ".other.tmp", (0, 0))
    save(tmp_path / "draft.md", "text", UTF8, None)
    assert names(tmp_path) == [".cowrite-1.tmp", ".other.tmp", "draft.md"]


def test_a_full_disk(tmp_path: Path, backups: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    path = disk / "draft.md"
    with mounted(disk, "-o", "size=256k"):
        path.write_text("old" * 1000)
        draft = load(path)
        for count in (1, 2):
            if count == 2:
                os.link(path, disk / "linked.md")
            with pytest.raises(DraftError, match="the disk is full") as caught:
                save(path, "new" * 200_000, draft.format, draft.identity)
            assert "Free some space and save again" in caught.value.hint
            assert path.read_text() == "old" * 1000
            assert len(names(disk)) == count
        assert names(backups) == []
        with pytest.raises(DraftError, match="the disk is full"):
            save(disk / "other.md", "new" * 200_000, UTF8, None)
        assert not (disk / "other.md").exists()
        resave(path, "shorter")
        assert (disk / "linked.md").read_text() == "shorter"


def test_no_room_for_the_safety_copy(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    path = tmp_path / "draft.md"
    path.write_text("old" * 100_000)
    os.link(path, tmp_path / "linked.md")
    with mounted(disk, "-o", "size=64k"):
        with pytest.raises(DraftError, match="no safety copy could be made") as caught:
            resave(path, "new", backups=disk / "backups")
        assert str(disk) in caught.value.hint
        assert path.read_text() == "old" * 100_000
        assert names(disk / "backups") == []


def test_a_disk_that_can_only_be_read(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    with mounted(disk):
        (disk / "draft.md").write_text("old")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        draft = load(disk / "draft.md")
        assert draft.read_only == "its disk can only be read"
        with pytest.raises(DraftError, match="its disk can only be read"):
            save(disk / "draft.md", "new", draft.format, draft.identity)
        with pytest.raises(DraftError, match="you may not write in"):
            load(disk / "new.md")
        with pytest.raises(DraftError, match="this disk can only be read"):
            save(disk / "new.md", "new", UTF8, None)


def test_a_file_that_is_a_mount_is_written_in_place(tmp_path: Path) -> None:
    """As containers give one: the name can't be given to another file."""
    disk = tmp_path / "disk"
    disk.mkdir()
    path = tmp_path / "draft.md"
    path.write_text("")
    with mounted(disk):
        (disk / "real.md").write_text("old")
        subprocess.run(["mount", "--bind", str(disk / "real.md"), str(path)], check=True)
        try:
            assert resave(path, "new").in_place
            assert path.read_text() == (disk / "real.md").read_text() == "new"
        finally:
            subprocess.run(["umount", str(path)], check=True)
    assert names(tmp_path) == ["disk", "draft.md", "home"]


def test_a_folder_that_can_not_be_written(
    open_folder: Path, as_nobody: Callable[[Callable[[], str]], str]
) -> None:
    path = open_folder / "draft.md"
    path.write_text("old")
    path.chmod(0o666)
    backups = open_folder / "backups"
    backups.mkdir()
    backups.chmod(0o777)

    def job() -> str:
        saved = resave(path, "new", backups=backups)
        return f"{saved.in_place} {path.read_text()} {names(backups)}"

    assert as_nobody(job) == "True new []"
    assert names(open_folder) == ["backups", "draft.md"]


def test_an_owner_that_can_not_be_kept_is_kept_in_place(
    open_folder: Path, as_nobody: Callable[[Callable[[], str]], str]
) -> None:
    path = open_folder / "draft.md"
    path.write_text("old")
    path.chmod(0o666)
    open_folder.chmod(0o777)

    def job() -> str:
        saved = resave(path, "new", backups=open_folder / "backups")
        return f"{saved.in_place} {path.read_text()} {path.stat().st_uid}"

    assert as_nobody(job) == "True new 0"
    assert names(open_folder) == ["backups", "draft.md"]


def test_watching(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    watch = Watch(path, None)
    assert watch.look() is OnDisk.SAME
    path.write_text("old")
    assert watch.look() is OnDisk.APPEARED
    draft = load(path)
    watch.renew(draft.identity)
    assert watch.look() is OnDisk.SAME
    os.utime(path, ns=(5, 5))
    assert watch.look() is OnDisk.SAME
    path.write_text("new")
    assert watch.look() is OnDisk.CHANGED
    assert watch.look() is OnDisk.CHANGED
    path.write_text("old")
    assert watch.look() is OnDisk.SAME
    path.unlink()
    assert watch.look() is OnDisk.GONE
    os.mkfifo(path)
    assert watch.look() is OnDisk.CHANGED
    path.unlink()
    path.write_text("old")
    assert watch.look() is OnDisk.SAME


def test_watching_reads_the_file_once_for_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "draft.md"
    path.write_text("old")
    watch = Watch(path, load(path).identity)
    reads = []
    real = osops.read_all
    monkeypatch.setattr(osops, "read_all", lambda fd, limit: (reads.append(fd), real(fd, limit))[1])
    for _ in range(3):
        watch.look()
    assert reads == []
    os.utime(path, ns=(5, 5))
    for _ in range(3):
        watch.look()
    assert len(reads) == 1
