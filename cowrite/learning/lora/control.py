"""What the parent asks of a running training: lines on the standard input, a signal, or its own end."""

from __future__ import annotations

import os
import signal
import sys
import threading

PATIENCE = 60.0
"""Seconds after the parent's end in which the training must have ended by itself."""


class Control:
    """Whether to stop, and when to wait. `stop`, `pause` and `go` come as lines; the end of input is a stop."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._going = threading.Event()
        self._going.set()

    def listen(self) -> None:
        """From now on heed the standard input and SIGTERM. A closed terminal's ctrl+c is the parent's."""
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=self._read, name="control", daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            match line.strip():
                case "stop":
                    self.stop()
                case "pause":
                    self._going.clear()
                case "go":
                    self._going.set()
        self.stop()
        threading.Timer(PATIENCE, os._exit, (1,)).start()

    def stop(self) -> None:
        """End as soon as what was learned is kept."""
        self._stop.set()
        self._going.set()

    @property
    def stopped(self) -> bool:
        return self._stop.is_set()

    @property
    def paused(self) -> bool:
        return not self._going.is_set()

    def wait(self) -> None:
        """Return when there is no pause (any more), or a stop."""
        self._going.wait()
