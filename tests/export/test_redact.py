"""What redaction finds, what it leaves alone, and that nothing slips over a border."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import Scripted

from cowrite.core.events import Edited, Opened
from cowrite.core.suggestion import Sampling, Token
from cowrite.export.redact import Redactor, is_card, mask
from cowrite.export.redact_rows import mask_event, redact_suggestion, shape
from cowrite.feedback.outcomes import suggestion_rows


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("write to jo.doe+x@mail.example.org.", "EMAIL", "jo.doe+x@mail.example.org"),
        ("see https://example.org/a?b=c#d, then", "URL", "https://example.org/a?b=c#d,"),
        ("at www.example.org now", "URL", "www.example.org"),
        ("pay with 4111 1111 1111 1111 today", "CARD", "4111 1111 1111 1111"),
        ("pay with 4111-1111-1111-1111", "CARD", "4111-1111-1111-1111"),
        ("to DE89 3704 0044 0532 0130 00 please", "IBAN", "DE89 3704 0044 0532 0130 00"),
        ("call +49 30 1234567 now", "PHONE", "+49 30 1234567"),
        ("call (415) 555-2671 now", "PHONE", "(415) 555-2671"),
        ("call 030/1234567", "PHONE", "030/1234567"),
        ("call 415-555-2671.", "PHONE", "415-555-2671"),
        ("key AKIAIOSFODNN7EXAMPLE here", "SECRET", "AKIAIOSFODNN7EXAMPLE"),
        ("ghp_" + "a1B2" * 9, "SECRET", "ghp_" + "a1B2" * 9),
        ("password: hunter22", "SECRET", "hunter22"),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.dozjgNryP4J3", "SECRET", None),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIB\nabc\n-----END PRIVATE KEY-----",
            "SECRET",
            None,
        ),
        ("token x9Kd83hfLq02nvPzR7sWmB4t ends", "SECRET", "x9Kd83hfLq02nvPzR7sWmB4t"),
    ],
)
def test_what_is_private_is_found_whole(text: str, kind: str, found: str | None) -> None:
    (span,) = Redactor().find(text)
    assert span[2] == kind
    assert text[span[0] : span[1]] == (found or text)


@pytest.mark.parametrize(
    "text",
    [
        "In 1914-1918 and 1939-1945, on 12.05.1984, some 10,000,000 people.",
        "Chapter 12: the 3rd of 4, at 10:30, for 1 250 000 crowns.",
        "He said: 'I pass. The word is out.' A token of love.",
        "Supercalifragilisticexpialidocious-and-a-half",
        "4111 1111 1111 1112",
        "1111 1111 1111 1111",
        "a @ b, half@home",
        "Room 101/102, pages 7-19.",
    ],
)
def test_prose_is_left_alone(text: str) -> None:
    assert Redactor().text(text) == text


def test_the_writers_words_are_found_in_any_case_and_whole() -> None:
    redactor = Redactor(["Anna", "Anna Berg", "", "c++"])
    assert (
        redactor.text("ANNA BERG met anna; Annabel wrote C++.")
        == "[WORD] met [WORD]; Annabel wrote [WORD]."
    )
    assert redactor.report.counts == {"WORD": 3}


OWN = [
    "Anna Karlsson",
    "O'Brien",
    "Jos\u00e9",
    "AT&T",
    "c++",
    "won\u00adderful",
    "Stra\u00dfe",
    "12",
]
OWN += ["\u5c71\u7530 \u592a\u90ce", "\uae40\ucca0\uc218", "I\u015f\u0131k", ".NET", "_why_", "***"]


@pytest.mark.parametrize(
    "text",
    [
        "_Anna Karlsson_",
        "O\u2019Brien",
        "O\u2018Brien",
        "O\u02bcBrien",
        "O\u00b4Brien",
        "O\\'Brien",
        "O&rsquo;Brien",
        "O&#39;Brien",
        "Anna\nKarlsson",
        "Anna\r\nKarlsson",
        "Anna  Karlsson",
        "Anna\u00a0Karlsson",
        "Anna\u3000\tKarlsson",
        "Anna&nbsp;Karlsson",
        "> Anna\n> Karlsson",
        "**Anna** *Karlsson*",
        "[Anna](https) Karlsson",
        "<b>Anna</b> Karlsson",
        "**A**nna Karlsson",
        "Anna Karls-\nson",
        "Anna Karls\u00ad\nson",
        "An\u00adna Karls\u200bson",
        "An\u200dna \u2060Karlsson",
        "Anna-Karlsson",
        "anna_karlsson",
        "AnnaKarlsson",
        "ANNA KARLSSON",
        "\uff21\uff4e\uff4e\uff41 Karlsson",
        "Jose\u0301",
        "JOS\u00c9",
        "Jose",
        "Jos&eacute;",
        "AT&amp;T",
        "STRASSE",
        "wonderful",
        "I\u015eIK",
        "\u5c71\u7530\u592a\u90ce",
        "why",
    ],
)
def test_t1_the_writers_words_are_found_however_they_are_written(text: str) -> None:
    """What is left has no letter of the name, within a sentence as well as alone."""
    for around in ("{}", "{}'s", "({}),", "It was {}\u2014yes.", "\u201c{}\u201d"):
        left = Redactor(OWN).text(around.format(text))
        assert left.count("[WORD]") == 1
        without = left.replace("[WORD]", "")
        for sign in ("It was", "yes", "'s", "https", "<b>", "</b>"):
            without = without.replace(sign, "")
        assert not any(map(str.isalnum, without)), left


def test_t1_words_end_where_their_script_ends_them() -> None:
    redactor = Redactor(OWN)
    assert redactor.text("\u5c71\u7530\u592a\u90ce\u306f") == "[WORD]\u306f"
    assert redactor.text("\uae40\ucca0\uc218\ub294") == "[WORD]\ub294"
    assert redactor.text("at 12, x12, room12b") == "at [WORD], x[WORD], room[WORD]b"


@pytest.mark.parametrize(
    "text",
    ["Josef", "Annabel Karlsson", "Anna Karlssoni", "112 120", "whyever", "a+b", "- *** -\n"],
)
def test_t1_other_words_stay(text: str) -> None:
    assert Redactor([word for word in OWN if word != "***"]).text(text) == text


@given(st.lists(st.text(max_size=8), max_size=4), st.text(max_size=60))
def test_t1_any_list_and_any_text_go_together(words: list[str], text: str) -> None:
    redactor = Redactor(words)
    places = redactor.find(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in places)
    assert all(one[1] <= other[0] for one, other in pairwise(places))


@given(st.text(alphabet="abA\u00e9\u4e00 '", min_size=1, max_size=6).filter(str.strip))
def test_t1_a_word_of_the_list_is_found_in_itself(word: str) -> None:
    if any(map(str.isalnum, word)):
        assert "[WORD]" in Redactor([word]).text(f"x {word} y")


def test_t1_what_holds_a_word_is_taken_out_with_it() -> None:
    redactor = Redactor(["Anna"])
    assert redactor.text("to anna@example.org, https://example.org/anna/1.") == "to [EMAIL], [URL]"


def test_t1_a_name_across_the_cursor_is_found() -> None:
    script = Scripted("Of Anna Karlsson here")
    script.ask("a", " and", " Anna", at=len("Of Anna Kar"))
    (row,) = suggestion_rows(script.end().info, script.events)
    redacted = redact_suggestion(row, Redactor(["Anna Karlsson"]))
    assert redacted.prefix == "Of [WORD]"
    assert redacted.suffix == " here"


def test_t1_a_drafts_name_alternatives_and_banned_phrases_are_redacted() -> None:
    script = Scripted("One", document_path="/home/jo/anna_karlsson letter.md")
    script.ask("a", " two").accept("a")
    (row,) = suggestion_rows(script.end().info, script.events)
    (first, *_) = row.candidates
    token = Token(" two", -0.1, ((" Anna", -2.0), (" three", -3.0)))
    row = replace(
        row,
        candidates=(replace(first, tokens=(token,)),),
        params=replace(row.params, sampling=Sampling(banned=("Anna", "sea"))),
    )
    redactor = Redactor(["Anna", "Anna Karlsson"])
    redacted = redact_suggestion(row, redactor)
    assert redacted.document == "[WORD] letter.md"
    assert redacted.candidates[0].tokens == (Token(" two", -0.1, ((" three", -3.0),)),)
    assert redacted.params.sampling.banned == ("[WORD]", "sea")
    masked = [mask_event(event, redactor) for event in script.events]
    assert "anna" not in repr(masked).lower()


def test_the_report_masks_what_it_shows() -> None:
    redactor = Redactor()
    redactor.text("jo@example.org and jo@example.org and +49 30 1234567")
    assert redactor.report.lines() == ["2 x EMAIL: jo…g", "1 x PHONE: +4…7"]
    assert mask("abc") == "…"


def test_luhn() -> None:
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")


def test_what_lies_across_the_border_of_draft_and_suggestion_is_found() -> None:
    script = Scripted("Mail to jo@exam")
    script.ask("a", "ple.org today.", "x.")
    script.accept("a")
    (row,) = suggestion_rows(script.end().info, script.events)
    redacted = redact_suggestion(row, Redactor())
    assert redacted.prefix == "Mail to [EMAIL]"
    assert redacted.candidates[0].text == "[EMAIL] today."
    assert redacted.inserted_text == redacted.final_text == "[EMAIL] today."
    assert "exam" not in repr(redacted)
    assert redacted.candidates[0].tokens == ()
    assert redacted.document == "story.md"


def test_tokens_stay_where_nothing_was_redacted() -> None:
    script = Scripted("One")
    script.ask("a", " two").accept("a")
    (row,) = suggestion_rows(script.end().info, script.events)
    assert redact_suggestion(row, Redactor()).candidates == row.candidates


@given(st.text())
def test_the_shape_is_as_long_and_holds_no_letter(text: str) -> None:
    masked = shape(text)
    assert len(masked) == len(text)
    assert all(one in "xX0" for one in masked if one.isalpha() or one.isdigit())


def test_events_are_masked_and_still_replay() -> None:
    script = Scripted("Secret 1 ", document_path="/home/jo/story.md")
    script.type("Word 2.").backspace(2)
    masked = [mask_event(event, Redactor()) for event in script.events]
    opened = masked[0].body
    assert isinstance(opened, Opened)
    assert (opened.text, opened.path) == ("Xxxxxx 0 ", "story.md")
    text = opened.text
    for event in masked[1:]:
        assert isinstance(event.body, Edited)
        edit = event.body.edit
        assert text[edit.start : edit.start + len(edit.deleted)] == edit.deleted
        text = text[: edit.start] + edit.inserted + text[edit.start + len(edit.deleted) :]
    assert text == "Xxxxxx 0 Xxxx "
