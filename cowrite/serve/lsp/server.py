"""The language server: what an editor may ask and tell, brought to the drafts that are open in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from cowrite import __version__
from cowrite.core.edits import Part
from cowrite.core.printable import printable
from cowrite.core.units import Units
from cowrite.crash_report import write_report
from cowrite.paths import Paths
from cowrite.serve.lsp.client import Manners, member
from cowrite.serve.lsp.mirrored_draft import Here, MirroredDraft
from cowrite.serve.lsp.mirrored_drafts import MirroredDrafts
from cowrite.serve.lsp.protocol import MirroringProtocol
from cowrite.session.mirror import Place
from cowrite.session.mirrored_ghost import Given

ACCEPTED, REJECTED, TAKE = "cowrite.accepted", "cowrite.rejected", "cowrite.take"
"""Commands of the editor: a candidate was taken, was refused, or a part of it is to be taken."""

MOVED, GHOST = "cowrite/didMove", "cowrite/ghost"
"""The cursor is elsewhere, from the editor; and a candidate as it grows, to it."""

_NOT_READ = "The editor has sent something that can't be read."
_READ_AGAIN = "If it was a change of the draft, close it and open it again."

_ONCE = 4.0
"""Seconds in which the same is not said again."""

_asked_at: ContextVar[Here | None] = ContextVar("asked_at", default=None)
"""Where the request that is being handled was asked, in the text as it was then."""

_LEVELS = {"error": types.MessageType.Error, "warning": types.MessageType.Warning}
_PARTS = {
    "all": Part.ALL,
    "word": Part.WORD,
    "sentence": Part.SENTENCE,
    "paragraph": Part.PARAGRAPH,
}


class InlineServer(LanguageServer):
    """Answers an editor, of which there is one at the other end of the pipes."""

    protocol: MirroringProtocol

    def __init__(self, paths: Paths) -> None:
        super().__init__("cowrite", __version__, protocol_cls=MirroringProtocol)
        self.manners = Manners()
        self._crashes = paths.crash_folder
        self._drafts: MirroredDrafts | None = None
        self._told: dict[tuple[str, ...], float] = {}
        self._early: list[tuple[str, str, str]] | None = []
        """What is to be told when the editor listens; None since it does."""

    def serve(self, drafts: MirroredDrafts) -> None:
        """Answer for these drafts."""
        self._drafts = drafts
        self.protocol.heard = self._heard
        handlers: dict[str, Callable[..., Any]] = {
            types.INITIALIZE: self._initialize,
            types.INITIALIZED: self._initialized,
            types.TEXT_DOCUMENT_DID_OPEN: self._did_open,
            types.TEXT_DOCUMENT_DID_CHANGE: self._did_change,
            types.TEXT_DOCUMENT_DID_CLOSE: self._did_close,
            types.SHUTDOWN: self._shutdown,
            MOVED: self._did_move,
            "textDocument/didShowCompletion": self._did_show,
            "textDocument/didPartiallyAcceptCompletion": self._did_accept_a_part,
        }
        for name, handler in handlers.items():
            self.feature(name)(partial(handler))  # pygls writes on it, which a method doesn't take
        save, inline = types.SaveOptions(include_text=False), types.InlineCompletionOptions()
        self.feature(types.TEXT_DOCUMENT_DID_SAVE, save)(partial(self._did_save))
        self.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, inline)(partial(self._complete))
        for name, command in (
            (ACCEPTED, self._accepted),
            (REJECTED, self._rejected),
            (TAKE, self._take),
        ):
            self.command(name)(partial(command))

    @property
    def drafts(self) -> MirroredDrafts:
        """The drafts that are open."""
        assert self._drafts is not None
        return self._drafts

    @property
    def units(self) -> Units:
        """What columns are counted in, as was agreed."""
        return Units(self.server_capabilities.position_encoding or Units.UTF16)

    # The client, as a draft sees it

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer something; not the same twice in some seconds."""
        if self._early is not None:
            self._early.append((message, hint, severity))
            return
        said = tuple(printable(part) for part in (message, hint) if part)
        now = time.monotonic()
        if now - self._told.get(said, -_ONCE) >= _ONCE:
            self._told[said] = now
            level = _LEVELS.get(severity, types.MessageType.Info)
            self.window_show_message(types.ShowMessageParams(level, " ".join(said)))

    def draw(self, uri: str, given: Given) -> None:
        """A candidate as far as it is written."""
        what = {"uri": uri, "id": given.suggestion_id, "index": given.index, "text": given.text}
        self.protocol.notify(GHOST, what)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Something failed: a report without text, and a sentence without any either."""
        if source is JsonRpcException:  # before a message was any of ours
            self.tell(_NOT_READ, _READ_AGAIN, "warning")
            return
        path = write_report(error, self._crashes)
        where = f"A report without any text of yours: {path}" if path else ""
        kind = type(error).__name__
        self.tell(f"Something failed in cowrite itself ({kind}).", where, "warning")

    # Documents

    def _initialize(self, params: types.InitializeParams) -> None:
        self.manners = Manners.of(params.initialization_options)

    def _initialized(self, _params: types.InitializedParams) -> None:
        early, self._early = self._early or [], None
        for what in early:
            self.tell(*what)

    def _shutdown(self, *_params: Any) -> None:
        self.drafts.close_all("quit")

    def _did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        self.drafts.open(document.uri, document.text, self.units)

    def _did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        draft = self.drafts.get(params.text_document.uri)
        if draft is None:
            return
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                low, high = change.range.start, change.range.end
                draft.mirror.change(_place(low), _place(high), change.text)
            else:
                draft.mirror.replace_all(change.text)

    def _did_save(self, params: types.DidSaveTextDocumentParams) -> None:
        self.drafts.save(params.text_document.uri)

    def _did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        self.drafts.close(params.text_document.uri)

    def _did_move(self, params: Any) -> None:
        draft = self.drafts.get(str(member(params, "textDocument", "uri")))
        place = member(params, "position")
        line, column = member(place, "line"), member(place, "character")
        if draft is not None and isinstance(line, int) and isinstance(column, int):
            draft.mirror.go(Place(line, column))

    # Suggestions

    def _heard(self, method: str, params: Any) -> None:
        """A request's place is one of the text as it is when the request comes."""
        if method == types.TEXT_DOCUMENT_INLINE_COMPLETION:
            draft = self.drafts.get(params.text_document.uri)
            _asked_at.set(None if draft is None else draft.go(_place(params.position)))

    async def _complete(
        self, params: types.InlineCompletionParams
    ) -> types.InlineCompletionList | None:
        """Candidates at a place. None while the editor's own list of words is open: its text isn't there."""
        draft = self.drafts.get(params.text_document.uri)
        asked_at = _asked_at.get()
        if draft is None or asked_at is None or params.context.selected_completion_info is not None:
            return None
        invoked = params.context.trigger_kind == types.InlineCompletionTriggerKind.Invoked
        found = await draft.complete(asked_at, invoked=invoked)
        here = draft.mirror.place(draft.session.cursor)
        place = types.Position(here.line, here.column)
        return types.InlineCompletionList([_item(given, place) for given in found])

    def _draft_of(self, suggestion_id: str) -> MirroredDraft | None:
        """The draft whose suggestion this is."""
        found = (draft for draft in self.drafts if draft.mirror.ghost.current(suggestion_id))
        return next(found, None)

    def _accepted(self, *words: Any) -> None:
        """A candidate was inserted: `[id, index]`, or with how much of it in UTF-16."""
        identity, index, length = _words(words)
        if (draft := self._draft_of(identity)) is not None:
            draft.mirror.ghost.told(identity, index, length)

    def _rejected(self, *words: Any) -> None:
        """The writer has refused a suggestion: `[id]`."""
        identity, _, _ = _words(words)
        if (draft := self._draft_of(identity)) is not None:
            draft.mirror.ghost.refuse(identity)

    def _take(self, *words: Any) -> dict[str, str]:
        """What is to be inserted for `[id, index, part]`, a part being `word`, `sentence`, `paragraph` or
        `all`; nothing where the suggestion is gone."""
        identity, index, _ = _words(words)
        part = _PARTS.get(str(words[2]) if len(words) > 2 else "all")
        draft = self._draft_of(identity)
        if draft is None or part is None:
            return {"text": ""}
        return {"text": draft.mirror.ghost.part(identity, index, part)}

    def _did_show(self, params: Any) -> None:
        """A candidate is on screen; who says so once says it always."""
        self.manners = Manners(tells_shown=True, draws=self.manners.draws)
        identity, index, _ = _words(member(params, "item", "command", "arguments"))
        if (draft := self._draft_of(identity)) is not None:
            draft.mirror.ghost.showed(identity, index)

    def _did_accept_a_part(self, params: Any) -> None:
        identity, index, _ = _words(member(params, "item", "command", "arguments"))
        length = member(params, "acceptedLength")
        if (draft := self._draft_of(identity)) is not None and isinstance(length, int):
            draft.mirror.ghost.told(identity, index, length)


def _place(position: types.Position) -> Place:
    return Place(position.line, position.character)


def _item(given: Given, place: types.Position) -> types.InlineCompletionItem:
    return types.InlineCompletionItem(
        given.text,
        range=types.Range(place, place),
        command=types.Command("accepted", ACCEPTED, arguments=[given.suggestion_id, given.index]),
    )


def _words(arguments: Any) -> tuple[str, int, int | None]:
    """A suggestion's id, a candidate's index and a length, of what an editor sent, which may be anything."""
    found = list(arguments) if isinstance(arguments, list | tuple) else []
    identity = found[0] if found and isinstance(found[0], str) else ""
    index = found[1] if len(found) > 1 and isinstance(found[1], int) else 0
    length = found[2] if len(found) > 2 and isinstance(found[2], int) else None
    return identity, index, length
