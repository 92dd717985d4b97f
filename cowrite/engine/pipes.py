"""The pipes of a child that speaks the protocol: its messages on them, all else that it prints in the log."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO


def take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """This process's messages in and out. What prints to standard output prints to the log from then on."""
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return source, sink


def die_with_parent() -> None:
    """Have the kernel end this process when its parent is gone, where it can (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)


@contextmanager
def ending_with_parent() -> Iterator[None]:
    """End the process where the pipe to the parent is broken."""
    try:
        yield
    except (BrokenPipeError, ValueError):
        os._exit(0)
