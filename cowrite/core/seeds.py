"""The seed of a request, so that what is prepared for a place is what is asked for there."""

from __future__ import annotations

import hashlib

from cowrite.core.context import Context
from cowrite.core.task import Task

ASKED_AGAIN = 1 << 30
"""Seeds from here on are those of requests that were made again at the same place: the likeliest beginning was
shown already, so the first candidate dares as much as the others."""


def place_seed(context: Context, attempt: int = 0) -> int:
    """The seed for a place in a draft; `attempt` counts the requests made there before.

    A function of the text around the place: the engine can prepare the answer to a request that nobody has
    made yet, and the request, when it is made, has the seed of that answer.
    """
    return _seed((context.head, context.body, context.after), attempt)


def task_seed(task: Task, attempt: int = 0) -> int:
    """The seed for a task; `attempt` counts the tries at it before."""
    return _seed((task.kind.value, task.language, *task.texts), attempt)


def _seed(texts: tuple[str, ...], attempt: int) -> int:
    text = "\0".join((*texts, str(attempt)))
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % ASKED_AGAIN + (ASKED_AGAIN if attempt else 0)
