"""What a model is shown, piece by piece: the parts, and the draft sentence by sentence, as they are sent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from cowrite.core.context import Context, as_sent, sentences

MOST = 63
"""Pieces that are weighed side by side at most."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a context's text, from `start` to `end`. part: the number of its part; None: the draft."""

    start: int
    end: int
    part: int | None = None


class SaidKind(StrEnum):
    """What a part of an instruction's prompt is."""

    FORMAT = "format"
    """The model's marks of a conversation, and its role there."""
    NOTE = "note"
    """Of the project: its notes and lore, in their order."""
    EXAMPLE = "example"
    DRAFT = "draft"
    """What stands before the place that something is written for."""
    PASSAGE = "passage"
    INSTRUCTION = "instruction"


@dataclass(frozen=True, slots=True)
class Said:
    """A part of an instruction's prompt, as it is sent. tokens: how many end in it."""

    kind: SaidKind
    text: str
    tokens: int


def stretches(context: Context) -> list[Stretch]:
    """The parts and the draft as they stand in the context's text, in order. All of it is covered."""
    out: list[Stretch] = []
    place = 0

    def add(size: int, part: int | None = None) -> None:
        nonlocal place
        if size:
            out.append(Stretch(place, place + size, part))
            place += size

    parts = list(enumerate(context.parts))
    for number, part in parts:
        if not part.kind.near:
            add(len(as_sent(part)), number)
    near = [(number, part) for number, part in parts if part.kind.near and part.text]
    add(context.split if near else len(context.before))
    for number, part in near:
        add(len(as_sent(part)), number)
    if near:
        add(len(context.before) - context.split)
    return out


def pieces(context: Context, most: int = MOST) -> list[Stretch]:
    """The sentences of what is shown, in order. Where there are more than `most`, neighbours are joined: those
    first that are shortest together, so that pieces are of like size. None is of two stretches."""
    text, out = context.text, []
    for stretch in stretches(context):
        for start, end in sentences(text[stretch.start : stretch.end]):
            out.append(Stretch(stretch.start + start, stretch.start + end, stretch.part))
    while len(out) > most:
        pairs = [
            (after.end - before.start, index)
            for index, (before, after) in enumerate(pairwise(out))
            if before.part == after.part and before.end == after.start
        ]
        if not pairs:
            break
        pairs.sort()
        out = _joined(out, {index for _, index in pairs[: len(out) - most]})
    return out


def _joined(stretches: list[Stretch], with_next: set[int]) -> list[Stretch]:
    """Each of these joined with the one behind it; one that was just joined waits for the next time."""
    out: list[Stretch] = []
    skip = False
    for index, one in enumerate(stretches):
        if skip:
            skip = False
        elif index in with_next:
            out.append(Stretch(one.start, stretches[index + 1].end, one.part))
            skip = True
        else:
            out.append(one)
    return out


def place_in_draft(context: Context, offset: int) -> int | None:
    """Where in `context.before` an offset of the context's text is; None where it is in a part."""
    for stretch in stretches(context):
        if stretch.part is None and stretch.start <= offset < stretch.end:
            behind = context.split if stretch.start > len(context.head) and context.near else 0
            return behind + offset - stretch.start
    return None


def draft_offset(context: Context, raw: str, index: int) -> int:
    """The offset in the draft of a place in `context.before`. raw: the draft from `context.start` on, with the
    line ends that it has, of which `before` has each as one character."""
    if "\r" not in raw:
        return context.start + index
    at = 0
    for _ in range(index):
        at += 2 if raw.startswith("\r\n", at) else 1
    return context.start + at
