"""Texts read by the model token by token: every token once, the same whatever was read before."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_backend import PIECES, ToyBackend

from cowrite.core.suggestion import Sampling
from cowrite.engine.backend import BackendError
from cowrite.engine.generation.healing import PieceIndex
from cowrite.learning.evaluation.forced import ForcedReader, windows
from cowrite.learning.evaluation.measuring import GROUP, Figures, Measure
from cowrite.learning.general import held_out, replay

TEXT = "He rowed over the river in the morning, and the boat was old. " * 8


def measure(toy: ToyBackend, rows: int = 16) -> Measure:
    return Measure(ForcedReader(toy, rows), lambda: PieceIndex.build(toy), Sampling())


def nats_by_hand(toy: ToyBackend, prompt: list[int], tokens: list[int]) -> float:
    total = 0.0
    for number, token in enumerate(tokens):
        row = toy.logits(tuple(prompt + tokens[:number])).astype(float)
        total += float(np.logaddexp.reduce(row)) - row[token]
    return total


@given(st.integers(0, 5000), st.integers(2, 700))
def test_windows_judge_every_token_once_with_enough_before_it(size: int, most: int) -> None:
    judged = []
    for start, first, end in windows(size, most):
        assert end - start <= most
        assert start == 0 or first - start >= most // 2
        judged += range(first, end)
    assert judged == list(range(size))


def test_the_rows_are_those_behind_the_prompt_whatever_was_read_before() -> None:
    toy = ToyBackend(2048)
    reader = ForcedReader(toy, rows=5)
    tokens = toy.tokenize(TEXT)[:40]
    for prompt in ([0], [0, *tokens[:7]], [0, *tokens[:3]], [0]):
        seen = list(reader.rows(prompt, tokens))
        assert [number for number, _ in seen] == list(range(40))
    rows = {n: row.copy() for n, row in reader.rows([0], tokens)}
    for number in (0, 7, 39):
        assert np.array_equal(rows[number], toy.logits((0, *tokens[:number])))


def test_what_two_texts_begin_with_is_read_once() -> None:
    toy = ToyBackend(2048)
    reader = ForcedReader(toy)
    head = [0, *toy.tokenize(TEXT)]
    for _ in reader.rows(head, toy.tokenize(" river")):
        pass
    before = reader.evaluated
    for _ in reader.rows(head, toy.tokenize(" boat light")):
        pass
    assert reader.evaluated - before <= 3


def test_a_text_that_does_not_fit_is_refused() -> None:
    reader = ForcedReader(ToyBackend(64))
    with pytest.raises(BackendError):
        list(reader.rows([0], reader.backend.tokenize(TEXT)))


def test_nats_are_those_of_the_model_with_the_head_before_the_text() -> None:
    toy = ToyBackend(2048)
    text, head = TEXT[:240], "The old house was under light.\n\n"
    for before in ("", head):
        figures = Figures()
        read = measure(toy).read(text, every=0, seed=1)
        measure(ToyBackend(2048)).window(
            read, lambda _at, h=before: h, (0, 0, len(read.tokens)), figures
        )
        prompt = [0, *toy.tokenize(before)]
        expected = nats_by_hand(toy, prompt, read.tokens)
        assert math.isclose(sum(figures.nats.values()), expected, rel_tol=1e-4)
        assert sum(figures.chars.values()) == len(text)
        assert set(figures.nats) == {place // GROUP for place in range(len(read.tokens))}


def test_windows_together_are_the_whole_text() -> None:
    toy = ToyBackend(512)
    tool = measure(toy)
    text = TEXT * 3
    read = tool.read(text, every=4, seed=1)
    figures = Figures()
    bounds = tool.windows(read, 100)
    assert len(bounds) > 1
    for window in bounds:
        tool.window(read, lambda _at: "the river " * 20, window, figures)
    assert sum(figures.chars.values()) == len(text)
    assert sum(figures.places.values()) == len(figures.spots) > 5


def test_letters_of_several_tokens_are_counted_once() -> None:
    toy = ToyBackend(2048)
    dash = "\u2014".encode()
    assert dash not in PIECES  # it is spelled in two
    read = measure(toy).read("a\u2014b the boat", every=1, seed=1)
    assert read.ends[-1] == len("a\u2014b the boat")
    assert read.ends == sorted(read.ends)


def test_general_prose_ships_with_the_package_and_is_not_what_trainings_see() -> None:
    prose, trained = held_out(), " ".join(replay())
    assert len(prose) >= 5
    assert sum(map(len, prose)) > 10_000
    for text in prose:
        words = text.split()
        assert not any(" ".join(words[at : at + 12]) in trained for at in range(0, len(words), 12))
