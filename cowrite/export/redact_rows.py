"""Redaction of whole rows and events.

A row's texts are whole, so that what is private can be found in them. An event stream is not: a secret is
typed key by key. Its texts are masked to their shape instead, letter by letter.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from cowrite.core.edits import Edit
from cowrite.core.events import (
    Arranged,
    Closed,
    Edited,
    Ended,
    EngineChanged,
    EngineLoaded,
    Focused,
    Generated,
    Instructed,
    Moved,
    Opened,
    Quieted,
    Reasoned,
    Refused,
    Renamed,
    Requested,
    Saved,
    SettingChanged,
    Shown,
    Stamped,
)
from cowrite.core.rows import CandidateRow, SuggestionRow
from cowrite.core.suggestion import Candidate, Params, Token
from cowrite.export.redact import Redactor

BESIDE = 200
"""Characters of the draft before a text that are looked at together with it."""

_SETTINGS_KEPT = frozenset({"recovery"})
_WORDLESS = (
    Moved,
    Shown,
    Closed,
    Arranged,
    Refused,
    Quieted,
    Reasoned,
    Focused,
    EngineChanged,
    EngineLoaded,
    Ended,
)
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


def redact_suggestion(row: SuggestionRow, redactor: Redactor) -> SuggestionRow:
    """The row with every text redacted, each seen together with the draft before it."""
    near, far = row.prefix[-BESIDE:], row.suffix[:BESIDE]
    begins: list[tuple[int, str]] = []
    ends = 0

    def beside(text: str) -> str:
        nonlocal ends
        found = redactor.beside(near, text, far)
        if found.begins is not None:
            begins.append((found.begins[0], found.begins[2]))
        ends = max(ends, found.ends)
        return found.text

    beside("")  # prefix and suffix alone
    candidates = tuple(_candidate(one, beside(one.text), redactor) for one in row.candidates)
    passage, inserted = beside(row.passage), beside(row.inserted_text)
    final = None if row.final_text is None else beside(row.final_text)
    instead = None if row.typed_instead is None else beside(row.typed_instead)
    survival = tuple(replace(state, text=beside(state.text)) for state in row.survival)
    prefix = row.prefix
    if begins:
        start, kind = min(begins)
        prefix = redactor.text(prefix[: len(prefix) - len(near) + start]) + f"[{kind}]"
    else:
        prefix = redactor.text(prefix)
    return replace(
        row,
        document=redactor.name(row.document),
        params=_params(row.params, redactor),
        head=redactor.text(row.head),
        prefix=prefix,
        suffix=redactor.text(row.suffix[ends:]),
        candidates=candidates,
        inserted_text=inserted,
        final_text=final,
        typed_instead=instead,
        survival=survival,
        error=None if row.error is None else redactor.text(row.error),
        instruction=redactor.text(row.instruction),
        passage=passage,
    )


def _candidate(row: CandidateRow, text: str, redactor: Redactor) -> CandidateRow:
    """The pieces of a text that was changed would spell what was taken out of it."""
    if text != row.text:
        return replace(row, text=text, tokens=())
    return replace(row, tokens=tuple(_token(one, redactor) for one in row.tokens))


def _token(token: Token, redactor: Redactor) -> Token:
    """The token without alternatives that are private: what might have been written is told too."""
    kept = tuple(one for one in token.alternatives if not redactor.find(one[0]))
    return token if len(kept) == len(token.alternatives) else replace(token, alternatives=kept)


def _params(params: Params, redactor: Redactor) -> Params:
    """The request's parameters; the phrases that the writer bans are words of the writer's."""
    banned = tuple(map(redactor.text, params.sampling.banned))
    return replace(params, sampling=replace(params.sampling, banned=banned))


def mask_event(event: Stamped, redactor: Redactor) -> Stamped:
    """The event with all its texts masked, and the draft's name redacted."""
    return replace(event, body=_mask_body(event.body, redactor))


def _mask_body(body: Any, redactor: Redactor) -> Any:
    match body:
        case Edited(edit):
            return Edited(_mask_edit(edit))
        case Opened():
            path = None if body.path is None else redactor.name(body.path)
            return replace(body, text=shape(body.text), path=path)
        case Requested():
            sampling = body.params.sampling
            sampling = replace(sampling, banned=tuple(map(shape, sampling.banned)))
            params = replace(body.params, sampling=sampling)
            return replace(body, head=shape(body.head), params=params)
        case Instructed():
            given = None if body.given is None else shape(body.given)
            said, notes = shape(body.instruction), shape(body.notes)
            return replace(body, instruction=said, given=given, notes=notes)
        case Generated():
            masked = tuple(Candidate(shape(one.text), (), one.stop) for one in body.candidates)
            error = None if body.error is None else shape(body.error)
            return replace(body, candidates=masked, error=error)
        case Saved():
            return replace(body, path=redactor.name(body.path), sha256="")
        case Renamed():
            return replace(body, was=redactor.name(body.was), now=redactor.name(body.now))
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
