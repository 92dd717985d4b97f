"""No candidate says eight words in a row that stand before the draft."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st
from toy_backend import ToyBackend

from cowrite.core.context import Context, ContextPart, PartKind
from cowrite.core.suggestion import Params, Sampling, StopAt
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.generation.repetition import Copying
from cowrite.engine.generation.stopping import Stopping
from cowrite.engine.host.engine import Engine
from cowrite.engine.protocol import Done, RunAhead, Suggest

HEAD = "The old boat went slowly over the river in the morning light.\n\n"
EIGHT = "the OLD boat, went slowly over the river"


def test_eight_words_are_found_where_the_last_of_them_begins() -> None:
    rule = Copying(HEAD)
    assert rule.at(EIGHT, final=True) == EIGHT.index("river")
    assert rule.at("so " + EIGHT, final=True) == 3 + EIGHT.index("river")
    assert rule.at(EIGHT, final=False) is None  # it may become "rivers"
    assert rule.at(EIGHT + " ", final=False) == EIGHT.index("river")
    assert rule.at(EIGHT + "s and", final=False) is None
    assert rule.at("old boat went slowly over the river", final=True) is None
    assert Copying("").at(EIGHT, final=True) is None


def test_half_of_the_last_word_is_held_back() -> None:
    rule = Copying(HEAD)
    for cut in range(1, 6):
        text = EIGHT[: EIGHT.index("river") + cut]
        assert rule.half(text) == cut
        assert (
            Stopping("", "", StopAt.NONE, head=HEAD).shown(text)
            == "the OLD boat, went slowly over the"
        )
    assert rule.half(EIGHT[:-5] + "road") == 0
    assert rule.half("the old boat") == 0


WORDS = st.lists(st.sampled_from(["a", "b", "c", "Ab"]), max_size=40)


@given(WORDS, WORDS)
def test_what_is_found_is_what_a_plain_search_finds(head: list[str], own: list[str]) -> None:
    found = Copying(" ".join(head)).at(" ".join(own), final=True)
    low = [word.casefold() for word in head]
    last = [word.casefold() for word in own[-8:]]
    copied = len(last) == 8 and any(low[at : at + 8] == last for at in range(len(low)))
    assert (found is not None) == copied


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def eights(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + 8]) for at in range(len(found) - 7)}


class Parrot(ToyBackend):
    """A model that goes on with the head as soon as its words come up."""

    def __init__(self, said: str) -> None:
        super().__init__(2048)
        self._said = self.tokenize(said)
        self.logits = self._parrot

    def _parrot(self, tokens: tuple[int, ...]):  # type: ignore[no-untyped-def]
        from toy_backend import natural_logits

        row = natural_logits(tokens)
        last = tokens[-1]
        for at, token in enumerate(self._said[:-1]):
            if token == last:
                row[self._said[at + 1]] += 30.0
        return row


def test_a_model_that_only_copies_is_stopped_or_goes_another_way() -> None:
    said = " the boat under a house then he said not over"
    parrot = Parrot(said)
    index = PieceIndex.build(parrot)
    sampling = Sampling(temperature=0.0, dry_multiplier=0.0)
    params = Params(n=1, max_tokens=30, stop=StopAt.NONE, seed=1, sampling=sampling)

    def text(head: str) -> str:
        sent: list[object] = []
        engine = Engine(parrot, lambda: index, sent.append, run_ahead=RunAhead.OFF)
        parrot.forget(0, 0)
        for sequence in parrot.cells:
            parrot.forget(sequence, 0)
        parts = (ContextPart(PartKind.HEAD, head),) if head else ()
        context = Context(parts, "He went over the", "")
        engine.ask(Suggest("r", context, params), time.perf_counter())
        while engine.writing:
            engine.step()
        done = sent[-1]
        assert isinstance(done, Done)
        return done.candidates[0].text

    assert eights(said) & eights("the" + text("")) or eights(said) & eights(text(""))
    assert eights(said).isdisjoint(eights(text(said + "\n\n")))
