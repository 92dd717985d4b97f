"""What of the protocol pygls would do itself, and we do otherwise.

pygls keeps a copy of each document and joins its lines anew at each change, which takes milliseconds with a
megabyte; here the mirrors are the copies. And it ends the process where it is told to, with what is open.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol, lsp_method

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


class MirroringProtocol(LanguageServerProtocol):
    """The protocol of a server that keeps the documents itself. `stopped` is set when the editor says so.

    `heard` is called with a message's method and params before anything behind it is read. pygls begins the
    handlers that wait for something a turn later, when the text may have changed under a request's place.
    """

    def __init__(self, *args: Any) -> None:
        self.stopped = threading.Event()
        self.heard: Callable[[str, Any], None] = lambda _method, _params: None
        super().__init__(*args)

    def handle_message(self, message: Any) -> None:
        """Take a message of the editor."""
        if not self._shutdown and isinstance(method := getattr(message, "method", None), str):
            self.heard(method, message.params)
        super().handle_message(message)

    @property
    def was_shut_down(self) -> bool:
        """Whether the editor has announced the end, as it shall."""
        return self._shutdown

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_args: Any) -> Generator[Any, Any, None]:
        """The end: what is open is closed where the server was begun."""
        self.stopped.set()
        yield from ()

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: Any) -> Generator[Any, Any, None]:
        """A document is open."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: Any) -> Generator[Any, Any, None]:
        """A document was changed."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: Any) -> Generator[Any, Any, None]:
        """A document was closed."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None
