"""Runs commands of cowrite with odd streams: `stream_walk.py JSON`, a list of (words, stdout, stderr).

A stream is `file`, `gone` (a pipe whose reader has ended), `full` (a full disk) or `closed`. Each command runs
in a process of its own, a fork that has everything imported already, and ends as the program does, with all
that the interpreter does then. Prints a JSON list of the exit code and what stdout and stderr got.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from imported import import_all


def main() -> None:
    import_all()
    done: list[dict[str, Any]] = []
    # A folder that no context removes, since each child that exits would leave the context.
    folder = Path(tempfile.mkdtemp())
    files = [folder / "out", folder / "err"]
    for words, out, err in json.loads(sys.argv[1]):
        child = os.fork()
        if child == 0:
            kinds = {1: out, 2: err}
            for fd, kind in kinds.items():
                _put(fd, kind, files[fd - 1])
            for fd, kind in kinds.items():  # then, or the next file that is opened gets its number
                if kind == "closed":
                    _close(fd)
            sys.argv = ["cowrite", *(os.fsdecode(word.encode()) for word in words)]
            from cowrite.cli.entry import run

            run()
        _, status = os.waitpid(child, 0)
        told: dict[str, Any] = {"code": os.waitstatus_to_exitcode(status)}
        for name, file in zip(("out", "err"), files, strict=True):
            told[name] = base64.b64encode(file.read_bytes()).decode()
        done.append(told)
    shutil.rmtree(folder)
    sys.__stdout__.write(json.dumps(done))


def _put(fd: int, kind: str, file: Path) -> None:
    new = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    if kind == "gone":
        read, new = os.pipe()
        os.close(read)
    elif kind == "full":
        new = os.open("/dev/full", os.O_WRONLY)
    os.dup2(new, fd)
    os.close(new)


def _close(fd: int) -> None:
    """As the interpreter finds it where the caller has closed a stream."""
    os.close(fd)
    name = {1: "stdout", 2: "stderr"}[fd]
    setattr(sys, name, None)
    setattr(sys, f"__{name}__", None)


if __name__ == "__main__":
    main()
