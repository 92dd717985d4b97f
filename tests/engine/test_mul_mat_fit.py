"""The kernel is used only where it fits: library, processor, node, and the binary its own sources."""

from __future__ import annotations

import ctypes
import runpy
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kernels import BUILDS, kernel, levels

from cowrite.engine.llama import ggml, mul_mat
from cowrite.engine.llama.ggml import Graphs, Tensor
from cowrite.engine.llama.library import lib
from cowrite.engine.llama.mul_mat import LARGE_TYPES, LEVELS, TYPES, MulMat, UnfitError

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "cowrite/engine/llama/mul_mat.c"


class Nodes:
    """Products that ggml made, shown to the kernel as a step of a model would show them."""

    def __init__(self, graphs: Graphs, library: ctypes.CDLL, found: ctypes.Structure) -> None:
        self._graphs, self._library, self._found = graphs, library, found
        self.use(1)

    def use(self, level: int) -> None:
        self._library.cowrite_mul_mat_use(ctypes.byref(self._found), level)

    def made(self, kind: int, columns: int = 3, width: int = 64) -> Tensor:
        width = max(width, 256) if kind in LARGE_TYPES else width
        weights = self._graphs.tensor(kind, np.ones((32, width), dtype=np.float32))
        values = np.ones((columns, width), dtype=np.float32)
        node = self._graphs.product(weights, self._graphs.tensor(lib.GGML_TYPE_F32, values))
        Tensor.from_address(weights).buffer = HOST
        return Tensor.from_address(node)

    def watched(self, node: Tensor, *, ask: bool = True) -> str:
        """What kind of node it is after the kernel has seen it; a result is never asked for."""
        before = bytes(node)
        assert not self._library.cowrite_mul_mat_watch(ctypes.byref(node), ask, None)
        name = ggml.op_name(node.op)
        assert name == "CUSTOM" or bytes(node) == before
        return name


HOST, DEVICE = 0x1000, 0x2000
"""Buffers that the kernel asks about and never looks into."""


@pytest.fixture
def nodes() -> Iterator[Nodes]:
    """With a library whose buffer HOST, and no other, lies in memory as in the file."""
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
    with Graphs() as graphs:
        yield Nodes(graphs, library, found[0])
    MulMat()


@kernel
@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        *((kind, columns) for kind in TYPES for columns in (1, 3, 8)),
        *((kind, 128) for kind in (lib.GGML_TYPE_Q4_1, *LARGE_TYPES)),
    ],
)
def test_a_narrow_product_is_made_ours(nodes: Nodes, kind: int, columns: int):
    node = nodes.made(kind, columns)
    assert nodes.watched(node, ask=False) == "MUL_MAT"
    assert nodes.watched(node) == "CUSTOM"


@kernel
@pytest.mark.parametrize("kind", [lib.GGML_TYPE_Q8_0, lib.GGML_TYPE_Q5_0])
@pytest.mark.parametrize("level", levels())
def test_more_columns_are_ours_where_that_is_quicker(nodes: Nodes, kind: int, level: int):
    nodes.use(level)
    assert nodes.watched(nodes.made(kind, 9)) == ("MUL_MAT" if level == 1 else "CUSTOM")


@kernel
@pytest.mark.parametrize("columns", [1, 5, 8, 9, 20])
def test_columns_that_do_not_fit_are_llama_cpps(nodes: Nodes, columns: int):
    widest = 49152 // min(columns, 8) // 32 * 32
    assert nodes.watched(nodes.made(lib.GGML_TYPE_Q4_1, columns, widest)) == "CUSTOM"
    assert nodes.watched(nodes.made(lib.GGML_TYPE_Q4_1, columns, widest + 32)) == "MUL_MAT"


@kernel
@pytest.mark.parametrize("kind", LARGE_TYPES)
@pytest.mark.parametrize("columns", [1, 3, 4, 8, 20])
def test_wide_rows_of_large_blocks_are_ours_where_four_fit(nodes: Nodes, kind: int, columns: int):
    """Rows of models of some billions of parameters are long."""
    widest = 49152 // min(columns, 4) // 256 * 256
    assert nodes.watched(nodes.made(kind, columns, widest)) == "CUSTOM"
    assert nodes.watched(nodes.made(kind, columns, widest + 256)) == "MUL_MAT"


@kernel
@pytest.mark.parametrize(
    "kind", [lib.GGML_TYPE_F32, lib.GGML_TYPE_F16, lib.GGML_TYPE_Q4_0, lib.GGML_TYPE_Q5_1]
)
def test_other_types_are_llama_cpps(nodes: Nodes, kind: int):
    assert nodes.watched(nodes.made(kind)) == "MUL_MAT"


def weights(node: Tensor) -> Tensor:
    return Tensor.from_address(node.src[0])


def columns(node: Tensor) -> Tensor:
    return Tensor.from_address(node.src[1])


def put(tensor: Callable[[Tensor], Tensor], field: str, value: int) -> Callable[[Tensor], None]:
    """Change a field, or the place of one that has several ("ne 2")."""
    name, _, place = field.partition(" ")

    def change(node: Tensor) -> None:
        if place:
            getattr(tensor(node), name)[int(place)] = value
        else:
            setattr(tensor(node), name, value)

    return change


