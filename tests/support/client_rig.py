"""A client of the engine whose messages are kept, over a stand-in that does as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fake_host import fake_command

from cowrite.config import Settings
from cowrite.config.declaration import EngineSettings
from cowrite.engine.client import EngineClient, EngineOptions, EngineState, ModelFile
from cowrite.engine.protocol import Done, Failed, HostMessage, StateChanged
from cowrite.session.found_model import remote_model

OPTIONS = ("cache_folder", "gpu", "kernel", "way")
"""What of a rig's arguments is the engine's; the rest is the stand-in's."""


class Rig:
    """A client whose messages are kept, and can be waited for."""

    def __init__(self, log: Path, **script: Any) -> None:
        self.messages: list[HostMessage] = []
        self._changed = threading.Condition()
        hang = script.pop("hang_seconds", 30.0)
        given = {name: script.pop(name) for name in OPTIONS if name in script}
        command = script.pop("command", None) or fake_command(**script)
        options = EngineOptions(command=command, hang_seconds=hang, **given)
        self.client = EngineClient(ModelFile("toy", Path("/toy")), options, self._take, log)

    def _take(self, message: HostMessage) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def until(self, seen: Callable[[HostMessage], bool], after: int = 0) -> HostMessage:
        with self._changed:
            found = self._changed.wait_for(
                lambda: next((m for m in self.messages[after:] if seen(m)), None), timeout=20
            )
        assert found is not None, self.messages
        return found

    def done(self, name: str) -> Done:
        message = self.until(lambda m: isinstance(m, Done | Failed) and m.request_id == name)
        assert isinstance(message, Done), message
        return message

    def state(self, state: EngineState, after: int = 0) -> StateChanged:
        message = self.until(lambda m: isinstance(m, StateChanged) and m.state is state, after)
        assert isinstance(message, StateChanged)
        return message

    def states(self) -> list[EngineState]:
        return [m.state for m in self.messages if isinstance(m, StateChanged)]


class RemoteRig(Rig):
    """A rig over the real remote process, for the server at `url`. more: settings of `engine`."""

    def __init__(self, log: Path, url: str, **more: object) -> None:
        super().__init__(log)
        settings = Settings(engine=EngineSettings(remote=url, **more))  # type: ignore[arg-type]
        found = remote_model(settings)
        self.client = EngineClient(found.file, found.options, self._take, log)
