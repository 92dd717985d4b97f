"""Terminals that people use, on a screen that nobody sees: keys from a keyboard, and what comes of them.

X terminals run under Xvfb with keys by XTEST (xdotool), Wayland's in Weston, which is an X window of the same
screen, and tmux without a terminal around it, with keys by `send-keys`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from desktop import Desktop, clean
from shown import Shown

PATIENCE = 120.0
"""Seconds for anything: a terminal that draws without a GPU on a busy machine is slow."""
RUSSIAN = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))
"""What a Russian keyboard writes on the keys of a US one."""
NOTHING = "shift+F12"
"""A key that means nothing to cowrite."""
_TMUX_NAMES = {
    "space": "Space", "Return": "Enter", "BackSpace": "BSpace", "Delete": "DC", "Insert": "IC",
    "Prior": "PPage", "Next": "NPage",
}  # fmt: skip
_X = ("Xvfb", "xdotool", "setxkbmap", "xmodmap", "xclip")
RECORDED = Path(__file__).parent / "recorded.py"


class Recording:
    """What a program and its terminal said to each other, as `recorded.py` writes it down."""

    def __init__(self, folder: Path, columns: int, rows: int) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.shown = Shown(columns, rows)

    def command(self, program: Sequence[str]) -> list[str]:
        """The program with its recorder."""
        return [sys.executable, str(RECORDED), str(self.folder), *program]

    def read(self) -> None:
        """Take in what was shown since."""
        file = self.folder / "shown"
        if file.exists():
            with file.open("rb") as shown:
                shown.seek(len(self.shown.sent))
                self.shown.feed(shown.read())

    @property
    def keys(self) -> bytes:
        """All that the terminal sent."""
        file = self.folder / "keys"
        return file.read_bytes() if file.exists() else b""

    def wait(self, wanted: str | Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until the screen holds these words, or it is true. AssertionError tells what there was."""
        until = time.monotonic() + patience
        while not (self.shown.holds(wanted) if isinstance(wanted, str) else wanted()):
            assert time.monotonic() < until, (
                f"waited in vain for {wanted!r}; keys: {self.keys!r}; on the screen:\n{self.shown.text}"
            )
            time.sleep(0.05)
            self.read()

    def ended(self) -> int:
        """The program's exit code, once it has ended."""
        file = self.folder / "code"
        self.wait(lambda: file.exists() and file.read_text())
        return int(file.read_text())


@dataclass(frozen=True)
class Opened:
    """What a terminal is opened with. command: the program with its recorder. layout: of the keyboard."""

    recording: Recording
    command: list[str]
    environment: dict[str, str]
    columns: int = 100
    rows: int = 30
    layout: str = "us"


class RealTerminal(ABC):
    """One terminal with one program in it. Close it."""

    needs: ClassVar[tuple[str, ...]] = ()
    """Programs without which it can't be had."""
    sends_other_ctrl: ClassVar[bool] = True
    """Whether Ctrl with a letter that is not Latin sends anything."""

    recording: Recording

    @classmethod
    def missing(cls) -> str:
        """Which of the programs it needs are not here; empty where it can be had."""
        return ", ".join(name for name in cls.needs if shutil.which(name) is None)

    def reach(self) -> None:
        """Wait until keys arrive: a terminal can be on the screen for a while before they do."""
        said = len(self.recording.keys)

        def is_reached() -> bool:
            self.press(NOTHING)
            return len(self.recording.keys) > said

        self.recording.wait(is_reached)

    @abstractmethod
    def type(self, text: str) -> None:
        """Type Latin text, a key at a time."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press a key by X's name: `Tab`, `ctrl+space`, `shift+Return`, `alt+l`."""

    @abstractmethod
    def cyrillic(self, positions: str) -> None:
        """Press keys by what a US keyboard writes on them, while the layout is Russian."""

    @abstractmethod
    def cyrillic_ctrl(self, position: str) -> None:
        """The same, one key with Ctrl."""

    @abstractmethod
    def han(self, text: str) -> None:
        """Enter Han characters."""

    @abstractmethod
    def paste(self, text: str) -> None:
        """Paste with the terminal's own paste."""

    @abstractmethod
    def close(self) -> None:
        """End it."""


class XTerm(RealTerminal):
    """xterm, which is asked for modifyOtherKeys."""

    needs = (*_X, "xterm")
    sends_other_ctrl = False
    window = "xterm"

    def __init__(self, opened: Opened) -> None:
        self.recording = opened.recording
        self._desktop = Desktop(opened.recording.folder / "desktop")
        self._desktop.layout(opened.layout)
        size = f"{opened.columns}x{opened.rows}"
        self._desktop.start(self._command(size, opened.command), opened.environment)
        self.recording.wait(lambda: self._desktop.focus(self.window))

    def _command(self, size: str, program: list[str]) -> list[str]:
        return ["xterm", "-geometry", size, "-e", *program]

    def type(self, text: str) -> None:
        self._desktop.type(text)

    def press(self, key: str) -> None:
        self._desktop.press(key)

    def cyrillic(self, positions: str) -> None:
        self._desktop.press_at(positions)

    def cyrillic_ctrl(self, position: str) -> None:
        self._desktop.press_at(position, ctrl=True)

    def han(self, text: str) -> None:
        self._desktop.press_others(text)

    def paste(self, text: str) -> None:
        self._desktop.keep("primary", text)
        self.press("shift+Insert")

    def close(self) -> None:
        self._desktop.close()


