"""Begins what writes behind a prompt: candidates of a place in a draft, or answers to a task."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from cowrite.core.guards import flaws
from cowrite.core.seeds import ASKED_AGAIN
from cowrite.core.suggestion import Params
from cowrite.core.task import Task
from cowrite.engine.backend import Backend
from cowrite.engine.generation.answer import AnswerBatch, AnswerEnding
from cowrite.engine.generation.batch import CandidateBatch
from cowrite.engine.generation.chat import Script
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.sampling import Scratch


class Batches:
    """Makes them, each with a seed: the one that is asked for, or a fresh one."""

    def __init__(self, backend: Backend, kv: KvCache, index: Callable[[], PieceIndex]) -> None:
        self._backend, self._kv, self._index = backend, kv, index
        self._scratch = Scratch(backend.facts.vocabulary)

    def candidates(
        self,
        prompt: Prompt,
        params: Params,
        *,
        again: bool,
        home: int = 0,
        ends: tuple[str, ...] = (),
    ) -> CandidateBatch:
        """What goes on from a place. again: it was asked for there just now, so it dares more."""
        seed = _seed(params, again=again)
        backend, index = self._backend, self._index()
        return CandidateBatch(
            backend, self._kv, prompt, params, seed, index, self._scratch, home, ends
        )

    def replies(
        self, prompt: Prompt, params: Params, script: Script, home: int, ends: tuple[str, ...]
    ) -> AnswerBatch:
        """What the model says next in a conversation, as boldly as it is asked to, and not judged."""
        return AnswerBatch(
            self._backend,
            self._kv,
            prompt,
            params,
            _seed(params, again=False),
            self._scratch,
            AnswerEnding((*script.marks, *ends)),
            lambda _reply: 0,
            home=home,
            boldness=(1.0,),
        )

    def answers(
        self, prompt: Prompt, params: Params, task: Task, script: Script, *, again: bool
    ) -> AnswerBatch:
        """Answers to a task; those that `core.guards` finds wanting are tried again."""
        return AnswerBatch(
            self._backend,
            self._kv,
            prompt,
            params,
            _seed(params, again=again),
            self._scratch,
            AnswerEnding(script.marks),
            lambda answer: len(flaws(task, answer.text, answer.stop)),
        )


def _seed(params: Params, *, again: bool) -> int:
    if params.seed is not None:
        return params.seed
    return secrets.randbelow(ASKED_AGAIN) + (ASKED_AGAIN if again else 0)
