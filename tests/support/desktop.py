"""A screen that nobody sees, with a keyboard: Xvfb and XTEST, and Weston in it for Wayland's programs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

BETWEEN_KEYS = "60"
"""Milliseconds between keys, so that a slow program hasn't two of them in one read."""
_ROWS = ("qwertyuiop[]", 24), ("asdfghjkl;'", 38), ("zxcvbnm,./", 52)
KEYCODES = {letter: first + place for row, first in _ROWS for place, letter in enumerate(row)}
"""X's numbers of the keys, by what a US keyboard writes on them."""
_TERMINALS_SAY = (
    "COLORTERM", "TERM", "TERM_PROGRAM", "NO_COLOR", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY",
)  # fmt: skip


def clean(environment: dict[str, str]) -> dict[str, str]:
    """An environment without what the terminal around the tests says of itself."""
    kept = {name: value for name, value in os.environ.items() if name not in _TERMINALS_SAY}
    return kept | {"LANG": "C.UTF-8"} | environment


class Desktop:
    """One X screen. What is started on it ends with it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        reading, writing = os.pipe()
        options = ["-screen", "0", "1400x1000x24", "-noreset", "-nolisten", "tcp"]
        self._start(
            ["Xvfb", "-displayfd", str(writing), *options],
            clean({}),
            pass_fds=(writing,),
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        self.environment = {"DISPLAY": f":{number}", "XDG_RUNTIME_DIR": str(folder)}
        folder.chmod(0o700)

    def _start(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        *,
        pass_fds: tuple[int, ...] = (),
    ) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{Path(command[0]).name}.log").open("ab")
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, pass_fds=pass_fds
        )
        log.close()
        self._started.append(process)
        return process

    def start(
        self, command: Sequence[str], environment: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program on the screen."""
        return self._start(command, clean(self.environment | (environment or {})))

    def run(self, *command: str, given: str = "") -> str:
        """Run one of X's programs to its end; returns what it printed."""
        done = subprocess.run(
            command,
            env=clean(self.environment),
            input=given.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        return done.stdout.decode()

    def weston(self) -> dict[str, str]:
        """Start Weston as a window that fills the screen; returns what its programs need to know."""
        configured = self._folder / "weston.ini"
        still = "locking=false\npanel-position=none\nanimation=none\nstartup-animation=none\n"
        configured.write_text(f"[core]\nidle-time=0\n[shell]\n{still}")
        options = ["--backend=x11-backend.so", "--use-pixman", "--width=1300", "--height=900"]
        self.start(["weston", *options, "--socket=wayland-tests", f"--config={configured}"])
        until = time.monotonic() + 60
        while not (self._folder / "wayland-tests").exists():
            assert time.monotonic() < until, "Weston did not start"
            time.sleep(0.1)
        return {"WAYLAND_DISPLAY": "wayland-tests"}

    def keep(self, clipboard: str, text: str, more: dict[str, str] | None = None) -> None:
        """Put text where a terminal pastes from: X's `primary` or `clipboard`, or `wayland`."""
        command = ["wl-copy"] if clipboard == "wayland" else ["xclip", "-selection", clipboard]
        environment = clean(self.environment | (more or {}))
        subprocess.run(
            command, env=environment, input=text.encode(), stdout=subprocess.DEVNULL, check=True
        )

    # Its keyboard

    def layout(self, name: str) -> None:
        """Let the keyboard be of this country: `us`, `ru`."""
        self.run("setxkbmap", "-layout", name)
        time.sleep(0.5)

    def focus(self, window_class: str) -> bool:
        """Give the keys to the window of this class; whether there is one."""
        found = self.run("xdotool", "search", "--onlyvisible", "--class", window_class).split()
        if found:
            self.run("xdotool", "windowfocus", found[-1])
        return bool(found)

    def press(self, *keys: str) -> None:
        """Press keys by X's names, or by their numbers."""
        self.run("xdotool", "key", "--delay", BETWEEN_KEYS, *keys)

    def type(self, text: str) -> None:
        """Type text that the layout has."""
        self.run("xdotool", "type", "--delay", BETWEEN_KEYS, text)

    def press_at(self, positions: str, *, ctrl: bool = False) -> None:
        """Press keys where a US keyboard has these letters."""
        codes = [str(KEYCODES[letter]) if letter != " " else "space" for letter in positions]
        hold = ("keydown", "Control_L"), ("keyup", "Control_L")
        if ctrl:
            self.run("xdotool", *hold[0], "key", *codes, *hold[1])
        else:
            self.press(*codes)

    def press_others(self, text: str) -> None:
        """Press keys that write these characters, which no layout has; for X's own programs."""
        first = KEYCODES["q"]
        made = []
        for place, character in enumerate(text):
            made += ["-e", f"keycode {first + place} = " + " ".join([f"U{ord(character):04X}"] * 4)]
        self.run("xmodmap", *made)
        time.sleep(1.0)
        self.press(*(str(first + place) for place in range(len(text))))
        time.sleep(0.5)
        self.layout("us")

    def close(self) -> None:
        """End all that was started, the last first."""
        for process in reversed(self._started):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
