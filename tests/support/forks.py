"""Programs that are forks of a process which has imported all they need: they start in a third of the time."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

SERVER = Path(__file__).parent / "fork_server.py"
FREE = ("COWRITE_", "XDG_", "HOME", "TERM", "COLORTERM", "COLORFGBG", "NO_COLOR")
"""Names of the environment that are read by what runs, not by the interpreter or a module when it begins."""


def can_fork(env: Mapping[str, str]) -> bool:
    """Whether a program with these in its environment does the same as a fork."""
    return all(name.startswith(FREE) for name in env)


class ForkServer:
    """One process that forks; it ends with this one."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ended: dict[int, int] = {}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(SERVER), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "LANG": "C.UTF-8"},
            )
        atexit.register(self._close)

    def start(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, files: Sequence[int]
    ) -> int:
        """Run a script of these tests with three files as its streams. Returns the process id."""
        request = {"argv": list(argv), "env": dict(env), "cwd": str(cwd)}
        socket.send_fds(self._socket, [json.dumps(request).encode()], files)
        while (found := self._hear()) is None:
            pass
        return found

    def ended(self, pid: int, timeout: float = 0.0) -> int | None:
        """The status that a process has ended with, None while it runs."""
        while pid not in self._ended and select.select([self._socket], [], [], timeout)[0]:
            self._hear()
        return self._ended.get(pid)

    def _hear(self) -> int | None:
        """One message: the process id where it is of a start."""
        data = self._socket.recv(1 << 12)
        assert data, "the process that forks has ended"
        said = json.loads(data)
        if "ended" in said:
            self._ended[said["ended"]] = said["status"]
        return said.get("pid")

    def _close(self) -> None:
        self._socket.close()
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        self._process.wait()


class Piped:
    """A forked program on pipes, with what tests need of `subprocess.Popen`."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        self._server = fork_server()
        (into, write), (read, out), (read_errors, errors) = (os.pipe() for _ in range(3))
        self.pid = self._server.start(argv, env, cwd, (into, out, errors))
        for file in (into, out, errors):
            os.close(file)
        self.stdin = os.fdopen(write, "wb")
        self.stdout, self.stderr = os.fdopen(read, "rb"), os.fdopen(read_errors, "rb")

    def poll(self) -> int | None:
        """The exit code, minus the signal's number where one ended it; None while it runs."""
        return self._code(0.0)

    def wait(self, timeout: float = 60.0) -> int:
        """The exit code once it has ended. Raises TimeoutExpired."""
        end = time.monotonic() + timeout
        while (code := self._code(max(0.0, end - time.monotonic()))) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("a fork", timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """End it as `kill` in a shell does."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _code(self, timeout: float) -> int | None:
        status = self._server.ended(self.pid, timeout)
        return None if status is None else os.waitstatus_to_exitcode(status)


@cache
def fork_server() -> ForkServer:
    """The one of this process, started when it is first asked for."""
    return ForkServer()
