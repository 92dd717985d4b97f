"""A session told in lines."""

from __future__ import annotations

from scripted import Scripted

from cowrite.core.edits import Origin, Part
from cowrite.core.events import EngineChanged, Generated, SettingChanged
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Timings
from cowrite.logbook.replay.scene import offered
from cowrite.logbook.replay.timeline import EntryKind, timeline


def told(session: Scripted) -> list[tuple[str, str]]:
    """What is said and quoted, without the line for the opening."""
    lines = [(one.said, one.quoted) for one in timeline(session.events, offered(session.events))]
    assert lines[0][0] == "opened"
    return lines[1:]


def test_keystrokes_become_passages_that_end_with_words_and_pauses() -> None:
    session = Scripted().type("The old river ran slowly under a bridge of stone and on.")
    session.wait(6).type(" Nobody knew.")
    assert told(session) == [
        ("wrote", "The old river ran slowly under a bridge "),
        ("wrote", "of stone and on."),
        ("wrote", " Nobody knew."),
    ]
    entry = timeline(session.events, {})[2]
    assert session.events[entry.index].mono_ms == entry.at_ms == 50 * 40


def test_a_passage_is_what_is_left_of_it() -> None:
    session = Scripted("old").type("wrogn").backspace(2).type("ng")
    assert told(session) == [("wrote", "wrong")]
    session.backspace(8)
    assert told(session) == [("deleted", "old")]


def test_deleting_on_is_told_in_the_order_of_the_text() -> None:
    session = Scripted("abcdef")
    for _ in range(3):
        session.edit(1, 2, "")
    assert told(session) == [("deleted", "bcd")]


def test_typing_elsewhere_is_another_passage() -> None:
    session = Scripted("x").type("end").type("start", 0)
    assert told(session) == [("wrote", "end"), ("wrote", "start")]


def test_white_space_alone_is_no_line_but_a_paragraph_is() -> None:
    assert told(Scripted().type(" ")) == []
    assert told(Scripted().type("\n\n")) == [("began a paragraph", "")]


def test_a_suggestions_life_is_told() -> None:
    session = Scripted().ask("a", " one", " two").show("a", 0).show("a", 1)
    session.take("a", " t", Part.WORD, candidate=1)
    session.take("a", "w", Part.TYPED)
    session.take("a", "o", Part.TYPED)
    session.close("a", Closing.TAKEN, 1)
    session.ask("b", " x").show("b").close("b", Closing.REGENERATED)
    session.ask("c", " y", parent="b").show("c").close("c", Closing.REJECTED)
    session.ask("d", " z", auto=True).show("d").close("d", Closing.TYPED)
    assert told(session) == [
        ("asked", ""),
        ("shown 1/2", " one"),
        ("shown 2/2", " two"),
        ("took a word", " t"),
        ("typed along", "wo"),
        ("asked", ""),
        ("shown", " x"),
        ("asked again", ""),
        ("shown", " y"),
        ("refused", ""),
        ("asked by itself", ""),
        ("shown", " z"),
        ("wrote on instead", ""),
    ]
    stops = [one.kind for one in timeline(session.events, offered(session.events)) if one.is_stop]
    asked, took, no = EntryKind.ASKED, EntryKind.TOOK, EntryKind.REFUSED
    assert stops == [asked, took, took, asked, asked, no, asked, no]


def test_a_list_of_candidates_is_one_line() -> None:
    session = Scripted().ask("a", " one", " two", " three")
    for index in range(3):
        session.show("a", index, 0, "pane")
    session.close("a", Closing.TAKEN, 2)
    session.take("a", " three", candidate=2)
    assert told(session) == [("asked", ""), ("shown 3", " one"), ("took", " three")]


def test_many_edits_of_one_step_are_one_line() -> None:
    session = Scripted("a a a")
    for place in (0, 2, 4):
        session.edit(place, place + 1, "b", Origin.REPLACE)
    session.wait(1)
    first = session.edit(5, 5, "pasted", Origin.PASTE)
    session.wait(1).undo(first)
    session.edit(0, 2, "", Origin.CUT)
    assert told(session) == [("replaced", "b"), ("pasted", "pasted"), ("undid", ""), ("cut", "b ")]


def test_the_rest_is_told_and_what_is_nobodys_business_is_not() -> None:
    session = Scripted().focus(False)
    session._log(SettingChanged("editor.focus", "sentence"))
    session._log(SettingChanged("coauthor", '{"line": 1}'))
    session._log(EngineChanged("restarting", "it ended"))
    session._log(Generated("x", (), Timings(), error="The model process ended."))
    session.save().end()
    assert told(session) == [
        ("set editor.focus", "sentence"),
        ("model: restarting", "it ended"),
        ("the model failed", "The model process ended."),
        ("saved", ""),
        ("ended", ""),
    ]
