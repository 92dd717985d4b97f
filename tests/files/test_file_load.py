"""Opening: a text or one sentence, whatever the path names."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from cowrite.errors import DraftError
from cowrite.files import UTF8, identity, load, named, untitled
from cowrite.files.load import MAX_BYTES


def refused(path: Path) -> DraftError:
    with pytest.raises(DraftError) as caught:
        load(path)
    error = caught.value
    assert error.message.endswith(".")
    assert "\n" not in error.message
    assert error.hint
    return error


def test_a_file_is_read_with_its_identity(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_bytes(b"One.\r\nTwo")
    draft = load(path)
    assert (draft.path, draft.real, draft.text, draft.format) == (path, path, "One.\r\nTwo", UTF8)
    assert draft.read_only is None
    assert draft.note is None
    assert draft.identity == identity(path)
    assert draft.identity is not None
    assert draft.identity.size == 9


def test_a_missing_file_is_a_new_draft(tmp_path: Path) -> None:
    draft = load(tmp_path / "new.md")
    assert (draft.text, draft.identity, draft.read_only) == ("", None, None)
    assert not (tmp_path / "new.md").exists()
    assert untitled().path is None


def test_a_relative_name_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(Path("new.md")).path == tmp_path / "new.md"


def test_a_link_keeps_its_name_and_says_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("text")
    (tmp_path / "link.md").symlink_to("real.md")
    draft = load(tmp_path / "link.md")
    assert (draft.path, draft.real) == (tmp_path / "link.md", tmp_path / "real.md")
    (tmp_path / "far.md").symlink_to("none.md")
    draft = load(tmp_path / "far.md")
    assert (draft.text, draft.identity, draft.real) == ("", None, tmp_path / "none.md")


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path).message
    os.mkfifo(tmp_path / "pipe")
    assert "is a named pipe" in refused(tmp_path / "pipe").message
    assert "is a device" in refused(Path("/dev/zero")).message
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "s"))
    assert "is a socket" in refused(tmp_path / "s").message
    server.close()
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert "leads back to itself" in refused(tmp_path / "a").message


def test_a_pipe_put_in_the_files_place_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.files import osops

    path = tmp_path / "draft.md"
    path.write_text("text")
    real = os.open

    def swapped(name: Path, flags: int, mode: int = 0o777) -> int:
        path.unlink()
        os.mkfifo(path)
        return real(name, flags, mode)

    monkeypatch.setattr(osops, "open_file", swapped)
    assert "is a named pipe" in refused(path).message


def test_impossible_names_are_refused(tmp_path: Path) -> None:
    assert "can't be a file's name" in refused(Path("a\0b")).message
    assert "can't be a file's name" in refused(Path("a\ud800b")).message
    assert "too long a name" in refused(tmp_path / ("n" * 300)).message
    (tmp_path / "file").write_text("")
    assert "not a folder" in refused(tmp_path / "file" / "draft.md").message


def test_a_missing_folder_is_said_when_opening(tmp_path: Path) -> None:
    error = refused(tmp_path / "none" / "draft.md")
    assert f"there is no folder {tmp_path / 'none'}" in error.message
    assert error.hint == f"Make it first: mkdir -p '{tmp_path / 'none'}'."


def test_the_folder_one_is_in_may_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert "no longer there" in refused(Path("draft.md")).message


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as stream:
        stream.truncate(100 << 20)
    assert "has 100 MB; a draft may have 64 MB" in refused(path).message
    with path.open("wb") as stream:
        stream.write(b"a" * 1000)
    assert load(path).read_only is None
    assert MAX_BYTES == 64 << 20


def test_a_file_without_a_length_is_read_to_its_end_but_no_further() -> None:
    draft = load(Path("/proc/self/status"))
    assert draft.text.startswith("Name:")
    assert draft.read_only == "its permissions forbid writing"


def test_a_file_that_grows_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.files import osops

    path = tmp_path / "draft.md"
    path.write_text("one")
    reads = []

    def growing(fd: int, limit: int) -> bytes:
        reads.append(1)
        data = os.read(fd, limit)
        if len(reads) <= 2:
            with path.open("ab") as stream:
                stream.write(b"+")
        return data

    monkeypatch.setattr(osops, "read_all", growing)
    assert load(path).text == "one++"
    reads.clear()
    monkeypatch.setattr(osops, "read_all", lambda fd, limit: (reads.clear(), growing(fd, limit))[1])
    assert "being written by another program" in refused(path).message


@pytest.mark.parametrize("mode", [0o444, 0o400])
def test_a_file_without_leave_to_write_can_only_be_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "draft.md"
    path.write_text("text")
    path.chmod(mode)
    assert load(path).read_only == "its permissions forbid writing"


def test_other_peoples_files(
    open_folder: Path, as_nobody: Callable[[Callable[[], str]], str]
) -> None:
    secret, readable = open_folder / "secret.md", open_folder / "readable.md"
    secret.write_text("text")
    secret.chmod(0o600)
    readable.write_text("text")
    readable.chmod(0o644)
    assert as_nobody(lambda: refused(secret).message) == f"{secret} may not be read by you."
    assert as_nobody(lambda: str(load(readable).read_only)) == "its permissions forbid writing"
    assert "you may not write in" in as_nobody(lambda: refused(open_folder / "new.md").message)
    open_folder.chmod(0o700)
    assert "may not be read by you" in as_nobody(lambda: refused(readable).message)


@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "file/under/a/file" + "y" * 5000])
def test_a_name_that_no_file_can_have_is_one_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(DraftError) as caught:
        named(str(tmp_path / name) if "\0" not in name else name)
    assert "\n" not in caught.value.message


def test_a_typed_name_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert named(" ~/a b.md ") == tmp_path / "a b.md"
    assert named("a.md") == tmp_path / "a.md"
    assert named("~no-such-user.md") == tmp_path / "~no-such-user.md"
