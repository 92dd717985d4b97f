"""The log's tables, the words for its events, and the views that people read.

A keystroke is one row of `events`, and there are millions of them, so that table is packed: one integer
key made of session and sequence, times and positions as differences, small numbers for kinds, nothing
where the usual holds. Everything rarer has a table of its own, keyed by its event. `docs/log-schema.md`
describes each table and column.
"""

from __future__ import annotations

from cowrite.core.edits import Origin
from cowrite.store import promotions

APPLICATION_ID = 0x636F7772
"""`cowr` in the header of the file, so that a foreign database is known as one."""

SEQ_BITS = 24
"""An event's id is `session << 24 | seq`: 16.7 million events a session."""

MAX_SEQ = (1 << SEQ_BITS) - 1

EDIT_KINDS: dict[Origin, int] = {
    Origin.TYPED: 0,
    Origin.SUGGESTION: 2,
    Origin.PASTE: 3,
    Origin.CUT: 4,
    Origin.UNDO: 5,
    Origin.REDO: 6,
    Origin.REPLACE: 7,
    Origin.RELOAD: 8,
    Origin.RECOVER: 9,
}
"""The kinds of edits in `events.kind`. `event_types` has those of all other events, from 20 on.

0 and 1 take no byte of a row, so the two most frequent kinds have them. No number is ever used again.
"""

MOVED = 1
"""The kind of a move of the cursor."""

ORIGINS: dict[int, Origin] = {kind: origin for origin, kind in EDIT_KINDS.items()}
LAST_EDIT_KIND = max(ORIGINS)
"""Kinds up to this one, save MOVED, are edits."""

FIRST_TABLES = (
    "sessions",
    "events",
    "clocks",
    "openings",
    "requests",
    "generations",
    "candidates",
    "saves",
    "settings",
    "endings",
    "snapshots",
)
"""Those of schema 1 that are append-only."""

APPEND_ONLY = (*FIRST_TABLES, "renames", "promotions", "instructions")
"""Tables whose rows are never changed, and go only by purging."""

_OF_NO_EVENT = ("sessions", "events", "snapshots")
BY_EVENT = (
    *(table for table in FIRST_TABLES if table not in _OF_NO_EVENT),
    *("states", "renames", "instructions"),
)
"""Tables with rows of single events, keyed by the event's id in the column `event`."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;

CREATE TABLE kinds (kind INTEGER PRIMARY KEY, event TEXT NOT NULL, origin TEXT);

CREATE TABLE documents (
  number INTEGER PRIMARY KEY,
  document_id TEXT NOT NULL UNIQUE,
  path TEXT UNIQUE,
  feedback INTEGER NOT NULL DEFAULT 1,
  created_ms INTEGER NOT NULL
);

CREATE TABLE sessions (
  number INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE,
  document INTEGER NOT NULL REFERENCES documents,
  started_ms INTEGER NOT NULL,
  app_version TEXT NOT NULL,
  origin TEXT NOT NULL,
  feedback INTEGER NOT NULL,
  extra TEXT
);
CREATE INDEX sessions_by_document ON sessions (document);

CREATE TABLE models (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  adapter TEXT NOT NULL DEFAULT '',
  UNIQUE (name, sha256, adapter)
);

CREATE TABLE params (number INTEGER PRIMARY KEY, params TEXT NOT NULL UNIQUE);

CREATE TABLE suggestions (number INTEGER PRIMARY KEY, suggestion_id TEXT NOT NULL UNIQUE);

CREATE TABLE snapshots (
  number INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  base INTEGER REFERENCES snapshots,
  head INTEGER,
  tail INTEGER,
  depth INTEGER NOT NULL,
  data BLOB NOT NULL
);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  after_ms INTEGER NOT NULL,
  step INTEGER,
  inserted,
  deleted,
  suggestion INTEGER,
  extra
);

CREATE TABLE clocks (event INTEGER PRIMARY KEY, skew_ms INTEGER NOT NULL);

CREATE TABLE openings (
  event INTEGER PRIMARY KEY,
  text INTEGER NOT NULL REFERENCES snapshots,
  runs INTEGER NOT NULL REFERENCES snapshots,
  path TEXT,
  reason TEXT NOT NULL
);

CREATE TABLE requests (
  event INTEGER PRIMARY KEY,
  suggestion INTEGER NOT NULL REFERENCES suggestions,
  position INTEGER NOT NULL,
  window_start INTEGER NOT NULL,
  window_end INTEGER NOT NULL,
  model INTEGER NOT NULL REFERENCES models,
  params INTEGER NOT NULL REFERENCES params,
  seed,
  head INTEGER REFERENCES snapshots,
  auto INTEGER NOT NULL,
  parent INTEGER REFERENCES suggestions
);

CREATE TABLE generations (
  event INTEGER PRIMARY KEY,
  suggestion INTEGER NOT NULL REFERENCES suggestions,
  prompt_tokens INTEGER NOT NULL,
  cached_tokens INTEGER NOT NULL,
  engine_prefill_ms REAL NOT NULL,
  engine_first_ms REAL,
  engine_total_ms REAL NOT NULL,
  first_ms REAL,
  total_ms REAL,
  error TEXT
);

CREATE TABLE candidates (
  event INTEGER NOT NULL,
  candidate INTEGER NOT NULL,
  text,
  stop TEXT,
  mean_logprob REAL,
  token_count INTEGER NOT NULL,
  tokens BLOB,
  PRIMARY KEY (event, candidate)
) WITHOUT ROWID;

CREATE TABLE saves (
  event INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES documents,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size INTEGER NOT NULL,
  how TEXT NOT NULL
);
CREATE INDEX saves_by_document ON saves (document);

CREATE TABLE settings (event INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL);

CREATE TABLE endings (
  event INTEGER PRIMARY KEY,
  wall_ms INTEGER NOT NULL,
  length INTEGER NOT NULL,
  saved INTEGER NOT NULL,
  how TEXT NOT NULL,
  cursor INTEGER NOT NULL
);

CREATE TABLE states (
  event INTEGER PRIMARY KEY,
  mono_ms INTEGER NOT NULL,
  anchor INTEGER NOT NULL,
  head INTEGER NOT NULL,
  text INTEGER NOT NULL REFERENCES snapshots,
  runs INTEGER NOT NULL REFERENCES snapshots
);
"""

