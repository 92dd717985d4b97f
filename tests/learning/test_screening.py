"""What may be learned from: the writer's own prose, and nothing of what isn't."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.provenance import FILE, PASTE, WRITER, Author, Source
from cowrite.export.own_words import OwnWords
from cowrite.learning.plain import Kind, blocks
from cowrite.learning.screening import Reason, screen, without_repeats

MODEL = Source(Author.MODEL, "s1")
OWN = "The boats went out before it was light, and nobody who stood on the pier said a word."
OTHER = "She had counted the chimneys twice, since there were more of them than there ought to be."


def test_markup_is_taken_off():
    text = (
        "# The *first* day\n\nA **bold** man and a [link](http://x.example) <!-- not this -->went."
    )
    assert [block.text for block in blocks(text)] == [
        "The first day",
        "A bold man and a link went.",
    ]


def test_a_line_end_within_a_paragraph_is_a_space_and_in_verses_stays():
    wrapped = f"{'word ' * 14}\n{'word ' * 14}\nend"
    assert "\n" not in next(blocks(wrapped)).text
    assert next(blocks("Roses are red\nviolets are blue")).text.count("\n") == 1


@pytest.mark.parametrize(
    ("paragraph", "reason"),
    [
        ("```py\nprint(1)\n```", Reason.CODE),
        ("| a | b |\n|---|---|\n| 1 | 2 |", Reason.MARKUP),
        ("<div>\nhidden\n</div>", Reason.MARKUP),
        ("> " + "and so he spoke at great length of it " * 12, Reason.QUOTATION),
        ("Copyright © 2019 by the author. All rights reserved.", Reason.BOILERPLATE),
        ("https://example.org/a https://example.org/b", Reason.BOILERPLATE),
        ("* * * * * * * * * * * * * * *_", Reason.BOILERPLATE),
        ("Der Hund ging nicht in das Haus und es war nicht gut. " * 6, Reason.LANGUAGE),
        ("Собака была в доме и не была там, но он это знал.", Reason.LANGUAGE),
        ("Marta Quill lives in the third house, and she knows of nothing.", Reason.PRIVATE),
    ],
)
def test_what_is_no_prose_of_the_writers_is_left_out_and_the_rest_is_not(paragraph, reason):
    long = f"{OTHER} It was not that she minded. " + "He had been there before all of them. " * 9
    found = screen(f"{OWN}\n\n{paragraph}\n\n{long}\n", private=OwnWords(["Marta Quill"]))
    assert found.paragraphs == (OWN, long.strip())
    assert reason in found.left_out


@pytest.mark.parametrize(
    "paragraph",
    [
        "“Five shillings, I hope,” said I, “but I am prepared to go to ten.”",
        "> A short quotation is part of an essay.",
        "- Item one of a list in an essay",
        "No.",
        "ὕβρις, he said.",
    ],
)
def test_what_only_looks_strange_is_kept(paragraph):
    found = screen(f"{OWN}\n\n{paragraph}\n\n{OTHER} {OWN}\n")
    assert len(found.paragraphs) == 3
    assert not found.left_out


def of(*parts):
    """A text and its runs, from texts with their sources."""
    return "".join(text for text, _ in parts), tuple((len(text), by) for text, by in parts if text)


def test_pasted_text_the_files_own_and_the_models_is_not_the_writers():
    text, runs = of(
        (f"{OWN}\n\n", WRITER),
        (f"{OTHER}\n\n", PASTE),
        (f"{OWN[::-1]}\n\n", FILE),
        (OTHER.upper(), MODEL),
    )
    found = screen(text, runs)
    assert found.paragraphs == (OWN,)
    assert set(found.left_out) == {Reason.PASTED, Reason.MODEL}


def test_accepted_words_come_along_in_a_sentence_of_the_writers_once_they_have_stood():
    text, runs = of((OWN, WRITER), (" and the gulls were quiet.", MODEL))
    assert screen(text, runs).paragraphs == (text,)
    found = screen(text, runs, fresh=frozenset({"s1"}))
    assert found.paragraphs == ()
    assert found.left_out == {Reason.FRESH: len(text)}


def test_the_writers_sentences_are_kept_where_the_model_wrote_most_of_their_paragraph():
    first, second = "The boats went out early.", "Nobody said a word."
    text, runs = of(
        (f"*{first}* ", WRITER),
        (f"{OTHER.upper()} ", MODEL),
        (f"{second} The gulls were there. ", WRITER),
        ("Pasted from somewhere else it is.", PASTE),
    )
    found = screen(text, runs)
    assert found.paragraphs == (first, f"{second} The gulls were there.")
    assert set(found.left_out) == {Reason.MODEL, Reason.PASTED}
    assert found.left_out[Reason.PASTED] in (33, 34)


def test_each_character_is_left_out_once():
    text, runs = of((f"{OTHER} ", MODEL), ("Marta Quill said that she would come.", WRITER))
    found = screen(text, runs, private=OwnWords(["Marta Quill"]))
    assert (found.paragraphs, found.left_out) == ((), {Reason.PRIVATE: len(text)})
    text, runs = of((f"{OTHER} ", MODEL), ("So it was.", WRITER))
    assert screen(text, runs).left_out == {Reason.MODEL: len(text)}


def test_a_scrap_of_the_writers_beside_the_models_text_is_not_learned():
    text, runs = of((OTHER, MODEL), (" So it was.", WRITER))
    assert screen(text, runs).paragraphs == ()


def test_of_two_versions_the_newest_is_learned_from():
    draw = random.Random(1)
    words = [f"word{number}" for number in range(900)]
    chapter = [" ".join(draw.choices(words, k=30)) for _ in range(8)]
    old = screen("\n\n".join(chapter) + "\n\nNo.")
    new = screen("\n\n".join([*chapter[:7], "Something else stands here now, at the end of it."]))
    first, second = without_repeats([old, new])
    assert second.paragraphs == new.paragraphs
    assert not any(text in first.paragraphs for text in chapter[:7])
    assert "No." not in first.paragraphs
    assert Reason.REPEATED in first.left_out


def test_a_heading_that_nothing_follows_goes():
    found = screen(f"# One\n\n## Two\n\n{OWN}\n\n# Three\n")
    assert found.paragraphs == ("Two", OWN)


@given(st.text(alphabet="ab *_`#>-\n|<!é", max_size=200))
def test_blocks_are_in_order_and_within_the_text(text):
    place = 0
    for block in blocks(text):
        assert place <= block.start <= block.end <= len(text)
        assert isinstance(block.kind, Kind)
        place = block.end
    kept = sum(map(len, screen(text).paragraphs))
    assert kept <= len(text)
