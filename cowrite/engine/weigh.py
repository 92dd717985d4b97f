"""The question what weighed in what the model saw, and its answer: two messages of `engine.protocol`."""

from __future__ import annotations

import msgspec

from cowrite.core.context import Context
from cowrite.core.shown import Said
from cowrite.core.suggestion import Params
from cowrite.core.task import Task


class Weigh(msgspec.Struct, frozen=True, tag_field="type", tag="weigh"):
    """Say what weighed for a continuation of this text, and how it is read.

    pieces: of the context's text as it is sent, from the first character to behind the last. text: the
    continuation; empty where only is asked how many tokens there are. focus: the characters of it that are
    judged, None for its beginning. attention: whether the model's own attention is wanted too. task: of this
    task, and not of a context, it is to be said what is sent.
    """

    request_id: str
    context: Context
    params: Params
    pieces: tuple[tuple[int, int], ...]
    text: str = ""
    focus: tuple[int, int] | None = None
    attention: bool = False
    task: Task | None = None


class Weighed(msgspec.Struct, frozen=True, tag_field="type", tag="weighed"):
    """What weighed, in the order of the pieces that were asked for.

    context: as it was sent, where parts had to give way to room. unseen: characters at its beginning that there
    was no room for. prompt_tokens: with the start token. tokens: of each piece. losses: by how many nats the
    continuation is less likely without it. attention: its share of the model's attention; empty where that was
    not asked for or can't be seen, for the `reason`. judged: how many tokens of the continuation. said: of a
    task all that is sent, part by part; its instruction is left out where there is none yet.
    """

    request_id: str
    context: Context
    unseen: int
    prompt_tokens: int
    tokens: tuple[int, ...]
    losses: tuple[float, ...] = ()
    attention: tuple[float, ...] = ()
    judged: int = 0
    reason: str = ""
    total_ms: float = 0.0
    said: tuple[Said, ...] = ()
