"""What a round of learning beside an open window says, a JSON object a line, and what it is told: words, one a
line (`pause`, `go`, `stop`)."""

from __future__ import annotations

import msgspec

from cowrite.plain_json import encoded

PAUSE, GO, STOP = "pause", "go", "stop"


class Going(msgspec.Struct, frozen=True, tag_field="type", tag="going"):
    """How far it is. stage: what is done, in a few words. share: 0 to 1, below 0 while not known."""

    stage: str
    share: float = -1.0
    seconds_left: float = 0.0


class Ended(msgspec.Struct, frozen=True, tag_field="type", tag="ended"):
    """It has ended. sentence: what came of it. changed: whether something else is in use now.

    failed: whether something stands in the way; hint: what to do then.
    """

    sentence: str
    changed: bool = False
    failed: bool = False
    hint: str = ""


Told = Going | Ended

_decoder: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)


def encode(told: Told) -> bytes:
    """The message as a line, its newline with it."""
    return encoded(told) + b"\n"


def decode(line: bytes) -> Told | None:
    """The message in a line; None where there is none in it."""
    try:
        return _decoder.decode(line)
    except msgspec.MsgspecError:
        return None
