"""Starting the model process so that it can't harm the terminal, the log or its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cowrite.engine.protocol import NO_DEVICE, NO_ROOM, SLOWER, WRONG_NUMBERS, EngineOptions
from cowrite.errors import CowriteError
from cowrite.paths import open_private, private_folder

SPINS = "2000"
"""How long a thread of llama.cpp turns round and round at a barrier before it sleeps (libgomp).

By default it turns for some milliseconds, and where another program has taken the core of the thread that
it waits for, it keeps that thread from running: with one busy program on two cores a step took 300 ms
instead of 20. So many turns last longer than most nodes of the graph, so a quiet machine loses nothing.
"""

LOG_BYTES = 1024 * 1024
"""The log file starts anew when it has grown to this size; the one before is kept."""


_PROCESSOR_SIGNALS = (
    signal.SIGILL,
    signal.SIGSEGV,
    signal.SIGBUS,
    signal.SIGFPE,
    signal.SIGABRT,
)
"""Ends by instructions that this processor or this build can't do. SIGKILL is memory's or the writer's."""

FULL_NOW = "its memory is full"

_NOT_HERE = {
    NO_DEVICE: ("none found", "llama.cpp finds no graphics processor here."),
    NO_ROOM: (FULL_NOW, "The graphics processor's memory is full."),
}
"""Exit codes of a host that was to use a graphics processor: what ended it, in words and in a sentence."""

FIRST_REST = 0.2
LONGEST_REST = 5.0
QUICK_CRASHES = 5
QUICK = 10.0
"""So many crashes in a row, each within so many seconds of the start, are hopeless."""


@dataclass(slots=True)
class RestartPolicy:
    """How long to wait before a child that crashed is started again."""

    crashes: int = 0
    rest: float = 0.0

    def after(self, seconds: float) -> float | None:
        """Seconds to wait after a child that lived for `seconds`; None where it is hopeless."""
        quick = seconds < QUICK
        self.crashes = self.crashes + 1 if quick else 1
        again = quick and self.crashes > 1
        self.rest = min(self.rest * 2, LONGEST_REST) if again else FIRST_REST
        return None if self.crashes >= QUICK_CRASHES else self.rest


def host_command() -> tuple[str, ...]:
    """The command of the real host."""
    return (sys.executable, "-m", "cowrite.engine.host.main")


def spawn_host(options: EngineOptions, log_path: Path) -> subprocess.Popen[bytes]:
    """Start the host with its messages on pipes and all else that it prints in the log file.

    It gets a process group of its own, since ctrl+c in the terminal is meant for the writer's program.
    GGML_NO_BACKTRACE: an abort in llama.cpp would start a debugger that prints prompt text.
    Raises OSError where the process can't be started.
    """
    environment = {"GOMP_SPINCOUNT": SPINS, **os.environ, "GGML_NO_BACKTRACE": "1"}
    log = open_log(log_path)
    try:
        return subprocess.Popen(
            options.command or host_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            close_fds=True,
            process_group=0,
        )
    finally:
        os.close(log)


def open_log(path: Path) -> int:
    """A descriptor to append to the log, readable by this user alone; the null device where it can't be."""
    try:
        private_folder(path.parent)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(path.suffix + ".1"))
        return open_private(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    except (OSError, CowriteError):
        return os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)


def reap(child: subprocess.Popen[bytes]) -> None:
    """Close the pipes of a child that has ended its talk, and see to it that it ends."""
    for stream in (child.stdin, child.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    try:
        child.wait(2.0)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def exit_reason(code: int, log_path: Path) -> str:
    """What a child with this return code died of, in a sentence."""
    if code in _NOT_HERE:
        return f"{_NOT_HERE[code][1]} Set engine.way to auto: the processor does it then."
    if code >= 0:
        return f"The model process ended with code {code}; {log_path} may say why."
    name = signal_name(code)
    hint = " Perhaps memory ran out." if name == "SIGKILL" else ""
    return f"The model process was ended by {name}.{hint}"


def signal_name(code: int) -> str:
    """The signal that ended a child with this (negative) return code."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def is_hopeless(code: int) -> bool:
    """Whether the same way would end so again at once."""
    return code in _NOT_HERE


def processor_trouble(code: int) -> str:
    """What a child with this return code met that another way of evaluating may avoid; empty for all else."""
    if code == WRONG_NUMBERS:
        return "wrong numbers"
    if code == SLOWER:
        return "slower than without"
    if code in _NOT_HERE:
        return _NOT_HERE[code][0]
    return signal_name(code) if -code in _PROCESSOR_SIGNALS else ""
