"""Events that are rows of `events` alone: edits and moves, which are nearly all of them, and small ones.

Edits and moves say how they differ from the event before, and leave out what is usual.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, TypeVar

import msgspec

from cowrite.core.edits import Edit, Part
from cowrite.core.events import Edited, Focused, Moved, Shown
from cowrite.core.provenance import WRITER, one_run
from cowrite.core.replay import usual_runs, usual_source
from cowrite.store.codec import from_column, pack_json, to_column, unpack_runs
from cowrite.store.payloads import PayloadReader, PayloadWriter
from cowrite.store.registry import At, Columns, EventType, KindRow
from cowrite.store.schema import EDIT_KINDS, ORIGINS

B = TypeVar("B")


def plain(body: type[B], number: int, kind: KindRow, *, feedback: bool = False) -> EventType[B]:
    """A type whose fields are kept side by side in `extra`, save its `suggestion_id`, if it has one.

    For types of few numbers, texts and enumerations. A field that is added to one later comes last, with
    a default.
    """
    names = [one.name for one in fields(body) if one.name != "suggestion_id"]  # type: ignore[arg-type]
    suggested = len(names) < len(fields(body))  # type: ignore[arg-type]

    def write(to: PayloadWriter, at: At, event: Any) -> Columns:
        values = [msgspec.to_builtins(getattr(event, one)) for one in names]
        named = event.suggestion_id if suggested else None
        suggestion = None if named is None else to.suggestion(named)
        return Columns(at.kind, suggestion=suggestion, extra=pack_json(values))

    def read(log: PayloadReader, _: int, __: int, row: Columns) -> B:
        values = dict(zip(names, json.loads(row.extra), strict=False))
        if suggested and row.suggestion is not None:
            values["suggestion_id"] = log.suggestion(row.suggestion)
        return msgspec.convert(values, body)

    return EventType(body, number, (kind,), write, read, feedback)


def write_edit(to: PayloadWriter, at: At, body: Edited) -> Columns:
    """The row of an edit. What follows from its origin is left out."""
    edit, extra = body.edit, None
    runs = edit.runs if edit.runs and edit.runs != usual_runs(edit) else None
    gone = edit.gone if edit.gone and edit.gone != one_run(len(edit.deleted), WRITER) else None
    if runs or gone or edit.candidate is not None or edit.part is not None:
        extra = pack_json(
            [
                to.packed(runs) if runs else None,
                to.packed(gone) if gone else None,
                edit.candidate,
                edit.part,
            ]
        )
    return Columns(
        EDIT_KINDS[edit.origin],
        edit.start - at.cursor,
        to_column(edit.inserted) if edit.inserted else None,
        to_column(edit.deleted) if edit.deleted else None,
        None if edit.suggestion_id is None else to.suggestion(edit.suggestion_id),
        extra,
    )


def read_edit(log: PayloadReader, _: int, cursor: int, row: Columns) -> Edited:
    """The edit of a row: who wrote what is the usual where nothing else is said."""
    origin = ORIGINS[row.kind]
    new, old = from_column(row.inserted), from_column(row.deleted)
    named = None if row.suggestion is None else log.suggestion(row.suggestion)
    runs, gone, candidate, part = json.loads(row.extra) if row.extra is not None else (None,) * 4
    return Edited(
        Edit(
            cursor + (row.step or 0),
            old,
            new,
            origin,
            unpack_runs(runs, log.suggestion)
            if runs
            else one_run(len(new), usual_source(origin, named)),
            unpack_runs(gone, log.suggestion) if gone else one_run(len(old), WRITER),
            named,
            candidate,
            None if part is None else Part(part),
        )
    )


def write_move(_: PayloadWriter, at: At, body: Moved) -> Columns:
    """The row of a move: how far the cursor went, and how far the selection's anchor is from it."""
    return Columns(at.kind, body.head - at.cursor, extra=body.anchor - body.head or None)


def read_move(_: PayloadReader, __: int, cursor: int, row: Columns) -> Moved:
    """The move of a row."""
    head = cursor + (row.step or 0)
    return Moved(head + (row.extra or 0), head)


def write_shown(to: PayloadWriter, at: At, body: Shown) -> Columns:
    """The row of a showing: the index alone where it was the ghost."""
    usual = body.where == "ghost"
    extra = body.candidate if usual else pack_json([body.candidate, body.where])
    return Columns(at.kind, suggestion=to.suggestion(body.suggestion_id), extra=extra)


def read_shown(log: PayloadReader, _: int, __: int, row: Columns) -> Shown:
    """The showing of a row."""
    usual = isinstance(row.extra, int)
    candidate, where = (row.extra, "ghost") if usual else json.loads(row.extra)
    return Shown(log.suggestion(row.suggestion), candidate, where)


def write_focus(_: PayloadWriter, at: At, body: Focused) -> Columns:
    """The row of a change of focus: 1 or 0."""
    return Columns(at.kind, extra=int(body.focused))


def read_focus(_: PayloadReader, __: int, ___: int, row: Columns) -> Focused:
    """The change of focus of a row."""
    return Focused(bool(row.extra))
