"""What redaction finds, what it leaves alone, and that nothing slips over a border."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import Scripted

from cowrite.core.events import Edited, Opened
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
    masked = [mask_event(event) for event in script.events]
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
