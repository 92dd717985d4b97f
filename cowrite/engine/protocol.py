"""What the client and the model process say to one another: one JSON object a line, each with a `type`.

The values of the domain (`Context`, `Task`, `Params`, `Candidate`, `Timings`) travel as they are.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from cowrite.core.context import Context
from cowrite.core.conversation import Turn
from cowrite.core.suggestion import Candidate, Fit, Params, Timings
from cowrite.core.task import Task
from cowrite.engine.options import EngineOptions as EngineOptions
from cowrite.engine.options import ModelFile as ModelFile
from cowrite.engine.options import RemoteOptions as RemoteOptions
from cowrite.engine.options import RunAhead as RunAhead
from cowrite.engine.options import Way as Way
from cowrite.engine.weigh import Weigh, Weighed


class EngineState(StrEnum):
    """What the status line says of the engine."""

    LOADING = "loading"
    READY = "ready"
    WRITING = "writing"
    RESTARTING = "restarting"
    NO_MODEL = "no model"


# To the host


class Load(msgspec.Struct, frozen=True, tag_field="type", tag="load"):
    """The first message: which model, and how. `trial`: evaluate a little before saying that it is loaded."""

    model: ModelFile
    options: EngineOptions
    way: Way = Way.FULL
    trial: bool = False


class Warm(msgspec.Struct, frozen=True, tag_field="type", tag="warm"):
    """Evaluate this text ahead of a request.

    params: of the request that would be made here, to be answered ahead too; None where none is likely.
    """

    context: Context
    params: Params | None = None


class Suggest(msgspec.Struct, frozen=True, tag_field="type", tag="suggest"):
    """A request. plain: answer it as the model came, without its adapter, for this once.

    beside: answer it beside others of its kind, in the same batches. Then `plain` has no meaning. ends: of one
    that is answered so: texts that end a candidate and are left out of it.
    """

    request_id: str
    context: Context
    params: Params
    plain: bool = False
    beside: bool = False
    ends: tuple[str, ...] = ()


class Prepare(msgspec.Struct, frozen=True, tag_field="type", tag="prepare"):
    """Evaluate ahead what is known of a task while its instruction is typed: all that comes before it."""

    task: Task


class Instruct(msgspec.Struct, frozen=True, tag_field="type", tag="instruct"):
    """A task to do now. It is answered as a request is, by the same messages."""

    request_id: str
    task: Task
    params: Params


class Converse(msgspec.Struct, frozen=True, tag_field="type", tag="converse"):
    """Say what comes next in a conversation, beside other requests. `Failed` where the model can't converse."""

    request_id: str
    turns: tuple[Turn, ...]
    params: Params
    ends: tuple[str, ...] = ()


class Cancel(msgspec.Struct, frozen=True, tag_field="type", tag="cancel"):
    """Stop this request, or whatever runs where it is None."""

    request_id: str | None = None


class Configure(msgspec.Struct, frozen=True, tag_field="type", tag="configure"):
    """Change the budget of running ahead."""

    run_ahead: RunAhead


class Quit(msgspec.Struct, frozen=True, tag_field="type", tag="quit"):
    """Keep the state and exit. The end of the pipe means the same without keeping."""


Asked = Suggest | Instruct | Converse
"""What is answered with candidates."""


def is_beside(message: Asked) -> bool:
    """Whether it is answered beside others: it ends none of them."""
    return isinstance(message, Converse) or (isinstance(message, Suggest) and message.beside)


ClientMessage = Load | Warm | Prepare | Asked | Weigh | Cancel | Configure | Quit


# From the host


class StateChanged(msgspec.Struct, frozen=True, tag_field="type", tag="state"):
    state: EngineState
    reason: str = ""


class Opened(msgspec.Struct, frozen=True, tag_field="type", tag="opened"):
    """llama.cpp's library is in the process; the model comes next. The client keeps it to itself."""


