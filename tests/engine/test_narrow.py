"""Our kernel makes llama.cpp's products, alone and in real models; without it all goes on."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_models import NAMES, model_file

from cowrite.engine.llama import ggml, narrow
from cowrite.engine.llama.ggml import Floats, Graphs, Tensor
from cowrite.engine.llama.library import lib
from cowrite.engine.llama.model import LlamaModel
from cowrite.engine.llama.narrow import LEVELS, TYPES, Narrow, UnfitError

HERE = platform.machine() == "x86_64" and any(map(shutil.which, ("cc", "gcc", "clang")))
kernel = pytest.mark.skipif(not HERE, reason="no compiler, or no code for this processor")


def levels() -> list[int]:
    """The kernels that this processor can run."""
    best = int(ctypes.CDLL(str(narrow.LIBRARY)).cowrite_narrow_level())
    return list(range(1, best + 1))


@kernel
def test_it_is_built_where_it_can_be():
    assert narrow.LIBRARY.exists()
    assert isinstance(narrow.narrow(), Narrow)
    assert narrow.described() == LEVELS[levels()[-1]]


@kernel
@settings(deadline=None, max_examples=60)
@given(
    kind=st.sampled_from(TYPES),
    blocks=st.integers(1, 80),
    rows=st.integers(1, 150),
    columns=st.integers(1, 8),
    scale=st.sampled_from([1e-30, 1e-3, 1.0, 100.0]),
    seed=st.integers(0, 1000),
)
def test_products_are_those_of_llama_cpp(
    kind: int, blocks: int, rows: int, columns: int, scale: float, seed: int
):
    """To the bit where it is compared with llama.cpp's kernel for one column: the sums are in its order."""
    source = np.random.default_rng(seed)
    values = source.normal(size=(rows, blocks * 32)).astype(np.float32)
    wanted = source.normal(size=(columns, blocks * 32), scale=scale).astype(np.float32)
    for level in levels():
        made = Narrow(level)
        with Graphs() as graphs:
            weights = graphs.tensor(kind, values)
            together = graphs.tensor(lib.GGML_TYPE_F32, wanted)
            ours = graphs.evaluate(made.multiply(graphs, weights, together))
            for column, row in zip(wanted, ours, strict=True):
                alone = graphs.tensor(lib.GGML_TYPE_F32, column.reshape(1, -1))
                theirs = graphs.evaluate(graphs.product(weights, alone))
                assert np.array_equal(theirs[0], row)


@kernel
def test_extreme_weights_do_not_overflow():
    """Every byte of the weights and of the columns at its end of the range, with every sign."""
    signs = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], dtype=np.float32).repeat(320, axis=1)
    for level in levels():
        made = Narrow(level)
        for kind in TYPES:
            with Graphs() as graphs:
                weights = graphs.tensor(kind, signs)
                columns = graphs.tensor(lib.GGML_TYPE_F32, signs)
                ours = graphs.evaluate(made.multiply(graphs, weights, columns))
                theirs = graphs.evaluate(graphs.product(weights, columns))
                assert np.array_equal(ours, theirs)


def logits(name: str, kernel: bool, threads: int) -> tuple[str, list[Floats]]:
    """Rows behind some text, and behind one, three and eight tokens that other sequences go on with."""
    model = LlamaModel(model_file(name).path)
    try:
        model.open(512, threads, kernel=kernel)
        tokens = model.tokenize(
            "The ferry left at nine, and the old man who had rowed it all his life"
        )
        last = len(tokens) - 1
        model.decode(tokens, range(len(tokens)), [0] * len(tokens), [False] * last + [True])
        rows = [model.row(last).copy()]
        for count in (1, 3, 8):
            for sequence in range(1, count + 1):
                model.forget(sequence, 0)
                model.share(0, sequence, 0, -1)
            chosen = [int(token) for token in np.argsort(rows[0])[-count:]]
            model.decode(chosen, [last + 1] * count, range(1, count + 1), [True] * count)
            rows += [model.row(index).copy() for index in range(count)]
        return model.kernel, rows
    finally:
        model.close()


