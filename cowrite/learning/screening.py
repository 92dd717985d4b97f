"""What of a text may be learned from, and why the rest may not: data quality decides what learning brings.

Texts are screened one by one (`screen`), and then together (`without_repeats`), the newest first, so that of
several versions of a chapter the last one is learned from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from cowrite.core.language import spoken
from cowrite.core.provenance import Author, Provenance, Runs
from cowrite.core.segmentation import next_sentence_end
from cowrite.learning.plain import Block, Kind, blocks


class Reason(StrEnum):
    """Why a paragraph is not learned from, as the writer is told."""

    PASTED = "pasted, or there before cowrite"
    MODEL = "the model's own words"
    FRESH = "accepted less than ten minutes ago"
    PRIVATE = "private words"
    CODE = "code"
    QUOTATION = "a long quotation"
    MARKUP = "tables, HTML and front matter"
    LANGUAGE = "another language"
    BOILERPLATE = "boilerplate"
    REPEATED = "repeats of newer text"


@dataclass(frozen=True, slots=True)
class Screened:
    """A text's paragraphs that may be learned from, in order, and characters left out by reason."""

    paragraphs: tuple[str, ...]
    left_out: dict[Reason, int] = field(default_factory=dict)
    language: str = ""

    @property
    def text(self) -> str:
        """The paragraphs, a blank line between two."""
        return "\n\n".join(self.paragraphs)


MODEL_SHARE = 0.5
"""The most of a paragraph that may be accepted text: what has more of it would teach the model itself."""

FOREIGN_SHARE = 0.1
"""The most of a paragraph that may be pasted, or accepted so lately that nobody knows whether it stands."""

LEAST_WORDS = 4
"""Words that the writer's own sentences in a row must have, where the rest of their paragraph is left out."""

LONG_QUOTATION = 60
"""Words of a block quotation that are a paragraph of somebody else's."""

_LEAST_FOR_LANGUAGE = 40, 4
"""Words from which on a paragraph's language can be told: in Latin letters, and in others."""

_LAST_LATIN = "\u024f"

