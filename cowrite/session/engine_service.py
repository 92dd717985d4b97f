"""The one place that knows the engine: finds the model, starts its process, says what it is at the moment.

A window has one for all its drafts, a command has one for what it does; both ask through it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from cowrite.config import Settings
from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.protocol import (
    EngineState,
    HostMessage,
    Loaded,
    RunAhead,
    StateChanged,
)
from cowrite.engine.weigh import Weigh
from cowrite.errors import CowriteError, ModelError
from cowrite.paths import Paths, private_folder
from cowrite.session.engine_news import (
    EngineListener,
    EngineNews,
    EngineSaid,
    InstructFound,
    InstructMissing,
    ModelFound,
    ModelMissing,
    ModelPrepared,
    Unheard,
)
from cowrite.session.found_model import FoundModel, Progress, find_engine
from cowrite.session.instruct_engine import InstructEngine
from cowrite.session.options import how_loaded
from cowrite.session.ports import EngineStatus

if TYPE_CHECKING:
    from cowrite.engine.client import EngineClient

_TELL_EVERY = 0.1
"""Seconds between two messages about progress: a status line needs no more."""


class EngineService:
    """One engine: its model, its process, and one frozen status that all read.

    It is the `EnginePort` of its drafts' sessions. settings: what is set now, asked each time. post: brings
    news from any thread to `take`, which changes the status and tells the listener. choice: a model's name
    or path, None for the settings' one. given: a model that needn't be looked for (tests).
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        paths: Paths,
        choice: str | None,
        *,
        post: Callable[[EngineNews], object],
        given: FoundModel | None = None,
    ) -> None:
        self._own = EngineStatus()
        self._settings, self._paths, self._choice = settings, paths, choice
        self._post, self._given = post, given
        self._listener: EngineListener = Unheard()
        self._client: EngineClient | None = None
        self._turn = 0
        self._other = InstructEngine(settings, paths, post)

    @property
    def status(self) -> EngineStatus:
        """What the engine is now."""
        return self._other.tell(self._own)

    # What its holder does

    def follow(self, listener: EngineListener) -> None:
        """Tell this one of the engine from now on."""
        self._listener = listener

    def start(self) -> None:
        """Look for the model in a thread, and return at once. Nothing is raised: it comes as news."""
        self._turn += 1
        args = (self._turn,)
        threading.Thread(target=self._search, args=args, name="model-finder", daemon=True).start()

    def switch(self, choice: str | None) -> None:
        """End this model's process and go on with another model; None: with what the settings say."""
        self._stop()
        self._choice, self._given = choice, None
        self.start()

    def _stop(self) -> None:
        self._listener.engine_leaves()
        old, self._client = self._client, None
        self._become(EngineStatus())
        if old is not None:
            threading.Thread(target=old.close, name="engine-end", daemon=True).start()

    def renew(self) -> None:
        """End the model's process, and begin it with what is on the disk now."""
        self._stop()
        self.start()

    def configure(self, run_ahead: RunAhead) -> None:
        """Change the budget for running ahead."""
        if self._client is not None:
            self._client.configure(run_ahead)
        self._other.configure(run_ahead)

    def close(self) -> None:
        """End the process; waits for it shortly, so that it can keep what it has read of the draft."""
        self._turn += 1
        self._other.close()
        if self._client is not None:
            busy = self._client.state in (EngineState.READY, EngineState.WRITING)
            self._client.close(timeout=2.0 if busy else 0.1)

    def take(self, news: EngineNews) -> None:
        """Take in what a thread has told. What comes from a client that was replaced is dropped."""
        match news:
            case ModelPrepared(share):
                self._listener.engine_prepared(share)
            case ModelFound():
                self._found(news)
            case ModelMissing(error):
                self._become(
                    replace(EngineStatus(), state=EngineState.NO_MODEL, reason=error.message)
                )
                self._listener.engine_prepared(None)
                self._listener.engine_missing(error)
            case EngineSaid(message, client) if client is self._client:
                self._said(message)
            case EngineSaid(message, client) if self._other.owns(client):
                if isinstance(message, StateChanged):
                    self._listener.engine_changed()
                elif not isinstance(message, Loaded):
                    self._listener.engine_said(message)
            case InstructFound(choice, model, client):
                if self._other.found(choice, model, client):
                    self._listener.engine_changed()
            case InstructMissing(choice, error):
                for failed in self._other.missing(choice, error):
                    self._listener.engine_said(failed)
            case _:
                pass

    # The port of its sessions

    def warm(self, context: Context, params: Params | None = None) -> None:
        """Evaluate this text ahead of a request, and answer the one with these params."""
        if self._client is not None:
            self._client.warm(context, params)

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        """Ask. A request that still runs is cancelled by this one. plain: without the model's adapter."""
        if self._client is not None:
            self._client.suggest(request_id, context, params, plain=plain)

    def prepare(self, task: Task) -> None:
        """Evaluate what is known of a task ahead."""
        if self._other.wanted:
            self._other.prepare(task)
        elif self._client is not None:
            self._client.prepare(task)

    def instruct(self, request_id: str, task: Task, params: Params) -> None:
        """Have a task done. A request that still runs is cancelled by this one."""
        if self._other.wanted:
            if self._client is not None:
                self._client.cancel(None)
            self._other.instruct(request_id, task, params)
        elif self._client is not None:
            self._client.instruct(request_id, task, params)

    def weigh(self, message: Weigh) -> None:
        """Ask what weighed; `Weighed` or `Failed` comes."""
        if message.task is not None and self._other.wanted:
            self._other.weigh(message)
        elif self._client is not None:
            self._client.weigh(message)

    def cancel(self, request_id: str | None = None) -> None:
        """Stop this request, or all of them."""
        if self._client is not None:
            self._client.cancel(request_id)
        for done in self._other.cancel(request_id):
            self._listener.engine_said(done)

    # What has come

    def _found(self, news: ModelFound) -> None:
        model = news.model
        self._client = news.client
        adapter = model.file.adapter
        self._listener.engine_prepared(None)
        self._become(
            replace(
                self._own,
                connected=True,
                model_name=model.file.name,
                model_sha256=model.file.sha256,
                quantisation=model.quantisation,
                adapter_name=adapter.stem if adapter is not None else "",
                adapter_sha256=model.file.adapter_sha256,
                advice=model.advice,
                remote=model.remote,
            )
        )
        news.client.start()
        if model.trouble:
            self._listener.engine_noted(model.trouble)

    def _said(self, message: HostMessage) -> None:
        if isinstance(message, Loaded):
            loaded = how_loaded(message, self._settings())
            known = replace(self._own, window_chars=message.window_chars, loaded=loaded)
            if known.remote:  # which model a server has, it says itself
                known = replace(known, model_name=message.name, adapter_name=message.adapter or "")
            self._become(known)
        elif isinstance(message, StateChanged):
            self._become(replace(self._own, state=message.state, reason=message.reason))
        else:
            self._listener.engine_said(message)

    def _become(self, status: EngineStatus) -> None:
        if status != self._own:
            self._own = status
            self._listener.engine_changed()

    # The finder's thread

    def _search(self, turn: int) -> None:
        """Look for a model. What is found after another search was begun is not told."""
        told = 0.0

        def tell(news: EngineNews) -> None:
            if turn == self._turn:
                self._post(news)

        def progress(done: int, total: int) -> None:
            nonlocal told
            now = time.monotonic()
            if total > 0 and now - told >= _TELL_EVERY:
                told = now
                tell(ModelPrepared(done / total))

        try:
            found = self._find(progress)
            client = self._connect(found)
        except CowriteError as error:
            tell(ModelMissing(error))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            tell(ModelMissing(ModelError(f"The model can't be read: {reason}.")))
        else:
            tell(ModelFound(found, client))

    def _find(self, progress: Progress) -> FoundModel:
        """The model, and what names its adapter's content. Raises CowriteError, OSError."""
        found = self._given or find_engine(self._settings(), self._paths, self._choice, progress)
        if found.file.adapter is not None and not found.file.adapter_sha256:
            from cowrite.catalog.identity import sha256_of

            digest = sha256_of(found.file.adapter)
            found = replace(found, file=replace(found.file, adapter_sha256=digest))
        private_folder(self._paths.engine_log.parent)
        return found

    def _connect(self, found: FoundModel) -> EngineClient:
        """A client, not started yet."""
        from cowrite.engine.client import EngineClient

        def said(message: HostMessage) -> None:
            self._post(EngineSaid(message, client))

        client = EngineClient(found.file, found.options, said, self._paths.engine_log)
        return client