@kernel
@pytest.mark.model
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_real_model_says_the_same_with_it(name: str, threads: int):
    theirs_kernel, theirs = logits(name, False, threads)
    ours_kernel, ours = logits(name, True, threads)
    assert (theirs_kernel, ours_kernel) == ("", narrow.described())
    for their_row, our_row in zip(theirs, ours, strict=True):
        assert np.abs(their_row - our_row).max() <= 1e-3 * np.abs(their_row).max()


class Counting(Narrow):
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
def test_products_of_a_real_graph_come_to_the_kernel(monkeypatch: pytest.MonkeyPatch):
    """All of the small model's weights: seven matrices in each of 30 layers, and the one of the vocabulary."""
    counting = Counting()
    monkeypatch.setattr("cowrite.engine.llama.model.narrow", lambda: counting)
    model = LlamaModel(model_file("smollm2").path)
    try:
        model.open(512, 2)
        counting.seen.clear()
        model.decode([1, 2, 3], [0, 0, 0], [0, 1, 2], [True] * 3)
        assert counting.seen["MUL_MAT -> CUSTOM"] == 30 * 7 + 1
        assert counting.seen["CUSTOM -> CUSTOM"] == 0
        counting.seen.clear()
        model.decode([1] * 32, range(32), [4] * 32, [False] * 31 + [True])
        assert counting.seen["MUL_MAT -> CUSTOM"] == 3 + 1, (
            "a batch of many is llama.cpp's, but for what is done with its one row of logits alone"
        )
    finally:
        model.close()


@kernel
def test_a_library_that_looks_otherwise_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    class Moved(ctypes.Structure):
        _fields_ = (("new", ctypes.c_int64), *Tensor._fields_)

    monkeypatch.setattr(narrow, "Tensor", Moved)
    with pytest.raises(UnfitError, match="look otherwise"):
        Narrow()


@kernel
def test_a_function_that_is_gone_is_said(monkeypatch: pytest.MonkeyPatch):
    class Less:
        def __getitem__(self, name: str) -> object:
            raise AttributeError(name)

    monkeypatch.setattr(lib, "_lib", Less())
    with pytest.raises(UnfitError, match="has no ggml"):
        Narrow()


@kernel
def test_wrong_products_are_found_out(monkeypatch: pytest.MonkeyPatch):
    real = Graphs.evaluate
    monkeypatch.setattr(Graphs, "evaluate", lambda self, node: real(self, node) + _is_ours(node))
    with pytest.raises(UnfitError, match="are not those"):
        Narrow()


def _is_ours(node: int) -> bool:
    return ggml.op_name(Tensor.from_address(node).op) == "CUSTOM"


@kernel
def test_a_processor_without_code_is_said():
    with pytest.raises(UnfitError, match="no code for this processor"):
        Narrow(len(LEVELS))


def test_without_the_kernel_there_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(narrow, "LIBRARY", tmp_path / "none.so")
    with pytest.raises(UnfitError, match="not built"):
        Narrow()


@pytest.mark.parametrize("compiler", ["/no/such/compiler", "/bin/false"])
def test_without_a_compiler_the_wheel_is_made_all_the_same(compiler: str, tmp_path: Path):
    """The build hook alone, as the build would call it: it says what is missing and leaves no old kernel."""
    root = Path(__file__).resolve().parents[2]
    stale = tmp_path / "_narrow.so"
    stale.write_bytes(b"old")
    program = (
        "import runpy, sys, types; from pathlib import Path\n"
        "class Hook: pass\n"
        "name = 'hatchling.builders.hooks.plugin.interface'\n"
        "sys.modules[name] = types.SimpleNamespace(BuildHookInterface=Hook)\n"
        f"hook = runpy.run_path({str(root / 'hatch_build.py')!r})\n"
        "hook['sysconfig'].get_config_var = lambda _name: None\n"
        f"print(hook['build'](Path({str(root / 'cowrite/engine/llama/narrow.c')!r}), Path({str(stale)!r})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "CC": compiler, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip()
    assert not stale.exists()
