"""What is known of a server: its model, how much that takes, and what it did with one harmless request.

The request has no word of a draft in it. It wakes a server that loads its model late, and shows whether several
candidates, log-probabilities and the space before a word come, which no interface tells.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from urllib.parse import quote

from cowrite.core.suggestion import Params, Sampling
from cowrite.engine.options import RemoteOptions
from cowrite.engine.remote.address import Address
from cowrite.engine.remote.bodies import completion, extras, infill
from cowrite.engine.remote.faults import Fault
from cowrite.engine.remote.hearing import Delta, heard
from cowrite.engine.remote.wire import Exchange

USUAL_CONTEXT = 4096
"""Tokens of a context that a server does not tell: what Ollama has by default; it cuts silently."""

_WORDS = "Once upon a time, there was a little girl who lived in a"
_WORDS_AFTER = " by the sea, with a garden full of roses."
_ASKED = Params(n=2, max_tokens=3, sampling=Sampling(temperature=0.2), logprobs=1)

_SIZES = ("max_model_len", "n_ctx", "loaded_context_length", "context_length", "max_context_length")


_NOT_BY_THIS_MODEL = 501
"""HTTP's status of llama-server's `/infill` for a model without the tokens that it takes."""


class FanOut(IntEnum):
    """How several candidates are asked for: what a server was seen to do goes down this list, never up."""

    TOGETHER = 0
    """In one request, by `n`."""
    BESIDE = 1
    """One request each, at once."""
    IN_TURN = 2
    """One request each, one after the other: a server that ends a request as another comes."""


@dataclass(slots=True)
class Server:
    """A server as it is known. lora: the numbers of adapters that each request names, and how strongly."""

    address: Address
    key: str
    model: str = ""
    context: int = USUAL_CONTEXT
    fan_out: FanOut = FanOut.TOGETHER
    strict: bool = False
    """It refuses fields beyond the usual ones."""
    logprobs: bool = False
    chat: bool = True
    suffix: bool = False
    """What follows the position is sent: the settings allow it, and the server can make use of it."""
    infill: bool = False
    """It is sent by llama-server's `/infill`, not as a field of completions."""
    loses_space: bool = False
    keeps_space: bool = False
    adapter: str = ""
    lora: tuple[tuple[int, float], ...] = ()

    @property
    def chars(self) -> int:
        """The most characters of a draft worth sending, as the host on this machine reckons."""
        return max(1000, (self.context - min(1024, self.context // 4)) * 3)


def look(options: RemoteOptions, address: Address, key: str, context: int) -> Server:
    """Get to know a server. context: tokens that the settings say, 0 for what it says. Raises Fault."""
    server = Server(address, key, suffix=options.suffix)
    entries = _models(server)
    server.model = options.model or (_name(entries[0]) if entries else "")
    if entries and options.model and options.model not in map(_name, entries):
        names = ", ".join(_name(entry) for entry in entries[:5])
        text = f"{address.place} has no model '{options.model}'."
        raise Fault(text, f"engine.remote_model names it. It has: {names}", settings=True)
    chosen = next((entry for entry in entries if _name(entry) == server.model), {})
    server.context = context or _size(chosen) or _props(server) or USUAL_CONTEXT
    if options.adapter:
        _adapt(server, options.adapter, entries)
    _try(server)
    if server.suffix:
        _try_between(server)
    return server


def _get(server: Server, path: str) -> Any:
    """What a path says, None where it is nothing to read. Raises Fault."""
    exchange = Exchange(server.address, server.key)
    try:
        exchange.open(path)
        return json.loads(exchange.read().decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    finally:
        exchange.close()


def _models(server: Server) -> list[dict[str, Any]]:
    """What `/v1/models` lists; nothing where a server has no such list."""
    try:
        said = _get(server, f"{server.address.path}/models")
    except Fault as fault:
        if fault.status:
            return []
        raise
    listed = said.get("data") if isinstance(said, dict) else None
    entries = listed if isinstance(listed, list) else []
    return [entry for entry in entries if isinstance(entry, dict) and _name(entry)]


def _name(entry: dict[str, Any]) -> str:
    name = entry.get("id")
    return name if isinstance(name, str) and name.isprintable() and len(name) < 500 else ""


def _size(entry: dict[str, Any]) -> int:
    """The tokens of the context that an entry of the list tells."""
    meta = entry.get("meta")
    for where in (entry, meta if isinstance(meta, dict) else {}):
        for name in _SIZES:
            if isinstance(size := where.get(name), int) and 256 <= size <= 1 << 24:
                return size
    return 0


def _props(server: Server) -> int:
    """What llama-server tells of its context."""
    try:
        said = _get(server, f"{server.address.root}/props")
    except Fault:
        return 0
    settings = said.get("default_generation_settings") if isinstance(said, dict) else None
    return _size(settings) if isinstance(settings, dict) else 0


def _adapt(server: Server, wanted: str, entries: list[dict[str, Any]]) -> None:
    """Have the adapter of this name used: as a model (vLLM), or by its number (llama-server). Raises Fault."""
    server.adapter = wanted
    if wanted in map(_name, entries):
        server.model = wanted
        return
    try:
        listed = _get(server, f"{server.address.root}/lora-adapters")
    except Fault:
        listed = None
    found: list[tuple[int, float]] = []
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and isinstance(number := entry.get("id"), int):
            path = str(entry.get("path", ""))
            stem = path.replace("\\", "/").rpartition("/")[2]
            found.append((number, float(wanted in (path, stem, stem.removesuffix(".gguf")))))
    if not any(scale for _, scale in found):
        text = f"{server.address.place} has no adapter '{wanted}'."
        raise Fault(text, "engine.remote_adapter names it.", settings=True)
    server.lora = tuple(found)


def _try(server: Server) -> None:
    """Ask for a few words, and see what comes. Raises Fault."""
    body = {**completion(_WORDS, _ASKED, _ASKED.n, 1), "model": server.model}
    more = extras(_ASKED, logprobs=True)
    for server.strict, asked in ((False, {**body, **more}), (True, body), (True, body | {"n": 1})):
        try:
            deltas = _patiently(server, asked, f"{server.address.path}/completions")
            break
        except Fault as fault:
            if not fault.body or asked.get("n") == 1:
                raise
    server.fan_out = FanOut.TOGETHER if any(one.index == 1 for one in deltas) else FanOut.BESIDE
    server.logprobs = any(one.tokens for one in deltas)
    text = "".join(one.text for one in deltas if one.index == 0)
    server.keeps_space = text[:1] == " "
    server.loses_space = text[:1].isalpha()


def _try_between(server: Server) -> None:
    """See how a text between two others is to be asked for.

    llama-server has a path of its own for it, which says where the model was not made for that; in completions
    it passes over `suffix`. Elsewhere there is no such path, and a server may know `suffix`.
    """
    asked, _ = infill(completion(_WORDS, _ASKED, 1, 1), {"suffix": _WORDS_AFTER})
    try:
        deltas = _patiently(server, asked, f"{server.address.root}/infill")
        server.infill = any(one.text for one in deltas)
    except Fault as fault:
        server.suffix = fault.status != _NOT_BY_THIS_MODEL


def _patiently(server: Server, body: dict[str, Any], path: str) -> list[Delta]:
    """An answer, asked for anew where it failed by chance. Raises Fault."""
    for rest in (1, 2):
        try:
            return _answer(server, body, path)
        except Fault as fault:
            if fault.again is None:
                raise
            time.sleep(fault.again * rest)
    return _answer(server, body, path)


def _answer(server: Server, body: dict[str, Any], path: str) -> list[Delta]:
    exchange = Exchange(server.address, server.key)
    out: list[Delta] = []
    try:
        kind = exchange.open(path, body)
        for said in heard(kind, exchange.lines(), server.address.place):
            out += [one for one in said if isinstance(one, Delta)]
            if len(out) > _ASKED.max_tokens * 20:
                break
    finally:
        exchange.close()
    return out


def described(server: Server) -> str:
    """A server in a few words: the model's name and the place."""
    name = (
        server.model.replace("\\", "/").rpartition("/")[2].removesuffix(".gguf")
        or "the server's model"
    )
    return f"{name} @ {quote(server.address.place, safe=':.[]-')}"
