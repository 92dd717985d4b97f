"""What is asked of a server: the bodies of requests, by completions and by chat."""

from __future__ import annotations

from typing import Any

from cowrite.core.context import Context
from cowrite.core.conversation import Speaker, Turn
from cowrite.core.suggestion import Params
from cowrite.core.task import Task, TaskKind
from cowrite.engine.generation.chat import ROLES

Body = dict[str, Any]

_NAMES = {Speaker.SYSTEM: "system", Speaker.USER: "user", Speaker.MODEL: "assistant"}

_MOST_ENDS = 4
"""Texts in `stop`: more are refused by some servers."""

_NEAR = 1500

_NOTHING = "\n"
"""What stands for an empty draft: some servers fail at an empty prompt."""


def prompt_of(context: Context, most: int) -> str:
    """The text that a server goes on with, of at most so many characters, without spaces at its end."""
    body = context.body.rstrip(" \t")
    room = max(most - len(context.head), most // 2)
    return (context.head[: most // 2] + body[-room:]) or _NOTHING


def completion(prompt: str, params: Params, n: int, seed: int, ends: tuple[str, ...] = ()) -> Body:
    """The fields that every server knows."""
    body: Body = {
        "prompt": prompt,
        "max_tokens": params.max_tokens,
        "temperature": params.sampling.temperature,
        "top_p": params.sampling.top_p,
        "seed": seed,
        "n": n,
        "stream": True,
    }
    if ends:
        body["stop"] = list(ends[:_MOST_ENDS])
    return body


def infill(body: Body, more: Body) -> tuple[Body, Body]:
    """A request that has a `suffix` among its extras, and those, as llama-server's `/infill` takes both."""
    names = {"prompt": "input_prefix", "suffix": "input_suffix", "logprobs": "n_probs"}
    here = {names.get(name, name): value for name, value in body.items()}
    added = {
        names.get(name, name): value for name, value in more.items() if name != "stream_options"
    }
    return here | {"input_suffix": added.pop("input_suffix")}, added


def extras(params: Params, *, logprobs: bool, chat: bool = False) -> Body:
    """Fields beyond those: servers that are strict refuse them, and are asked without."""
    sampling = params.sampling
    body: Body = {
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "cache_prompt": True,
        "stream_options": {"include_usage": True},
    }
    if sampling.dry_multiplier > 0:
        body["dry_multiplier"] = sampling.dry_multiplier
        body["dry_base"] = sampling.dry_base
        body["dry_allowed_length"] = sampling.dry_allowed_length
    if sampling.repeat_penalty != 1.0:
        body["repeat_penalty"] = body["repetition_penalty"] = sampling.repeat_penalty
    if logprobs and not chat:
        body["logprobs"] = params.logprobs
    return body


def messages_of(task: Task) -> list[dict[str, str]]:
    """A task as a conversation: its role, what is known, the examples as turns, the passage, what to do."""
    role = "\n\n".join([ROLES[task.kind], *(note.strip() for note in task.notes if note.strip())])
    said = [{"role": "system", "content": role}]
    for example in task.examples:
        asked = "\n\n".join(part for part in (example.passage, example.instruction) if part)
        said.append({"role": "user", "content": asked})
        said.append({"role": "assistant", "content": example.answer})
    parts = [task.passage.strip(), task.instruction.strip()]
    if task.kind is TaskKind.WRITE:
        parts.insert(0, task.before[-_NEAR:].strip())
    said.append({"role": "user", "content": "\n\n".join(part for part in parts if part)})
    return said


def messages_in(turns: tuple[Turn, ...]) -> list[dict[str, str]]:
    """A conversation as it is."""
    return [{"role": _NAMES[turn.speaker], "content": turn.text} for turn in turns]


def as_chat(body: Body, messages: list[dict[str, str]]) -> Body:
    """The same request by chat."""
    return {
        **{name: value for name, value in body.items() if name != "prompt"},
        "messages": messages,
    }
