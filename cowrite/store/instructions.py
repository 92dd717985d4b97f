"""The table of instructions: what the model was told to do with a passage, or asked about the draft."""

from __future__ import annotations

import sqlite3

from cowrite.core.events import Instructed
from cowrite.core.task import TaskKind
from cowrite.store.codec import from_column, to_column
from cowrite.store.names import read_params, seed_column
from cowrite.store.payloads import PayloadReader, PayloadWriter
from cowrite.store.registry import At, Columns

SCRIPT = """
CREATE TABLE instructions (
  event INTEGER PRIMARY KEY,
  suggestion INTEGER NOT NULL REFERENCES suggestions,
  task TEXT NOT NULL,
  instruction TEXT NOT NULL,
  preset TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  window_start INTEGER NOT NULL,
  window_end INTEGER NOT NULL,
  model INTEGER NOT NULL REFERENCES models,
  params INTEGER NOT NULL REFERENCES params,
  seed,
  given TEXT,
  parent INTEGER REFERENCES suggestions,
  notes INTEGER REFERENCES snapshots
);

CREATE VIEW instruction_list AS
SELECT s.session_id, i.event & 16777215 AS seq, g.suggestion_id, i.task, i.instruction, i.preset, i.start,
  i."end", i.window_start, i.window_end, m.name AS model, m.sha256, m.adapter, p.params, i.seed, i.given,
  q.suggestion_id AS parent_id, i.notes
FROM instructions i JOIN sessions s ON s.number = i.event >> 24 JOIN suggestions g ON g.number = i.suggestion
JOIN models m ON m.number = i.model JOIN params p ON p.number = i.params
LEFT JOIN suggestions q ON q.number = i.parent;
"""
"""What schema 4 adds."""


def write(to: PayloadWriter, at: At, body: Instructed) -> Columns:
    """The row of an instruction; model and parameters are kept once each. Raises sqlite3.Error."""
    suggestion = to.suggestion(body.suggestion_id)
    to.insert(
        "instructions",
        at.event,
        suggestion,
        body.kind.value,
        to_column(body.instruction),
        to_column(body.preset),
        body.start,
        body.end,
        body.window_start,
        body.window_end,
        to.names.model(to.db, body.model_name, body.model_sha256, body.adapter),
        to.names.params(to.db, body.params),
        seed_column(body.params.seed),
        None if body.given is None else to_column(body.given),
        None if body.parent_id is None else to.suggestion(body.parent_id),
        to.snapshot(body.notes),
    )
    return Columns(at.kind, suggestion=suggestion)


def last(db: sqlite3.Connection, limit: int) -> list[str]:
    """The last instructions in the writer's own words, oldest first, each once. Raises sqlite3.Error."""
    rows = db.execute(
        "SELECT instruction FROM instructions WHERE preset = '' AND task <> 'ask' GROUP BY instruction"
        " ORDER BY max(event) DESC LIMIT ?",
        (limit,),
    )
    return [from_column(raw) for (raw,) in rows][::-1]


def read(log: PayloadReader, event: int, _: int, __: Columns) -> Instructed:
    """The instruction of a row."""
    row = log.row(
        "instructions",
        'suggestion, task, instruction, preset, start, "end", window_start, window_end, given, parent,'
        " notes, p.params, seed, m.name, m.sha256, m.adapter",
        event,
        "JOIN params p ON p.number = instructions.params JOIN models m ON m.number = model",
    )
    suggestion, task, instruction, preset, start, end = row[:6]
    window_start, window_end, given, parent, notes = row[6:11]
    params, seed, name, sha256, adapter = row[11:]
    return Instructed(
        log.suggestion(suggestion),
        TaskKind(task),
        from_column(instruction),
        start,
        end,
        window_start,
        window_end,
        read_params(params, seed),
        name,
        sha256,
        from_column(preset),
        None if given is None else from_column(given),
        None if parent is None else log.suggestion(parent),
        adapter or None,
        log.snapshot(notes),
    )
