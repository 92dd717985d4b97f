"""The drafts that are open in the editor: opened and closed as it says, told of the engine and the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cowrite.config import Settings
from cowrite.core.units import Units
from cowrite.engine.protocol import HostMessage
from cowrite.errors import CowriteError, DraftError, StoreError
from cowrite.files import MAX_BYTES, checked
from cowrite.paths import Paths
from cowrite.serve.lsp.client import LanguageClient
from cowrite.serve.lsp.mirrored_draft import MirroredDraft
from cowrite.session.draft import DraftSession
from cowrite.session.earlier_passages import KeptPassages
from cowrite.session.mirror import Mirror
from cowrite.session.options import request_options
from cowrite.session.ordering import KeptOrder
from cowrite.session.ports import EnginePort
from cowrite.session.stories import DraftStory, Stories
from cowrite.store import Store

_TICK, _LONG_TICK = 0.05, 1.0
"""Seconds between two looks at the clock, while the writer writes and after some seconds of rest."""
_RESTING = 4.0


class MirroredDrafts:
    """Owns which drafts are open, by their URIs. It listens to the engine, which is one for all of them.

    settings: those that hold for a file; raises CowriteError where they are wrong.
    """

    def __init__(
        self,
        settings: Callable[[Path | None], Settings],
        paths: Paths,
        store: Store | None,
        engine: EnginePort,
        editor: LanguageClient,
    ) -> None:
        self._settings, self._store = settings, store
        self._engine, self._editor = engine, editor
        self._order = KeptOrder(paths.ranking)
        self._passages = KeptPassages(paths.passages)
        self._stories = Stories(editor.tell)
        self._open: dict[str, MirroredDraft] = {}
        self._newest: MirroredDraft | None = None
        self._woken = asyncio.Event()
        self._told: set[str] = set()

    def __getitem__(self, uri: str) -> MirroredDraft:
        """The draft, which is the one that is written in now. Raises KeyError where it isn't open."""
        self._newest = self._open[uri]
        self._woken.set()
        return self._newest

    def get(self, uri: str) -> MirroredDraft | None:
        """The draft, None where it isn't open."""
        return self[uri] if uri in self._open else None

    def __iter__(self) -> Iterator[MirroredDraft]:
        return iter(tuple(self._open.values()))

    # Opening and closing

    def open(self, uri: str, text: str, units: Units) -> None:
        """A draft is open in the editor from now on, with this text."""
        self.close(uri)
        if len(text) > MAX_BYTES:
            limit = MAX_BYTES >> 20
            self._editor.tell(
                f"A draft may have {limit} MB; this one is left alone.", "", "warning"
            )
            return
        settings = self._settings_for(path_of(uri))
        session = self._session(path_of(uri), settings)
        for note, hint in session.notes:
            self._editor.tell(note, hint)
        session.requests.earlier.use(self._passages)
        story = DraftStory(self._stories, lambda: session.file.path)
        session.requests.memory.use(story, lambda: session.file.path)
        if session.journal is not None:
            session.journal.on_trouble = self._log_trouble(asyncio.get_running_loop())
        mirror = Mirror(session, units)
        mirror.begin(text)
        self._open[uri] = MirroredDraft(uri, session, mirror, self._editor)
        self._tell_lost(session)

    def _settings_for(self, path: Path | None) -> Settings:
        try:
            return self._settings(path)
        except CowriteError as error:
            self._editor.tell(error.message, error.hint, "warning")
            return self._settings(None)

    def _session(self, path: Path | None, settings: Settings) -> DraftSession:
        """The draft's session. What the disk says counts for what the log knows; the text is the editor's."""
        try:
            return self._begun(path, settings)
        except (
            DraftError
        ):  # new, in a folder that is to be made, or nothing that cowrite would open
            return self._begun(None, settings)

    def _begun(self, path: Path | None, settings: Settings) -> DraftSession:
        return DraftSession.open(
            path,
            store=self._store,
            engine=self._engine,
            options=replace(request_options(settings), auto=True),
            feedback=settings.log.enabled,
            order=self._order,
        )

    def _tell_lost(self, session: DraftSession) -> None:
        if session.recovery.lost is not None:
            self._editor.tell(
                "A session of this draft was cut off, and its last words are in the log.",
                f"cowrite '{session.file.path}' offers them." if session.file.path else "",
            )

    def save(self, uri: str) -> None:
        """The editor has written the draft to its file."""
        draft, path = self.get(uri), path_of(uri)
        if draft is not None and path is not None:
            draft.session.file.was_saved(path)

    def close(self, uri: str, how: str = "quit") -> None:
        """A draft is not open any more; nothing where it wasn't."""
        draft = self._open.pop(uri, None)
        if draft is None:
            return
        if self._newest is draft:
            self._newest = None
        draft.session.close(how)
        draft.status()

    def close_all(self, how: str) -> None:
        """End all sessions: every event so far is on the disk after it."""
        for uri in tuple(self._open):
            self.close(uri, how)

    # The clock

    async def tick(self) -> None:
        """Use the writer's pauses in the draft that is written in, for ever."""
        while True:
            self._woken.clear()
            draft = self._newest
            if draft is not None:
                draft.session.pauses.prepare()
            resting = draft is None or draft.session.pauses.idle > _RESTING
            seconds = _LONG_TICK if resting else _TICK
            try:
                await asyncio.wait_for(self._woken.wait(), seconds)
            except TimeoutError:
                continue
            await asyncio.sleep(_TICK)

    # What the engine tells

    def engine_prepared(self, share: float | None) -> None:  # noqa: ARG002
        """A model is made ready, which is not shown; who waits for it looks whether it is there."""
        for draft in self:
            draft.status()

    def engine_changed(self) -> None:
        """The status is another one."""
        for draft in self:
            draft.session.engine_changed()

    def engine_said(self, message: HostMessage) -> None:
        """A request goes on; the session that has asked knows it by its id."""
        for draft in self:
            draft.session.receive(message)

    def engine_missing(self, error: CowriteError) -> None:
        """There is no model, for this reason."""
        self._editor.tell(error.message, error.hint, "warning")

    def engine_noted(self, note: str) -> None:
        """There is one, but not all is as it should be."""
        self._editor.tell(note, "", "warning")

    # The log's trouble comes from a thread

    def _log_trouble(self, loop: asyncio.AbstractEventLoop) -> Callable[[StoreError | None], None]:
        def told(error: StoreError | None) -> None:
            if error is not None and not loop.is_closed():
                loop.call_soon_threadsafe(self._tell_once, error)

        return told

    def _tell_once(self, error: StoreError) -> None:
        if error.message not in self._told:
            self._told.add(error.message)
            self._editor.tell(error.message, error.hint, "warning")


def path_of(uri: str) -> Path | None:
    """The file that a URI names; None where it names none, as that of a text without a name."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    try:
        return checked(Path(unquote(parts.path, errors="surrogateescape")))
    except DraftError:
        return None
