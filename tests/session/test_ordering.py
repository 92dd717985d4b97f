"""The learned order of candidates: what comes first, what stays as it is read, and what the log says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import msgspec
import pytest
from timed_desk import Port, TimedDesk, candidate

from cowrite.core.context import ContextPart, PartKind
from cowrite.core.events import PANE, Closed, Generated, Requested, Shown
from cowrite.core.outcome import Outcome
from cowrite.core.replay import Replay
from cowrite.engine.protocol import Chunk, Finished
from cowrite.learning.decisions import decisions
from cowrite.learning.features import NAMES
from cowrite.learning.order import Order, prior
from cowrite.learning.timing import Timing
from cowrite.session.options import RequestOptions

SURE = Order(3, NAMES, (0.0, *(2.0 if name == "mean" else 0.0 for name in NAMES)))
"""Who takes what the model is sure of: a quarter at a mean log-probability of about -1.9."""

LIKELY, USUAL, RARE = candidate(" cold.", -0.2), candidate(" wide.", -1.0), candidate(" odd.", -4.0)


def asked_by_itself(desk: TimedDesk) -> None:
    desk.session.requests.ask(auto=True)


def test_unasked_the_likeliest_comes_first_and_nothing_before_all_have_ended() -> None:
    desk = TimedDesk(order=SURE)
    asked_by_itself(desk)
    name = desk.engine.requests[-1][0]
    desk.session.answers.receive(Chunk(name, 0, " odd."))
    desk.session.answers.receive(Finished(name, 0, RARE))
    assert desk.session.ghost == ""
    desk.answer(RARE, USUAL, LIKELY)
    assert desk.session.ghost == " cold."
    assert desk.shown == [2]
    (made,) = desk.of(Generated)
    assert [one.text for one in made.candidates] == [" odd.", " wide.", " cold."]
    desk.session.suggestions.cycle(1)
    assert desk.session.ghost == " wide."
    assert desk.shown == [2, 1]


def test_what_is_not_likely_enough_stays_away_and_the_log_tells() -> None:
    desk = TimedDesk(order=SURE)
    asked_by_itself(desk)
    desk.answer(RARE, candidate(" strange.", -5.0))
    assert desk.session.ghost == ""
    assert desk.shown == []
    desk.session.type("!")
    (row,) = desk.rows()
    assert (row.outcome, row.shown, row.learned) == (Outcome.UNSEEN, (), "order 3")
    assert len(row.candidates) == 2


def test_an_explicit_ask_shows_whatever_comes_and_at_once() -> None:
    desk = TimedDesk(order=SURE)
    desk.session.requests.ask()
    name = desk.engine.requests[-1][0]
    desk.session.answers.receive(Chunk(name, 0, " od"))
    assert desk.session.ghost == " od"
    desk.answer(RARE, USUAL, LIKELY)
    assert desk.session.ghost == " odd."
    # Behind the ghost that is read, the likelier one comes first; the ghost is the first of three.
    assert desk.session.suggestion is not None
    assert desk.session.suggestion.in_order == (0, 2, 1)
    desk.session.suggestions.cycle(1)
    assert desk.session.ghost == " cold."
    desk.session.suggestions.cycle(1)
    assert desk.session.ghost == " wide."
    assert desk.shown == [0, 2, 1]


def test_nothing_is_exchanged_where_others_were_read() -> None:
    for look in (
        lambda desk: desk.session.suggestions.did_show(1, PANE),
        lambda desk: desk.session.suggestions.cycle(1),
    ):
        desk = TimedDesk(order=SURE)
        desk.session.requests.ask()
        name = desk.engine.requests[-1][0]
        for index, text in enumerate((" odd.", " wide.", " cold.")):
            desk.session.answers.receive(Chunk(name, index, text))
        look(desk)
        assert desk.session.suggestion is not None
        before = desk.session.suggestion.index
        desk.answer(RARE, USUAL, LIKELY)
        assert desk.session.suggestion.in_order == (0, 1, 2)
        assert desk.session.suggestion.index == before


def test_what_was_begun_to_be_taken_is_not_exchanged() -> None:
    desk = TimedDesk(order=SURE)
    desk.session.requests.ask()
    name = desk.engine.requests[-1][0]
    desk.session.answers.receive(Chunk(name, 0, " odd"))
    desk.session.type(" od")
    desk.answer(RARE, USUAL, LIKELY)
    assert desk.session.ghost == "d."


def test_the_order_is_logged_with_each_request_that_it_made_and_no_other() -> None:
    desk = TimedDesk(order=SURE)
    desk.session.requests.ask()
    desk.answer(USUAL)
    desk.port.order = msgspec.structs.replace(SURE, number=4)
    asked_by_itself(desk)
    desk.answer(USUAL)
    desk.port.order = None
    desk.session.requests.ask()
    assert [body.learned for body in desk.of(Requested)] == ["order 3", "order 4", ""]
    desk.port.order = SURE
    desk.session.requests.use(RequestOptions(order=False))
    desk.session.requests.ask()
    assert desk.of(Requested)[-1].learned == ""


def test_earlier_passages_are_named_beside_the_order() -> None:
    desk = TimedDesk(order=SURE, options=RequestOptions(passages=1500))
    parts = (ContextPart(PartKind.PASSAGE, "Once before."),)
    desk.session.requests.earlier = SimpleNamespace(parts=parts)  # type: ignore[assignment]
    desk.session.requests.ask()
    desk.port.order = None
    desk.session.requests.ask()
    desk.session.requests.use(RequestOptions(passages=0))
    desk.session.requests.ask()
    assert [body.learned for body in desk.of(Requested)] == ["order 3, passages", "passages", ""]


def test_an_order_that_is_learned_meanwhile_waits_for_the_next_request() -> None:
    desk = TimedDesk(order=SURE)
    asked_by_itself(desk)
    desk.port.order = msgspec.structs.replace(SURE, number=4, weights=(-50.0, *SURE.weights[1:]))
    desk.answer(LIKELY)
    assert desk.session.ghost == " cold."


def test_a_replay_of_the_events_has_the_ghost_that_was_seen() -> None:
    from cowrite.core.ghost import Ghosts

    desk = TimedDesk(order=SURE)
    asked_by_itself(desk)
    desk.answer(RARE, USUAL, LIKELY)
    ghosts, replay = Ghosts(), Replay()
    for event in desk._events:
        ghosts.apply(event.body)
        replay.apply(event.body)
    assert ghosts.current is not None
    assert ghosts.current.ghost == desk.session.ghost == " cold."
    desk.session.accepting.accept()
    (row,) = desk.rows()
    assert (row.chosen, row.shown, row.offered) == (2, (2,), " cold.")
    assert desk.of(Closed)[-1].candidate == 2
    assert desk.of(Shown)[0].candidate == 2


def test_who_wants_to_see_all_sees_all() -> None:
    options = RequestOptions(auto=True, auto_threshold=-math.inf)
    desk = TimedDesk(order=SURE, options=options)
    asked_by_itself(desk)
    desk.answer(candidate(" strange.", -9.0))
    assert desk.session.ghost == " strange."


def test_the_pause_and_the_length_are_those_that_were_learned() -> None:
    order = msgspec.structs.replace(SURE, timing=Timing(0.5, 9))
    desk = TimedDesk(order=order)
    desk.session.type("x")
    desk.wait(0.7)
    assert len(desk.engine.requests) == 1
    assert desk.engine.requests[-1][2].max_tokens == 9
    assert desk.of(Requested)[-1].params.max_tokens == 9
    desk.session.requests.ask()
    assert desk.engine.requests[-1][2].max_tokens == 48, "as set, where the writer asks"
    fixed = RequestOptions(auto=True, auto_pause=1.0, timing=False)
    desk = TimedDesk(order=order, options=fixed)
    desk.session.type("x")
    desk.wait(0.7)
    assert desk.engine.requests == []


def test_an_order_that_cannot_be_used_is_told_once() -> None:
    told: list[str] = []
    desk = TimedDesk()
    desk.session.listener.notice = lambda message, *_: told.append(message)  # type: ignore[method-assign]
    desk.session.requests._ordering.use(Port(None, "It is broken."))
    desk.session.requests.ask()
    desk.session.requests.ask()
    assert told == ["It is broken."]


@dataclass
class Watching:
    """An order that notes the features it is asked about."""

    seen: list[tuple[float, ...]] = field(default_factory=list)
    label: str = "order 1"
    timing: Timing = field(default_factory=Timing)

    def probability(self, features: Sequence[float]) -> float:
        self.seen.append(tuple(features))
        return 0.9


def test_the_log_has_the_features_that_the_candidates_had() -> None:
    watching = Watching()
    desk = TimedDesk("# Title\n\nThe sea was cold and the boats", order=watching)  # type: ignore[arg-type]
    for number in range(12):
        desk.session.requests.ask(auto=bool(number % 2))
        texts = (f" cold water number {number}.", " boats in the harbour.")
        desk.answer(*(candidate(text, -0.3 * number) for text in texts))
        desk.now += 1.0
        if number % 3 == 0:
            desk.session.accepting.accept()
        elif number % 3 == 1:
            desk.session.type(" never")
        else:
            desk.session.suggestions.reject()
        desk.now += 2.0
    desk.session.close()
    found = list(decisions(desk.rows()))
    assert len(found) >= 12
    live = [
        tuple(pytest.approx(value, abs=0.02) for value in features) for features in watching.seen
    ]
    for one in found:
        assert any(one.features == features for features in live)


def test_the_prior_thinks_of_a_new_writer_what_the_threshold_does() -> None:
    """Nothing learned: who is sure enough for the threshold is likely enough for the prior, and no other."""
    usual = prior()
    at = NAMES.index("mean")
    for mean, shown in ((math.log(0.21), True), (math.log(0.19), False)):
        features = [0.0] * len(NAMES)
        features[at] = (mean + 1.6) / 0.6
        assert (usual.probability(features) >= 0.25) is shown
