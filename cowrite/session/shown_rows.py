"""What a model is shown and what weighed, as rows for commands and screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from typing import TYPE_CHECKING

from cowrite.core.context import Context, ContextPart, PartKind
from cowrite.core.document import Document
from cowrite.core.shown import Said, SaidKind, Stretch, draft_offset, place_in_draft, stretches
from cowrite.engine.weigh import Weighed

if TYPE_CHECKING:
    from cowrite.memory.choosing import Item

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A part of what the model is shown, or could be. text: as it is sent, empty where it is out. tokens:
    how many it is, 0 where it is out. start, end: of the draft (code points); None for what is not of it."""

    kind: str
    source: str
    why: str
    text: str
    tokens: int = 0
    start: int | None = None
    end: int | None = None


def shown_rows(
    context: Context,
    found: Sequence[Stretch],
    tokens: Sequence[int],
    items: Sequence[Item],
    raw: str,
) -> list[ShownRow]:
    """All parts in the order in which they are sent, then what is out. found: the pieces of the text, with
    their tokens. items: what the memory says of its parts. raw: the draft from `context.start` on."""
    reasons = {(item.kind, item.source): item.why for item in items}
    rows = []
    for stretch in stretches(context):
        text = context.text[stretch.start : stretch.end]
        inside = zip(found, tokens, strict=False)
        count = sum(
            size for one, size in inside if stretch.start <= one.start and one.end <= stretch.end
        )
        if stretch.part is None:
            first = place_in_draft(context, stretch.start) or 0
            start = draft_offset(context, raw, first)
            end = draft_offset(context, raw, first + len(text))
            rows.append(ShownRow(DRAFT, "", "what is written here", text, count, start, end))
            continue
        part = context.parts[stretch.part]
        why = reasons.get((part.kind, part.source), _why(part.kind))
        rows.append(ShownRow(part.kind, _named(part), why, text, count))
    out = (item for item in items if not item.text)
    return rows + [ShownRow(item.kind, item.source, item.why, "") for item in out]


def said_rows(said: Sequence[Said], items: Sequence[Item]) -> list[ShownRow]:
    """The parts of an instruction's prompt as they are sent, then what is out. items: what the memory says of
    its notes. Examples are one row with the marks that divide them."""
    known = {item.text.strip(): item for item in items if item.text}
    rows: list[ShownRow] = []
    for kind, run in groupby(said, _row_kind):
        for part in run:
            item = known.pop(part.text.strip(), None) if part.kind is SaidKind.NOTE else None
            name, source = (item.kind, item.source) if item is not None else (part.kind, "")
            why = item.why if item is not None else _SAID[part.kind]
            row = ShownRow(name, source, why, part.text, part.tokens)
            if rows and item is None and kind == _kind_of(rows[-1].kind):
                row = _together(rows.pop(), row)
            rows.append(row)
    room = "there is no room beside the passage"
    rows += [ShownRow(item.kind, item.source, room, "") for item in known.values()]
    out = (item for item in items if not item.text)
    return rows + [ShownRow(item.kind, item.source, item.why, "") for item in out]


_SAID = {
    SaidKind.FORMAT: "what kind of answer is wanted",
    SaidKind.NOTE: "always in view",
    SaidKind.EXAMPLE: "shows what is wanted",
    SaidKind.DRAFT: "what stands before the place",
    SaidKind.PASSAGE: "what it is about",
    SaidKind.INSTRUCTION: "what is to be done",
}


def _row_kind(part: Said) -> str:
    return _kind_of(part.kind)


def _kind_of(kind: str) -> str:
    """Examples and the marks that divide them are one kind."""
    return SaidKind.FORMAT if kind == SaidKind.EXAMPLE else kind


def _together(one: ShownRow, other: ShownRow) -> ShownRow:
    """Two rows as one; where one of them is an example, both are."""
    named = other if other.kind == SaidKind.EXAMPLE else one
    text, tokens = one.text + other.text, one.tokens + other.tokens
    return ShownRow(named.kind, "", named.why, text, tokens)


def _named(part: ContextPart) -> str:
    """Where a part is from. A passage is of a whole file, by its path."""
    return PurePath(part.source).name if part.kind is PartKind.PASSAGE else part.source


def _why(kind: str) -> str:
    if kind == PartKind.FRAME:
        return "what kind of text it is, while it is short"
    return "shares rare words with what is written" if kind == "passage" else "always in view"


@dataclass(frozen=True, slots=True)
class WeighedRow:
    """A sentence of what the model saw. lost: by how many nats the suggestion is less likely without it.
    attention: its share of the model's own; None where that is not known."""

    kind: str
    source: str
    text: str
    tokens: int
    lost: float
    attention: float | None
    start: int | None = None
    end: int | None = None


def weighed_rows(answer: Weighed, found: Sequence[Stretch], raw: str) -> list[WeighedRow]:
    """The sentences in order. raw: the draft from `context.start` on."""
    context, rows = answer.context, []
    for index, piece in enumerate(found):
        text = context.text[piece.start : piece.end]
        part = context.parts[piece.part] if piece.part is not None else None
        place = place_in_draft(context, piece.start) if part is None else None
        rows.append(
            WeighedRow(
                part.kind if part is not None else DRAFT,
                _named(part) if part is not None else "",
                text,
                answer.tokens[index],
                answer.losses[index],
                answer.attention[index] if answer.attention else None,
                None if place is None else draft_offset(context, raw, place),
                None if place is None else draft_offset(context, raw, place + len(text)),
            )
        )
    return rows


_LEAST = 0.05
"""Nats below which a sentence counted for nothing that can be told from chance."""


def levels(losses: Sequence[float]) -> list[int]:
    """How dark each sentence is shaded, 0 to 3: by what it counted beside the one that counted most."""
    most = max(losses, default=0.0)
    return [_level(loss, most) for loss in losses]


def _level(loss: float, most: float) -> int:
    if loss < _LEAST or loss < 0.15 * most:
        return 0
    return 3 if loss >= 0.66 * most else 2 if loss >= 0.33 * most else 1


def draft_behind(document: Document, context: Context) -> str:
    """The draft from the window's start on, as it is."""
    return document.slice(context.start, len(document))
