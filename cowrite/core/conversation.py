"""A conversation that a model which was trained to answer goes on with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Speaker(StrEnum):
    """Who says something. system: what stands before the conversation and holds for all of it."""

    SYSTEM = "system"
    USER = "user"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one of them says, as it is: no part of it is read as a control token."""

    speaker: Speaker
    text: str
