"""What of a draft is prose, and that every place leads back to where it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.document import Document
from cowrite.core.reading import Reading
from cowrite.prose.passages import GAP, Found, passage_at, passages

BITS = st.lists(
    st.sampled_from(
        [
            *(
                "word ",
                "The end. ",
                "😀",
                "她说。",
                "שלום ",
                "*em*",
                "**st",
                "`code`",
                "[a](b)",
                "\\*",
            ),
            *(
                "<b>",
                "&amp;",
                "http://x.yz ",
                "\n",
                "\r\n",
                "\r",
                "\n\n",
                "> ",
                "- ",
                "# ",
                "    ",
                "```\n",
            ),
            *("| a | b |\n|-|-|\n", "---\n", "<!-- c -->", "e\u0301", "[r]: http://a\n", "\u2028"),
        ]
    ),
    max_size=40,
).map("".join)


def read(text: str) -> list[Found]:
    document = Document(text)
    return list(passages(document, Reading(document)))


@given(BITS)
def test_each_character_stands_in_the_draft_where_it_is_said_to(text: str) -> None:
    for start, passage in read(text):
        for index, sign in enumerate(passage.text):
            low, high = passage.place(index, index + 1)
            assert high == low + 1
            if sign != GAP:
                assert text[start + low] == sign


@given(BITS)
def test_passages_and_their_sentences_come_in_order(text: str) -> None:
    ends = 0
    for start, passage in read(text):
        before = -1
        for low, high in passage.sentences():
            assert before < low < high <= len(passage.text)
            assert not passage.text[low].isspace()
            before = high - 1
        if passage.text:
            low, high = passage.place(0, len(passage.text))
            assert ends <= start + low
            ends = start + high


@given(BITS)
def test_the_passage_at_a_line_is_the_one_of_the_whole(text: str) -> None:
    document = Document(text)
    reading = Reading(document)
    every = set(passages(document, reading))
    found = {passage_at(document, reading, index) for index in range(document.line_count)} - {None}
    assert found == every


def test_code_links_tables_and_front_matter_are_no_prose() -> None:
    draft = (
        "---\ntitle: the the\n---\n\n# A *big* day\r\n\r\n> Said **he** and\r\n> `the the` left. Yes!\n\n"
        "- one [link](http://a.b) more\n\n```\nthe the\n```\n\n| the the | x |\n|---|---|\n\n<!-- the the -->\n"
    )
    texts = [found.passage.text.strip() for found in read(draft)]
    assert texts == ["A big day", f"Said he and\n{GAP} left. Yes!", "one link more"]


def test_a_very_long_line_is_read_around_what_is_seen() -> None:
    draft = "One *sentence* here. " * 3000
    document = Document(draft)
    found = passage_at(document, Reading(document), 0, 30_000, 30_100)
    assert found is not None
    assert len(found.passage.text) < 6000
    for low, high in found.passage.sentences():
        a, b = found.passage.place(low, high)
        assert draft[found.start + a : found.start + b] == "One *sentence* here."
