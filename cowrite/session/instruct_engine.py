"""The model that follows instructions, where it is another than the one that writes.

Its process is started when it is first needed, since it takes the memory of a model; it ends with the window,
or when another one is chosen.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from cowrite.config import Settings
from cowrite.core.suggestion import Params, Timings
from cowrite.core.task import Task
from cowrite.engine.protocol import Done, EngineState, Failed, HostMessage, RunAhead
from cowrite.engine.weigh import Weigh
from cowrite.errors import CowriteError, ModelError
from cowrite.paths import Paths, private_folder
from cowrite.session.engine_news import EngineNews, EngineSaid, InstructFound, InstructMissing
from cowrite.session.found_model import FoundModel, find_model
from cowrite.session.ports import EngineStatus

if TYPE_CHECKING:
    from cowrite.engine.client import EngineClient


class InstructEngine:
    """One client for `models.instruct`, made when it is asked. The holder's thread calls it."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        paths: Paths,
        post: Callable[[EngineNews], object],
    ) -> None:
        self._settings, self._paths, self._post = settings, paths, post
        self._choice = ""
        self._client: EngineClient | None = None
        self._prepared: Task | None = None
        self._waiting: list[tuple[str, Task, Params]] = []
        self._sha256 = ""
        self._asked: Weigh | None = None
        """What was asked last of a task that is not given yet."""

    @property
    def wanted(self) -> bool:
        """Whether the settings name another model for instructions."""
        settings = self._settings()
        return settings.models.instruct not in ("", settings.model.name)

    def tell(self, status: EngineStatus) -> EngineStatus:
        """The engine's status, with what is known of this model where there is one."""
        if not self.wanted:
            return status
        choice = self._settings().models.instruct
        name = PurePath(choice).stem if os.sep in choice else choice
        if choice != self._choice:
            return replace(status, instruct_name=name)
        state = self._client.state if self._client is not None else None
        if state is None and self._waiting:
            state = EngineState.LOADING
        return replace(
            status, instruct_name=name, instruct_sha256=self._sha256, instruct_state=state
        )

    def owns(self, client: object) -> bool:
        """Whether what this client says is ours."""
        return client is self._client and client is not None

    def prepare(self, task: Task) -> None:
        """Evaluate what is known of a task ahead, as soon as there is a model."""
        self._prepared = task
        if (client := self._ready()) is not None:
            client.prepare(task)

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        """Have a task done, as soon as there is a model. What waits for it is given up for this one."""
        client = self._ready()
        if client is None:
            self._waiting.append((request_id, task, params))
        else:
            client.instruct(request_id, task, params)

    def weigh(self, message: Weigh) -> None:
        """Say what is sent for a task, as soon as there is a model."""
        client = self._ready()
        if client is None:
            self._asked = message
        else:
            client.weigh(message)

    def cancel(self, request_id: str | None) -> list[Done]:
        """Stop this request, or all of them. Returns how those end for which there is no model yet."""
        if self._client is not None:
            self._client.cancel(request_id)
        over = [name for name, _, _ in self._waiting if request_id in (None, name)]
        self._waiting = [waiting for waiting in self._waiting if waiting[0] not in over]
        return [Done(name, (), 0, 0, Timings()) for name in over]

    def configure(self, run_ahead: RunAhead) -> None:
        """Change the budget for running ahead."""
        if self._client is not None:
            self._client.configure(run_ahead)

    def close(self) -> None:
        """End the process, if there is one."""
        self._choice = self._sha256 = ""
        old, self._client = self._client, None
        if old is not None:
            old.close(timeout=0.1)

    # What has come

    def found(self, choice: str, model: FoundModel, client: EngineClient) -> bool:
        """There is the model that was looked for: start it and ask what waits. False where it is too late."""
        if self._client is not None or choice != self._choice:
            return False
        self._client, self._sha256 = client, model.file.sha256
        client.start()
        if self._prepared is not None:
            client.prepare(self._prepared)
        for request_id, task, params in self._waiting:
            client.instruct(request_id, task, params)
        self._waiting.clear()
        if self._asked is not None:
            client.weigh(self._asked)
            self._asked = None
        return True

    def missing(self, choice: str, error: CowriteError) -> list[Failed]:
        """There is none: what waited for it has failed. The next request looks again."""
        if choice != self._choice:
            return []
        self._choice = ""
        waiting = [request_id for request_id, _, _ in self._waiting]
        waiting += [] if self._asked is None else [self._asked.request_id]
        self._waiting, self._asked = [], None
        return [Failed(request_id, error.message, error.hint) for request_id in waiting]

    def _ready(self) -> EngineClient | None:
        """The client of the model that is set now; None while it is looked for."""
        choice = self._settings().models.instruct
        if choice != self._choice:
            self.close()
            self._choice = choice
            threading.Thread(target=self._search, args=(choice,), daemon=True).start()
        return self._client

    # The finder's thread

    def _search(self, choice: str) -> None:
        from cowrite.engine.client import EngineClient

        try:
            found = find_model(self._settings(), self._paths, choice)
            private_folder(self._paths.engine_log.parent)
        except CowriteError as error:
            self._post(InstructMissing(choice, error))
            return
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._post(InstructMissing(choice, ModelError(f"The model can't be read: {reason}.")))
            return

        def said(message: HostMessage) -> None:
            self._post(EngineSaid(message, client))

        options = replace(found.options, kv_folder=None)
        client = EngineClient(found.file, options, said, self._paths.engine_log)
        self._post(InstructFound(choice, found, client))
