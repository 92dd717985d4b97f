"""The player: what is shown at a moment, playing, jumping."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Scripted

from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.events import Edited, Moved, Stamped
from cowrite.core.outcome import Closing
from cowrite.core.replay import Replay, ReplayError
from cowrite.export.coauthor import session_lines
from cowrite.export.coauthor_reader import read_session
from cowrite.logbook.replay import keyframes as reel
from cowrite.logbook.replay import player as player_module
from cowrite.logbook.replay.player import Player

LAMPS = " The lamps were lit."


class Mirror:
    """Keeps the draft's lines by nothing but what it is told."""

    def __init__(self) -> None:
        self.player: Player | None = None
        self.lines = [""]

    def changed(self, first: int, before: int, after: int) -> None:
        assert self.player is not None
        fresh = self.player.document.text.split("\n")[first : first + after]
        self.lines[first : first + before] = fresh

    def moved(self) -> None:
        pass

    def ghosted(self) -> None:
        pass


def asked() -> Scripted:
    """Typing, a request of two candidates, both seen."""
    session = Scripted("Begun.\n").wait(1).type("It was dark.").wait(1)
    session.ask("s1", LAMPS, " Nobody came.").wait(0.5)
    return session


def played(session: Scripted) -> Player:
    player = Player(session.events)
    player.go_end()
    return player


# Ghosts


def test_the_ghost_is_there_from_shown_to_closed() -> None:
    session = asked()
    player = played(session)
    assert player.ghost == ""
    session.show("s1")
    player = played(session)
    assert player.suggestion is not None
    assert (player.ghost, player.suggestion.position) == (LAMPS, len("Begun.\nIt was dark."))
    assert player.suggestion.choices == [0, 1]
    assert LAMPS not in player.document.text
    session.show("s1", 1)
    assert played(session).ghost == " Nobody came."
    session.close("s1", Closing.REJECTED, 1)
    player = played(session)
    assert (player.ghost, player.suggestion) == ("", None)


def test_what_is_taken_leaves_the_ghost_for_the_draft() -> None:
    session = asked().show("s1")
    session.take("s1", " The", Part.WORD)
    player = played(session)
    assert player.ghost == " lamps were lit."
    session.take("s1", " ", Part.TYPED)
    assert played(session).ghost == "lamps were lit."
    session.backspace(1)
    assert played(session).ghost == " lamps were lit."
    session.place["s1"] -= 1
    session.take("s1", " lamps were lit.")
    session.close("s1", Closing.TAKEN)
    player = played(session)
    assert player.ghost == ""
    assert player.document.text.endswith("It was dark. The lamps were lit.")
    model = [length for length, source in player.provenance if source.suggestion_id == "s1"]
    assert model == [len(LAMPS)]


def test_undoing_gives_back_to_the_ghost() -> None:
    session = asked().show("s1")
    edit = session.take("s1", " The", Part.WORD)
    session.undo(edit)
    player = played(session)
    assert player.ghost == LAMPS


def test_a_ghost_takes_line_breaks_as_the_draft_has_them() -> None:
    session = Scripted("a\r\n").ask("s1", "b\nc\nd").show("s1")
    session.take("s1", "b\r\nc", Part.SENTENCE)
    assert played(session).ghost == "\nd"


def test_edits_elsewhere_move_the_ghost_and_edits_in_its_place_end_it() -> None:
    session = asked().show("s1")
    session.edit(0, 0, "Now: ")
    player = played(session)
    assert player.suggestion is not None
    assert player.suggestion.position == len(player.document)
    session.edit(len(session.document), len(session.document), "x")
    assert played(session).ghost == ""


def test_a_text_changed_in_the_pane_ends_the_ghost() -> None:
    session = asked().show("s1")
    session.take("s1", " The lights were lit.", Part.PANE)
    assert played(session).ghost == ""


def test_of_a_list_the_first_candidate_stands_in_place_until_one_is_taken() -> None:
    session = asked()
    session.show("s1", 0, 0, "pane").show("s1", 1, 1, "pane")
    assert played(session).ghost == LAMPS
    session.take("s1", " Nobody", Part.WORD, candidate=1)
    assert played(session).ghost == " came."


