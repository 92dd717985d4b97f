"""What an adapter adds is made by one node of ours, where the nodes are those that llama.cpp makes of it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from kernels import kernel

from cowrite.engine.llama import ggml, mul_mat
from cowrite.engine.llama.ggml import Graphs, Tensor
from cowrite.engine.llama.library import lib
from cowrite.engine.llama.mul_mat import MulMat

HOST = 0x1000
WIDTH, HEIGHT = 64, 96
RNG = np.random.default_rng(4)


class Adapted:
    """A product with what an adapter adds, shown to the kernel node by node."""

    def __init__(
        self,
        graphs: Graphs,
        library: ctypes.CDLL,
        *,
        columns: int = 3,
        rank: int = 16,
        kind: int = 0,
    ) -> None:
        def floats(rows: int, width: int, kind: int = lib.GGML_TYPE_F32) -> int:
            return graphs.tensor(kind, RNG.normal(size=(rows, width)).astype(np.float32))

        self._graphs, self._library = graphs, library
        self.source = floats(columns, WIDTH)
        self.down, self.up = floats(rank, WIDTH, kind), floats(HEIGHT, rank)
        self.product = graphs.product(floats(HEIGHT, WIDTH), self.source)
        self.inner = graphs.product(self.down, self.source)
        self.outer = graphs.product(self.up, self.inner)
        self.scaled = graphs.scaled(self.outer, 0.7)
        self.sum = graphs.added(self.product, self.scaled)

    def show(self, *nodes: int, place: int = HOST) -> list[str]:
        """The kinds of these nodes after the kernel was asked about them in this order.

        place: the buffer of A and B; ggml would look into it, so it is theirs for this time only.
        """
        matrices = [Tensor.from_address(matrix) for matrix in (self.down, self.up)]
        for matrix in matrices:
            matrix.buffer = place
        for node in nodes:
            assert not self._library.cowrite_mul_mat_watch(ctypes.c_void_p(node), True, None)
        for matrix in matrices:
            matrix.buffer = None
        return [ggml.op_name(Tensor.from_address(node).op) for node in nodes]

    @property
    def nodes(self) -> tuple[int, ...]:
        return (self.product, self.inner, self.outer, self.scaled, self.sum)

    def values(self) -> Any:
        return self._graphs.evaluate(self.sum)


LLAMAS = ["MUL_MAT", "MUL_MAT", "MUL_MAT", "SCALE", "ADD"]
OURS = ["MUL_MAT", "NONE", "NONE", "NONE", "CUSTOM"]


@pytest.fixture
def library() -> Iterator[tuple[Graphs, ctypes.CDLL]]:
    """The kernel with a library whose buffer HOST lies in memory."""
    found: list[Any] = []

    class Seen(MulMat):
        def _find(self, graphs: Graphs) -> Any:
            found.append(super()._find(graphs))
            return found[0]

    Seen()
    answer = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)(lambda buffer: buffer == HOST)
    found[0].is_host = ctypes.cast(answer, ctypes.c_void_p).value
    library = ctypes.CDLL(str(mul_mat.LIBRARY))
    library.cowrite_mul_mat_watch.restype = ctypes.c_bool
    library.cowrite_mul_mat_use(ctypes.byref(found[0]), 1)
    with Graphs(2) as graphs:
        yield graphs, library
    MulMat()


@kernel
@pytest.mark.parametrize("columns", [1, 3, 8])
@pytest.mark.parametrize("rank", [8, 16, 24, 64])
def test_four_nodes_become_one_with_the_same_values(
    library: tuple[Graphs, ctypes.CDLL], columns: int, rank: int
) -> None:
    adapted = Adapted(*library, columns=columns, rank=rank)
    theirs = adapted.values()
    assert adapted.show(*adapted.nodes) == OURS
    ours = adapted.values()
    assert np.abs(ours - theirs).max() < 1e-4 * np.abs(theirs).max()
    assert np.array_equal(adapted.values(), ours)


@kernel
@pytest.mark.parametrize(
    "shape", [{"columns": 9}, {"rank": 4}, {"rank": 72}, {"kind": lib.GGML_TYPE_F16}]
)
def test_other_shapes_and_types_are_llama_cpps(
    library: tuple[Graphs, ctypes.CDLL], shape: dict[str, int]
) -> None:
    adapted = Adapted(*library, **shape)
    assert adapted.show(*adapted.nodes) == LLAMAS


@kernel
def test_nodes_that_do_not_stand_in_a_row_are_llama_cpps(
    library: tuple[Graphs, ctypes.CDLL],
) -> None:
    one, two = Adapted(*library), Adapted(*library)
    one.show(*one.nodes[:4])
    assert two.show(*two.nodes[:2])[1] == "MUL_MAT"
    assert one.show(one.sum) == ["ADD"]
    assert two.show(*two.nodes, place=0x2000) == LLAMAS
    assert two.show(*two.nodes) == OURS