@kernel
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(put(weights, "buffer", DEVICE), id="weights in another order or on a device"),
        pytest.param(put(weights, "buffer", 0), id="weights in no buffer"),
        pytest.param(put(weights, "nb 0", 68), id="weights with room between blocks"),
        pytest.param(put(weights, "ne 2", 2), id="two matrices"),
        pytest.param(put(weights, "ne 3", 2), id="two times two matrices"),
        pytest.param(put(columns, "ne 2", 2), id="columns for two matrices"),
        pytest.param(put(columns, "ne 3", 2), id="columns for two times two"),
        pytest.param(put(columns, "ne 1", 0), id="no column"),
        pytest.param(put(columns, "nb 0", 8), id="columns with room between values"),
        pytest.param(put(columns, "type", lib.GGML_TYPE_F16), id="columns of half floats"),
        pytest.param(put(lambda node: node, "type", lib.GGML_TYPE_F16), id="result of half floats"),
        pytest.param(put(lambda node: node, "nb 0", 8), id="result with room between values"),
        pytest.param(put(lambda node: node, "nb 1", 256), id="result with room between columns"),
        pytest.param(put(lambda node: node, "op", 1), id="another kind of node"),
    ],
)
def test_what_is_otherwise_is_left_as_it_is(nodes: Nodes, change: Callable[[Tensor], None]):
    node = nodes.made(lib.GGML_TYPE_Q8_0)
    change(node)
    assert nodes.watched(node) != "CUSTOM"


@kernel
def test_a_library_that_looks_otherwise_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    class Moved(ctypes.Structure):
        _fields_ = (("new", ctypes.c_int64), *Tensor._fields_)

    monkeypatch.setattr(mul_mat, "Tensor", Moved)
    with pytest.raises(UnfitError, match="look otherwise"):
        MulMat()


@kernel
def test_a_function_that_is_gone_is_said(monkeypatch: pytest.MonkeyPatch):
    class Less:
        def __getitem__(self, name: str) -> object:
            raise AttributeError(name)

    monkeypatch.setattr(lib, "_lib", Less())
    with pytest.raises(UnfitError, match="has no ggml"):
        MulMat()


@kernel
def test_wrong_products_are_found_out(monkeypatch: pytest.MonkeyPatch):
    real = Graphs.evaluate
    monkeypatch.setattr(Graphs, "evaluate", lambda self, node: real(self, node) + _is_ours(node))
    with pytest.raises(UnfitError, match="are not those"):
        MulMat()


def _is_ours(node: int) -> bool:
    return ggml.op_name(Tensor.from_address(node).op) == "CUSTOM"


@kernel
def test_a_processor_without_code_is_said():
    with pytest.raises(UnfitError, match="no code for this processor"):
        MulMat(len(LEVELS))


def test_without_the_kernel_there_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(mul_mat, "LIBRARY", tmp_path / "none.so")
    with pytest.raises(UnfitError, match="not built"):
        MulMat()


@kernel
def test_accelerators_are_left_their_nodes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ggml, "accelerators", lambda: True)
    with pytest.raises(UnfitError, match="accelerator"):
        MulMat()


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Path], str]:
    """The build hook's function, where hatchling need not be installed."""
    plugin = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    plugin.BuildHookInterface = object  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, plugin.__name__, plugin)
    made: Callable[[Path, Path], str] = runpy.run_path(str(ROOT / "hatch_build.py"))["build"]
    return made


@pytest.mark.skipif(not BUILDS, reason="no compiler, or no kernel for this system")
def test_the_kernel_in_use_is_the_one_in_the_tree(
    build: Callable[[Path, Path], str], tmp_path: Path
):
    assert build(SOURCE, tmp_path / "fresh.so") == ""
    fresh = (tmp_path / "fresh.so").read_bytes()
    assert mul_mat.LIBRARY.read_bytes() == fresh, "its sources changed: pip install -e . builds it"


@pytest.mark.parametrize("compiler", ["/no/such/compiler", "/bin/false", "'"])
def test_without_a_compiler_the_wheel_is_made_all_the_same(
    build: Callable[[Path, Path], str],
    compiler: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """The hook says what is missing and leaves no old kernel."""
    stale = tmp_path / "_mul_mat.so"
    stale.write_bytes(b"old")
    monkeypatch.setenv("CC", compiler)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sysconfig.get_config_var", lambda _name: None)
    assert build(SOURCE, stale)
    assert not stale.exists()


def test_another_system_has_no_kernel(
    build: Callable[[Path, Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sysconfig.get_platform", lambda: "macosx-14-arm64")
    assert "macosx-14-arm64" in build(SOURCE, tmp_path / "_mul_mat.so")


@kernel
def test_a_kernel_that_was_built_for_another_version_is_left_alone(
    tmp_path: Path, monkeypatch
) -> None:
    """As in a working copy that was brought up to date without installing it again."""
    source, old = tmp_path / "old.c", tmp_path / "old.so"
    source.write_text("int cowrite_mul_mat_level(void) { return 1; }\n")
    subprocess.run(["cc", "-shared", "-fPIC", str(source), "-o", str(old)], check=True)
    monkeypatch.setattr(mul_mat, "LIBRARY", old)
    with pytest.raises(UnfitError, match="another version"):
        mul_mat.MulMat()
