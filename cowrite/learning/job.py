"""What a training is asked for, and what it says of itself: one JSON object a line, each with a `type`.

The window's side (`training`) and the training process (`lora`) both read this; neither needs torch for it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

RANK = 16
LEARNING_RATE = 5e-4
GENERAL_SHARE = 0.15
EARLIER_SHARE = 0.1
SEQUENCE = 512
"""Tokens of a sequence and, at least, of a step."""

LIKELY_ROWS = 32_768
"""Rows of the vocabulary that a training keeps besides those that its texts need: the likeliest."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One training. What it was asked decides, with the processor, every bit of the adapter.

    texts: (document, text) in the order in which they are learned, each once. earlier: the writer's texts of
    earlier trainings, of which some are seen again. general: prose by others, on which the model is kept near
    to what it was. Both shares are of the tokens of `texts`. start: the adapter to go on from; its rank and
    alpha count then. projections: those of each layer that get an addition, all where empty. sequence: tokens
    that are evaluated together. folder: for work files, which hold text until the training has ended. output:
    where the adapter goes. minutes: after which it ends with what it has seen, 0 for no limit. threads: 0 for
    all cores. measure: only find out how fast it would be.
    """

    model: str
    model_sha256: str = ""
    texts: tuple[tuple[str, str], ...]
    earlier: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    start: str | None = None
    folder: str
    output: str
    minutes: float = 0.0
    seed: int = 1
    rank: int = RANK
    alpha: float = RANK
    learning_rate: float = LEARNING_RATE
    earlier_share: float = EARLIER_SHARE
    general_share: float = GENERAL_SHARE
    projections: tuple[str, ...] = ()
    sequence: int = SEQUENCE
    threads: int = 0
    nice: int = 10
    measure: bool = False

    def identity(self) -> str:
        """Names what is learned: two jobs with the same one go the same way."""
        import msgspec.structs

        free = {"minutes", "threads", "nice", "measure", "output", "folder"}
        fields = {k: v for k, v in msgspec.structs.asdict(self).items() if k not in free}
        return hashlib.sha256(msgspec.json.encode(fields, order="deterministic")).hexdigest()


class Progress(msgspec.Struct, frozen=True, tag_field="type", tag="progress"):
    """How far it is.

    doing: reading, training or checking. tokens, total: of the writer's text, seen and in all. step: of the
    optimiser. tokens_per_second: over this run, pauses left out. It and seconds_left are 0 while not known.
    loss: nats a token over the last steps. memory: resident bytes.
    """

    doing: str
    step: int = 0
    tokens: int = 0
    total: int = 0
    tokens_per_second: float = 0.0
    seconds_left: float = 0.0
    loss: float = 0.0
    memory: int = 0
    paused: bool = False


class Trained(msgspec.Struct, frozen=True, tag_field="type", tag="trained"):
    """The end: an adapter is at `path` that llama.cpp agrees with.

    tokens, total: of the writer's text, seen and given; fewer where the minutes were over. seen: characters of
    each document, from its beginning. seconds: of training. loss_first, loss_last: nats a token over the first
    and the last five steps. difference: nats between llama.cpp's and torch's distributions, in the mean.
    """

    path: str
    sha256: str
    tokens: int
    total: int
    seen: dict[str, int]
    seconds: float
    peak_memory: int
    loss_first: float
    loss_last: float
    difference: float
    tokens_per_second: float


class Measured(msgspec.Struct, frozen=True, tag_field="type", tag="measured"):
    """What a measurement found: tokens of the writer's text, how many a second, and seconds for all of it."""

    tokens: int
    tokens_per_second: float
    seconds: float
    memory: int


class Stopped(msgspec.Struct, frozen=True, tag_field="type", tag="stopped"):
    """It was told to stop. The same job goes on from here."""

    tokens: int
    total: int


class Failed(msgspec.Struct, frozen=True, tag_field="type", tag="failed"):
    """It could not go on; there is no adapter."""

    message: str
    hint: str = ""


Said = Progress | Trained | Measured | Stopped | Failed

_said: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)


def encode(message: Said) -> bytes:
    """The message as one line, its newline with it."""
    return msgspec.json.encode(message) + b"\n"


def decode(line: bytes) -> Said:
    """Raises msgspec.MsgspecError where the line is none of the messages."""
    return _said.decode(line)


def read_job(path: Path) -> Job:
    """The job in a file. Raises OSError, or msgspec.MsgspecError where it is none."""
    return msgspec.json.decode(path.read_bytes(), type=Job)
