"""The first token of a candidate, as if the text had not been cut where it was."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_backend import PIECES, START, ToyBackend

from cowrite.core.context import Context
from cowrite.engine.generation.healing import PieceIndex, PromptTail, find_tail, starts
from cowrite.engine.generation.prompt import Tokenizer, build_prompt
from cowrite.engine.generation.sampling import Scratch

TOY = ToyBackend()
INDEX = PieceIndex.build(TOY)


@given(st.sampled_from([p[:n] for p in PIECES for n in range(1, len(p) + 1)]))
def test_the_index_finds_what_goes_on_with_the_bytes(data: bytes):
    found = set(INDEX.beginning_with(data).tolist())
    assert found == {t for t, p in enumerate(PIECES) if p.startswith(data) and len(p) > len(data)}


def test_the_index_comes_back_from_disk(tmp_path):
    INDEX.save(tmp_path / "pieces")
    again = PieceIndex.load(tmp_path / "pieces", len(PIECES))
    assert again is not None
    assert again.beginning_with(b" wo").tolist() == INDEX.beginning_with(b" wo").tolist()
    assert PieceIndex.load(tmp_path / "pieces", len(PIECES) + 1) is None
    (tmp_path / "pieces.order.npy").write_bytes(b"torn")
    assert PieceIndex.load(tmp_path / "pieces", len(PIECES)) is None


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("the river", [b" river"]),
        ("the wond", [b" wo", b"n", b"d"]),
        ("the ", [b" "]),
        ("it is over.", [b" over", b"."]),
        ("the zzzzzz", [b"z"]),
        ("", []),
    ],
)
def test_the_tail_is_the_last_word(text: str, tail: list[bytes]):
    tokens = [START, *TOY.tokenize(text)]
    found = find_tail(tokens, TOY.piece, 1)
    if text == "the wond":
        assert b"".join(found.pieces) == b" wond"
        assert found.pieces[0].startswith(b" ")
    else:
        assert list(found.pieces) == tail


def _row(**wanted: float) -> np.ndarray:
    """Logits with these probabilities for pieces (an underscore is a space), the rest shared."""
    rest = (1 - sum(wanted.values())) / (len(PIECES) - len(wanted))
    row = np.full(len(PIECES), math.log(rest), dtype=np.float32)
    for piece, probability in wanted.items():
        row[PIECES.index(piece.replace("_", " ").encode())] = math.log(probability)
    return row


def test_ways_to_begin_are_weighed_by_their_probability():
    kept = PIECES.index(b" wo")
    tail = PromptTail((kept,), (b" wo",))
    rows = [_row(_wonder=0.2, _wo=0.1, _the=0.5), _row(erful=0.4, _the=0.3)]
    found = starts(rows, tail, INDEX, TOY.piece, Scratch(len(PIECES)), 200)
    by_text = {start.text: math.exp(start.logprob) for start in found}
    first, second = 0.2 / (0.2 + 0.1), 0.1 * 0.4 / (0.2 + 0.1)
    assert by_text[b"nder"] == pytest.approx(first, rel=0.1)
    assert by_text[b"erful"] == pytest.approx(second, rel=0.1)
    assert sum(by_text.values()) == pytest.approx(1.0, rel=0.05)
    assert found[0].text == b"nder"
    assert found[0].kept == 0
    assert all(a.logprob >= b.logprob for a, b in itertools.pairwise(found))


def test_without_a_tail_it_is_the_plain_distribution():
    found = starts([_row(_the=0.5)], PromptTail(), INDEX, TOY.piece, Scratch(len(PIECES)), 5)
    assert found[0].text == b" the"
    assert math.exp(found[0].logprob) == pytest.approx(0.5, rel=0.01)


TEXTS = st.text(alphabet="abcde .,\n\u00e9\u5ddd'", max_size=400)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60), TEXTS), max_size=6))
def test_patched_tokens_are_those_of_the_whole_text(text: str, edits):
    tokenizer = Tokenizer(TOY)
    for start, length, new in [(0, 0, ""), *edits]:
        text = text[:start] + new + text[start + length :]
        assert tokenizer.tokens(text) == TOY.tokenize(text)


@given(TEXTS, st.integers(8, 120))
def test_a_prompt_fits_and_begins_with_the_start_token(text: str, room: int):
    prompt = build_prompt(Context((), text, ""), Tokenizer(TOY), TOY, room, healing=True)
    assert prompt.tokens[0] == START
    assert 1 <= len(prompt.tokens) <= room
    assert 0 <= prompt.first_row < len(prompt.tokens)
