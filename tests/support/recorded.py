"""A program between a terminal and itself: `recorded.py FOLDER COMMAND ...` writes down what both send.

`FOLDER/keys` is what the terminal sent, `FOLDER/shown` what the program wrote, `FOLDER/code` its exit code,
which is there once it has ended.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import sys
import termios
import tty
from pathlib import Path


def main() -> int:
    folder, command = Path(sys.argv[1]), sys.argv[2:]
    before = termios.tcgetattr(0)
    tty.setraw(0)
    pid, program = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)

    def follow_size(*_: object) -> None:
        fcntl.ioctl(program, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))

    follow_size()
    signal.signal(signal.SIGWINCH, follow_size)
    with (folder / "keys").open("ab", 0) as keys, (folder / "shown").open("ab", 0) as shown:
        pass_on(program, keys.write, shown.write)
    _, status = os.waitpid(pid, 0)
    termios.tcsetattr(0, termios.TCSANOW, before)
    code = os.waitstatus_to_exitcode(status)
    (folder / "code").write_text(str(code))
    return abs(code)


def pass_on(program: int, keep_keys: object, keep_shown: object) -> None:
    """Pass bytes on both ways until the program has ended."""
    assert callable(keep_keys)
    assert callable(keep_shown)
    sources = [0, program]
    while True:
        ready, _, _ = select.select(sources, [], [])
        try:
            data = os.read(ready[0], 1 << 16)
        except OSError:
            data = b""
        if ready[0] == program:
            if not data:
                return
            keep_shown(data)
            os.write(1, data)
        elif data:
            keep_keys(data)
            os.write(program, data)
        else:
            sources = [program]


if __name__ == "__main__":
    sys.exit(main())
