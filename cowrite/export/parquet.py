"""Suggestions as Parquet, with the columns of the JSON Lines and their types said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from cowrite.core.rows import SuggestionRow
from cowrite.errors import CowriteError
from cowrite.export.source import ExportSource
from cowrite.plain_json import scrubbed

BATCH = 500
"""Rows in memory at a time; also the size of a row group."""


def write(source: ExportSource, out: BinaryIO) -> int:
    """Raises CowriteError where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CowriteError(
            "Parquet needs pyarrow, which is not installed.", "pip install 'cowrite[parquet]'"
        ) from error
    schema = _schema(pa)
    count = 0
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in _batches(source.suggestions()):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
            count += len(batch)
    return count


def _batches(rows: Iterator[SuggestionRow]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(_plain(row))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _plain(row: SuggestionRow) -> dict[str, Any]:
    """The row in plain types; pairs become structures, since a list has one type."""
    said: dict[str, Any] = scrubbed(msgspec.to_builtins(row))
    for candidate in said["candidates"]:
        for token in candidate["tokens"]:
            token["alternatives"] = [
                {"text": text, "logprob": logprob} for text, logprob in token["alternatives"]
            ]
    return said


def _schema(pa: Any) -> Any:
    """The schema: one field for each of `SuggestionRow`, in its order."""
    text, whole, real, truth = pa.string(), pa.int64(), pa.float64(), pa.bool_()
    likely = pa.struct([("text", text), ("logprob", real)])
    token = pa.struct(
        [
            ("text", text),
            ("logprob", real),
            ("alternatives", pa.list_(likely)),
            ("bytes", pa.list_(pa.uint8())),
        ]
    )
    candidate = [
        ("text", text),
        ("tokens", pa.list_(token)),
        ("mean_logprob", real),
        ("stop", text),
        ("shown_ms", whole),
    ]
    sampling = [
        ("temperature", real),
        ("top_k", whole),
        ("top_p", real),
        ("min_p", real),
        ("dry_multiplier", real),
        ("dry_base", real),
        ("dry_allowed_length", whole),
        ("repeat_penalty", real),
        ("banned", pa.list_(text)),
    ]
    params = [
        ("n", whole),
        ("max_tokens", whole),
        ("stop", text),
        ("seed", whole),
        ("sampling", pa.struct(sampling)),
        ("logprobs", whole),
        ("deadline_ms", whole),
    ]
    state = [
        ("at", text),
        ("after_ms", whole),
        ("text", text),
        ("characters", whole),
        ("words", whole),
        ("kept", real),
    ]
    model = [("name", text), ("sha256", text), ("quantisation", text), ("adapter", text)]
    timings = pa.struct([("prefill", real), ("first", real), ("total", real)])
    return pa.schema(
        [
            ("suggestion_id", text),
            ("session_id", text),
            ("document", text),
            ("document_id", text),
            ("requested_at", text),
            ("model", pa.struct(model)),
            ("params", pa.struct(params)),
            ("position", whole),
            ("head", text),
            ("prefix", text),
            ("suffix", text),
            ("candidates", pa.list_(pa.struct(candidate))),
            ("shown", pa.list_(whole)),
            ("chosen", whole),
            ("outcome", text),
            ("closing", text),
            ("parts", pa.list_(text)),
            ("inserted_text", text),
            ("by_hand", whole),
            ("in_pane", truth),
            ("final_text", text),
            ("survival", pa.list_(pa.struct(state))),
            ("typed_instead", text),
            ("shown_ms", whole),
            ("latency_ms", pa.struct([("first", real), ("total", real)])),
            ("timings_ms", timings),
            ("prompt_tokens", whole),
            ("cached_tokens", whole),
            ("auto", truth),
            ("learned", text),
            ("parent_id", text),
            ("error", text),
            ("app_version", text),
            ("origin", text),
            ("task", text),
            ("instruction", text),
            ("preset", text),
            ("passage", text),
            ("hunks_refused", whole),
            ("reasons", pa.list_(text)),
            ("place", text),
            ("standing_rest", whole),
            ("standing_end", whole),
            ("standing_now", whole),
            ("overlap", real),
        ]
    )
