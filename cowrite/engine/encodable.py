"""Texts as a pipe of UTF-8 can carry them: without lone surrogates."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from cowrite.core.context import Context
from cowrite.core.task import Task
from cowrite.engine.protocol import Converse, Suggest


def encodable(context: Context) -> Context:
    """The context without lone surrogates."""
    try:
        (context.text + context.after).encode()
    except UnicodeEncodeError:
        parts = tuple(replace(part, text=_plain(part.text)) for part in context.parts)
        before, after = _plain(context.before), _plain(context.after)
        return replace(context, parts=parts, before=before, after=after)
    return context


def encodable_beside(message: Suggest | Converse) -> Suggest | Converse:
    """The message, likewise, as one that is answered beside others."""
    ends = tuple(_plain(end) for end in message.ends)
    if isinstance(message, Converse):
        turns = tuple(replace(turn, text=_plain(turn.text)) for turn in message.turns)
        return msgspec.structs.replace(message, turns=turns, ends=ends)
    context = encodable(message.context)
    return msgspec.structs.replace(message, context=context, beside=True, ends=ends)


def encodable_task(task: Task) -> Task:
    """The task without lone surrogates, likewise."""
    try:
        for text in task.texts:
            text.encode()
    except UnicodeEncodeError:
        return replace(
            task,
            instruction=_plain(task.instruction),
            passage=_plain(task.passage),
            before=_plain(task.before),
            after=_plain(task.after),
            notes=tuple(_plain(note) for note in task.notes),
        )
    return task


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
