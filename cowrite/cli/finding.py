"""What a check of `cowrite doctor` says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a sentence, what to do, and the facts as data for `--json`."""

    topic: str
    verdict: Verdict
    text: str
    hint: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def ok(topic: str, text: str, **facts: Any) -> Finding:
    """All is well here."""
    return Finding(topic, Verdict.OK, text, "", facts)


def note(topic: str, text: str, hint: str = "", **facts: Any) -> Finding:
    """Something that is good to know."""
    return Finding(topic, Verdict.NOTE, text, hint, facts)


def problem(topic: str, text: str, hint: str = "", **facts: Any) -> Finding:
    """Something that has to be mended."""
    return Finding(topic, Verdict.PROBLEM, text, hint, facts)
