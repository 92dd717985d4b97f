"""Events with tables of their own, since they hold much or are asked for by SQL: how rows are made and read.

Those tables are written and read here, so that one place knows their columns.
"""

from __future__ import annotations

from cowrite.core.events import (
    Ended,
    Generated,
    Opened,
    Renamed,
    Requested,
    Saved,
    SettingChanged,
)
from cowrite.core.suggestion import Candidate, StopReason, Timings
from cowrite.store.codec import from_column, pack_tokens, to_column, unpack_tokens
from cowrite.store.names import document_number, draft_key, read_params, seed_column
from cowrite.store.payloads import PayloadReader, PayloadWriter
from cowrite.store.registry import At, Columns


def write_opening(to: PayloadWriter, at: At, body: Opened) -> Columns:
    """The row in `openings`; text and runs are kept as snapshots near the draft's latest ones."""
    path = None if body.path is None else to_column(body.path)
    to.insert("openings", at.event, *to.draft(body.text, body.runs), path, body.reason)
    return Columns(at.kind)


def read_opening(log: PayloadReader, event: int, _: int, __: Columns) -> Opened:
    """The opening of a row."""
    text, runs, path, reason = log.row("openings", "text, runs, path, reason", event)
    name = None if path is None else from_column(path)
    return Opened(log.snapshot(text), log.runs(runs), name, reason)


def write_request(to: PayloadWriter, at: At, body: Requested) -> Columns:
    """The row in `requests`; model, parameters and the text before the prompt are kept once each."""
    suggestion = to.suggestion(body.suggestion_id)
    to.insert(
        "requests",
        at.event,
        suggestion,
        body.position,
        body.window_start,
        body.window_end,
        to.names.model(to.db, body.model_name, body.model_sha256, body.adapter),
        to.names.params(to.db, body.params),
        seed_column(body.params.seed),
        to.snapshot(body.head),
        int(body.auto),
        None if body.parent_id is None else to.suggestion(body.parent_id),
        body.learned,
    )
    return Columns(at.kind, suggestion=suggestion)


def read_request(log: PayloadReader, event: int, _: int, __: Columns) -> Requested:
    """The request of a row."""
    suggestion, *window, params, seed, name, sha256, adapter, head, auto, parent, learned = log.row(
        "requests",
        "suggestion, position, window_start, window_end, p.params, seed, m.name, m.sha256,"
        " m.adapter, head, auto, parent, learned",
        event,
        "JOIN params p ON p.number = requests.params JOIN models m ON m.number = model",
    )
    position, start, end = window
    return Requested(
        log.suggestion(suggestion),
        position,
        start,
        end,
        read_params(params, seed),
        name,
        sha256,
        log.snapshot(head),
        bool(auto),
        None if parent is None else log.suggestion(parent),
        adapter or None,
        learned,
    )


def write_generation(to: PayloadWriter, at: At, body: Generated) -> Columns:
    """The row in `generations`, and one in `candidates` for each text."""
    suggestion, timings = to.suggestion(body.suggestion_id), body.timings
    to.insert(
        "generations",
        at.event,
        suggestion,
        body.prompt_tokens,
        body.cached_tokens,
        timings.prefill,
        timings.first,
        timings.total,
        body.first_ms,
        body.total_ms,
        None if body.error is None else to_column(body.error),
    )
    for index, candidate in enumerate(body.candidates):
        to.insert(
            "candidates",
            at.event,
            index,
            to_column(candidate.text),
            candidate.stop,
            candidate.mean_logprob,
            len(candidate.tokens),
            pack_tokens(candidate.text, candidate.tokens),
        )
    return Columns(at.kind, suggestion=suggestion)


def read_generation(log: PayloadReader, event: int, _: int, __: Columns) -> Generated:
    """The generation of a row, its candidates with their tokens where the reader wants them."""
    suggestion, prompt, cached, prefill, first, total, shown, ended, error = log.row(
        "generations",
        "suggestion, prompt_tokens, cached_tokens, engine_prefill_ms, engine_first_ms,"
        " engine_total_ms, first_ms, total_ms, error",
        event,
    )
    candidates = []
    columns = f"text, stop, {'tokens' if log.tokens else 'NULL'}"
    for raw, stop, packed in log.rows("candidates", columns, event):
        text = from_column(raw)
        reason = None if stop is None else StopReason(stop)
        candidates.append(Candidate(text, unpack_tokens(text, packed), reason))
    return Generated(
        log.suggestion(suggestion),
        tuple(candidates),
        Timings(prefill, first, total),
        prompt,
        cached,
        shown,
        ended,
        None if error is None else from_column(error),
    )


def write_save(to: PayloadWriter, at: At, body: Saved) -> Columns:
    """The row in `saves`, under the draft that the path is now."""
    draft, _ = document_number(to.db, draft_key(body.path), None, at.wall_ms)
    to.insert("saves", at.event, draft, to_column(body.path), body.sha256, body.size, body.how)
    return Columns(at.kind)


def read_save(log: PayloadReader, event: int, _: int, __: Columns) -> Saved:
    """The save of a row."""
    path, sha256, size, how = log.row("saves", "path, sha256, size, how", event)
    return Saved(from_column(path), sha256, size, how)


def write_setting(to: PayloadWriter, at: At, body: SettingChanged) -> Columns:
    """The row in `settings`."""
    to.insert("settings", at.event, body.name, to_column(body.value))
    return Columns(at.kind)


def read_setting(log: PayloadReader, event: int, _: int, __: Columns) -> SettingChanged:
    """The setting of a row."""
    name, value = log.row("settings", "name, value", event)
    return SettingChanged(name, from_column(value))


def write_ending(to: PayloadWriter, at: At, body: Ended) -> Columns:
    """The row in `endings`, with where the cursor was left."""
    saved = int(body.saved)
    to.insert("endings", at.event, at.wall_ms, body.length, saved, body.how, at.cursor)
    return Columns(at.kind)


def read_ending(log: PayloadReader, event: int, _: int, __: Columns) -> Ended:
    """The ending of a row."""
    length, saved, how = log.row("endings", "length, saved, how", event)
    return Ended(length, bool(saved), how)


def write_rename(to: PayloadWriter, at: At, body: Renamed) -> Columns:
    """The row in `renames`. Where the draft is not to be logged, it is not under its new name either."""
    was, _ = document_number(to.db, body.was, None, at.wall_ms)
    now, _ = document_number(to.db, body.now, None, at.wall_ms)
    to.insert("renames", at.event, was, now, body.how)
    to.db.execute(
        "UPDATE documents SET feedback = 0 WHERE number = ?"
        " AND (SELECT feedback FROM documents WHERE number = ?) = 0",
        (now, was),
    )
    return Columns(at.kind)


def read_rename(log: PayloadReader, event: int, _: int, __: Columns) -> Renamed:
    """The rename of a row."""
    was, now, how = log.row(
        "renames",
        "a.path, b.path, how",
        event,
        "JOIN documents a ON a.number = was JOIN documents b ON b.number = renames.document",
    )
    return Renamed(from_column(was), from_column(now), how)
