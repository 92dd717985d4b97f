"""Every call of the operating system fails once, or the machine stops there: no word is lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cowrite.errors import DraftError
from cowrite.files import UTF8, ChangedOnDisk, FileIdentity, Saved, load, osops, save

if TYPE_CHECKING:
    from tests.files.conftest import World

OLD = "The old text, in a file of its own.\r\n" * 300
ERRORS = [
    errno.ENOSPC,
    errno.EIO,
    errno.EACCES,
    errno.EPERM,
    errno.EINTR,
    errno.EROFS,
    errno.EDQUOT,
]
Scene = Callable[[Path], tuple[Path, bytes | None, str]]


def new(folder: Path) -> tuple[Path, bytes | None, str]:
    return folder / "draft.md", None, "A first text.\n" * 500


def replaced(folder: Path) -> tuple[Path, bytes | None, str]:
    path = folder / "draft.md"
    path.write_text(OLD, newline="")
    path.chmod(0o640)
    os.setxattr(path, "user.title", b"News")
    return path, OLD.encode(), "Another beginning. " + OLD


def touched(folder: Path) -> tuple[Path, bytes | None, str]:
    """Its time has changed since, so that its bytes are looked at."""
    path, _, text = replaced(folder)
    os.utime(path, ns=(7, 7))
    return path, OLD.encode(), text


def linked_longer(folder: Path) -> tuple[Path, bytes | None, str]:
    path, _, text = replaced(folder)
    os.link(path, folder / "linked.md")
    return path, OLD.encode(), text * 2


def linked_shorter(folder: Path) -> tuple[Path, bytes | None, str]:
    path, old, _ = linked_longer(folder)
    return path, old, "Short."


SCENES: list[Scene] = [new, replaced, touched, linked_longer, linked_shorter]
scenes = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)


def seen(path: Path) -> FileIdentity | None:
    return load(path).identity


def stage(scene: Scene, folder: Path) -> tuple[Path, bytes | None, str, Callable[[], Saved]]:
    """The scene set up in a fresh folder, and the save that is to be disturbed."""
    folder.mkdir()
    path, old, text = scene(folder)
    expected = seen(path)
    if scene is touched:
        os.utime(path, ns=(9, 9))
    return path, old, text, lambda: save(path, text, UTF8, expected)


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def calls_of(scene: Scene, world: World, folder: Path) -> list[str]:
    *_, act = stage(scene, folder)
    world.calls.clear()
    act()
    return list(world.calls)


def quiet(world: World) -> None:
    world.fail_at = world.crash_at = None


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def leavings(folder: Path) -> list[str]:
    return [name for name in names(folder) if name.endswith(".tmp")]


def attempt(act: Callable[[], Saved]) -> DraftError | None:
    """The error that the save is refused with; anything but a DraftError goes on to the test."""
    try:
        act()
    except DraftError as error:
        return error
    return None


@scenes
def test_every_call_fails_once(scene: Scene, world: World, tmp_path: Path, backups: Path) -> None:
    calls = calls_of(scene, world, tmp_path / "first")
    assert len(calls) >= 10
    for code in ERRORS:
        for number, name in enumerate(calls):
            folder = tmp_path / f"{code}-{number}"
            path, old, text, act = stage(scene, folder)
            before = open_files()
            world.calls.clear()
            world.error, world.fail_at = code, number
            place = f"{errno.errorcode[code]} at call {number}, {name}"
            trouble = attempt(act)
            quiet(world)
            if trouble is None:
                assert content(path) == text.encode(), place
            else:
                assert not isinstance(trouble, ChangedOnDisk), place
                assert trouble.hint, place
                assert content(path) in (old, text.encode()), place
            assert open_files() == before, place
            if name != "unlink":
                assert leavings(folder) == [], place
                assert names(backups) == [], place
            for leftover in backups.iterdir() if backups.exists() else ():
                leftover.unlink()
            # The next try succeeds, whatever had happened.
            save(path, text, UTF8, seen(path))
            assert content(path) == text.encode(), place


@scenes
def test_a_call_that_fails_from_now_on(
    scene: Scene, world: World, tmp_path: Path, backups: Path
) -> None:
    calls = calls_of(scene, world, tmp_path / "first")
    for code in (errno.ENOSPC, errno.EIO):
        for number, name in enumerate(calls):
            path, old, text, act = stage(scene, tmp_path / f"{code}-{number}")
            world.calls.clear()
            world.error, world.fail_at, world.lasting = code, number, True
            world.fail_on = frozenset([name])
            trouble = attempt(act)
            quiet(world)
            world.fail_on, world.lasting = frozenset(), False
            if content(path) not in (old, text.encode()):
                (copy,) = backups.iterdir()
                assert trouble is not None
                assert str(copy) in trouble.hint
                assert copy.read_bytes() == old
                assert load(path).note is not None
            for leftover in backups.iterdir() if backups.exists() else ():
                leftover.unlink()


@scenes
@pytest.mark.parametrize("half", [False, True], ids=["before", "within"])
def test_the_machine_stops_at_every_call(
    scene: Scene, half: bool, world: World, tmp_path: Path, backups: Path
) -> None:
    calls = calls_of(scene, world, tmp_path / "first")
    torn = 0
    for number, name in enumerate(calls):
        path, old, text, act = stage(scene, tmp_path / str(number))
        world.calls.clear()
        world.crash_at, world.half = number, half
        # The stand-in for the end of everything is no Exception: nobody handles it by mistake.
        with pytest.raises(BaseException, match=r"^$") as caught:
            act()
        assert caught.type.__name__ == "Crash"
        quiet(world)
        place = f"stopped at call {number}, {name}"
        now = content(path)
        kept = [copy.read_bytes() for copy in backups.iterdir()] if backups.exists() else []
        note = load(path).note
        if now in (old, text.encode()):
            assert note is None, place
        else:
            torn += 1
            assert scene in (linked_longer, linked_shorter), place
            assert kept == [old], place
            assert note is not None, place
            assert str(backups) in note, place
        save(path, text, UTF8, seen(path))
        assert content(path) == text.encode(), place
        assert names(backups) == [] or now == old, place
        for leftover in backups.iterdir() if backups.exists() else ():
            leftover.unlink()
    if scene in (linked_longer, linked_shorter):
        assert torn, "writing in place has a dangerous moment, and this looks for it"


@pytest.mark.parametrize("scene", [replaced, linked_longer], ids=lambda scene: scene.__name__)
def test_opening_fails_in_a_sentence(scene: Scene, world: World, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path, *_ = scene(folder)
    load(path)
    calls = list(world.calls)
    assert len(calls) >= 6
    before = open_files()
    for code in ERRORS:
        for number in range(len(calls)):
            world.calls.clear()
            world.error, world.fail_at = code, number
            with suppress(DraftError):
                assert load(path).text == OLD
            quiet(world)
            assert open_files() == before


def test_bytes_are_on_the_disk_before_the_name(world: World, tmp_path: Path) -> None:
    for scene, naming in ((new, "link"), (replaced, "rename")):
        order = calls_of(scene, world, tmp_path / naming)
        named = order.index(naming)
        assert "write" in order[: order.index("fsync")]
        assert order.index("fsync") < named
        assert "write" not in order[order.index("fsync") :]
        assert "fsync" in order[named:], "the folder"


def test_in_place_the_copy_is_on_the_disk_before_the_first_byte_changes(
    world: World, tmp_path: Path
) -> None:
    order = calls_of(linked_shorter, world, tmp_path / "folder")
    writes = [number for number, name in enumerate(order) if name == "write"]
    syncs = [number for number, name in enumerate(order) if name == "fsync"]
    assert len(writes) == 2
    assert len(syncs) == 3
    assert writes[0] < syncs[0] < order.index("rename") < syncs[1] < writes[1] < syncs[2]
    assert syncs[2] < order.index("unlink")


@scenes
def test_writes_may_be_short(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _, text, act = stage(scene, tmp_path / "folder")
    monkeypatch.setattr(osops, "write", lambda fd, data: os.write(fd, data[:997]))
    monkeypatch.setattr(osops, "read", lambda fd, size: os.read(fd, min(size, 991)))
    act()
    assert content(path) == text.encode()
    assert load(path).text == text


@scenes
def test_disks_without_links_and_folder_syncs(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _, text, act = stage(scene, tmp_path / "folder")

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    def sync(fd: int) -> None:
        if Path(f"/proc/self/fd/{fd}").is_dir():
            raise OSError(errno.EINVAL, "no folders here")
        os.fsync(fd)

    monkeypatch.setattr(osops, "link", refuse)
    monkeypatch.setattr(osops, "fsync", sync)
    act()
    assert content(path) == text.encode()
    assert leavings(path.parent) == []


def test_a_folder_that_can_not_be_synced_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name may be lost with the power, so this is no success; the next save is no conflict."""
    path, _, text, act = stage(replaced, tmp_path / "folder")

    def sync(fd: int) -> None:
        if Path(f"/proc/self/fd/{fd}").is_dir():
            raise OSError(errno.EIO, "broken")
        os.fsync(fd)

    monkeypatch.setattr(osops, "fsync", sync)
    with pytest.raises(DraftError, match="the disk fails"):
        act()
    assert content(path) == text.encode()
    monkeypatch.undo()
    act()
