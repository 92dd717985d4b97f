"""A random writer at the real window: nothing it does may break anything.

TORTURE_ACTIONS: how many acts in all (200,000 is what docs/reliability.md reports), TORTURE_SEED: the first
seed. A failure names its seed and the shortest list of acts found that still fails.
"""

from __future__ import annotations

import asyncio
import os
import time
from itertools import islice
from pathlib import Path

import pytest
from random_acts import COMMANDS, DRAWN, Act, RandomWriter
from writer_rig import Rig, keep_to, played

from cowrite.tui.commands.actions import ACTIONS, BY_ID
from cowrite.tui.screens.palette import commands

ACTS = int(os.environ.get("TORTURE_ACTIONS", "200000"))
SEED = int(os.environ.get("TORTURE_SEED", "1"))
EACH = 2000
"""Acts of one seed."""

SHRINK_FOR = 60.0
"""Seconds that may be spent on shortening a list that fails."""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("cowrite.files.save", __import__("cowrite.files").files.save)
    keep_to(tmp_path)


def failure(acts: list[Act], folder: Path) -> BaseException | None:
    """What goes wrong with these acts, or None."""
    try:
        asyncio.run(played(acts, folder))
    except (Exception, asyncio.CancelledError) as error:
        return error
    return None


def shortened(acts: list[Act], folder: Path) -> list[Act]:
    """The acts without those that the failure does not need, as far as the time allows."""
    until = time.monotonic() + SHRINK_FOR
    rounds = 0
    for last in (2**power for power in range(2, len(acts).bit_length())):
        rounds += 1
        if failure(acts[-last:], folder / f"shrink-{rounds}") is not None:
            acts = acts[-last:]
            break
    size = len(acts) // 2
    while size and time.monotonic() < until:
        start = 0
        while start < len(acts) and time.monotonic() < until:
            fewer = acts[:start] + acts[start + size :]
            rounds += 1
            if fewer and failure(fewer, folder / f"shrink-{rounds}") is not None:
                acts = fewer
            else:
                start += size
        size //= 2
    return acts


def rig_number(error: BaseException, last: int) -> int:
    """The number of the act in which it failed."""
    notes = [note for note in getattr(error, "__notes__", ()) if note.startswith("act ")]
    return int(notes[0].split()[1].rstrip(":")) if notes else last


def campaign(actions: int, seed: int, folder: Path) -> None:
    began = time.monotonic()
    done, slowest = 0, (0.0, "")
    while done < actions:
        acts = list(islice(RandomWriter(seed).acts(), min(EACH, actions - done)))
        try:
            rig = asyncio.run(played(acts, folder / f"seed-{seed}"))
        except Exception as error:
            number = rig_number(error, len(acts))
            few = shortened(acts[: number + 1], folder)
            listed = "\n".join(f"    {act!r}," for act in few)
            error.add_note(f"seed {seed}, act {number}; {len(few)} acts are enough:\n{listed}")
            raise
        done += len(acts)
        slowest = max(slowest, rig.slowest)
        seed += 1
    spent = time.monotonic() - began
    print(
        f"\n{done:,} acts, seeds {SEED} to {seed - 1}, {spent:.0f} s, {done / spent:.0f} a second;"
        f" the slowest took {slowest[0] * 1000:.0f} ms: {slowest[1]}"
    )


def test_every_action_is_among_the_acts() -> None:
    assert [action.id for action in ACTIONS if not DRAWN & set(action.keys)] == []


async def test_every_command_without_a_key_is_among_the_acts(tmp_path: Path) -> None:
    rig = Rig(tmp_path / "rig")
    rig.folder.mkdir()
    await rig.open()
    try:
        entries = [command.entry for command in commands(rig.app)]
    finally:
        await rig.abandon()
    other = [entry.label.lower() for entry in entries if entry.value not in BY_ID]
    assert len(other) > 5
    assert [name for name in other if not any(w and name.startswith(w) for w in COMMANDS)] == []


def test_a_thousand_acts(tmp_path: Path) -> None:
    campaign(int(os.environ.get("TORTURE_ACTIONS", "1000")), SEED, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_a_long_campaign(tmp_path: Path) -> None:
    campaign(ACTS, SEED, tmp_path)
