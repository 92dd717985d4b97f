"""Redaction of whole rows and events.

A row's texts are whole, so that what is private can be found in them. An event stream is not: a secret is
typed key by key. Its texts are masked to their shape instead, letter by letter.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import PurePath
from typing import Any

from cowrite.core.edits import Edit
from cowrite.core.events import (
    Closed,
    Edited,
    Ended,
    EngineChanged,
    EngineLoaded,
    Focused,
    Generated,
    Moved,
    Opened,
    Renamed,
    Requested,
    Saved,
    SettingChanged,
    Shown,
    Stamped,
)
from cowrite.core.rows import CandidateRow, SuggestionRow
from cowrite.core.suggestion import Candidate
from cowrite.export.redact import Redactor

BESIDE = 200
"""Characters of the draft before a text that are looked at together with it."""

_SETTINGS_KEPT = frozenset({"recovery"})
_WORDLESS = (Moved, Shown, Closed, Focused, EngineChanged, EngineLoaded, Ended)
"""Events without a word of the writer's."""


class _Shape(dict[int, str]):
    """Letters become x or X, digits 0; white space and punctuation stay."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character.isalpha():
            shape = "X" if character.isupper() else "x"
        elif character.isdigit():
            shape = "0"
        else:
            shape = character
        self[code] = shape
        return shape


_SHAPE = _Shape()


def shape(text: str) -> str:
    """The text's shape: as long, with its spaces and punctuation, without its letters and digits."""
    return text.translate(_SHAPE)


def short_path(path: str) -> str:
    """A draft's name without the folders, which tell who the writer is."""
    return PurePath(path).name or path


def redact_suggestion(row: SuggestionRow, redactor: Redactor) -> SuggestionRow:
    """The row with every text redacted, each seen together with the draft before it."""
    near = row.prefix[-BESIDE:]
    crossings: list[tuple[int, str]] = []

    def beside(text: str) -> str:
        redacted, crossing = redactor.beside(near, text)
        if crossing is not None:
            crossings.append(crossing)
        return redacted

    candidates = tuple(_candidate(one, beside(one.text)) for one in row.candidates)
    inserted = beside(row.inserted_text)
    final = None if row.final_text is None else beside(row.final_text)
    instead = None if row.typed_instead is None else beside(row.typed_instead)
    survival = tuple(replace(state, text=beside(state.text)) for state in row.survival)
    prefix = row.prefix
    if crossings:
        start, kind = min(crossings)
        prefix = redactor.text(prefix[: len(prefix) - len(near) + start]) + f"[{kind}]"
    else:
        prefix = redactor.text(prefix)
    return replace(
        row,
        document=short_path(row.document),
        head=redactor.text(row.head),
        prefix=prefix,
        suffix=redactor.text(row.suffix),
        candidates=candidates,
        inserted_text=inserted,
        final_text=final,
        typed_instead=instead,
        survival=survival,
        error=None if row.error is None else redactor.text(row.error),
    )


def _candidate(row: CandidateRow, text: str) -> CandidateRow:
    """The pieces of a text that was changed would spell what was taken out of it."""
    return row if text == row.text else replace(row, text=text, tokens=())


def mask_event(event: Stamped) -> Stamped:
    """The event with all its texts masked."""
    return replace(event, body=_mask_body(event.body))


def _mask_body(body: Any) -> Any:
    match body:
        case Edited(edit):
            return Edited(_mask_edit(edit))
        case Opened():
            path = None if body.path is None else short_path(body.path)
            return replace(body, text=shape(body.text), path=path)
        case Requested():
            return replace(body, head=shape(body.head))
        case Generated():
            masked = tuple(Candidate(shape(one.text), (), one.stop) for one in body.candidates)
            error = None if body.error is None else shape(body.error)
            return replace(body, candidates=masked, error=error)
        case Saved():
            return replace(body, path=short_path(body.path), sha256="")
        case Renamed():
            return replace(body, was=short_path(body.was), now=short_path(body.now))
        case SettingChanged(name, value):
            return body if name in _SETTINGS_KEPT else SettingChanged(name, shape(value))
        case _:
            # A type that is not known here may hold anything: what comes out must not depend on who
            # thought of this room when the type was added.
            return body if isinstance(body, _WORDLESS) else _all_masked(body)


def _all_masked(body: Any) -> Any:
    """An event of a type that is not known here, with every text in it masked, save ids."""
    kept = [one.name for one in fields(body) if not one.name.endswith("_id")]
    return replace(body, **{name: _masked(getattr(body, name)) for name in kept})


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return shape(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _all_masked(value)
    if isinstance(value, dict):
        return {_masked(key): _masked(one) for key, one in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return type(value)(map(_masked, value))
    return value


def _mask_edit(edit: Edit) -> Edit:
    return replace(edit, deleted=shape(edit.deleted), inserted=shape(edit.inserted))
