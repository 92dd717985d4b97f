"""Rows as JSON Lines: UTF-8, one object a line, the same row always the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, BinaryIO

from cowrite.core.events import Edited, SessionInfo, Stamped
from cowrite.core.rows import KtoRow, PreferenceRow, SftRow, TrainingRow
from cowrite.export.source import TrainingKind
from cowrite.plain_json import encoded

_BARE = re.compile(
    rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbf[\xb9-\xbb]"
)
"""Controls that JSON does not ask to escape and a terminal may obey: DEL, C1, bidi and their like."""

_BATCH = 256


def line(value: object) -> bytes:
    """One row as a line. What has no UTF-8 (a lone surrogate) becomes U+FFFD."""
    raw = encoded(value)
    if _BARE.search(raw):
        raw = _BARE.sub(_escaped, raw)
    return raw + b"\n"


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(match.group().decode())


def write_lines(rows: Iterable[object], out: BinaryIO) -> int:
    """Write the rows; returns how many."""
    count = 0
    batch: list[bytes] = []
    for row in rows:
        batch.append(line(row))
        count += 1
        if len(batch) >= _BATCH:
            out.write(b"".join(batch))
            batch.clear()
    out.write(b"".join(batch))
    return count


def event_name(event: Stamped) -> str:
    """The event's type, in small letters: `edited`, `requested`, ..."""
    return type(event.body).__name__.lower()


def event_row(session: SessionInfo, event: Stamped) -> dict[str, Any]:
    """An event as a row; `data` holds what is special to its type."""
    body = event.body
    return {
        "session_id": session.session_id,
        "seq": event.seq,
        "mono_ms": event.mono_ms,
        "wall_ms": event.wall_ms,
        "type": event_name(event),
        "data": body.edit if type(body) is Edited else body,
    }


def training_kind(row: TrainingRow) -> TrainingKind:
    """Which kind of trainer reads the row."""
    return "sft" if isinstance(row, SftRow) else "kto" if isinstance(row, KtoRow) else "preference"


def training_row(row: TrainingRow) -> dict[str, Any]:
    """A training row with its columns side by side, as trainers read them."""
    about = row.about
    match row:
        case SftRow():
            own: dict[str, Any] = {"prompt": row.prompt, "completion": row.completion}
        case PreferenceRow():
            own = {"prompt": row.prompt, "chosen": row.chosen, "rejected": row.rejected}
        case KtoRow():
            own = {"prompt": row.prompt, "completion": row.completion, "label": row.label}
    own.update(
        suffix=about.suffix,
        reason=about.reason,
        weight=about.weight,
        outcome=about.outcome.value,
        suggestion_id=about.suggestion_id,
        session_id=about.session_id,
        document=about.document,
        requested_at=about.requested_at,
        model=about.model,
        model_sha256=about.model_sha256,
        quantisation=about.quantisation,
        adapter=about.adapter,
        learned=about.learned,
        app_version=about.app_version,
        task=about.task,
        instruction=about.instruction,
        reasons=about.reasons,
    )
    return own


def message_row(row: SftRow) -> dict[str, Any]:
    """A training row of an instruction as chat trainers read it: what was told, and what of it was kept."""
    said = training_row(row)
    prompt, completion = said.pop("prompt"), said.pop("completion")
    messages = [
        {"role": "user", "content": prompt.strip("\n")},
        {"role": "assistant", "content": completion},
    ]
    return {"messages": messages, **said}
