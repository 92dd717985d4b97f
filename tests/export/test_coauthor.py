"""CoAuthor's format: our sessions rebuilt by its reference algorithm, and logs read and written again."""

import json
from pathlib import Path
from typing import Any

import pytest
from coauthor_reference import rebuild
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Scripted

from cowrite.core.edits import Origin, Part
from cowrite.core.events import Edited, Opened
from cowrite.core.outcome import Closing, Outcome
from cowrite.core.provenance import Author
from cowrite.core.replay import Replay
from cowrite.export.coauthor import file_name, session_lines
from cowrite.export.coauthor_reader import NotCoAuthor, read_session
from cowrite.feedback.outcomes import suggestion_rows

KEYS = {
    *("eventName", "eventSource", "eventTimestamp", "textDelta", "cursorRange", "currentDoc"),
    *("currentCursor", "currentSuggestions", "currentSuggestionIndex", "currentHoverIndex"),
    *("currentN", "currentMaxToken", "currentTemperature", "currentTopP"),
    *("currentPresencePenalty", "currentFrequencyPenalty"),
}
MASK = {Author.MODEL: "A", Author.FILE: "P", Author.WRITER: "U", Author.PASTE: "U"}


def mask_of(script: Scripted) -> str:
    return "".join(MASK[source.author] * length for length, source in script.provenance)


def lines_of(script: Scripted, *, code_points: bool = False) -> list[dict[str, Any]]:
    lines = list(session_lines(script.events, code_points=code_points))
    return [json.loads(json.dumps(line)) for line in lines]


def a_session() -> Scripted:
    script = Scripted("The 🦊 sat.")
    script.type(" It 😀 saw")
    script.ask("a", " a hen 🐔.", " a man.").show("a").show("a", 1, 1).show("a", 0, 1)
    script.take("a", " a", Part.WORD)
    script.take("a", " hen 🐔.", Part.ALL)
    script.close("a", Closing.TAKEN).change("🐔", "duck 🦆").type("Once. ", at=0)
    script.ask("b", " So.").show("b").close("b", Closing.REJECTED).type(" End")
    return script.save().end()


@pytest.mark.parametrize("code_points", [False, True])
def test_the_reference_rebuilds_text_and_mask_with_emoji(code_points: bool) -> None:
    script = a_session()
    text, mask = rebuild(lines_of(script, code_points=code_points), utf16=not code_points)
    assert text == script.document.text
    assert mask == mask_of(script)
    assert "A" in mask
    assert "P" in mask


def test_offsets_are_utf16_units() -> None:
    script = Scripted("🦊")
    script.edit(1, 1, "x")
    _, insert = lines_of(script)
    assert insert["textDelta"] == {"ops": [{"retain": 2}, {"insert": "x"}]}
    assert insert["currentCursor"] == 3


def test_an_acceptance_is_select_close_insert() -> None:
    script = Scripted("One")
    script.ask("a", " two").accept("a")
    lines = lines_of(script)
    assert [(line["eventName"], line["eventSource"]) for line in lines] == [
        ("system-initialize", "api"),
        ("suggestion-get", "user"),
        ("suggestion-open", "api"),
        ("suggestion-select", "user"),
        ("suggestion-close", "api"),
        ("text-insert", "api"),
    ]
    (offered,) = lines[2]["currentSuggestions"]
    assert offered["original"] == " two"
    assert offered["trimmed"] == "two"
    assert offered["probability"] == pytest.approx(100 * 2.718281828**-1.5)


def test_every_line_has_every_key_and_parameters_are_strings() -> None:
    for line in lines_of(a_session()):
        assert set(line) == KEYS
        assert isinstance(line["eventTimestamp"], int)
        assert all(isinstance(line[key], str) for key in sorted(KEYS) if key.startswith("currentT"))
        if line["textDelta"]:
            assert "retain" in line["textDelta"]["ops"][0]
        assert bool(line["currentDoc"]) is (line["eventName"] == "system-initialize")
        assert bool(line["currentSuggestions"]) is (line["eventName"] == "suggestion-open")


def test_a_suggestion_that_streams_is_opened_with_its_final_texts() -> None:
    script = Scripted("One")
    script.ask("a", " two").show("a")
    generated = script.events.pop(2)
    script.events.append(generated)
    opened = [one for one in session_lines(script.events) if one["eventName"] == "suggestion-open"]
    assert opened[0]["currentSuggestions"][0]["original"] == " two"


