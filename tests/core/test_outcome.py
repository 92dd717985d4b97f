"""The table of outcomes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.outcome import SEEN_MS, Closing, Facts, Outcome, outcome

WHOLE = "the cat sat down."
LONG, SHORT = float(SEEN_MS), SEEN_MS - 1.0


def facts(
    closing: Closing | None,
    shown: float = LONG,
    inserted: str = "",
    *,
    by_hand: int = 0,
    final: str | None = None,
    whole: str = WHOLE,
    pane: bool = False,
) -> Facts:
    kept = (inserted if final is None else final) if inserted else None
    return Facts(whole, inserted, by_hand, kept, closing, shown, pane)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        # Taken
        (facts(Closing.TAKEN, inserted=WHOLE), Outcome.ACCEPTED),
        (facts(Closing.TAKEN, 0, WHOLE), Outcome.ACCEPTED),
        (facts(Closing.ENDED, inserted=WHOLE), Outcome.ACCEPTED),
        (facts(Closing.MOVED, inserted="the cat"), Outcome.ACCEPTED_PARTIAL),
        (facts(Closing.TYPED, inserted="the"), Outcome.ACCEPTED_PARTIAL),
        (facts(Closing.REJECTED, inserted="the cat"), Outcome.ACCEPTED_PARTIAL),
        (facts(Closing.REGENERATED, 0, "the"), Outcome.ACCEPTED_PARTIAL),
        (facts(None, inserted="the cat"), Outcome.ACCEPTED_PARTIAL),
        # Changed
        (facts(Closing.TAKEN, inserted=WHOLE, final="the dog sat down."), Outcome.EDITED),
        (facts(Closing.TAKEN, inserted=WHOLE, final=""), Outcome.EDITED),
        (facts(Closing.MOVED, inserted="the cat", final="the dog"), Outcome.EDITED),
        (facts(Closing.TAKEN, inserted="a cat sat.", pane=True), Outcome.EDITED),
        (facts(Closing.TAKEN, inserted=WHOLE, pane=True), Outcome.EDITED),
        # Typed through
        (facts(Closing.TAKEN, inserted=WHOLE, by_hand=len(WHOLE)), Outcome.ACCEPTED),
        (facts(Closing.TYPED, inserted="the cat", by_hand=7), Outcome.ACCEPTED_PARTIAL),
        (facts(Closing.TYPED, inserted="the ", by_hand=4), Outcome.ACCEPTED_PARTIAL),
        (facts(Closing.TYPED, inserted="th", by_hand=2), Outcome.IGNORED),
        (facts(Closing.TYPED, SHORT, "th", by_hand=2), Outcome.UNSEEN),
        (facts(Closing.TYPED, inserted=" ", by_hand=1, whole=" the"), Outcome.IGNORED),
        (facts(Closing.TYPED, inserted="th", by_hand=1), Outcome.ACCEPTED_PARTIAL),
        (
            facts(Closing.TYPED, inserted="我是", by_hand=2, whole="我是猫。"),
            Outcome.ACCEPTED_PARTIAL,
        ),
        (facts(Closing.TYPED, inserted="안", by_hand=1, whole="안녕"), Outcome.IGNORED),
        # Refused
        (facts(Closing.REJECTED), Outcome.REJECTED),
        (facts(Closing.REJECTED, 1), Outcome.REJECTED),
        (facts(Closing.REJECTED, 0), Outcome.UNSEEN),
        (facts(Closing.REJECTED, inserted="th", by_hand=2), Outcome.REJECTED),
        (facts(Closing.REGENERATED), Outcome.REGENERATED),
        (facts(Closing.REGENERATED, SHORT), Outcome.UNSEEN),
        # Passed over
        *(
            (facts(closing), Outcome.IGNORED)
            for closing in (Closing.TYPED, Closing.MOVED, Closing.ENDED)
        ),
        *(
            (facts(closing, SHORT), Outcome.UNSEEN)
            for closing in Closing
            if closing is not Closing.REJECTED
        ),
        (facts(Closing.CANCELLED), Outcome.IGNORED),
        (facts(Closing.SUPERSEDED), Outcome.IGNORED),
        (facts(Closing.FAILED, 0), Outcome.UNSEEN),
        (facts(None), Outcome.IGNORED),
        (facts(None, 0), Outcome.UNSEEN),
    ],
)
def test_outcomes(known: Facts, said: Outcome) -> None:
    assert outcome(known) is said


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="ab 日.", max_size=8),
    st.integers(0, 8),
    st.booleans(),
    st.none() | st.sampled_from(Closing),
    st.floats(0, 2000),
)
def test_unseen_says_nothing_and_taken_is_always_seen(
    whole: str, length: int, by_hand: bool, closing: Closing | None, shown: float
) -> None:
    inserted = whole[:length]
    said = outcome(
        facts(closing, shown, inserted, by_hand=len(inserted) if by_hand else 0, whole=whole)
    )
    if inserted and not by_hand:
        assert said in (Outcome.ACCEPTED, Outcome.ACCEPTED_PARTIAL)
    if not inserted:
        assert said not in (Outcome.ACCEPTED, Outcome.ACCEPTED_PARTIAL, Outcome.EDITED)
    if shown < SEEN_MS:
        assert said not in (Outcome.IGNORED, Outcome.REGENERATED)
    if said is Outcome.REJECTED:
        assert closing is Closing.REJECTED
