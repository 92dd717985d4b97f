"""What a format may ask of the log. The service that joins the rooms gives it; tests give their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cowrite.core.events import SessionInfo, Stamped
from cowrite.core.rows import SuggestionRow, TrainingRow

TrainingKind = Literal["sft", "preference", "kto"]
KINDS: tuple[TrainingKind, ...] = ("sft", "preference", "kto")

Part = Literal["train", "test"]


@dataclass(frozen=True, slots=True)
class ModelLicence:
    """What a data set's card says of a model that wrote some of it."""

    name: str
    sha256: str
    licence: str
    terms: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a data set's card needs besides the rows.

    parts: the split that was asked for, one unnamed part (`train`) without. redaction: its report, None
    where the texts are as they were written. seed, share: of the split.
    """

    app_version: str
    parts: tuple[Part, ...] = ("train",)
    seed: int | None = None
    share: float | None = None
    models: dict[str, ModelLicence] = field(default_factory=dict)
    language: str | None = None
    code_points: bool = False
    """Whether a CoAuthor log counts code points, not UTF-16 units."""


class ExportSource(Protocol):
    """The rows of the log that were chosen, always in the same order."""

    def sessions(self) -> Iterator[SessionInfo]:
        """The sessions in the order they began."""

    def events(self, session: SessionInfo) -> Iterator[Stamped]:
        """The events of one session."""

    def suggestions(self) -> Iterator[SuggestionRow]:
        """The rows of all suggestions, session by session."""

    def training(self) -> Iterator[tuple[SuggestionRow, list[TrainingRow]]]:
        """The rows of all suggestions, each with the training rows that are made of it."""

    def part(self, part: Part) -> ExportSource:
        """The documents of one side of the split."""

    def about(self) -> About:
        """What the card of a data set says."""

    def redaction(self) -> dict[str, int] | None:
        """What was replaced so far: how often, by kind. None where nothing is redacted."""
