"""What a request that is answered beside others begins with: its prompt, and what writes behind it."""

from __future__ import annotations

from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.stepping import Batch
from cowrite.engine.host.batches import Batches
from cowrite.engine.host.prefetch import Prefetch
from cowrite.engine.host.prompts import Prompts
from cowrite.engine.host.request import Request, Send
from cowrite.engine.host.shelf import CacheShelf, Use
from cowrite.engine.protocol import Converse, Failed, Started, Suggest


class Opener:
    """Opens such requests: conversations, and places in texts. One use of the prefix at a time."""

    def __init__(
        self,
        kv: KvCache,
        prompts: Prompts,
        batches: Batches,
        shelf: CacheShelf,
        prefetch: Prefetch,
        send: Send,
    ) -> None:
        self._kv, self._prompts, self._batches = kv, prompts, batches
        self._shelf, self._prefetch, self._send = shelf, prefetch, send

    def open(self, request: Request, *, alone: bool) -> Prompt | None:
        """The request's prompt; None where it has to wait until no other one is written. alone: none is.

        Raises TooLongError, and BackendError where the model can't do it.
        """
        message, params = request.message, request.message.params
        use = Use.TASK if isinstance(message, Converse) else Use.DRAFT
        if use is not self._shelf.use and not alone:
            return None
        self._prefetch.forget()
        self._shelf.turn_to(use)
        if isinstance(message, Converse):
            prompt, request.script = self._prompts.conversation(message.turns, params)
        else:
            assert isinstance(message, Suggest)
            n, most = params.n, params.max_tokens
            prompt = self._prompts.draft(message.context, n, most, note=False)
        request.cached = self._kv.settle(prompt)
        self._kv.drop_branches()  # those of what has ended: alone, it lies in the cells as it would by itself
        self._send(Started(message.request_id, len(prompt.tokens), request.cached))
        return prompt

    def begin(self, request: Request, prompt: Prompt, home: int) -> Batch:
        """What writes behind its prompt, which the sequence `home` holds. Raises BackendError."""
        message, script = request.message, request.script
        if isinstance(message, Converse) and script is not None:
            return self._batches.replies(prompt, message.params, script, home, message.ends)
        ends = message.ends if isinstance(message, Suggest) else ()
        return self._batches.candidates(prompt, message.params, again=False, home=home, ends=ends)

    def fail(self, request: Request, reason: str) -> None:
        """Say that a request could not be answered."""
        hint = "Ask again, or with less text."
        self._send(Failed(request.message.request_id, reason, hint))
