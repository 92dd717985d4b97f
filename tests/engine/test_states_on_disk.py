"""Evaluated states on disk: found again, bounded, private, and never trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cowrite.engine.host.resources import (
    LEAST_CONTEXT,
    SPARE,
    calibrated_threads,
    context_size,
    free_memory,
)
from cowrite.engine.host.saved_caches import SavedCaches
from cowrite.errors import ModelError

TOKENS = list(range(100))
LIMIT = 100_000


def test_a_state_comes_back_for_a_text_that_begins_the_same(tmp_path: Path):
    folder = SavedCaches(tmp_path / "kv", "model", LIMIT)
    assert folder.save(TOKENS, b"state")
    assert folder.load([*TOKENS, 5, 6]) == (TOKENS, b"state")
    assert folder.load([7, *TOKENS]) is None


def test_another_model_or_adapter_has_states_of_its_own(tmp_path: Path):
    SavedCaches(tmp_path, "model/one", LIMIT).save(TOKENS, b"state")
    assert SavedCaches(tmp_path, "model/two", LIMIT).load(TOKENS) is None


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"not json\nxx", None])
def test_a_damaged_file_is_no_state(tmp_path: Path, damage: bytes | None):
    folder = SavedCaches(tmp_path, "model", LIMIT)
    folder.save(TOKENS, b"state" * 50)
    path = folder.path(TOKENS)
    path.write_bytes(path.read_bytes()[:-7] if damage is None else damage)
    assert folder.load(TOKENS) is None


def test_files_are_private(tmp_path: Path):
    folder = SavedCaches(tmp_path / "kv", "model", LIMIT)
    old = os.umask(0)
    try:
        folder.save(TOKENS, b"state")
    finally:
        os.umask(old)
    assert folder.path(TOKENS).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "kv").stat().st_mode & 0o777 == 0o700
    assert [p.suffix for p in (tmp_path / "kv").iterdir()] == [".kv"]


def test_the_oldest_give_way(tmp_path: Path):
    folder = SavedCaches(tmp_path, "model", 3000)
    drafts = [[n, *TOKENS] for n in range(4)]
    for age, draft in enumerate(drafts):
        folder.save(draft, b"x" * 500)
        os.utime(folder.path(draft), (1000 + age, 1000 + age))
    assert folder.load(drafts[0]) is None
    assert folder.load(drafts[3]) is not None
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3000 + 4 * 300
    assert not folder.save(drafts[0], b"x" * 5000)


def test_a_folder_that_cant_be_written_costs_nothing_but_the_state(tmp_path: Path):
    (tmp_path / "kv").write_text("a file, not a folder")
    assert not SavedCaches(tmp_path / "kv", "model", LIMIT).save(TOKENS, b"state")


GIGABYTE = 1 << 30


def test_the_context_follows_the_free_memory():
    assert context_size(0, 32768, 18432, 250_000_000, 8 * GIGABYTE) == 4096
    assert context_size(0, 2048, 18432, 250_000_000, 8 * GIGABYTE) == 2048
    assert context_size(8192, 32768, 18432, 250_000_000, 8 * GIGABYTE) == 8192
    small = context_size(0, 32768, 200_000, 250_000_000, GIGABYTE)
    assert LEAST_CONTEXT <= small < 4096
    assert small % 256 == 0
    assert context_size(1000, 32768, 18432, 0, GIGABYTE) == 768


def test_a_model_larger_than_the_memory_is_refused():
    with pytest.raises(ModelError, match=r"needs .* GB of memory, and .* GB are free"):
        context_size(0, 4096, 18432, 40 * GIGABYTE, 8 * GIGABYTE)
    with pytest.raises(ModelError):
        context_size(0, 4096, 18432, GIGABYTE, GIGABYTE + SPARE)


def test_free_memory_is_known():
    assert 0 < free_memory() <= 2**62


def test_the_calibration_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cowrite.engine.host.resources.usable_cores", lambda: 8)
    monkeypatch.setattr("os.getloadavg", lambda: (0.1, 0.1, 0.1))
    tried: list[int] = []
    first = calibrated_threads(tmp_path, "model", tried.append)
    assert sorted(set(tried)) == [4, 7, 8]
    tried.clear()
    assert calibrated_threads(tmp_path, "model", tried.append) == first
    assert tried == []
    calibrated_threads(tmp_path, "another", tried.append)
    assert tried


def test_a_calibration_on_a_busy_machine_is_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cowrite.engine.host.resources.usable_cores", lambda: 8)
    monkeypatch.setattr("os.getloadavg", lambda: (9.0, 1.0, 1.0))
    for _ in range(2):
        tried: list[int] = []
        calibrated_threads(tmp_path, "model", tried.append)
        assert sorted(set(tried)) == [4, 7, 8]
