"""Exports appear whole, private and never over something else."""

from pathlib import Path

import pytest

from cowrite.errors import CowriteError, UsageError
from cowrite.export.target import new_file, whole_file, whole_folder


def test_a_file_is_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with whole_file(path, force=False) as out:
        out.write(b"one\n")
        assert not path.exists()
    assert path.read_bytes() == b"one\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["rows.jsonl"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), whole_file(path, force=True) as out:
        raise RuntimeError(out.write(b"new"))
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["rows.jsonl"]


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"old")
    with pytest.raises(UsageError, match="already"), whole_file(path, force=False):
        pass
    with whole_file(path, force=True) as out:
        out.write(b"new")
    assert path.read_bytes() == b"new"


def test_a_name_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    with pytest.raises(UsageError, match="already"), whole_file(path, force=False):
        path.write_bytes(b"other")
    assert path.read_bytes() == b"other"


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    link = tmp_path / "rows.jsonl"
    link.symlink_to(victim)
    with pytest.raises(UsageError), whole_file(link, force=False):
        pass
    with whole_file(link, force=True) as out:
        out.write(b"new")
    assert victim.read_bytes() == b"precious"
    assert not link.is_symlink()


@pytest.mark.parametrize("name", ["", "no/such/rows.jsonl", "."])
def test_bad_places_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CowriteError), whole_file(tmp_path / name, force=True):
        pass


def test_a_folder_is_filled_whole_and_merged_with_force(tmp_path: Path) -> None:
    path = tmp_path / "data"
    with whole_folder(path, force=False) as folder:
        with new_file(folder, "sft/train.jsonl") as out:
            out.write(b"1")
        assert not path.exists()
    assert (path / "sft/train.jsonl").read_bytes() == b"1"
    assert path.stat().st_mode & 0o777 == 0o700
    (path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="already"), whole_folder(path, force=False):
        pass
    with whole_folder(path, force=True) as folder, new_file(folder, "sft/train.jsonl") as out:
        out.write(b"2")
    assert (path / "sft/train.jsonl").read_bytes() == b"2"
    assert (path / "notes.txt").read_text() == "mine"


def test_a_folder_does_not_go_through_links(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = tmp_path / "data"
    path.mkdir()
    (path / "sft").symlink_to(elsewhere)
    with pytest.raises(UsageError, match="link"), whole_folder(path, force=True) as folder:
        new_file(folder, "sft/train.jsonl").close()
    assert list(elsewhere.iterdir()) == []


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.mkdir()
    with whole_folder(path, force=False) as folder:
        new_file(folder, "x").close()
    assert (path / "x").exists()
