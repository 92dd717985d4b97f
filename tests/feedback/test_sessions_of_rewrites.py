"""Random sessions with rewrites and questions: journal, provenance, rows and exports tell the same story."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from instructed import OLD, InstructedDraft

from cowrite.core.events import Body, Edited, Instructed, Opened, SessionInfo, Stamped
from cowrite.core.outcome import TOOK
from cowrite.core.provenance import FILE, Author, one_run
from cowrite.core.replay import Replay
from cowrite.core.suggestion import Candidate, StopReason, Timings
from cowrite.engine.protocol import Anew, Chunk, Done, Failed, Finished
from cowrite.export.lines import message_row, training_row
from cowrite.feedback.outcomes import suggestion_rows
from cowrite.feedback.training import kto_rows, preference_rows, sft_rows
from cowrite.session.tasks import Wish
from cowrite.store import Store

INFO = SessionInfo("s", "d", "draft.md", 1_700_000_000_000, None, "1.0")
WORDS = [
    "the",
    "lamp",
    "was",
    "lit",
    "at",
    "dusk",
    "nobody",
    "came",
    "Marta",
    "waited",
    "7",
    "hours",
    "é",
]


class Writer:
    """Does one random thing after the other at a session."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.desk = InstructedDraft(f"Before.\n\n{OLD}\n\nBehind.\n")
        self.session = self.desk.session
        self.acts = [
            *[self.give] * 3, *[self.say] * 6, *[self.take] * 5, *[self.refuse] * 2, *[self.type] * 3,
            *[self.back] * 4, self.take_all, self.refuse_all, self.cycle, self.again, self.follow_up,
            self.ask, self.put, self.end, self.end,
        ]  # fmt: skip

    def act(self) -> None:
        self.draw.choice(self.acts)()
        self.desk.now += self.draw.choice([0.01, 0.5, 3.0])

    def text(self) -> str:
        return " ".join(self.draw.choices(WORDS, k=self.draw.randint(1, 9)))

    def place(self) -> int:
        rewrite = self.session.rewrite
        if rewrite is not None and self.draw.random() < 0.3:
            return self.draw.randint(rewrite.start, rewrite.end)
        return self.draw.randint(0, len(self.desk.text))

    def give(self) -> None:
        low, high = sorted((self.place(), self.place()))
        self.session.instructions.give(Wish(self.text(), low, high))

    def again(self) -> None:
        self.session.instructions.again()

    def follow_up(self) -> None:
        self.session.instructions.follow_up(self.text())

    def ask(self) -> None:
        self.session.questions.ask(self.text())

    def put(self) -> None:
        self.session.questions.put_in_draft()

    def _running(self) -> tuple[str, int] | None:
        if not self.desk.engine.tasks:
            return None
        identity, _, params = self.desk.engine.tasks[-1]
        return identity, params.n

    def say(self) -> None:
        if (running := self._running()) is None:
            return
        identity, count = running
        rewrite = self.session.rewrite
        like = rewrite.before.split(" ") if rewrite is not None else []
        at = self.draw.randint(0, max(0, len(like) - 3))
        text = " ".join((*like[at : at + 4], self.text())) + " "
        index = self.draw.randrange(count)
        ended = Candidate(text, (), StopReason.END)
        chance = self.draw.random()
        self.session.receive(
            Chunk(identity, index, text)
            if chance < 0.8
            else Finished(identity, index, ended)
            if chance < 0.95
            else Anew(identity, index)
        )

    def end(self) -> None:
        if (running := self._running()) is None:
            return
        identity, count = running
        if self.draw.random() < 0.1:
            self.session.receive(Failed(identity, "It ended.", ""))
            return
        rewrite = self.session.rewrite
        texts = (
            rewrite.texts if rewrite is not None and len(rewrite.texts) == count else [""] * count
        )
        ended = tuple(Candidate(text or self.text(), (), StopReason.END) for text in texts)
        self.session.receive(Done(identity, ended, 4, 3, Timings()))

    def take(self) -> None:
        self.session.deciding.go(self.draw.choice([1, -1]))
        self.session.deciding.take()

    def take_all(self) -> None:
        self.session.deciding.take_all()

    def refuse(self) -> None:
        self.session.deciding.refuse()

    def refuse_all(self) -> None:
        self.session.deciding.refuse_all()

    def cycle(self) -> None:
        self.session.instructions.cycle(1)

    def type(self) -> None:
        place = self.place()
        self.session.select(place, place)
        self.session.type(self.draw.choice(WORDS))

    def back(self) -> None:
        self.session.undo() if self.draw.random() < 0.65 else self.session.redo()


def stamped(writer: Writer) -> list[Stamped]:
    before = writer.desk.before
    bodies: list[Body] = [Opened(before, one_run(len(before), FILE), None), *writer.desk.log.bodies]
    return [
        Stamped(n, n * 400, INFO.started_ms + n * 400, body) for n, body in enumerate(bodies, 1)
    ]


@pytest.mark.parametrize("seed", range(40))
def test_journal_provenance_rows_and_exports_agree(seed: int, tmp_path: Path) -> None:
    writer = Writer(seed)
    for _ in range(120):
        writer.act()
        writer.desk.check_journal()
    writer.session.close()
    events = stamped(writer)

    with Store.open(tmp_path / "log.sqlite3") as store:
        store.add_session(INFO, events)
        read = list(store.reader.events("s"))
    assert [event.body for event in read] == [event.body for event in events]

    replay = Replay()
    for event in read:
        replay.apply(event.body)
    assert replay.text == writer.desk.text
    assert replay.runs == tuple(writer.session.provenance)

    rows = {row.suggestion_id: row for row in suggestion_rows(INFO, read)}
    asked = {one.body.suggestion_id for one in read if isinstance(one.body, Instructed)}
    assert set(rows) == asked, "each instruction has its row"
    assert [*rows.values()] == list(suggestion_rows(INFO, events)), "the same from the disk"

    owners = {
        source.suggestion_id
        for _, source in writer.session.provenance
        if source.author is Author.MODEL
    }
    taken = {one.body.edit.suggestion_id for one in read if isinstance(one.body, Edited)} - {None}
    assert owners <= taken <= asked, "no word is of a suggestion that nobody took from"
    for name, row in rows.items():
        took = row.outcome in TOOK
        assert took <= (name in taken), f"{row.outcome} without an edit"
        assert bool(row.parts) == took == bool(row.inserted_text)
        assert (row.final_text is None) == (not took)
        trained = [*sft_rows(row), *preference_rows(row), *kto_rows(row)]
        for one in trained:
            assert training_row(one)["instruction"] == row.instruction
        for one in sft_rows(row):
            question, answer = message_row(one)["messages"]
            assert row.instruction in question["content"]
            assert answer["content"] == row.final_text
