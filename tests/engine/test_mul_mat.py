"""Our kernel makes llama.cpp's products, to the bit, alone and in real models."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels import kernel, levels
from real_models import CUT, NAMES, model_file

from cowrite.engine.llama import ggml, mul_mat
from cowrite.engine.llama.ggml import Floats, Graphs, Tensor
from cowrite.engine.llama.library import lib
from cowrite.engine.llama.model import LlamaModel
from cowrite.engine.llama.mul_mat import LARGE_TYPES, LEVELS, TYPES, MulMat


@kernel
def test_it_is_built_where_it_can_be():
    assert mul_mat.LIBRARY.exists()
    assert isinstance(mul_mat.mul_mat(), MulMat)
    assert mul_mat.described() == LEVELS[levels()[-1]]


@kernel
@settings(deadline=None, max_examples=60)
@given(
    kind=st.sampled_from(TYPES),
    blocks=st.integers(1, 80),
    rows=st.integers(1, 150),
    columns=st.one_of(st.integers(1, 9), st.integers(10, 60)),
    scale=st.sampled_from([1e-30, 1e-3, 1.0, 100.0]),
    seed=st.integers(0, 1000),
    threads=st.integers(1, 4),
    times=st.integers(1, 3),
)
def test_products_are_those_of_llama_cpp(
    kind: int,
    blocks: int,
    rows: int,
    columns: int,
    scale: float,
    seed: int,
    threads: int,
    times: int,
):
    """To the bit where it is compared with llama.cpp's kernel for one column: the sums are in its order. The
    same graph is evaluated again, as llama.cpp does when one step follows another."""
    source = np.random.default_rng(seed)
    width = -(-blocks // 8) * 256 if kind in LARGE_TYPES else blocks * 32
    values = source.normal(size=(rows, width)).astype(np.float32)
    wanted = source.normal(size=(columns, width), scale=scale).astype(np.float32)
    for level in levels():
        made = MulMat(level)
        with Graphs(threads, room=256 << 20) as graphs:
            weights = graphs.tensor(kind, values)
            together = graphs.tensor(lib.GGML_TYPE_F32, wanted)
            ours = graphs.evaluate(made.multiply(graphs, weights, together), times)
            for column, row in zip(wanted, ours, strict=True):
                assert np.array_equal(alone(graphs, weights, column), row)


def alone(graphs: Graphs, weights: int, column: Floats) -> Floats:
    """llama.cpp's own product with one column."""
    column_alone = graphs.tensor(lib.GGML_TYPE_F32, column.reshape(1, -1))
    return graphs.evaluate(graphs.product(weights, column_alone))[0]


@kernel
@pytest.mark.parametrize("kind", TYPES)
def test_columns_may_lie_apart(kind: int):
    """A part of wider rows, as a view of them has it; and rows of weights with room between them."""
    source = np.random.default_rng(7)
    width = 256 if kind in LARGE_TYPES else 64
    wide = source.normal(size=(5, width + 96)).astype(np.float32)
    values = source.normal(size=(80, width)).astype(np.float32)
    with Graphs(2) as graphs:
        weights = graphs.tensor(kind, values)
        columns = graphs.tensor(lib.GGML_TYPE_F32, wide)
        seen, rows = Tensor.from_address(columns), Tensor.from_address(weights)
        seen.ne[0] = width
        rows.nb[1], rows.ne[1] = 2 * rows.nb[1], 40
        ours = graphs.evaluate(MulMat().multiply(graphs, weights, columns))
        apart = graphs.tensor(kind, values[::2])
        for column, row in zip(wide[:, :width], ours, strict=True):
            assert np.array_equal(alone(graphs, apart, column), row)


