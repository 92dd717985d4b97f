"""What stays, goes and comes between a passage and a text made of it."""

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.diff import Change, Piece
from cowrite.core.word_diff import alike, differences, differences_so_far

WORDS = st.sampled_from(
    ["the", "lamp", "quay", ",", "a", "\n", "  ", "漢字", "l’eau", "Marta", "3"]
)
TEXTS = st.lists(WORDS, max_size=30).map(" ".join) | st.text(max_size=40)


def said(found: list[Piece]) -> str:
    marks = {Change.SAME: "{}", Change.GONE: "[-{}-]", Change.NEW: "[+{}+]"}
    return "".join(marks[kind].format(text) for kind, text in found)


def side(found: list[Piece], without: Change) -> str:
    return "".join(text for kind, text in found if kind is not without)


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts(old: str, new: str) -> None:
    found = differences(old, new)
    assert side(found, Change.NEW) == old
    assert side(found, Change.GONE) == new
    assert all(text for _, text in found)


@given(TEXTS, TEXTS)
def test_what_is_alike_is_in_both_and_in_order(old: str, new: str) -> None:
    place = under = 0
    for at, there, length in alike(old, new):
        assert at >= place
        assert there >= under
        assert length > 0
        assert old[at : at + length] == new[there : there + length]
        place, under = at + length, there + length


@given(TEXTS)
def test_the_same_text_stays(text: str) -> None:
    assert differences(text, text) == ([(Change.SAME, text)] if text else [])


@given(TEXTS, TEXTS)
def test_a_text_that_is_being_written_leaves_the_passage_whole(old: str, new: str) -> None:
    found = differences_so_far(old, new)
    assert side(found, Change.NEW) == old
    assert all(kind is not Change.GONE for kind, _ in found[-1:])


def test_changes_are_told_by_words_with_their_spaces() -> None:
    assert said(differences("the very old lamp", "the old lamp")) == "the [-very -]old lamp"
    assert (
        said(differences("He had come.", "He was coming in."))
        == "He [-had come-][+was coming in+]."
    )
    assert said(differences("one, two", "one two")) == "one[-,-] two"


def test_a_short_word_between_two_changes_is_changed_with_them() -> None:
    assert said(differences("the lighthouse of stone", "a tower of granite")) == (
        "[-the lighthouse of stone-][+a tower of granite+]"
    )


def test_lines_stay_apart() -> None:
    assert said(differences("one two\nthree", "four five\nsix")) == (
        "[-one two-][+four five+]\n[-three-][+six+]"
    )


def test_what_the_model_has_not_come_to_is_not_struck() -> None:
    old = "The lamp was lit at dusk, and nobody came to the quay before the morning."
    assert said(differences_so_far(old, "")) == old
    assert said(differences_so_far(old, "The lamp was")) == old
    assert said(differences_so_far(old, "The lamp burned at du")) == (
        "The lamp [-was lit-][+burned+] at dusk, and nobody came to the quay before the morning."
    )


def test_a_word_far_behind_is_no_sign_that_all_before_it_goes() -> None:
    old = "He went up the stairs with a can of oil in his hand, slowly, to light the lamp."
    found = differences_so_far(old, "He climbed to")
    assert said(found).startswith("He [+climbed to+]went up the stairs")
