"""Forks into programs of the tests that would else import the same modules again, for most of their time.

`fork_server.py SOCKET` imports the window and the language server once and waits for requests on the socket
with that number: a JSON object (`argv`, `env`, `cwd`) with three files for the standard streams. It answers
with the process id, and says by a later message with which status that process has ended. Each is a session's
head, with the terminal that its streams are, if any. It ends when nobody holds the other end.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import termios
from contextlib import suppress
from pathlib import Path
from typing import Any


def serve(asked: socket.socket) -> dict[str, Any] | None:
    """Serve; returns a request in a process that has to do it, None at the end."""
    died, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([asked, died], [], [])
        if died in ready:
            os.read(died, 1 << 12)
            _tell_ends(asked)
        if asked not in ready:
            continue
        try:
            data, files, _, _ = socket.recv_fds(asked, 1 << 18, 3)
        except ConnectionError:  # what was told last was not read
            return None
        if not data:
            return None
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for file in (asked.detach(), died, wake):
                os.close(file)
            request: dict[str, Any] = json.loads(data)
            _begin(request, files)
            return request
        for file in files:
            os.close(file)
        asked.send(json.dumps({"pid": pid}).encode())


def _tell_ends(asked: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        with suppress(ConnectionError):
            asked.send(json.dumps({"ended": pid, "status": status}).encode())


def _begin(request: dict[str, Any], files: list[int]) -> None:
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = request["argv"]
    # The old ones may remember of their files what a terminal is not.
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        old = getattr(sys, name)
        new = os.fdopen(number, mode, encoding=old.encoding, errors=old.errors, closefd=False)
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


def main() -> None:
    import run_lsp  # noqa: F401
    import run_tui  # noqa: F401

    gc.collect()
    gc.freeze()
    request = serve(socket.socket(fileno=int(sys.argv[1])))
    if request is not None:
        sys.path[0] = str(Path(sys.argv[0]).parent)
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