def test_a_candidate_that_the_log_does_not_hold_is_not_shown() -> None:
    session = asked().show("s1", 7).show("unknown")
    assert played(session).suggestion is None


def test_a_session_of_coauthors_is_played(tmp_path: Path) -> None:
    script = asked().show("s1").show("s1", 1)
    script.take("s1", " Nobody came.", candidate=1)
    script.close("s1", Closing.TAKEN, 1).wait(1).type(" So?").end()
    path = tmp_path / "session.jsonl"
    with path.open("wb") as out:
        for one in session_lines(script.events):
            out.write(json.dumps(one).encode() + b"\n")
    _, events = read_session(path)
    player = Player(events)
    player.next_stop()
    assert (player.document.text, player.ghost) == ("Begun.\nIt was dark.", "")
    player.skip(0.6)
    assert player.ghost == LAMPS
    player.next_stop()
    assert player.document.text == "Begun.\nIt was dark. Nobody came."
    assert [entry.said for entry in player.entries] == [
        "opened", "wrote", "asked", "shown 2", "took", "wrote", "ended",
    ]  # fmt: skip
    player.go_end()
    assert player.document.text == script.document.text


# Jumping

ACT = st.tuples(
    st.sampled_from(["type", "delete", "line", "move", "word", "take", "paste", "wait"]),
    st.integers(0, 60),
)


def scripted(acts: list[tuple[str, int]]) -> Scripted:
    session = Scripted("One line.\nAnd another.\n")
    for number, (act, place) in enumerate(acts):
        at = place % (len(session.document) + 1)
        match act:
            case "type":
                session.type("word ", at)
            case "delete":
                session.edit(at, min(len(session.document), at + place % 7), "")
            case "line":
                session.edit(at, at, "\n\n")
            case "move":
                session._log(Moved(at, at))
            case "paste":
                session.edit(at, min(len(session.document), at + 3), "pasted\n", Origin.PASTE)
            case "word" | "take":
                name = f"s{number}"
                session.ask(name, LAMPS, " Or.", at=at).show(name, place % 2, 0.3)
                if act == "take":
                    session.take(name, candidate=place % 2)
                    session.close(name, Closing.TAKEN, place % 2)
                else:
                    session.take(name, LAMPS[:4], Part.WORD)
            case "wait":
                session.wait(place)
    return session.save().end()