RENAMES = """
CREATE TABLE renames (
  event INTEGER PRIMARY KEY,
  was INTEGER NOT NULL REFERENCES documents,
  document INTEGER NOT NULL REFERENCES documents,
  how TEXT NOT NULL
);

CREATE VIEW rename_list AS
SELECT s.session_id, s.started_ms, a.path AS was, b.path AS document, r.how
FROM renames r JOIN sessions s ON s.number = r.event >> 24
JOIN documents a ON a.number = r.was JOIN documents b ON b.number = r.document;
"""
"""Which draft got another name: schema 2."""

LEARNED = """
ALTER TABLE requests ADD COLUMN learned TEXT NOT NULL DEFAULT '';

DROP VIEW request_list;

CREATE VIEW request_list AS
SELECT s.session_id, r.event & 16777215 AS seq, g.suggestion_id, m.name AS model, m.sha256, m.adapter,
  p.params, r.seed, r.position, r.window_start, r.window_end, r.auto, q.suggestion_id AS parent_id, r.learned
FROM requests r JOIN sessions s ON s.number = r.event >> 24 JOIN suggestions g ON g.number = r.suggestion
JOIN models m ON m.number = r.model JOIN params p ON p.number = r.params
LEFT JOIN suggestions q ON q.number = r.parent;
"""
"""What had been learned when a suggestion was asked for."""

VIEWS = """
CREATE VIEW session_list AS
SELECT s.number AS session, s.session_id, d.document_id, d.path AS document,
  datetime(s.started_ms / 1000, 'unixepoch') AS started, s.started_ms,
  e.wall_ms AS ended_ms, e.how AS ended_by, e.saved, s.app_version, s.origin, s.feedback
FROM sessions s JOIN documents d ON d.number = s.document
LEFT JOIN endings e ON e.event BETWEEN s.number << 24 AND s.number << 24 | 16777215;

CREATE VIEW event_list AS
SELECT s.session_id, e.id & 16777215 AS seq,
  sum(e.after_ms) OVER upto AS mono_ms,
  s.started_ms + sum(e.after_ms) OVER upto + coalesce((
    SELECT c.skew_ms FROM clocks c WHERE c.event BETWEEN s.number << 24 AND e.id
    ORDER BY c.event DESC LIMIT 1), 0) AS wall_ms,
  k.event, k.origin,
  CASE WHEN e.kind <= 9 THEN
    coalesce(sum(e.step) OVER upto, 0) + coalesce(sum(length(e.inserted)) OVER before, 0)
  END AS position,
  e.deleted, e.inserted, g.suggestion_id, e.extra
FROM events e
JOIN sessions s ON s.number = e.id >> 24
JOIN kinds k ON k.kind = e.kind
LEFT JOIN suggestions g ON g.number = e.suggestion
WINDOW upto AS (PARTITION BY e.id >> 24 ORDER BY e.id),
  before AS (PARTITION BY e.id >> 24 ORDER BY e.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING);

CREATE VIEW request_list AS
SELECT s.session_id, r.event & 16777215 AS seq, g.suggestion_id, m.name AS model, m.sha256, m.adapter,
  p.params, r.seed, r.position, r.window_start, r.window_end, r.auto, q.suggestion_id AS parent_id
FROM requests r
JOIN sessions s ON s.number = r.event >> 24
JOIN suggestions g ON g.number = r.suggestion
JOIN models m ON m.number = r.model
JOIN params p ON p.number = r.params
LEFT JOIN suggestions q ON q.number = r.parent;

CREATE VIEW candidate_list AS
SELECT s.session_id, g.suggestion_id, c.candidate, c.text, c.stop, c.mean_logprob, c.token_count,
  n.first_ms, n.total_ms, n.prompt_tokens, n.cached_tokens, n.error
FROM candidates c
JOIN generations n ON n.event = c.event
JOIN sessions s ON s.number = c.event >> 24
JOIN suggestions g ON g.number = n.suggestion;

CREATE VIEW save_list AS
SELECT s.session_id, v.event & 16777215 AS seq, v.path, v.sha256, v.size, v.how
FROM saves v JOIN sessions s ON s.number = v.event >> 24;
"""


def statements() -> list[str]:
    """All of schema 1, one SQL statement each."""
    return _apart(TABLES + VIEWS) + [one for table in FIRST_TABLES for one in _guards(table)]


def statements_of(script: str, table: str) -> list[str]:
    """What a script does, one SQL statement each, and what guards the table of events that it adds."""
    return _apart(script) + _guards(table)


def statements_for_learned() -> list[str]:
    """What schema 3 changes."""
    return [*_apart(LEARNED), promotions.TABLE, *_guards("promotions")]


def _apart(script: str) -> list[str]:
    return [part.strip() for part in script.split(";\n") if part.strip()]


def _guards(table: str) -> list[str]:
    """Triggers that refuse changes. The mark exists only inside of a purge's transaction, so nobody else ever
    sees it."""
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "WHEN NOT EXISTS (SELECT 1 FROM meta WHERE name = 'purging') "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        for verb in ("UPDATE", "DELETE")
    ]
