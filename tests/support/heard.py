"""Model processes seen from outside: which one is a window's, and how one of them ends."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from cowrite.engine.client import EngineClient, EngineOptions, EngineState, ModelFile
from cowrite.engine.protocol import HostMessage, StateChanged


def child_of(pid: int) -> int:
    """The process that a window has started: its engine's. Waits for it to be there."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[1]) == pid and fields[0] != "Z":
                    return int(entry.name)
        time.sleep(0.02)
    raise AssertionError("there is no model process")


class Heard:
    """A client of a real model process, and the states that it went through."""

    def __init__(self, model: Path, log: Path, *command: str, hang: float = 30.0) -> None:
        self.states: list[StateChanged] = []
        self._changed = threading.Condition()
        options = EngineOptions(command=command or None, hang_seconds=hang, threads=1)
        self.client = EngineClient(ModelFile("fuzzed", model), options, self._take, log)
        self.client.start()

    def _take(self, message: HostMessage) -> None:
        if isinstance(message, StateChanged):
            with self._changed:
                self.states.append(message)
                self._changed.notify_all()

    def outcome(self, timeout: float = 60.0) -> StateChanged:
        """The first state that is an end: ready or no model."""
        ends = (EngineState.READY, EngineState.NO_MODEL)
        with self._changed:
            found = self._changed.wait_for(
                lambda: next((said for said in self.states if said.state in ends), None), timeout
            )
        assert found is not None, self.states
        return found
