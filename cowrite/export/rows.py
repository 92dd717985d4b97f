"""The formats that are JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from cowrite.core.rows import CONTINUE, SftRow
from cowrite.export.lines import (
    event_row,
    message_row,
    training_kind,
    training_row,
    write_lines,
)
from cowrite.export.source import ExportSource, TrainingKind


def suggestions(source: ExportSource, out: BinaryIO) -> int:
    return write_lines(source.suggestions(), out)


def events(source: ExportSource, out: BinaryIO) -> int:
    return write_lines(all_events(source), out)


def all_events(source: ExportSource) -> Iterator[dict[str, Any]]:
    """Every event of every session, as rows."""
    for session in source.sessions():
        for event in source.events(session):
            yield event_row(session, event)


def sft(source: ExportSource, out: BinaryIO) -> int:
    return training(source, "sft", out)


def preference(source: ExportSource, out: BinaryIO) -> int:
    return training(source, "preference", out)


def kto(source: ExportSource, out: BinaryIO) -> int:
    return training(source, "kto", out)


def messages(source: ExportSource, out: BinaryIO) -> int:
    """What the model was told and what of its answer was kept, as chats of two messages."""
    made = (
        message_row(row)
        for _, all_kinds in source.training()
        for row in all_kinds
        if isinstance(row, SftRow) and row.about.task != CONTINUE
    )
    return write_lines(made, out)


def training(source: ExportSource, kind: TrainingKind, out: BinaryIO) -> int:
    """The training rows of one kind."""
    made = (
        training_row(row)
        for _, all_kinds in source.training()
        for row in all_kinds
        if training_kind(row) == kind
    )
    return write_lines(made, out)
