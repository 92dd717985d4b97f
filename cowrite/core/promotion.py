"""A change of what is in use of what was learned."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Promotion:
    """From `at_ms` (since 1970) on, version `version` of `what` is used, in the place of `was`.

    what: `adapter` or `order`. model: the SHA-256 of the model's file, empty where it is for all. Versions
    count from 1; 0 is none. why: `gate`, `rollback` or `forgotten`. reason: a sentence. figures: what the
    gate measured, by name.
    """

    at_ms: int
    what: str
    model: str
    version: int
    was: int
    why: str
    reason: str = ""
    figures: dict[str, float] = field(default_factory=dict)