@kernel
@pytest.mark.parametrize("kind", TYPES)
def test_extreme_weights_do_not_overflow(kind: int):
    """Weights and columns that quantise to the ends of their range, with every sign beside every other: a
    scale is made of the largest value, so that an end is reached by what is as large, and the types that have
    a least value by two that take turns."""
    ends = [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    blocks = [np.resize(end, 32) for end in ends] + [np.repeat(end, 16) for end in ends]
    rows = np.array([np.tile(block, 24) for block in blocks], dtype=np.float32)
    for level in levels():
        made = MulMat(level)
        with Graphs() as graphs:
            weights = graphs.tensor(kind, rows)
            columns = graphs.tensor(lib.GGML_TYPE_F32, rows)
            ours = graphs.evaluate(made.multiply(graphs, weights, columns))
            for column, row in zip(rows, ours, strict=True):
                assert np.array_equal(alone(graphs, weights, column), row)


SMALL_STACKS = """
from cowrite.engine.llama.ggml import Graphs
from cowrite.engine.llama.library import lib
from cowrite.engine.llama.mul_mat import TYPES, MulMat
import numpy as np

for columns in (1, 8, 20):
    for kind in TYPES:
        width = 49152 // min(columns, 8)
        with Graphs(3) as graphs:
            weights = graphs.tensor(kind, np.ones((64 // 8 * min(columns, 8), width), dtype=np.float32))
            ones = graphs.tensor(lib.GGML_TYPE_F32, np.ones((columns, width), dtype=np.float32))
            products = graphs.evaluate(MulMat().multiply(graphs, weights, ones))
        assert np.abs(products / width - 1).max() < 0.01
print("done")
"""


@kernel
def test_the_largest_columns_fit_a_small_stack():
    """Where C's library is musl, a thread has 128 KB; here the threads are given so little."""
    done = subprocess.run(
        [sys.executable, "-c", SMALL_STACKS],
        env={**os.environ, "OMP_STACKSIZE": "128k"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr


def logits(name: str, kernel: bool, threads: int) -> tuple[str, list[Floats]]:
    """Rows behind some text, and behind tokens that other sequences go on with: three steps of one, three and
    seven of them, since llama.cpp evaluates a graph of the same shape again. From eight columns on,
    its products of large blocks are made in another order."""
    model = LlamaModel(model_file(name).path)
    try:
        model.open(512, threads, kernel=kernel)
        tokens = model.tokenize(
            "The ferry left at nine, and the old man who had rowed it all his life"
        )
        last = len(tokens) - 1
        for place, token in enumerate(tokens):
            model.decode([token], [place], [0], [True])
        rows = [model.row(0).copy()]
        for count in (1, 3, 7):
            for sequence in range(1, count + 1):
                model.forget(sequence, 0)
                model.share(0, sequence, 0, -1)
            chosen = [int(token) for token in np.argsort(rows[0])[-count:]]
            for step in range(1, 4):
                places = [last + step] * count
                model.decode(chosen, places, range(1, count + 1), [True] * count)
                rows += [model.row(index).copy() for index in range(count)]
        return model.kernel, rows
    finally:
        model.close()


@kernel
@pytest.mark.model
@pytest.mark.parametrize(
    "name",
    [*(CUT + name for name in NAMES), *(pytest.param(n, marks=pytest.mark.slow) for n in NAMES)],
)
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_real_model_says_the_same_with_it(name: str, threads: int):
    theirs_kernel, theirs = logits(name, False, threads)
    ours_kernel, ours = logits(name, True, threads)
    assert (theirs_kernel, ours_kernel) == ("", mul_mat.described())
    for their_row, our_row in zip(theirs, ours, strict=True):
        assert np.array_equal(their_row, our_row)


class Counting(MulMat):
    """Remembers what became of each node that llama.cpp asked about."""

    @property
    def watch(self) -> Any:
        real = super().watch
        self.seen: Counter[str] = Counter()

        def look(node: int, ask: bool, data: object) -> bool:
            tensor = Tensor.from_address(node)
            before = ggml.op_name(tensor.op)
            wanted = bool(real(node, ask, data))
            self.seen[f"{before} -> {ggml.op_name(tensor.op)}"] += 1
            return wanted

        self.callback = lib.ggml_backend_sched_eval_callback(look)
        return self.callback


@kernel
@pytest.mark.model
@pytest.mark.parametrize(
    ("name", "of_layers", "level"),
    [
        pytest.param("smollm2", 30 * 7, 1, id="all weights of all layers in Q4_1"),
        pytest.param("gemma", 18 * 5 + 9, 2, id="most in Q5_0, Q8_0 and Q6_K"),
    ],
)
def test_products_of_a_real_graph_come_to_the_kernel(
    monkeypatch: pytest.MonkeyPatch, name: str, of_layers: int, level: int
):
    """Each layer's matrices and that of the vocabulary, for three columns, and for 32 with one row of logits
    where the processor has the instructions."""
    if level not in levels():
        pytest.skip("32 columns of these types are llama.cpp's here")
    counting = Counting()
    monkeypatch.setattr("cowrite.engine.llama.model.mul_mat", lambda: counting)
    model = LlamaModel(model_file(name).path)
    try:
        model.open(512, 2)
        counting.seen.clear()
        model.decode([1, 2, 3], [0, 0, 0], [0, 1, 2], [True] * 3)
        assert counting.seen["MUL_MAT -> CUSTOM"] == of_layers + 1
        assert counting.seen["CUSTOM -> CUSTOM"] == 0
        counting.seen.clear()
        model.decode([1] * 32, range(32), [4] * 32, [False] * 31 + [True])
        assert counting.seen["MUL_MAT -> CUSTOM"] == of_layers + 1
    finally:
        model.close()
