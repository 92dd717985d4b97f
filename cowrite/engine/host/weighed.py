"""The answer to what weighed: of the text as it is sent, and of a continuation where there is one."""

from __future__ import annotations

import time

from cowrite.core.task import Task
from cowrite.engine.backend import Backend, BackendError, Decoded
from cowrite.engine.generation import weighing
from cowrite.engine.generation.chat import TooLongError
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.host.prompts import Prompts
from cowrite.engine.protocol import Failed
from cowrite.engine.weigh import Weigh, Weighed

TOO_LONG = "Take a shorter one."


def told(
    message: Weigh,
    prompts: Prompts,
    backend: Backend,
    kv: KvCache,
    received: float,
    *,
    busy: bool,
) -> Weighed | Failed:
    """What weighed, or why it can't be said. busy: whether a request is being answered."""
    try:
        if message.task is not None:
            return _said(message, message.task, prompts)
        if busy:
            raise BackendError("the model is writing")
        prompt = prompts.draft(message.context, message.params.n, message.params.max_tokens)
        return weighed(message, prompt, backend, kv, received)
    except TooLongError:
        return Failed(message.request_id, "The passage is too long for the model.", TOO_LONG)
    except BackendError as error:
        why = f"What weighed can't be told: {error}."
        return Failed(message.request_id, why, "Try again when the model rests.")


def _said(message: Weigh, task: Task, prompts: Prompts) -> Weighed:
    """What is sent for a task, of which nothing has to be evaluated. Raises TooLongError."""
    said, size = prompts.said(task, message.params)
    return Weighed(message.request_id, message.context, 0, size, (), said=said)


def weighed(
    message: Weigh, prompt: Prompt, backend: Backend, kv: KvCache, received: float
) -> Weighed:
    """What weighed. The prefix is evaluated first, where it is not yet. Raises BackendError.

    Where parts had to give way to room, the pieces are of another text: the answer is that text alone.
    """
    pieces = message.pieces if prompt.context == message.context else ()
    task = weighing.task_of(prompt, backend, message.text, message.focus, pieces)
    answer = Weighed(
        message.request_id,
        prompt.context,
        weighing.unseen(prompt, backend),
        len(prompt.tokens),
        tuple(high - low for low, high in task.seen),
    )
    if not task.target or not pieces:
        return answer
    _evaluate(prompt, kv)
    losses = tuple(weighing.losses(task, backend))
    total_ms = (time.perf_counter() - received) * 1000
    attention: tuple[float, ...] = ()
    reason = ""
    if message.attention:
        try:
            attention = tuple(weighing.attention(task, backend))
        except BackendError as error:
            reason = f"The model's attention can't be told: {error}."
    return Weighed(
        answer.request_id,
        answer.context,
        answer.unseen,
        answer.prompt_tokens,
        answer.tokens,
        losses,
        attention,
        len(task.target),
        reason,
        total_ms,
    )


def _evaluate(prompt: Prompt, kv: KvCache) -> None:
    """Have the prompt in sequence 0."""
    while not kv.ready(prompt):
        result = kv.advance(prompt)
        if result is Decoded.INTERRUPTED:
            raise BackendError("something else was asked meanwhile")
        if result is Decoded.FULL:
            raise BackendError("the text does not fit into the model's context")
