"""What is known of a candidate before it is shown."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.places import in_heading
from cowrite.core.suggestion import Candidate, Token
from cowrite.learning.features import NAMES, Recent, first_word, vectors

TOKENS = st.lists(
    st.builds(
        Token,
        st.text(max_size=6),
        st.floats(max_value=0.0) | st.just(-math.inf) | st.just(-1e300),
    ),
    max_size=6,
).map(tuple)
CANDIDATES = st.lists(
    TOKENS.map(lambda tokens: Candidate("".join(token.text for token in tokens), tokens)),
    max_size=4,
)
PLACES = st.text(max_size=40) | st.sampled_from(
    ["", "# A ", "End. ", 'She said, "', "A\n\n", "wor"]
)


def of(text: str, before: str, *logprobs: float) -> dict[str, float]:
    """The features of a candidate of words, each a token."""
    words = text.split(" ")
    parts = [words[0], *(f" {word}" for word in words[1:])] if words[0] else [
        f" {word}" for word in words[1:]
    ]  # fmt: skip
    tokens = tuple(
        Token(part, logprob) for part, logprob in zip(parts, logprobs or [-1.0] * 99, strict=False)
    )
    (found,) = vectors([Candidate(text, tokens)], before, auto=True, recent=Recent(), now=0)
    assert found is not None
    return dict(zip(NAMES, found, strict=True))


@given(CANDIDATES, PLACES, st.booleans())
def test_they_are_numbers_of_one_size_whatever_comes(
    candidates: list[Candidate], before: str, auto: bool
) -> None:
    recent = Recent()
    recent.decided("some text that was refused", took=False, refused=True, now=3)
    found = vectors(candidates, before, auto=auto, recent=recent, now=4)
    assert len(found) == len(candidates)
    for candidate, features in zip(candidates, found, strict=True):
        if not candidate.text.strip():
            assert features is None
        elif features is not None:
            assert len(features) == len(NAMES)
            assert all(math.isfinite(one) and abs(one) < 20 for one in features)


@given(st.floats(0, 1e6), st.floats(0, 300))
def test_no_clock_is_told_from_another(start: float, passed: float) -> None:
    def at(origin: float) -> tuple[float, ...] | None:
        recent = Recent()
        recent.decided(" gone", took=False, refused=True, now=origin)
        made = [Candidate(" calm", (Token(" calm", -1.0),))]
        return vectors(made, "The sea was", auto=True, recent=recent, now=origin + passed)[0]

    assert at(start) == pytest.approx(at(0.0), abs=1e-6)


def test_what_is_known_of_its_place() -> None:
    def place(before: str, text: str = " calm") -> set[str]:
        found = of(text, before)
        usual = of(" calm", "The sea was")
        names = ("behind_space", "inside_word", "sentence", "paragraph", "heading")
        return {name for name in names if found[name] > usual[name]}

    assert place("The sea was") == set()
    assert place("The sea was ", "calm") == {"behind_space"}
    assert place("The sea was ca", "lm") == {"inside_word"}
    assert place("It ended. ", "The") == {"behind_space", "sentence"}
    assert place('"It ended." ', "The") == {"behind_space", "sentence"}
    assert place("It ended.\n\n", "The") == {"paragraph"}
    assert place("", "The") == {"paragraph"}
    assert place("## On the ", "sea") == {"behind_space", "heading"}


def test_the_first_word_counts_by_itself_with_all_its_tokens() -> None:
    sure, unsure = of(" sea wind", "The", -0.1, -5.0), of(" sea wind", "The", -3.0, -0.1)
    assert sure["odds"] > unsure["odds"]
    tokens = (Token(" har", -1.0), Token("bour", -1.0), Token(" wall", -9.0))
    (found,) = vectors(
        [Candidate(" harbour wall", tokens)], "The", auto=True, recent=Recent(), now=0
    )
    assert found is not None
    p = math.exp(-2.0)
    assert found[NAMES.index("odds")] == pytest.approx((math.log(p / (1 - p)) + 1.5) / 1.8)


def test_a_text_like_the_draft_and_one_like_the_last_refused() -> None:
    recent = Recent()
    recent.decided(" the harbour wall", took=False, refused=True, now=0)
    texts = [" harbour wall again", " garden gate again"]
    made = [Candidate(text, (Token(text, -1.0),)) for text in texts]
    before = "He went to the garden gate and"
    first, second = vectors(made, before, auto=True, recent=recent, now=1)
    assert first is not None
    assert second is not None
    refused, own = NAMES.index("refused"), NAMES.index("own")
    assert first[refused] > second[refused] == 0
    assert second[own] > first[own]


def test_refusals_are_forgotten_and_takings_remembered() -> None:
    recent = Recent()
    assert recent.since(5) == 0
    recent.decided(" a", took=False, refused=False, now=1)
    assert (recent.refused_at, recent.taken) == (None, 0.3)
    recent.decided(" a", took=False, refused=True, now=1)
    assert recent.since(1) == 1
    assert 0 < recent.since(600) < 0.001
    assert recent.since(0) == 1, "a clock that was set back"
    for _ in range(40):
        recent.decided(" a", took=True, refused=False, now=2)
    assert recent.taken > 0.95


def test_headings_and_first_words() -> None:
    assert in_heading("# Title")
    assert in_heading("   ###")
    assert not in_heading("#title")
    assert not in_heading("    # code")
    assert first_word(" Harbour wall") == "harbour"
    assert first_word("") == ""
