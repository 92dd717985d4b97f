"""What the writer did with a suggestion.

Unseen is not rejected: a suggestion that was not on screen for `SEEN_MS` says nothing about its text,
unless the writer said an explicit no or took some of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cowrite.core.segmentation import is_ideograph
from cowrite.core.words import goes_on

SEEN_MS = 750
"""Milliseconds on screen from which a suggestion counts as seen, as in Meta's figures (Murali et al.,
"AI-assisted code authoring at scale", 2023): nobody reads a flicker."""


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    ACCEPTED_PARTIAL = "accepted_partial"
    EDITED = "edited"
    REJECTED = "rejected"
    REGENERATED = "regenerated"
    IGNORED = "ignored"
    UNSEEN = "unseen"


class Closing(StrEnum):
    """Why a suggestion left the screen."""

    TAKEN = "taken"
    """All of it is in the draft."""
    REJECTED = "rejected"
    REGENERATED = "regenerated"
    TYPED = "typed"
    """Something else was typed."""
    MOVED = "moved"
    """The cursor went away, or the draft was changed elsewhere."""
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    FAILED = "failed"
    ENDED = "ended"
    """The session ended."""


class Why(StrEnum):
    """What the writer may say of a suggestion, refused or taken: the reason in a word."""

    WRONG = "wrong"
    STYLE = "off style"
    DULL = "dull"
    REPEATS = "repeats"
    UNSAFE = "unsafe"
    OWN = "own words"
    """Nothing is wrong with it: the writer wants to say it in words of their own."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one suggestion when its outcome is read.

    shown_ms: how long any candidate of it was on screen. inserted: what of it went into the draft, with
    `by_hand` the part of that which the writer typed through. final: what is left of that at settle, None
    where nothing was inserted. whole: the text of the candidate that was taken or shown last.
    """

    whole: str
    inserted: str
    by_hand: int
    final: str | None
    closing: Closing | None
    shown_ms: float
    in_pane: bool = False


def outcome(facts: Facts) -> Outcome:
    """The outcome of a suggestion.

    Typing through less than a word is no acceptance: the writer may just have begun with the same letter.
    """
    if _took_some(facts):
        if facts.in_pane or (facts.final is not None and facts.final != facts.inserted):
            return Outcome.EDITED
        return Outcome.ACCEPTED if facts.inserted == facts.whole else Outcome.ACCEPTED_PARTIAL
    if facts.closing is Closing.REJECTED and facts.shown_ms > 0:
        return Outcome.REJECTED
    if facts.shown_ms < SEEN_MS:
        return Outcome.UNSEEN
    if facts.closing is Closing.REGENERATED:
        return Outcome.REGENERATED
    return Outcome.IGNORED


def _took_some(facts: Facts) -> bool:
    if not facts.inserted:
        return False
    if facts.by_hand < len(facts.inserted):
        return True
    rest = facts.whole[len(facts.inserted) :]
    return facts.inserted.strip() != "" and not _same_word(facts.inserted, rest)


def _same_word(taken: str, rest: str) -> bool:
    """Whether a word goes on from one text to the next; each letter of a script without spaces is one."""
    return goes_on(taken, rest) and not is_ideograph(rest[0])


TOOK = frozenset({Outcome.ACCEPTED, Outcome.ACCEPTED_PARTIAL, Outcome.EDITED})
"""The outcomes after which something of the suggestion was in the draft."""


def verdict(outcome: Outcome, closing: Closing | None) -> bool | None:
    """Whether a suggestion was taken (true) or refused (false); None where it was neither.

    Refused is an explicit no, or other words typed with it in sight. Hiding it by going away is no refusal.
    """
    if outcome in TOOK:
        return True
    if outcome is Outcome.REJECTED or (outcome is Outcome.IGNORED and closing is Closing.TYPED):
        return False
    return None
