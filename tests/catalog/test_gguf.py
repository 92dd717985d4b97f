"""Headers are read without being trusted."""

from __future__ import annotations

import contextlib
import os
import random
import struct
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_gguf import PLAIN, gguf, write_gguf
from real_models import model_file

from cowrite.catalog.facts import GgufFacts
from cowrite.catalog.gguf import MAX_TEXTS, read_facts
from cowrite.errors import ModelError


def refused(path: Path, data: bytes) -> str:
    with pytest.raises(ModelError) as caught:
        read_facts(write_gguf(path, data))
    assert "\n" not in caught.value.message
    return caught.value.message


def test_facts_of_a_small_file(tmp_path: Path) -> None:
    facts = read_facts(write_gguf(tmp_path / "tiny.gguf"))
    assert facts == GgufFacts(
        architecture="llama",
        name="Tiny",
        licence="mit",
        parameters=192,
        quantisation="Q4_K_M",
        context_length=512,
        layers=2,
        embedding=64,
        heads=4,
        kv_heads=2,
        key_length=16,
        value_length=16,
        vocabulary=3,
        chat_template=False,
    )
    assert facts.kv_bytes_per_token == 2 * 2 * 32 * 2


def test_facts_of_the_real_instruct_model() -> None:
    facts = read_facts(model_file("smollm2").path)
    assert (facts.architecture, facts.quantisation) == ("llama", "Q4_1")
    assert (facts.parameters, facts.vocabulary) == (134_515_008, 49_152)
    assert (facts.context_length, facts.layers, facts.heads, facts.kv_heads) == (8192, 30, 9, 3)
    assert facts.licence == "apache-2.0"
    assert facts.chat_template


def test_the_real_header_costs_little_memory() -> None:
    path = model_file("smollm2").path
    tracemalloc.start()
    try:
        read_facts(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


def test_heads_may_differ_by_layer(tmp_path: Path) -> None:
    values = PLAIN | {"llama.attention.head_count_kv": ("u32s", [1, 3])}
    assert read_facts(write_gguf(tmp_path / "m.gguf", gguf(values))).kv_heads == 3


def test_files_that_are_no_models(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    with pytest.raises(ModelError, match="no model file"):
        read_facts(tmp_path / "none.gguf")
    with pytest.raises(ModelError, match="is a folder"):
        read_facts(tmp_path)
    os.mkfifo(tmp_path / "pipe.gguf")
    with pytest.raises(ModelError, match="regular"):
        read_facts(tmp_path / "pipe.gguf")
    assert "not a GGUF" in refused(path, b"")
    assert "not a GGUF" in refused(path, b"#!/bin/sh\n")
    assert "truncated" in refused(path, b"GGUF")
    assert "version" in refused(path, gguf(version=1))
    assert "version" in refused(path, gguf(version=3 << 24))


def test_cut_files_are_told_from_whole_ones_at_any_length(tmp_path: Path) -> None:
    whole = gguf()
    path = tmp_path / "m.gguf"
    for length in range(4, len(whole), 7):
        assert "truncated" in refused(path, whole[:length])
    read_facts(write_gguf(path, whole))


def test_counts_that_lie_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    assert "more entries" in refused(path, gguf(keys=2**63))
    assert "more entries" in refused(path, gguf(tensor_count=2**64 - 1))
    header = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1) + b"k"
    assert "too long" in refused(path, header + struct.pack("<IQ", 8, 2**62))
    assert "without end" in refused(path, header + struct.pack("<IIQ", 9, 8, 2**60))
    assert "too many texts" in refused(path, header + struct.pack("<IIQ", 9, 8, MAX_TEXTS + 1))
    assert "truncated" in refused(path, header + struct.pack("<IIQ", 9, 8, 1_000_000))
    assert "truncated" in refused(path, header + struct.pack("<IIQ", 9, 10, 1 << 24))
    assert "unknown type" in refused(path, header + struct.pack("<IIQ", 9, 9, 1))
    assert "unknown type" in refused(path, header + struct.pack("<I", 99))


def test_odd_entries_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    assert "architecture" in refused(path, gguf({"general.name": ("text", "x")}))
    assert "alignment" in refused(path, gguf(PLAIN | {"general.alignment": ("u32", 0)}))
    assert "dimensions" in refused(path, gguf(tensors=(("t", (1,) * 9),), payload=b""))
    assert "without end" in refused(path, gguf(tensors=(("t", (2**40, 2**40)),), payload=b""))
    twice = gguf({"a": ("u32", 1), "b": ("u32", 1)}).replace(b"b\x04", b"a\x04", 1)
    assert "twice" in refused(path, twice)


def test_numbers_of_the_wrong_kind_count_as_unsaid(tmp_path: Path) -> None:
    values = PLAIN | {
        "llama.context_length": ("f32", float("nan")),
        "llama.block_count": ("text", "many"),
        "llama.attention.head_count": ("u64", 2**63),
        "general.name": ("u32", 7),
        "general.file_type": ("text", "Q4"),
    }
    facts = read_facts(write_gguf(tmp_path / "m.gguf", gguf(values)))
    assert (facts.context_length, facts.layers, facts.heads) == (0, 0, 0)
    assert (facts.name, facts.quantisation) == ("", "")


def reads_or_refuses(path: Path) -> None:
    """Any file gives facts or a ModelError, nothing else."""
    with contextlib.suppress(ModelError):
        assert read_facts(path).architecture


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400))
def test_any_bytes_after_the_magic(tmp_path: Path, tail: bytes) -> None:
    reads_or_refuses(write_gguf(tmp_path / "m.gguf", b"GGUF" + tail))


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_small_files_with_changed_bytes(tmp_path: Path, data: st.DataObject) -> None:
    raw = bytearray(gguf())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(4, len(raw) - 1))
        raw[at] = data.draw(
            st.sampled_from([0, 1, 7, 8, 9, 0x7F, 0x80, 0xFF]) | st.integers(0, 255)
        )
    reads_or_refuses(write_gguf(tmp_path / "m.gguf", bytes(raw)))


def mutate_real_header(tmp_path: Path, rounds: int, seed: int) -> None:
    """Change bytes of a real header, most of them in its counts, lengths and types."""
    source = model_file("smollm2").path
    size = source.stat().st_size
    with source.open("rb") as file:
        header = file.read(2 << 20)
    chance = random.Random(seed)
    path = tmp_path / "mutated.gguf"
    path.write_bytes(header)
    os.truncate(path, size)
    for _ in range(rounds):
        changed: list[int] = []
        with path.open("r+b") as file:
            for _ in range(chance.randint(1, 8)):
                reach = chance.choice([64, 2000, 2000, 6000, len(header)])
                changed.append(at := chance.randrange(4, reach))
                file.seek(at)
                value = chance.choice([b"\0", b"\xff", bytes([chance.randrange(256)])])
                file.write(value * chance.choice([1, 1, 4, 8]))
        reads_or_refuses(path)
        with path.open("r+b") as file:
            for at in changed:
                file.seek(at)
                file.write(header[at : at + 8])


def test_a_real_header_with_changed_bytes(tmp_path: Path) -> None:
    mutate_real_header(tmp_path, rounds=100, seed=1)


@pytest.mark.slow
def test_a_real_header_with_changed_bytes_at_length(tmp_path: Path) -> None:
    mutate_real_header(tmp_path, rounds=3000, seed=2)
