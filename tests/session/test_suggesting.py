"""The life of a ghost, without a terminal and without a model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from engines import READY
from headless import headless
from recorder import Recorder

from cowrite.core.context import Context
from cowrite.core.edits import Origin, Part
from cowrite.core.events import PANE, Arranged, Closed, Edited, Generated, Requested, Shown
from cowrite.core.outcome import Closing
from cowrite.core.provenance import Author
from cowrite.core.suggestion import Candidate, Fit, Params, StopReason, Timings, Token
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, Done, EngineState, Failed, Finished, Ordered
from cowrite.session.options import RequestOptions
from cowrite.session.ordering import scores_of
from cowrite.session.ports import EngineStatus


@dataclass
class Asked:
    """An engine that notes what it is asked and never answers by itself."""

    requests: list[tuple[str, Context, Params]] = field(default_factory=list)
    cancelled: list[str | None] = field(default_factory=list)
    warmed: list[Context] = field(default_factory=list)
    status: EngineStatus = READY

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None:
        self.warmed.append(context)

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        self.requests.append((request_id, context, params))

    def cancel(self, request_id: str | None = None) -> None:
        self.cancelled.append(request_id)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def candidate(text: str, logprob: float = -1.0) -> Candidate:
    return Candidate(text, (Token(text, logprob),), StopReason.SENTENCE)


class Desk:
    """A session at the end of `text`, its engine ready, and what it did."""

    def __init__(
        self,
        text: str = "The sea was",
        *,
        options: RequestOptions | None = None,
        at: int | None = None,
    ):
        self.log = Recorder()
        self.engine = Asked()
        self.clock = Clock()
        self.session = headless(
            text, self.log, engine=self.engine, options=options, own=True, clock=self.clock
        )
        place = len(text) if at is None else at
        self.session.select(place, place)

    def tell(self, state: EngineState, reason: str = "") -> None:
        """The engine is in another state."""
        self.engine.status = replace(READY, state=state, reason=reason)
        self.session.engine_changed()

    def answer(self, *texts: str, done: bool = True) -> str:
        """Stream and finish candidates for the last request."""
        identity = self.engine.requests[-1][0]
        for index, text in enumerate(texts):
            for character in text:
                self.session.answers.receive(Chunk(identity, index, character))
        if done:
            ended = tuple(candidate(text) for text in texts)
            for index, value in enumerate(ended):
                self.session.answers.receive(Finished(identity, index, value))
            self.session.answers.receive(Done(identity, ended, 4, 3, Timings(1.0, 2.0, 3.0)))
        return identity

    @property
    def text(self) -> str:
        return self.session.document.text

    def closings(self) -> list[Closing]:
        return [closed.closing for closed in self.log.of(Closed)]


def test_a_ghost_streams_and_is_not_in_the_draft():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm.", "", "", done=False)
    assert desk.session.ghost == " calm."
    assert desk.text == "The sea was"
    assert not desk.session.buffer.dirty
    assert [shown.candidate for shown in desk.log.of(Shown)] == [0]


def test_accepting_is_one_undo_step_and_is_the_models():
    desk = Desk()
    desk.session.requests.ask()
    identity = desk.answer(" calm and grey.", " wild.", " gone.")
    assert desk.session.accepting.accept(Part.ALL) == " calm and grey."
    assert desk.text == "The sea was calm and grey."
    assert desk.closings() == [Closing.TAKEN]
    length, source = list(desk.session.provenance)[-1]
    assert (length, source.author, source.suggestion_id) == (15, Author.MODEL, identity)
    assert desk.session.undo()
    assert desk.text == "The sea was"
    assert desk.session.redo()
    assert desk.text == "The sea was calm and grey."
    assert list(desk.session.provenance)[-1] == (length, source)


def test_word_by_word_then_the_rest():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm and grey.", " wild.", " gone.")
    assert desk.session.accepting.accept(Part.WORD) == " calm"
    assert desk.session.ghost == " and grey."
    assert desk.session.accepting.accept(Part.WORD) == " and"
    assert desk.session.accepting.accept(Part.ALL) == " grey."
    assert desk.text == "The sea was calm and grey."
    assert desk.closings() == [Closing.TAKEN]
    parts = [edited.edit.part for edited in desk.log.of(Edited)]
    assert parts == [Part.WORD, Part.WORD, Part.ALL]


def test_undo_of_a_word_gives_it_back_to_the_ghost():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm and grey.", "", "")
    desk.session.accepting.accept(Part.WORD)
    desk.session.undo()
    assert desk.text == "The sea was"
    assert desk.session.ghost == " calm and grey."
    assert desk.session.suggestion is not None
    assert desk.session.suggestion.position == 11


def test_typing_through_and_backspace():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm.", " cold.", "")
    for character in " ca":
        desk.session.type(character)
    assert desk.session.ghost == "lm."
    desk.session.delete(13, 14)
    assert desk.session.ghost == "alm."
    assert desk.session.suggestions.cycle(1)
    assert desk.session.ghost == "old."
    for character in "old.":
        desk.session.type(character)
    assert desk.text == "The sea was cold."
    assert desk.closings() == [Closing.TAKEN]
    assert {source.author for _, source in desk.session.provenance} == {Author.WRITER}


def test_typing_something_else_drops_it():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm.", "", "", done=False)
    desk.session.type(" w")
    assert desk.session.suggestion is None
    assert desk.text == "The sea was w"
    assert desk.closings() == [Closing.TYPED]
    assert desk.engine.cancelled == [desk.engine.requests[-1][0]]


def test_escape_is_an_explicit_no_but_not_before_there_is_text():
    desk = Desk()
    desk.session.requests.ask()
    desk.session.suggestions.reject()
    desk.session.requests.ask()
    desk.answer(" calm.", "", "")
    desk.session.suggestions.reject()
    assert desk.closings() == [Closing.CANCELLED, Closing.REJECTED]
    assert not desk.session.suggestions.reject()


def test_asking_again_is_linked_to_what_it_replaces():
    desk = Desk()
    desk.session.requests.ask()
    first = desk.answer(" calm.", "", "")
    desk.session.requests.ask()
    assert desk.closings() == [Closing.REGENERATED]
    assert desk.log.of(Requested)[-1].parent_id == first


def test_looking_at_the_pane_puts_no_other_candidate_into_the_draft():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer("", " wild.", "", done=False)
    assert desk.session.ghost == ""
    desk.session.suggestions.did_show(1, PANE)
    assert desk.session.ghost == ""
    assert desk.session.suggestion is not None
    assert desk.session.suggestion.index == 0
    assert desk.log.of(Shown) == [Shown(desk.engine.requests[-1][0], 1, PANE)]


def test_a_late_answer_to_a_dropped_request_is_logged_and_not_shown():
    desk = Desk()
    desk.session.requests.ask()
    desk.session.type("x")
    desk.answer(" calm.", " b.", " c.")
    assert desk.session.ghost == ""
    assert [c.text for c in desk.log.of(Generated)[0].candidates] == [" calm.", " b.", " c."]
    assert desk.log.of(Shown) == []


def test_cycling_shows_each_candidate_once_a_time():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" a.", " b.", " c.")
    for expected in (" b.", " c.", " a."):
        assert desk.session.suggestions.cycle(1)
        assert desk.session.ghost == expected
    assert desk.session.suggestions.cycle(-1)
    assert desk.session.ghost == " c."
    assert [shown.candidate for shown in desk.log.of(Shown)] == [0, 1, 2, 0, 2]


def test_the_final_texts_replace_what_was_streamed():
    desk = Desk()
    desk.session.requests.ask()
    identity = desk.engine.requests[-1][0]
    desk.session.answers.receive(Chunk(identity, 0, " calm"))
    desk.session.answers.receive(
        Done(identity, (candidate(""), candidate(" wild."), candidate("")), 1, 0, Timings())
    )
    assert desk.session.ghost == " wild."
    assert not desk.session.suggestions.cycle(1)


def test_the_context_is_the_draft_around_the_cursor():
    desk = Desk("One.\r\nTwo. Three.", at=10)
    desk.session.requests.ask()
    _, context, _ = desk.engine.requests[-1]
    assert (context.before, context.after) == ("One.\nTwo.", " Three.")
    desk.answer(" a\nb.", "", "")
    desk.session.accepting.accept(Part.ALL)
    assert desk.text == "One.\r\nTwo. a\r\nb. Three."
    assert desk.session.cursor == 16


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_a_ghost_of_several_lines_is_taken_and_given_back_with_the_draft_s_endings(ending: str):
    desk = Desk(f"One.{ending}Two.")
    desk.session.requests.ask()
    desk.answer(" a\nb\nc.", "", "")
    assert desk.session.accepting.accept(Part.PARAGRAPH) == " a"
    desk.session.type("\n")
    assert desk.session.ghost == "b\nc."
    assert desk.session.accepting.accept(Part.WORD) == "b"
    desk.session.undo()
    assert desk.session.ghost == "b\nc."
    desk.session.accepting.accept(Part.ALL)
    assert desk.text == f"One.{ending}Two. a{ending}b{ending}c."
    assert desk.closings() == [Closing.TAKEN]


def test_edited_before_accepting():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm.", "", "")
    desk.session.accepting.accept_edited(" calm, almost.")
    assert desk.text == "The sea was calm, almost."
    edit = desk.log.of(Edited)[-1].edit
    assert (edit.origin, edit.part) == (Origin.SUGGESTION, Part.PANE)
    assert desk.closings() == [Closing.TAKEN]


def test_words_added_in_the_pane_are_the_writers():
    desk = Desk()
    desk.session.requests.ask()
    identity = desk.answer(" calm and grey.", "", "")
    desk.session.accepting.accept_edited(" calm but not grey.")
    assert [
        (length, source.author, source.suggestion_id)
        for length, source in list(desk.session.provenance)[1:]
    ] == [
        (6, Author.MODEL, identity),
        (7, Author.WRITER, None),
        (6, Author.MODEL, identity),
    ]
    desk.session.undo()
    assert desk.text == "The sea was"


def test_l9_white_space_and_signs_alone_are_not_kept_in_the_pane():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm and wide and grey.", "", "")
    desk.session.accepting.accept_edited(" to it.")
    assert desk.text == "The sea was to it."
    assert Author.MODEL not in {source.author for _, source in desk.session.provenance}


def test_moving_the_cursor_closes_it():
    desk = Desk()
    desk.session.requests.ask()
    desk.answer(" calm.", "", "")
    desk.session.select(3, 3)
    assert desk.closings() == [Closing.MOVED]


def test_a_failed_engine_costs_one_suggestion_and_says_so():
    desk = Desk()
    desk.session.requests.ask()
    identity = desk.engine.requests[-1][0]
    desk.session.answers.receive(
        Failed(identity, "The model process ended.", "It is starting again.")
    )
    assert desk.session.suggestion is None
    assert desk.log.of(Generated)[0].error == "The model process ended."
    desk.tell(EngineState.READY)
    desk.session.requests.ask()
    desk.answer(" calm.", "", "")
    assert desk.session.ghost == " calm."


def test_nothing_is_asked_without_a_model():
    desk = Desk()
    desk.tell(EngineState.NO_MODEL, "the file is truncated")
    desk.session.requests.ask()
    assert desk.engine.requests == []
    assert desk.session.suggestion is None


def test_run_ahead_warms_once_a_place_and_auto_waits_for_the_pause():
    desk = Desk(options=RequestOptions(auto=True, auto_pause=1.0, auto_threshold=-2.0))
    desk.session.type("!")
    desk.session.pauses.tick()
    assert desk.engine.warmed == []
    desk.clock.now += 0.2
    desk.session.pauses.tick()
    desk.session.pauses.tick()
    assert [context.before for context in desk.engine.warmed] == ["The sea was!"]
    assert desk.engine.requests == []
    desk.clock.now += 1.0
    desk.session.pauses.tick()
    assert len(desk.engine.requests) == 1


@pytest.mark.parametrize(("logprob", "shown"), [(-1.0, True), (-3.0, False)])
def test_a_ghost_nobody_asked_for_must_be_likely(logprob: float, shown: bool):
    desk = Desk(options=RequestOptions(auto=True, auto_threshold=-2.0))
    desk.session.requests.ask(auto=True)
    identity = desk.engine.requests[-1][0]
    desk.session.answers.receive(Chunk(identity, 0, " calm."))
    assert desk.session.ghost == ""
    value = candidate(" calm.", logprob)
    desk.session.answers.receive(Finished(identity, 0, value))
    assert bool(desk.session.ghost) is shown
    assert bool(desk.log.of(Shown)) is shown


def test_off_means_no_compute():
    desk = Desk(options=RequestOptions(run_ahead=False, auto=False))
    desk.session.type("!")
    desk.clock.now += 100
    desk.session.pauses.tick()
    assert desk.engine.warmed == []
    assert desk.engine.requests == []


# What follows counts


def settled(desk: Desk, fits: tuple[float | None, ...], *texts: str, ahead: bool) -> None:
    """The engine answers with this order, known before the first text (ahead) or with the last."""
    identity = desk.engine.requests[-1][0]
    order = tuple(sorted(range(len(fits)), key=lambda n: -(fits[n] or -99.0)))
    ordered = Ordered(identity, Fit(order, fits))
    receive = desk.session.answers.receive
    if ahead:
        receive(ordered)
    receive(Chunk(identity, 0, texts[0]))
    ended = tuple(candidate(text) for text in texts)
    for index, value in enumerate(ended):
        receive(Finished(identity, index, value))
    if not ahead:
        receive(ordered)
    receive(Done(identity, ended, 4, 3, Timings(1.0, 2.0, 3.0)))


def test_what_was_read_while_it_grew_stays_and_the_others_are_put_in_order():
    desk = Desk()
    desk.session.requests.ask()
    settled(desk, (-9.0, -8.0, -3.0), " blue.", " wide.", " calm.", ahead=False)
    assert desk.session.suggestions.ghost == " blue."
    assert desk.session.suggestions.current.in_order == (0, 2, 1)
    assert desk.log.of(Arranged) == [
        Arranged(desk.engine.requests[-1][0], (0, 2, 1), (-9.0, -8.0, -3.0))
    ]


def test_of_what_was_written_ahead_the_best_is_shown_at_once():
    desk = Desk()
    desk.session.requests.ask()
    settled(desk, (-9.0, None, -3.0), " blue.", "", " calm.", ahead=True)
    assert desk.session.suggestions.ghost == " calm."
    assert [shown.candidate for shown in desk.log.of(Shown)] == [2]
    assert desk.session.suggestions.current.in_order[:2] == (2, 0)


def test_what_is_learned_and_what_follows_are_weighed_together():
    fit = Fit((1, 0), (-5.0, -4.0))
    assert scores_of({}, None) == {}
    assert scores_of({}, fit)[1] > scores_of({}, fit)[0]
    alike = scores_of({0: 0.5, 1: 0.5}, fit)
    assert alike[1] - alike[0] == pytest.approx(1.0)
    sure = scores_of({0: 0.9, 1: 0.1}, fit)
    assert sure[0] > sure[1]
    assert scores_of({0: 0.9, 1: 0.1}, None)[0] > 0 > scores_of({0: 0.9, 1: 0.1}, None)[1]


def test_the_engine_is_warmed_for_the_request_that_would_be_made():
    desk = Desk(options=RequestOptions(run_ahead=True))
    expected = desk.session.requests.expected()
    desk.session.requests.ask()
    assert desk.engine.requests[-1][1:] == expected
    again = desk.session.requests.expected()
    assert again[1].seed != expected[1].seed
    desk.session.requests.ask()
    assert desk.engine.requests[-1][1:] == again