def test_undo_of_a_deletion_gives_the_model_its_text_back() -> None:
    script = Scripted("One")
    script.ask("a", " two").accept("a")
    script.type(" three")
    script.undo(script.edit(3, 9, ""))
    text, mask = rebuild(lines_of(script))
    assert text == "One two three"
    assert mask == mask_of(script) == "PPPAAAAUUUUUU"


@pytest.mark.parametrize("text", ["", "  \n", "\n\nIndented", "Text\n\n", "\u2003x "])
def test_white_space_around_the_first_document_survives_a_reader_that_strips(text: str) -> None:
    script = Scripted(text)
    script.type("x", at=len(text))
    rebuilt, _ = rebuild(lines_of(script))
    assert rebuilt == text + "x"


WRITING = st.lists(
    st.tuples(
        st.integers(0, 1000),
        st.integers(0, 4),
        st.text(alphabet="aé 😀🐔\n", max_size=4),
        st.sampled_from(["type", "paste", "accept", "undo"]),
    ),
    max_size=25,
)


@settings(max_examples=120, deadline=None)
@given(st.text(alphabet="a 😀\n", max_size=12), WRITING)
def test_any_session_is_rebuilt(first: str, actions: list[tuple[int, int, str, str]]) -> None:
    script = Scripted(first)
    undoable = []
    for number, (place, size, text, action) in enumerate(actions):
        start = place % (len(script.document) + 1)
        end = min(len(script.document), start + size)
        if action == "accept" and text:
            script.ask(str(number), text, at=start)
            undoable.append(script.accept(str(number)))
        elif action == "undo" and undoable:
            script.undo(undoable.pop())
        else:
            origin = Origin.PASTE if action == "paste" else Origin.TYPED
            undoable.append(script.edit(start, end, text, origin))
        if action != "undo":
            undoable = undoable[-1:]
        elif not undoable:
            undoable = []
    text, mask = rebuild(lines_of(script))
    assert text == script.document.text
    # What was in the file and came back by undo, or stood at its borders, was inserted for the format.
    assert mask.replace("P", "U") == mask_of(script).replace("P", "U")
    assert all(
        mine == "P" for mine, theirs in zip(mask_of(script), mask, strict=True) if theirs == "P"
    )


def written(folder: Path, lines: list[dict[str, Any]]) -> Path:
    path = folder / "session.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def exported(path: Path, **options: Any) -> list[dict[str, Any]]:
    _, events = read_session(path, **options)
    return list(session_lines(events, code_points=bool(options.get("code_points"))))


def test_our_own_export_is_read_and_exports_the_same(tmp_path: Path) -> None:
    lines = lines_of(a_session())
    path = written(tmp_path, lines)
    assert exported(path) == lines


def foreign_line(name: str, time: int, by: str = "user", **fields: Any) -> dict[str, Any]:
    return {
        "eventName": name,
        "eventSource": by,
        "eventTimestamp": 1_600_000_000_000 + time,
        "textDelta": "",
        "cursorRange": "",
        "currentDoc": "",
        "currentCursor": 4,
        "currentSuggestions": [],
        "currentSuggestionIndex": 0,
        "currentHoverIndex": "",
        "currentN": "5",
        "currentMaxToken": "30",
        "currentTemperature": "0.75",
        "currentTopP": "1",
        "currentPresencePenalty": "0.5",
        "currentFrequencyPenalty": "1.0",
        **fields,
    }