class Kitty(XTerm):
    """kitty, whose protocol it is."""

    needs = (*_X, "kitty")
    sends_other_ctrl = True
    window = "kitty"

    def _command(self, size: str, program: list[str]) -> list[str]:
        columns, rows = size.split("x")
        wanted = {
            "initial_window_width": f"{columns}c",
            "initial_window_height": f"{rows}c",
            "remember_window_size": "no",
            "update_check_interval": "0",
            "enable_audio_bell": "no",
        }
        options = [part for pair in wanted.items() for part in ("-o", "=".join(pair))]
        # Without a graphics processor, Mesa draws.
        return ["env", "LIBGL_ALWAYS_SOFTWARE=1", "kitty", "--config", "NONE", *options, *program]

    def paste(self, text: str) -> None:
        self._desktop.keep("clipboard", text)
        self.press("ctrl+shift+v")


class Foot(RealTerminal):
    """foot, in Weston."""

    needs = (*_X, "weston", "foot", "wl-copy")

    def __init__(self, opened: Opened) -> None:
        self.recording = opened.recording
        self._desktop = Desktop(opened.recording.folder / "desktop")
        self._desktop.layout(opened.layout)
        self._wayland = self._desktop.weston()
        size = f"{opened.columns}x{opened.rows}"
        command = ["foot", "-c", "/dev/null", "-o", "key-bindings.unicode-input=Control+Shift+i"]
        self._desktop.start(
            [*command, "-W", size, *opened.command], {**opened.environment, **self._wayland}
        )

    def type(self, text: str) -> None:
        self._desktop.type(text)

    def press(self, key: str) -> None:
        self._desktop.press(key)

    def cyrillic(self, positions: str) -> None:
        self._desktop.press_at(positions)

    def cyrillic_ctrl(self, position: str) -> None:
        self._desktop.press_at(position, ctrl=True)

    def han(self, text: str) -> None:
        """By their numbers, in foot's own little input method: Weston has no other."""
        for character in text:
            self.press("ctrl+shift+i")
            time.sleep(0.3)
            self.type(f"{ord(character):x}")
            self.press("Return")

    def paste(self, text: str) -> None:
        self._desktop.keep("wayland", text, self._wayland)
        time.sleep(1.0)  # wl-copy has the keyboard for a moment
        self.press("ctrl+shift+v")

    def close(self) -> None:
        self._desktop.close()


class Tmux(RealTerminal):
    """tmux, with keys by `send-keys`. Of Ctrl with another alphabet's letter it (3.3a) sends the letter."""

    needs = ("tmux",)
    sends_other_ctrl = False
    extended = "on"
    options: ClassVar[tuple[str, ...]] = ()

    def __init__(self, opened: Opened) -> None:
        self.recording = opened.recording
        folder = opened.recording.folder
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", str(folder / "tmux.conf")]
        lines = (f"set -s extended-keys {self.extended}", "set -s escape-time 20", *self.options)
        (folder / "tmux.conf").write_text("\n".join(lines) + "\n")
        kept = [f"{name}={value}" for name, value in opened.environment.items()]
        size = ["-x", str(opened.columns), "-y", str(opened.rows)]
        command = ["env", *kept, *opened.command]
        self._run("new-session", "-d", *size, *command)

    def reach(self) -> None:
        """Keys arrive at once."""

    def _run(self, *command: str) -> None:
        subprocess.run([*self._tmux, *command], env=clean({"TERM": "xterm-256color"}), check=True)

    def type(self, text: str) -> None:
        for character in text:
            self._run("send-keys", "-l", character)

    def press(self, key: str) -> None:
        *modifiers, name = key.split("+")
        short = {"ctrl": "C-", "shift": "S-", "alt": "M-"}
        named = _TMUX_NAMES.get(name, name)
        if named == "Tab" and modifiers == ["shift"]:
            modifiers, named = [], "BTab"
        self._run("send-keys", "".join(short[modifier] for modifier in modifiers) + named)

    def cyrillic(self, positions: str) -> None:
        self.type("".join(RUSSIAN.get(letter, letter) for letter in positions))

    def cyrillic_ctrl(self, position: str) -> None:
        self._run("send-keys", f"C-{RUSSIAN[position]}")

    def han(self, text: str) -> None:
        self.type(text)

    def paste(self, text: str) -> None:
        self._run("set-buffer", text)
        self._run("paste-buffer", "-p")

    def close(self) -> None:
        subprocess.run(
            [*self._tmux, "kill-server"], env=clean({}), check=False, stderr=subprocess.DEVNULL
        )


class TmuxWithoutExtendedKeys(Tmux):
    """tmux as it is by itself."""

    extended = "off"


class TmuxInXterm(XTerm):
    """tmux in a real terminal, which is told that keys may be extended."""

    needs = (*_X, "xterm", "tmux")
    sends_other_ctrl = False

    def _command(self, size: str, program: list[str]) -> list[str]:
        folder = self.recording.folder
        lines = ("set -s extended-keys on", "set -as terminal-features 'xterm*:extkeys'")
        (folder / "tmux.conf").write_text("\n".join([*lines, "set -g status off"]) + "\n")
        inner = ["tmux", "-S", str(folder / "tmux"), "-f", str(folder / "tmux.conf"), "new-session"]
        command = super()._command(size, [*inner, *program])
        # By itself xterm writes characters for Alt, and tmux takes no request that it should not.
        return [command[0], "-xrm", "XTerm*metaSendsEscape: true", *command[1:]]

    def close(self) -> None:
        server = ["tmux", "-S", str(self.recording.folder / "tmux"), "kill-server"]
        subprocess.run(server, env=clean({}), check=False, stderr=subprocess.DEVNULL)
        super().close()


TERMINALS: dict[str, type[RealTerminal]] = {
    "kitty": Kitty,
    "foot": Foot,
    "xterm": XTerm,
    "tmux": Tmux,
    "tmux without extended keys": TmuxWithoutExtendedKeys,
    "tmux in xterm": TmuxInXterm,
}