_BOILERPLATE = re.compile(
    r"project gutenberg|all rights reserved|copyright (?:©|\(c\)|\d{4})|©\s*\d{4}|\bisbn\b"
    r"|transcriber'?s note|cookie policy|subscribe to (?:our|my)|unsubscribe|table of contents"
    r"|this work is licensed|creative commons|end of (?:the|this) (?:project|ebook)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_WORD = re.compile(r"\w+")


class PrivateWords(Protocol):
    """What finds private words in a text; `export.own_words.OwnWords` is one."""

    def find(self, text: str) -> Sequence[tuple[int, int]]:
        """Where they are."""


def screen(
    text: str,
    runs: Runs | None = None,
    *,
    fresh: frozenset[str] = frozenset(),
    private: PrivateWords | None = None,
) -> Screened:
    """Screen one text.

    runs: who wrote it; None for a text that is the writer's own as a whole. fresh: ids of suggestions that
    were taken a moment ago. private: words that no paragraph may hold that is learned from.
    """
    authors = None if runs is None else Provenance(runs)
    found = list(blocks(text))
    language = spoken(" ".join(block.text for block in found if block.kind is Kind.PROSE)[:200_000])
    kept: list[str] = []
    left: Counter[Reason] = Counter()
    for block in found:
        reason = _why_not(block, language)
        if reason is None and private is not None and private.find(block.text):
            reason = Reason.PRIVATE
        if reason is None and authors is not None:
            reason = _whose(authors.slice(block.start, block.end), fresh)
            if reason is not None and block.kind is Kind.PROSE:
                kept += _own_sentences(text, block, authors, fresh, left, reason)
                continue
        if reason is not None:
            left[reason] += block.end - block.start
        elif block.text:
            kept.append(block.text)
    return Screened(tuple(_without_bare_headings(kept, found)), dict(left), language)


def _why_not(block: Block, language: str) -> Reason | None:
    match block.kind:
        case Kind.CODE:
            return Reason.CODE
        case Kind.OTHER:
            return Reason.MARKUP
        case Kind.QUOTATION if len(_WORD.findall(block.text)) >= LONG_QUOTATION:
            return Reason.QUOTATION
    if _is_boilerplate(block.text):
        return Reason.BOILERPLATE
    return Reason.LANGUAGE if language and _speaks_another(block.text[:2000], language) else None


def _speaks_another(text: str, language: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    other = 2 * sum(sign > _LAST_LATIN for sign in letters) > len(letters)
    enough = len(_WORD.findall(text)) >= _LEAST_FOR_LANGUAGE[other]
    return enough and spoken(text) not in (language, "")


def _is_boilerplate(text: str) -> bool:
    """Notices of publishers and sites, lists of addresses, rows of signs."""
    if _BOILERPLATE.search(text):
        return True
    addresses = sum(map(len, _ADDRESS.findall(text)))
    if 2 * addresses > len(text):
        return True
    letters = sum(map(str.isalpha, text))
    signs = len("".join(text.split()))
    return (not letters and not any(map(str.isdigit, text))) or (
        signs >= 20 and 2 * letters < signs
    )


def _whose(runs: Runs, fresh: frozenset[str]) -> Reason | None:
    """Why a paragraph is not the writer's own, by who wrote its characters; None where it is."""
    whole = sum(length for length, _ in runs) or 1
    model = sum(length for length, source in runs if source.author is Author.MODEL)
    new = sum(length for length, source in runs if source.suggestion_id in fresh)
    foreign = sum(length for length, source in runs if source.author in (Author.PASTE, Author.FILE))
    if foreign > FOREIGN_SHARE * whole:
        return Reason.PASTED
    if new > FOREIGN_SHARE * whole:
        return Reason.FRESH
    return Reason.MODEL if model > MODEL_SHARE * whole else None


def _own_sentences(
    text: str,
    block: Block,
    authors: Provenance,
    fresh: frozenset[str],
    left: Counter[Reason],
    otherwise: Reason,
) -> list[str]:
    """The writer's own sentences of a paragraph that is not theirs as a whole, those in a row together.

    left: takes the characters of the others, by reason; of what is too short alone, `otherwise`.
    """
    rows: list[tuple[int, int]] = []
    at = block.start
    while at < block.end:
        end = min(block.end, next_sentence_end(text, at))
        reason = _whose(authors.slice(at, end), fresh)
        if reason is not None:
            left[reason] += end - at
        elif rows and rows[-1][1] == at:
            rows[-1] = rows[-1][0], end
        else:
            rows.append((at, end))
        at = end
    kept = []
    for start, end in rows:
        said = " ".join(part.text for part in blocks(text[start:end].strip()))
        if len(_WORD.findall(said)) < LEAST_WORDS:
            left[otherwise] += end - start
        else:
            kept.append(said)
    return kept


def _without_bare_headings(kept: list[str], found: Iterable[Block]) -> list[str]:
    """The paragraphs without headings that nothing of their part follows."""
    headings = {block.text for block in found if block.kind is Kind.HEADING}
    return [
        text
        for text, following in zip(kept, [*kept[1:], None], strict=False)
        if text not in headings or (following is not None and following not in headings)
    ]


# Together

_SHINGLE = 5
"""Words in a row by which two paragraphs are compared."""

ALIKE = 0.6
"""The share of a paragraph's shingles in newer texts from which on it is another version of theirs."""


def without_repeats(texts: Sequence[Screened]) -> list[Screened]:
    """The texts, in their order (oldest first), without what stands in a newer one, or earlier in the same.

    A paragraph too short for a shingle is taken as it stands.
    """
    known: set[int] = set()
    out: list[Screened] = []
    for one in reversed(texts):
        kept, gone, fresh, compared = [], 0, set(), 0
        for paragraph in one.paragraphs:
            shingles = _shingles(paragraph)
            alike = sum(shingle in known or shingle in fresh for shingle in shingles)
            if shingles and alike >= ALIKE * len(shingles):
                gone += len(paragraph)
            else:
                kept.append(paragraph)
                fresh |= shingles
            compared += len(paragraph) if shingles else 0
        if gone > ALIKE * compared:
            # The text as a whole is another version: what is too short to compare goes with it.
            kept = [paragraph for paragraph in kept if _shingles(paragraph)]
        known |= fresh
        left = {**one.left_out, Reason.REPEATED: gone} if gone else one.left_out
        out.append(Screened(tuple(kept), left, one.language))
    return out[::-1]


def _shingles(paragraph: str) -> set[int]:
    words = [word.casefold() for word in _WORD.findall(paragraph)]
    return {
        hash(tuple(words[at : at + _SHINGLE])) for at in range(max(0, len(words) - _SHINGLE + 1))
    }