def foreign() -> list[dict[str, Any]]:
    menu = [
        {
            "index": i,
            "original": text,
            "trimmed": text.strip(),
            "probability": 2.5 - i,
            "source": "x",
        }
        for i, text in enumerate([" It purrs.\n", " It 😀 sleeps."])
    ]

    def insert(place: int, text: str, time: int, by: str = "user") -> dict[str, Any]:
        delta = {"ops": [{"retain": place}, {"insert": text}]}
        return foreign_line("text-insert", time, by, textDelta=delta)

    return [
        foreign_line("system-initialize", 0, "api", currentDoc="A 🐈.\n"),
        foreign_line("cursor-forward", 10, cursorRange={"index": 5, "length": 0}),
        insert(5, " Hm", 20),
        foreign_line(
            "text-insert",
            25,
            textDelta={
                "ops": [{"retain": 1}, {"delete": 1}, {"insert": "_"}, {"retain": 6}, {"delete": 1}]
            },
        ),
        foreign_line("suggestion-get", 30),
        foreign_line("suggestion-open", 900, "api", currentSuggestions=menu),
        foreign_line("suggestion-hover", 950, currentHoverIndex="1"),
        foreign_line("suggestion-down", 990, currentSuggestionIndex=1),
        foreign_line("suggestion-select", 2000, currentSuggestionIndex=1),
        foreign_line("suggestion-close", 2001, "api", currentSuggestionIndex=1),
        insert(7, "It 😀 sleeps.", 2002, "api"),
        foreign_line("cursor-select", 2500, cursorRange={"index": 0, "length": 4}),
        foreign_line("suggestion-get", 3000),
        foreign_line("suggestion-open", 3900, "api", currentSuggestions=menu[:1]),
        foreign_line("suggestion-close", 6000),
        foreign_line("suggestion-reopen", 6500),
        foreign_line("suggestion-close", 6600),
        foreign_line("suggestion-get", 7000),
        foreign_line("suggestion-fail", 7500, "api"),
        foreign_line("something-new", 8000, extra={"a": [1]}),
        insert(0, "\n", 8100),
    ]


def test_a_foreign_log_is_read_and_exports_the_same(tmp_path: Path) -> None:
    lines = foreign()
    path = written(tmp_path, lines)
    assert exported(path) == lines


def test_a_foreign_log_gives_text_mask_and_outcomes(tmp_path: Path) -> None:
    lines = foreign()
    info, events = read_session(written(tmp_path, lines))
    replay = Replay()
    for event in events:
        replay.apply(event.body)
    text, mask = rebuild(lines)
    assert replay.text == text
    got = "".join(MASK[source.author] * length for length, source in replay.runs)
    assert got == mask
    rows = list(suggestion_rows(info, events))
    assert [row.outcome for row in rows] == [Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNSEEN]
    assert rows[0].inserted_text == "It 😀 sleeps."
    assert rows[0].chosen == 1
    assert rows[0].shown_ms == 1101
    assert rows[0].latency_ms.first == 870
    assert rows[0].params.n == 5
    assert rows[2].error is not None
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert (info.origin, info.started_ms) == ("coauthor", 1_600_000_000_000)


def test_a_log_that_counts_code_points_is_known_by_its_offsets(tmp_path: Path) -> None:
    lines = [
        foreign_line("system-initialize", 0, "api", currentDoc="🐈🐈\n"),
        foreign_line("text-insert", 5, textDelta={"ops": [{"retain": 1}, {"insert": "x"}]}),
    ]
    info, events = read_session(written(tmp_path, lines))
    edit = next(event.body for event in events if isinstance(event.body, Edited))
    assert edit.edit.start == 1
    assert info.extra == {"offsets": "code points"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "does not begin"),
        (b"{", "line 1 is no JSON"),
        (b"[1]", "line 1 is no event"),
        (b'{"eventTimestamp": 5}', "no eventName"),
        (b'{"eventTimestamp": 5, "eventName": "text-insert"}', "does not begin"),
        (b"{}\n\xff\xfd", "line 2 is not text in UTF-8"),
        (b"\xff\xfe", "does not begin"),
    ],
)
def test_what_is_no_log_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    with pytest.raises(NotCoAuthor, match=said):
        read_session(path)


@pytest.mark.parametrize(
    "ops",
    [[{"retain": 50}, {"insert": "x"}], [{"retain": -1}, {"insert": "x"}], [5], [{"delete": 99}]],
)
def test_a_delta_that_does_not_fit_is_refused(tmp_path: Path, ops: list[Any]) -> None:
    lines = [
        foreign_line("system-initialize", 0, "api", currentDoc="abc\n"),
        foreign_line("text-insert", 5, textDelta={"ops": ops}),
    ]
    with pytest.raises(NotCoAuthor, match="event 2"):
        read_session(written(tmp_path, lines))


def test_names_of_files_cannot_leave_the_folder() -> None:
    assert file_name("abc-1") == "abc-1"
    assert "/" not in file_name("../../x")
    assert "." not in file_name("..")


def test_the_first_document_is_an_opening() -> None:
    lines = lines_of(Scripted("One two"))
    assert lines[0]["currentDoc"] == "One two\n"
    assert isinstance(Scripted("x").events[0].body, Opened)
