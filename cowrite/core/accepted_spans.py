"""Accepted spans: where in the draft a suggestion's text stands, and which of its tokens are left there.

Pure: a draft's text and runs in, places out. Offsets are code points.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from difflib import SequenceMatcher

from cowrite.core.document import Document
from cowrite.core.provenance import Author, Provenance, Source
from cowrite.core.suggestion import Candidate, Token, one_kind_of_line

REACH = 4000
"""Characters on each side of the cursor that are looked at."""

GAP = 80
"""Characters of the writer's own between two pieces of one suggestion that still make one span."""


@dataclass(frozen=True, slots=True)
class AcceptedSpan:
    """The text from `start` to `end` came from a suggestion; the writer may have changed words in it.

    pieces: the parts that are the model's still, in order.
    """

    suggestion_id: str
    start: int
    end: int
    pieces: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SpanTokens:
    """A span's candidate, and where each of its tokens stands in the draft: None where it is gone."""

    span: AcceptedSpan
    candidate: Candidate
    places: tuple[tuple[int, int] | None, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the candidate."""
        return self.candidate.tokens

    def at(self, offset: int) -> int | None:
        """The token that an offset is in, or else behind; None where none is left."""
        behind = None
        for index, place in enumerate(self.places):
            if place is not None and place[0] <= offset:
                behind = index
                if offset < place[1]:
                    return index
        return behind


def span_at(provenance: Provenance, offset: int) -> AcceptedSpan | None:
    """The accepted span that an offset is in, or at the end of."""
    low = max(0, offset - REACH)
    runs, place = [], low
    for length, source in provenance.slice(low, min(len(provenance), offset + REACH)):
        runs.append((place, place + length, source))
        place += length
    model = [run for run in runs if run[2].author is Author.MODEL and run[2].suggestion_id]
    inside = next((run for run in model if run[0] <= offset < run[1]), None)
    here = inside or next((run for run in model if run[1] == offset), None)
    here = here or _between(model, offset)
    if here is None:
        return None
    own = [(start, end) for start, end, source in model if source == here[2]]
    middle = own.index((here[0], here[1]))
    first = last = middle
    while first > 0 and own[first][0] - own[first - 1][1] <= GAP:
        first -= 1
    while last + 1 < len(own) and own[last + 1][0] - own[last][1] <= GAP:
        last += 1
    pieces = tuple(own[first : last + 1])
    return AcceptedSpan(here[2].suggestion_id or "", pieces[0][0], pieces[-1][1], pieces)


_Piece = tuple[int, int, Source]


def _between(model: list[_Piece], offset: int) -> _Piece | None:
    """The piece before an offset that is in the writer's own words between two pieces of one suggestion."""
    for before, after in itertools.pairwise(model):
        if before[1] <= offset < after[0]:
            near = before[2] == after[2] and after[0] - before[1] <= GAP
            return before if near else None
    return None


def chain_start(provenance: Provenance, offset: int) -> int:
    """Where the accepted spans begin that lie one behind the other up to an offset; itself without any."""
    start = offset
    while (span := _ending(provenance, start)) is not None and offset - span.start <= REACH:
        start = span.start
    return start


def chain_end(provenance: Provenance, offset: int) -> int:
    """Where the accepted spans end that lie one behind the other from an offset on."""
    end = offset
    while end < len(provenance) and end - offset <= REACH:
        span = span_at(provenance, end)
        if span is None or not span.start <= end < span.end:
            break
        end = span.end
    return end


def _ending(provenance: Provenance, offset: int) -> AcceptedSpan | None:
    """The span that the character before an offset belongs to."""
    span = span_at(provenance, offset - 1) if offset > 0 else None
    return span if span is not None and span.start < offset else None


def span_tokens(
    document: Document, span: AcceptedSpan, candidates: tuple[Candidate, ...]
) -> SpanTokens | None:
    """The candidate that a span is of, and its tokens' places; None where no candidate has its words."""
    offsets = [at for start, end in span.pieces for at in range(start, end)]
    text = document.slice(span.start, span.end)
    kept = [at for at in offsets if text[at - span.start : at - span.start + 2] != "\r\n"]
    own = "".join(text[at - span.start] for at in kept).replace("\r", "\n")
    best: tuple[int, Candidate, dict[int, int]] | None = None
    exact = [c for c in candidates if own and one_kind_of_line(c.text).startswith(own)][:1]
    for candidate in exact or candidates:
        matches = _matches(one_kind_of_line(candidate.text), own)
        if matches and (best is None or len(matches) > best[0]):
            best = len(matches), candidate, {at: kept[to] for at, to in matches.items()}
    if best is None:
        return None
    _, candidate, where = best
    return SpanTokens(span, candidate, _places(candidate, where))


def _matches(whole: str, left: str) -> dict[int, int]:
    """By index in `whole`: the index in `left` of the character that is still there."""
    if whole.startswith(left):
        return {index: index for index in range(len(left))}
    blocks = SequenceMatcher(None, whole, left, autojunk=False).get_matching_blocks()
    return {a + step: b + step for a, b, size in blocks for step in range(size)}


def _places(candidate: Candidate, where: dict[int, int]) -> tuple[tuple[int, int] | None, ...]:
    out: list[tuple[int, int] | None] = []
    at = 0
    for token in candidate.tokens:
        size = len(one_kind_of_line(token.text))
        # A part of a character stands where its character does.
        found = [where[index] for index in range(at, at + max(1, size)) if index in where]
        out.append((found[0], found[-1] + 1) if found else None)
        at += size
    return tuple(out)
