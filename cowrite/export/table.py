"""Suggestions as a flat table: CSV that a spreadsheet opens without running any of it."""

from __future__ import annotations

import codecs
import csv
import io
from typing import BinaryIO

from cowrite.core.rows import SuggestionRow
from cowrite.export.source import ExportSource

_FORMULA = tuple("=+-@\t\r\n" + "\uff1d\uff0b\uff0d\uff20")
"""What begins a formula, or goes before one: the wide forms too, which East Asian spreadsheets take."""

CONTEXT = 500
"""Characters of the draft on each side of a suggestion; a cell holds at most 32,767."""

_CELL = 32_767

COLUMNS = (
    *("suggestion_id", "session_id", "document", "requested_at"),
    *("model", "model_sha256", "quantisation", "adapter", "learned", "auto", "outcome", "closing"),
    *("candidates", "shown", "chosen", "prefix", "offered", "inserted_text", "final_text"),
    *("typed_instead", "suffix", "parts", "by_hand", "shown_ms", "first_ms", "total_ms"),
    *("mean_logprob", "kept", "characters_changed", "words_changed", "app_version"),
    *("task", "instruction", "preset", "passage", "hunks_refused"),
    *("reasons", "place", "standing_rest", "standing_end", "standing_now", "overlap"),
)


def write(source: ExportSource, out: BinaryIO) -> int:
    """RFC 4180: commas, quotes where needed, CR LF; UTF-8 without a mark. Returns how many rows."""
    return _write(source, out)


def write_for_excel(source: ExportSource, out: BinaryIO) -> int:
    """The same behind a mark (BOM), without which Excel reads it in the encoding of its system."""
    out.write(codecs.BOM_UTF8)
    return _write(source, out)


def _write(source: ExportSource, out: BinaryIO) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    for row in source.suggestions():
        writer.writerow([safe(cell) for cell in cells(row)])
        count += 1
    text.detach()
    return count


def safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return "'" + cell
    return cell


def cells(row: SuggestionRow) -> list[object]:
    """The row's cells, in the order of COLUMNS."""
    offered = row.candidates[row.chosen] if _known(row) and row.chosen is not None else None
    end = row.survival[-1] if row.survival else None
    return [
        row.suggestion_id,
        row.session_id,
        row.document,
        row.requested_at,
        row.model.name,
        row.model.sha256,
        row.model.quantisation,
        row.model.adapter,
        row.learned,
        int(row.auto),
        row.outcome.value,
        row.closing.value if row.closing else None,
        len(row.candidates),
        len(row.shown),
        row.chosen,
        row.prefix[-CONTEXT:],
        row.offered,
        row.inserted_text,
        row.final_text,
        row.typed_instead,
        row.suffix[:CONTEXT],
        " ".join(row.parts),
        row.by_hand,
        row.shown_ms,
        row.latency_ms.first,
        row.latency_ms.total,
        offered.mean_logprob if offered else None,
        end.kept if end else None,
        end.characters if end else None,
        end.words if end else None,
        row.app_version,
        row.task,
        row.instruction,
        row.preset,
        row.passage[:_CELL],
        row.hunks_refused,
        ", ".join(row.reasons),
        row.place,
        row.standing_rest,
        row.standing_end,
        row.standing_now,
        row.overlap,
    ]


def _known(row: SuggestionRow) -> bool:
    return row.chosen is not None and row.chosen < len(row.candidates)
