"""How much of a model goes to a graphics processor, and that none is touched where none may be."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from real_models import model_file

from cowrite.engine.backend import NoDeviceError, NoRoomError
from cowrite.engine.host.loading import load_engine
from cowrite.engine.llama import devices, from_file
from cowrite.engine.llama import model as llama
from cowrite.engine.llama.devices import (
    GRAPHICS,
    INTEGRATED,
    RESERVE,
    Device,
    offload_for,
    shared_out,
)
from cowrite.engine.llama.from_file import LoadError
from cowrite.engine.llama.outline import Outline, outline
from cowrite.engine.protocol import EngineOptions, Load, ModelFile, Way
from cowrite.errors import ModelError

SIZES = st.integers(1, 1 << 30)


def device(free: int, kind: int = GRAPHICS) -> Device:
    return Device(1, "a card", kind, free)


@given(
    st.lists(SIZES, min_size=1, max_size=80).map(tuple),
    SIZES,
    st.booleans(),
    st.integers(0, 4096),
    st.integers(256, 8192),
    st.integers(0, 1 << 37),
)
def test_as_many_layers_go_there_as_have_room(
    blocks: tuple[int, ...], output: int, tied: bool, cell: int, tokens: int, free: int
):
    model = Outline(blocks, output, tied, cell)
    steps = [output, *(block + cell * tokens for block in reversed(blocks))]
    try:
        found = shared_out(device(free), model, tokens)
    except NoRoomError:
        assert RESERVE + output > free
        return
    assert 1 <= found.layers <= found.whole == len(steps)
    assert RESERVE + sum(steps[: found.layers]) <= free
    assert found.layers == len(steps) or RESERVE + sum(steps[: found.layers + 1]) > free
    assert 0 <= found.moved <= sum(blocks) + output
    assert (found.rest == 0) == (found.layers == found.whole)
    assert ("all layers" in str(found)) == (found.layers == found.whole)


@pytest.mark.parametrize("found", [[], [device(0)], [device(RESERVE)]])
def test_where_there_is_none_or_none_free_it_is_said(
    found: list[Device], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(devices, "devices", lambda: found)
    monkeypatch.setattr(devices, "outline", lambda path: Outline((10, 10), 10, False, 1))
    with pytest.raises(NoRoomError if found else NoDeviceError):
        offload_for(tmp_path / "a.gguf", 512)


def test_a_card_of_its_own_goes_before_one_that_shares_memory(monkeypatch: pytest.MonkeyPatch):
    free = RESERVE << 4
    cards = [device(free * 4, INTEGRATED), device(free), device(free * 2)]
    monkeypatch.setattr(devices, "devices", lambda: cards)
    monkeypatch.setattr(devices, "outline", lambda path: Outline((10, 10), 10, False, 1))
    assert offload_for(Path("a.gguf"), 512).device is cards[2]


def test_a_file_that_is_no_model_has_no_layers(tmp_path: Path):
    for content in (b"", b"GGUF", b"GGUF" + bytes(100), b"text"):
        path = tmp_path / "a.gguf"
        path.write_bytes(content)
        assert outline(path) == Outline((), 0, False, 0)
    assert outline(tmp_path / "none") == Outline((), 0, False, 0)


@pytest.mark.model
@pytest.mark.parametrize(("name", "blocks", "cell"), [("gemma", 18, 1024), ("smollm2", 30, 768)])
def test_the_layers_of_a_real_file_are_its_size(name: str, blocks: int, cell: int):
    path = model_file(name).path
    model = outline(path)
    assert len(model.blocks) == blocks
    assert model.cell_bytes == cell
    assert model.tied
    head = path.stat().st_size - sum(model.blocks) - model.output
    assert 0 < head < 16 << 20, "what is left are the words of the vocabulary"


def test_llama_cpp_is_kept_away_from_every_device_where_none_was_given(
    monkeypatch: pytest.MonkeyPatch,
):
    """Else it would give them long products, and a driver that dies would end the processor's way, too."""
    seen: list[tuple[int, list[int | None]]] = []

    def load(path: bytes, parameters: Any) -> None:
        listed = ctypes.cast(parameters.devices, ctypes.POINTER(ctypes.c_void_p))
        seen.append((parameters.n_gpu_layers, listed[:2]))

    monkeypatch.setattr(from_file.lib, "llama_model_load_from_file", load)
    given = shared_out(
        Device(4711, "a card", GRAPHICS, RESERVE << 4), Outline((1, 1), 1, True, 1), 512
    )
    for offload in (None, given):
        with pytest.raises(LoadError):
            from_file.load(Path("a.gguf"), None, extra_buffers=True, offload=offload)
    assert seen == [(0, [None, None]), (3, [4711, None])]


def test_a_model_that_its_memory_does_not_hold_after_all_is_left_to_the_processor(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """What a driver says of its memory may be wrong; and a broken file is told of by the processor's way."""

    def load(*_given: object, **_named: object) -> None:
        raise LoadError("failed to allocate")

    monkeypatch.setattr(devices, "devices", lambda: [device(RESERVE << 4)])
    monkeypatch.setattr(llama, "load", load)
    (tmp_path / "a.gguf").write_bytes(b"GGUF")
    message = Load(ModelFile("a", tmp_path / "a.gguf"), EngineOptions(nice=0), Way.GPU, True)
    with pytest.raises(NoRoomError):
        load_engine(message, lambda _message: None, lambda: None)
    with pytest.raises(ModelError):
        load_engine(replace(message, way=Way.FULL), lambda _message: None, lambda: None)