@pytest.fixture(autouse=True)
def near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short sessions take every way to a moment that long ones do."""
    monkeypatch.setattr(reel, "_APART", 7)
    monkeypatch.setattr(player_module, "_STEPS", 4)


@settings(max_examples=60, deadline=None)
@given(st.lists(ACT, max_size=25), st.lists(st.integers(0, 1000), max_size=12))
def test_every_moment_is_what_the_events_before_it_made(
    acts: list[tuple[str, int]], jumps: list[int]
) -> None:
    events = scripted(acts).events
    straight, ghosts = Replay(), []
    states = []
    slow = Player(events[:1])
    for count, stamped in enumerate(events, 1):
        straight.apply(stamped.body)
        slow = Player(events[:count])
        slow.go_end()
        states.append((straight.text, straight.runs, straight.selection))
        ghosts.append((slow.ghost, slow.suggestion and slow.suggestion.position))
    mirror = Mirror()
    player = Player(events)
    mirror.lines = player.document.text.split("\n")
    mirror.player, player.watcher = player, mirror
    for jump in jumps:
        player.prepare(0 if jump % 3 else 0.001)
        player.go_event(jump % len(events))
        now = (player.document.text, tuple(player.provenance), player.selection)
        assert now == states[player.at - 1]
        assert (player.ghost, player.suggestion and player.suggestion.position) == ghosts[
            player.at - 1
        ]
        assert "\n".join(mirror.lines) == player.document.text


def test_a_jump_to_a_time_is_behind_all_that_had_happened_by_then() -> None:
    events = scripted([("type", 3), ("wait", 30), ("take", 5), ("wait", 2)]).events
    player = Player(events)
    times = [stamped.mono_ms for stamped in events]
    for ms in (0, 30, times[4], times[4] + 1, 10**9, -5, times[-1] - 1):
        player.go(ms)
        reached = min(max(ms, 0), times[-1])
        assert player.at == sum(1 for one in times if one <= reached)
        assert player.now == reached


def test_stops_are_requests_decisions_and_saves() -> None:
    session = asked().show("s1").close("s1", Closing.REJECTED).type(" So it was.").wait(3)
    session.save().wait(1).end()
    player = Player(session.events)
    seen = []
    for _ in range(4):
        player.next_stop()
        seen.append(type(session.events[player.at - 1].body).__name__)
    assert seen == ["Requested", "Closed", "Saved", "Ended"]
    assert player.ended
    back = []
    for _ in range(4):
        player.previous_stop()
        back.append(type(session.events[player.at - 1].body).__name__)
    assert back == ["Saved", "Closed", "Requested", "Opened"]
    assert list(player.stop_shares) == sorted(player.stop_shares)


def test_while_it_is_played_going_back_leaves_what_was_just_passed() -> None:
    session = asked().wait(5).save().wait(5)
    session.save().wait(5).end()
    player = Player(session.events)
    player.skip_idle = False
    player.playing = True
    times = [one.mono_ms for one in session.events if type(one.body).__name__ == "Saved"]
    player.go(times[1] + 400)
    player.previous_stop()
    assert player.now == times[0]
    player.go(times[1] + 1500)
    player.previous_stop()
    assert player.now == times[1]


# Playing


def test_playing_reaches_the_end_and_stops_there() -> None:
    player = Player(asked().wait(2).end().events)
    player.playing = True
    player.skip_idle = False
    length = player.length_ms
    shown = []
    while player.playing:
        player.advance(0.25)
        shown.append(player.now)
    assert shown == list(accumulate([250.0] * (length // 250))) + (
        [float(length)] if length % 250 else []
    )
    assert player.share == 1
    player.toggle()
    assert (player.playing, player.now) == (True, 0)


def test_speed_counts_and_idle_time_is_shortened() -> None:
    session = Scripted().type("a").wait(600).type("b").wait(1).end()
    player = Player(session.events)
    player.playing = True
    player.speed = 4.0
    player.advance(0.25)
    assert player.now == 1000  # the first second of the pause
    player.advance(0.25)
    assert 599_000 < player.now <= 600_050
    player.go_start()
    player.skip_idle = False
    player.advance(0.5)
    assert player.now == 2000


def test_nothing_moves_while_paused() -> None:
    player = Player(asked().events)
    player.advance(5)
    assert (player.now, player.at) == (0, 1)


def test_speeds_have_ends() -> None:
    player = Player(asked().events)
    seen = []
    for _ in range(9):
        player.faster()
        seen.append(player.speed)
    assert seen == [2, 4, 8, 16, 32, 64, 64, 64, 64]
    for _ in range(9):
        player.slower()
    assert player.speed == 0.5
    player.speed = 3.0
    player.slower()
    assert player.speed == 2
    player.speed = 3.0
    player.faster()
    assert player.speed == 4


def test_a_share_leads_to_itself() -> None:
    player = Player(asked().wait(100).type("more").end().events)
    for share in (0.0, 0.25, 0.5, 0.9, 1.0):
        player.go_share(share)
        assert player.share == pytest.approx(share, abs=0.01)


# Damage


def damaged() -> list[Stamped]:
    session = asked().save()
    wrong = Edit(3, "not there", "x", Origin.TYPED)
    session._log(Edited(wrong))
    return session.type("lost", 0).end().events


@pytest.mark.parametrize("way", ["play", "jump", "prepare"])
def test_a_damaged_session_is_played_as_far_as_it_goes(way: str) -> None:
    events = damaged()
    whole = len(events)
    player = Player(events)
    if way == "play":
        player.playing = True
        while player.playing:
            player.advance(0.05)
    elif way == "prepare":
        assert player.prepare(60) is False
    else:
        player.go_end()
    assert isinstance(player.damage, ReplayError)
    player.go_end()
    assert player.document.text == "Begun.\nIt was dark."
    assert player.at < whole
    assert player.share == 1
    assert player.entries[-1].said == "saved"


def test_a_session_without_its_beginning_is_refused() -> None:
    for events in ([], asked().events[1:]):
        with pytest.raises(ReplayError, match="began"):
            Player(events)
