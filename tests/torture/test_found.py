"""What the random writer has found, each as the few acts that showed it. All of it must stay whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hostile import ESCAPES, FAMILY, ZALGO
from random_acts import Act, key, typed
from writer_rig import played

FOUND: dict[str, list[Act]] = {
    "a new draft from the palette ended the program": [
        key("ctrl+p"),
        *typed("begin a new"),
        key("enter"),
    ],
    "a suggestion's carriage return was shown as a sign": [
        key("ctrl+space"),
        ("engine", "chunk", " one\r\n two\r\n three"),
        ("engine", "finish", " one\r\n two\r\n three"),
        key("f8"),
    ],
    "an earlier suggestion came back with its carriage returns": [
        key("ctrl+space"),
        ("engine", "chunk", " one\r\n two"),
        ("engine", "done", "ab"),
        key("escape"),
        key("alt+h"),
        key("enter"),
    ],
    "replacing all by less left the cursor behind the draft's end": [
        *typed("eE"),
        key("alt+r"),
        *typed("e"),
        key("alt+a"),
    ],
    "a name that is too long for a file ended the program": [
        key("alt+s"),
        *typed("x" * 300),
        key("enter"),
        key("escape"),
        key("ctrl+o"),
        *typed("y" * 300),
        key("enter"),
    ],
    "a double click selected a part of a letter with many accents": [
        ("paste", "some words of " + ZALGO * 2 + " more"),
        *[("mouse", verb, 0.27, 0.04, False) for verb in ("down", "up", "down", "up")],
    ],
    "what was selected went to the find bar with its control codes": [
        ("paste", ESCAPES["title"]),
        key("f7"),
        key("ctrl+f"),
        *typed("x"),
        key("escape"),
        key("f7"),
        key("alt+r"),
    ],
    "a key that could not move the cursor left it out of view": [
        ("paste", "a line\n" * 60),
        key("ctrl+home"),
        *[("mouse", "wheel down", 0.5, 0.5, False)] * 12,
        key("up"),
    ],
    "a match inside of an emoji made its row too wide": [
        ("paste", f"{FAMILY} {' '.join(c + c for c in 'abcdefghijklmnopqrstuvwxyz')} and so on"),
        key("alt+r"),
        key("man", FAMILY[0]),
    ],
    "the home of nobody ended the program": [
        key("ctrl+o"),
        key("tilde", "~"),
        *typed("nobody-here"),
        key("enter"),
        key("escape"),
        key("alt+s"),
        key("home"),
        key("tilde", "~"),
        key("enter"),
    ],
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    asyncio.run(played(FOUND[name], tmp_path / "found"))
