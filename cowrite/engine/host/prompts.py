"""The prompts of one engine: of places in a draft, and of tasks; and the draft's state on disk."""

from __future__ import annotations

from cowrite.core.chat_format import ChatFormat
from cowrite.core.context import Context
from cowrite.core.conversation import Turn
from cowrite.core.shown import Said
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.backend import Backend, BackendError
from cowrite.engine.generation.chat import Script, conversation_prompt, said_parts, task_prompt
from cowrite.engine.generation.kv_cache import KvCache, common_length
from cowrite.engine.generation.prompt import Prompt, Tokenizer, build_prompt
from cowrite.engine.host.saved_caches import SavedCaches

_RESERVE = 256
"""Tokens of the context that the prompt leaves to candidates and what runs ahead, at least."""


class Prompts:
    """Makes prompts that leave room for what is to be written behind them."""

    def __init__(
        self,
        backend: Backend,
        kv: KvCache,
        states: SavedCaches | None,
        *,
        healing: bool,
        chat: ChatFormat | None = None,
    ) -> None:
        self._backend, self._kv, self._states = backend, kv, states
        self._healing, self._chat = healing, chat
        self._tokenizer = Tokenizer(backend)
        self._last: Prompt | None = None

    def draft(self, context: Context, n: int, max_tokens: int, *, note: bool = True) -> Prompt:
        """The prompt of a place. note: it is where the writer is, and the one to keep on disk."""
        room = self._room(n, max_tokens)
        prompt = build_prompt(context, self._tokenizer, self._backend, room, healing=self._healing)
        if note:
            self.note(prompt)
            self._recall(prompt)
        return prompt

    def note(self, prompt: Prompt) -> None:
        """This is where the writer is now."""
        self._last = prompt

    def task(self, task: Task, params: Params) -> tuple[Prompt, Script]:
        """The prompt of a task. Raises TooLongError."""
        room = self._room(params.n, params.max_tokens)
        return task_prompt(task, self._backend, self._chat, room, known_only=False)

    def conversation(self, turns: tuple[Turn, ...], params: Params) -> tuple[Prompt, Script]:
        """The prompt of a conversation. Raises TooLongError; BackendError where the model can't converse."""
        if self._chat is None:
            raise BackendError("this model goes on with texts, and does not converse")
        room = self._room(params.n, params.max_tokens)
        return conversation_prompt(turns, self._backend, self._chat, room)

    def said(self, task: Task, params: Params) -> tuple[tuple[Said, ...], int]:
        """What is sent for a task, part by part, and how many tokens it is. Raises TooLongError."""
        room = self._room(params.n, params.max_tokens)
        known = not task.instruction
        prompt, script = task_prompt(task, self._backend, self._chat, room, known_only=known)
        if known:
            script.rest.clear()
        return tuple(said_parts(script, self._backend)), len(prompt.tokens)

    def known(self, task: Task) -> Prompt:
        """What can be evaluated of a task that has not been asked yet: all that comes before its instruction,
        and that too where there is one already. Raises TooLongError.
        """
        return task_prompt(
            task, self._backend, self._chat, self._room(1, 0), known_only=not task.instruction
        )[0]

    def _room(self, n: int, max_tokens: int) -> int:
        size = self._backend.facts.context
        writing = min(n, 4) * min(max_tokens, size // 2)
        return size - max(_RESERVE, min(2 * writing + 64, size // 2))

    def _recall(self, prompt: Prompt) -> None:
        """With nothing evaluated yet, begin with what an earlier session left on disk."""
        if self._states is None or self._kv.tokens:
            return
        found = self._states.load(prompt.tokens)
        if found is not None and common_length(found[0], prompt.tokens) > 32:
            self._kv.restore(*found)

    def keep(self) -> None:
        """Put the state of the draft seen last on disk. The prefix must be the draft's."""
        if self._states is None or self._last is None:
            return
        length = common_length(self._kv.tokens, self._last.tokens)
        if length:
            self._kv.drop_branches()
            self._states.save(*self._kv.save(length))