class Loaded(msgspec.Struct, frozen=True, tag_field="type", tag="loaded"):
    """The model is ready.

    context: tokens it can hold at once; window_chars: the most characters of a draft worth sending.
    kv_token_bytes: memory of one token in the context. fim: whether it was made to fill in the middle.
    rss_bytes: the process's resident memory, of it `model_bytes` at most the mapped file.
    kernel: the instructions that our own kernel uses, empty where llama.cpp does all the work.
    way, way_reason: how it is evaluated and why so; the reason is the client's to add.
    batch_threads: threads that read a draft, `threads` write. library: llama.cpp's version. converses: whether
    it was trained to answer, and how it wants to be spoken to is known. weighs: whether it can be seen what
    weighed for an answer. heals: whether the border of the last token is healed exactly. logprobs: whether
    tokens come with how likely they were.
    """

    name: str
    description: str
    context: int
    trained_context: int
    window_chars: int
    vocabulary: int
    threads: int
    model_bytes: int
    kv_token_bytes: int
    rss_bytes: int
    fim: bool
    load_ms: float
    adapter: str | None = None
    kernel: str = ""
    way: Way = Way.FULL
    way_reason: str = ""
    batch_threads: int = 0
    library: str = ""
    converses: bool = False
    device: str = ""
    weighs: bool = True
    heals: bool = True
    logprobs: bool = True


class Started(msgspec.Struct, frozen=True, tag_field="type", tag="started"):
    """The request is being answered; `cached_tokens` of the prompt's tokens were evaluated before."""

    request_id: str
    prompt_tokens: int
    cached_tokens: int


class Chunk(msgspec.Struct, frozen=True, tag_field="type", tag="chunk"):
    """Text to append to a candidate."""

    request_id: str
    candidate: int
    text: str


class Anew(msgspec.Struct, frozen=True, tag_field="type", tag="anew"):
    """What was streamed of a candidate was no good, and it is being written anew: drop it."""

    request_id: str
    candidate: int


class Finished(msgspec.Struct, frozen=True, tag_field="type", tag="finished"):
    """One candidate has ended."""

    request_id: str
    candidate: int
    candidate_value: Candidate


class Ordered(msgspec.Struct, frozen=True, tag_field="type", tag="ordered"):
    """How well each candidate goes before what follows, and their order by it: once, before `Done`.

    Where the answer was written ahead, it comes before the first `Chunk`, so that the best is shown at once.
    """

    request_id: str
    fit: Fit


class Done(msgspec.Struct, frozen=True, tag_field="type", tag="done"):
    """The request is answered; these texts replace what was streamed. `seed` makes them again."""

    request_id: str
    candidates: tuple[Candidate, ...]
    prompt_tokens: int
    cached_tokens: int
    timings: Timings
    seed: int = 0


class Failed(msgspec.Struct, frozen=True, tag_field="type", tag="failed"):
    """A request, or without an id the host itself, has failed. `fatal`: trying again won't help.

    lost: its process has ended, and another is started, which knows nothing of it; the client says so.
    """

    request_id: str | None
    message: str
    hint: str = ""
    fatal: bool = False
    lost: bool = False


class Heartbeat(msgspec.Struct, frozen=True, tag_field="type", tag="heartbeat"):
    """A long evaluation goes on. The client keeps it to itself.

    `prepared` counts tokens evaluated ahead, and `idle` says that nothing is left to prepare: what the
    benchmark waits for.
    """

    prepared: int = 0
    idle: bool = False


_Answer = Started | Chunk | Anew | Finished | Ordered | Done | Weighed | Failed
HostMessage = StateChanged | Opened | Loaded | _Answer | Heartbeat

WRONG_NUMBERS = 86
"""The exit code of a host whose trial gave no numbers that a text can be made of."""

SLOWER = 87
"""And of one whose trial found another way quicker: the library without our kernel, the processor alone."""

NO_DEVICE = 88
"""And of one that was to use a graphics processor where llama.cpp finds none."""

NO_ROOM = 89
"""And of one that finds the graphics processor's memory full, which may be otherwise another time."""

_encoder = msgspec.json.Encoder(enc_hook=str)


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(f"{kind} is not part of the protocol")


_from_client: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(
    ClientMessage, dec_hook=_path
)
_from_host: msgspec.json.Decoder[HostMessage] = msgspec.json.Decoder(HostMessage, dec_hook=_path)


def encode(message: ClientMessage | HostMessage) -> bytes:
    """The message as one line, its newline with it."""
    return _encoder.encode(message) + b"\n"


def decode_client(line: bytes) -> ClientMessage:
    """Raises msgspec.MsgspecError where the line is not a message to the host."""
    return _from_client.decode(line)


def decode_host(line: bytes) -> HostMessage:
    """Raises msgspec.MsgspecError where the line is not a message of the host."""
    return _from_host.decode(line)


class _About(msgspec.Struct):
    request_id: str | None = None


def request_of(line: bytes) -> str | None:
    """The request that a line is about which is no message, None where it names none."""
    try:
        return msgspec.json.decode(line, type=_About).request_id
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
