"""Whose request is next, how many may wait, and what becomes of those who leave."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from served import done

from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.protocol import Chunk, Converse, Failed, Suggest
from cowrite.serve.openai.queue import (
    AT_ONCE,
    MOST_OF_ONE,
    MOST_WAITING,
    UNBEGUN,
    Job,
    RequestQueue,
)
from cowrite.serve.openai.refusing import RefusedError


class Desk:
    """A queue with a model that answers when it is told to.

    begins: whether it begins each request as soon as it may; otherwise when it is told to.
    """

    def __init__(self, begins: bool = True) -> None:
        self.begins = begins
        self.asked: list[str] = []
        self.cancelled: list[str] = []
        self.ended: list[tuple[str, str]] = []
        self.queue = RequestQueue(self._ask, self.cancelled.append, self._ended)
        self.jobs: dict[str, Job] = {}

    def _ask(self, message: Suggest | Converse) -> None:
        self.asked.append(message.request_id)
        if self.begins:
            self.begin(message.request_id)

    def begin(self, name: str) -> None:
        """The model says the first word of it."""
        self.queue.hear(Chunk(name, 0, "a"))

    def _ended(self, job: Job, message: object) -> None:
        self.ended.append((job.client, type(message).__name__))

    def put(self, client: str, count: int = 1) -> list[Job]:
        message = Suggest("", Context((), "a", ""), Params(), beside=True)
        jobs = self.queue.put([message] * count, client)
        self.jobs.update({job.message.request_id: job for job in jobs})
        return jobs

    def answer(self, number: int = 0) -> str:
        """The model has done one of those that run; returns whose it was."""
        running = [one for one in self.asked if one not in self._answered]
        name = running[number]
        self._answered.add(name)
        self.queue.hear(done(name))
        return self.jobs[name].client

    @property
    def _answered(self) -> set[str]:
        return self.__dict__.setdefault("answered", set())

    def clients(self) -> list[str]:
        return [self.jobs[name].client for name in self.asked]


def test_nothing_is_asked_before_the_model_is_ready():
    desk = Desk()
    desk.put("a", 3)
    assert desk.asked == []
    desk.queue.open()
    assert len(desk.asked) == 3
    desk.queue.close()
    desk.put("a")
    assert len(desk.asked) == 3
    desk.queue.open()
    assert len(desk.asked) == 4


def test_a_client_with_one_request_is_not_behind_all_of_another():
    desk = Desk()
    desk.queue.open()
    desk.put("many", 40)
    assert len(desk.asked) == AT_ONCE
    desk.put("one")
    for _ in range(2):
        desk.answer()
    assert "one" in desk.clients()


def test_what_the_model_has_no_room_for_is_not_before_a_client_whose_turn_has_come():
    desk = Desk(begins=False)
    desk.queue.open()
    desk.put("many", AT_ONCE)
    assert len(desk.asked) == UNBEGUN
    desk.put("one")
    desk.begin(desk.asked[0])
    desk.begin(desk.asked[1])
    assert desk.clients() == ["many"] * 2 + ["one"]
    desk.begin(desk.asked[0])  # its second word is none of another request
    assert len(desk.asked) == UNBEGUN + 2


FEW = st.integers(1, MOST_OF_ONE // 8)
"""So many that eight times as many of one client are not refused."""


@given(st.lists(st.tuples(st.sampled_from("abc"), FEW), min_size=1, max_size=8))
def test_clients_take_turns_and_each_is_answered_in_its_order(puts: list[tuple[str, int]]):
    desk = Desk()
    for client, count in puts:
        desk.put(client, count)
    desk.queue.open()
    while len(desk.asked) > len(desk.ended):
        desk.answer()
    wanted = Counter[str]()
    for client, count in puts:
        wanted[client] += count
    assert Counter(desk.clients()) == wanted
    for client in wanted:
        own = [int(n.split("-")[1]) for n in desk.asked if desk.jobs[n].client == client]
        assert own == sorted(own)
    left = Counter(wanted)
    for one, other in pairwise(desk.clients()):
        left[one] -= 1
        # The same client is next only where no other waits.
        assert one != other or not any(left[name] for name in wanted if name != one)


def test_too_many_are_refused_all_together():
    desk = Desk()
    desk.put("a", MOST_OF_ONE)
    with pytest.raises(RefusedError) as refused:
        desk.put("a")
    assert (refused.value.status, refused.value.again) == (429, True)
    desk.put("b", MOST_WAITING - MOST_OF_ONE - 2)
    with pytest.raises(RefusedError):
        desk.put("c", 3)
    assert desk.queue.waiting == MOST_WAITING - 2
    desk.put("c", 2)


def test_who_leaves_frees_what_runs_and_what_waits():
    desk = Desk()
    desk.queue.open()
    jobs = desk.put("a", AT_ONCE + 2)
    other = desk.put("b")
    desk.queue.leave(jobs)
    assert desk.cancelled == desk.asked
    assert desk.queue.waiting == 1
    desk.answer()
    assert desk.asked[-1] == other[0].message.request_id
    desk.queue.leave(jobs)  # once more, when some have ended already
    assert desk.queue.waiting == 0


def test_without_a_model_what_waits_has_failed():
    desk = Desk()
    (job,) = desk.put("a")
    desk.queue.give_up(Failed(None, "No model."))
    assert desk.queue.waiting == 0
    assert job.said.get_nowait() == Failed(None, "No model.")


def test_what_ended_is_told_once_and_what_never_began_is_not():
    desk = Desk()
    desk.queue.open()
    desk.queue.leave(desk.put("a", AT_ONCE + 1))
    for _ in range(AT_ONCE):
        desk.answer()
    desk.queue.hear(done(desk.asked[0]))
    assert desk.ended == [("a", "Done")] * AT_ONCE
