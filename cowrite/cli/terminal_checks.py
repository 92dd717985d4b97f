"""What `cowrite doctor` says of the keys: which terminal this is, by its own answer, and what to set in it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cowrite.cli.finding import Finding, Verdict
from cowrite.core.printable import printable
from cowrite.tui.terminal import modes
from cowrite.tui.terminal.kinds import ALL, FEW, KEYS_TOLD, kind_of
from cowrite.tui.terminal.modes import FAR_ESCAPE_PATIENCE

PATIENCE = 0.5
"""Seconds that a terminal has for its answers."""
_QUESTIONS = b"\x1b[>q\x1b[?u\x1b[c"
"""Its name and version (XTVERSION), the kitty protocol's flags, and what all answer (DA1): then all is said."""
_MUTE = ("linux", "dumb")
_MOST = 4096
_VERSION = re.compile(rb"\x1bP>\|([^\x1b]*)\x1b\\")
_FLAGS = re.compile(rb"\x1b\[\?(\d+)u")
_LAST = re.compile(rb"\x1b\[\?[\d;]*c")
_ANY = re.compile(rb"\x1bP[^\x1b]*\x1b\\|\x1b\[[?>=]?[\d;]*[a-z]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terminal says of itself. name: with its version, empty where it has none to tell.

    kitty: whether it knows the kitty protocol; None where it said nothing at all.
    """

    name: str = ""
    kitty: bool | None = None


def keyboard_here() -> Iterator[Finding]:
    """What can be said of the terminal that this runs in; nothing where it is none."""
    if sys.stdin is None or sys.stdout is None or not sys.stdout.isatty():
        return
    yield from keyboard(os.environ, ask(0, 1), tmux_keys(os.environ))


def ask(source: int, target: int, patience: float = PATIENCE) -> Answer:
    """Ask the terminal at these file descriptors; what it says comes within a moment, or not at all.

    Its modes are as they were then. Nothing is asked where keys wait already, which belong to the shell; those
    that come in the meantime are given back where the system lets us.
    """
    if not (os.isatty(source) and os.isatty(target)) or os.environ.get("TERM", "dumb") in _MUTE:
        return Answer()
    said = b""
    try:
        if os.tcgetpgrp(source) != os.getpgrp():
            return Answer()  # in the background: reading would stop us
        before = termios.tcgetattr(source)
        try:
            termios.tcsetattr(source, termios.TCSANOW, _listening(before))
            if not select.select([source], [], [], 0)[0]:
                os.write(target, _QUESTIONS)
                said = _read(source, patience)
        finally:
            termios.tcsetattr(source, termios.TCSANOW, before)
    except (OSError, termios.error):
        return Answer()
    for byte in _ANY.sub(b"", said):
        with contextlib.suppress(OSError):
            fcntl.ioctl(source, termios.TIOCSTI, bytes([byte]))
    return understood(said)


def _listening(modes_before: list[Any]) -> list[Any]:
    """Terminal modes in which answers come at once and unseen; Ctrl+C still ends the program."""
    fresh = [*modes_before[:6], list(modes_before[6])]
    fresh[3] &= ~(termios.ICANON | termios.ECHO)
    fresh[6][termios.VMIN], fresh[6][termios.VTIME] = 1, 0
    return fresh


def _read(source: int, patience: float) -> bytes:
    """What comes up to the last answer, byte by byte: what is behind it is not ours."""
    said = b""
    until = time.monotonic() + patience
    while _LAST.search(said) is None and len(said) < _MOST:
        if not select.select([source], [], [], max(0.0, until - time.monotonic()))[0]:
            break
        said += os.read(source, 1)
    return said


def understood(said: bytes) -> Answer:
    """What these bytes of a terminal say."""
    version, flags = _VERSION.search(said), _FLAGS.search(said)
    name = printable(version[1].decode("utf-8", "replace")) if version is not None else ""
    answered = flags is not None or _LAST.search(said) is not None
    return Answer(name, (flags is not None) if answered else None)


def keyboard(
    environ: Mapping[str, str], answer: Answer, tmux_option: str | None = None
) -> Iterator[Finding]:
    """Which keys this terminal can send, and what to set so that it sends more.

    tmux_option: what tmux has for `extended-keys`, None where that isn't known.
    """
    kind = kind_of(environ, answer.name)
    name = answer.name or (kind.name if kind is not None else environ.get("TERM", "unknown"))
    keys = ALL if answer.kitty else kind.keys if kind is not None else FEW
    keys = FEW if keys == ALL and answer.kitty is False else keys
    parts = [f"{name} {KEYS_TOLD[keys]}"]
    if keys == FEW:
        parts.append("every important command has an F key too (F1)")
    if kind is not None and kind.name == "iTerm2":
        parts.append(kind.composing.removeprefix("yes: "))
    if modes.is_far(environ):
        wait = modes.escape_patience(environ) or FAR_ESCAPE_PATIENCE
        parts.append(f"over a network Escape waits for {1000 * wait:.0f} ms (ESCDELAY)")
    hint = kind.advice if kind is not None else ""
    if tmux_option in ("on", "always"):
        hint = ""
    facts = {
        "name": name,
        "kind": kind.name if kind is not None else None,
        "answered": answer.kitty is not None,
        "kitty_protocol": answer.kitty,
        "keys": keys,
        "far": modes.is_far(environ),
    }
    verdict = Verdict.NOTE if hint else Verdict.OK
    yield Finding("keyboard", verdict, "; ".join(parts) + ".", hint, facts)


def tmux_keys(environ: Mapping[str, str]) -> str | None:
    """tmux's option `extended-keys`, where we are in tmux and it says so."""
    if not environ.get("TMUX"):
        return None
    try:
        done = subprocess.run(
            ["tmux", "show", "-sv", "extended-keys"], capture_output=True, timeout=2, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace").strip()
