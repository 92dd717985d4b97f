"""Model files that are broken on purpose: thousands of headers, and some of them in a real model process.

TORTURE_HEADERS and TORTURE_LOADS say how many; TORTURE_SEED where the seeds begin.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import struct
import time
from pathlib import Path

import pytest
from heard import Heard
from make_gguf import PLAIN, gguf

from cowrite.catalog.gguf import read_facts
from cowrite.core.context import Context
from cowrite.core.suggestion import Params
from cowrite.engine.client import EngineState
from cowrite.errors import ModelError

SEED = int(os.environ.get("TORTURE_SEED", "1"))
HEADER = 2_000_000
"""Bytes of the real model's beginning: all of its keys and some of its tensors' infos."""

NUMBERS = [
    0,
    1,
    0x7F,
    0xFF,
    0x7FFFFFFF,
    0xFFFFFFFF,
    0x7FFFFFFFFFFFFFFF,
    0xFFFFFFFFFFFFFFFF,
    1 << 40,
]


def mutated(draw: random.Random, data: bytes, reach: int) -> bytes:
    """The data with one to eight changes in its first `reach` bytes."""
    out = bytearray(data)
    for _ in range(draw.randint(1, 8)):
        reach = min(reach, len(out))
        if reach < 16:
            break
        at = draw.randrange(reach)
        match draw.randrange(7):
            case 0:
                out[at] ^= 1 << draw.randrange(8)
            case 1:
                out[at] = draw.randrange(256)
            case 2:
                out[at : at + 8] = struct.pack("<Q", draw.choice(NUMBERS))
            case 3:
                out[at : at + 4] = struct.pack("<I", draw.choice(NUMBERS) & 0xFFFFFFFF)
            case 4:
                del out[at : at + draw.randint(1, 64)]
            case 5:
                out[at:at] = draw.randbytes(draw.randint(1, 64))
            case _:
                other = draw.randrange(reach)
                out[at : at + 16] = out[other : other + 16]
    if draw.random() < 0.1:
        del out[draw.randrange(max(1, len(out))) :]
    return bytes(out)


def read_all(
    path: Path, data: bytes, reach: int, count: int, seed: int, size: int = 0
) -> tuple[int, float]:
    """How many of the mutated headers were refused, and the longest time in seconds that one took.

    size: the file is made so long at least, as if its tensors followed.
    """
    refused, slowest = 0, 0.0
    for number in range(count):
        path.write_bytes(mutated(random.Random(seed + number), data, reach))
        os.truncate(path, max(size, path.stat().st_size))
        began = time.thread_time()
        try:
            read_facts(path)
        except ModelError:
            refused += 1
        except BaseException as error:
            error.add_note(f"seed {seed + number}")
            raise
        slowest = max(slowest, time.thread_time() - began)
    return refused, slowest


def test_mutated_headers(tmp_path: Path) -> None:
    count = int(os.environ.get("TORTURE_HEADERS", "2000"))
    refused, slowest = read_all(tmp_path / "a.gguf", gguf(PLAIN), 10_000, count, SEED)
    print(f"\n{count} headers, {refused} refused, the slowest took {slowest * 1000:.1f} ms")
    assert 0 < refused < count
    assert slowest < 1.0


@pytest.mark.model
def test_mutated_headers_of_a_real_model(tmp_path: Path, smollm: Path) -> None:
    with smollm.open("rb") as file:
        head = file.read(HEADER)
    refused, slowest = read_all(tmp_path / "a.gguf", head, HEADER, 40, SEED, smollm.stat().st_size)
    print(f"\n40 headers, {refused} refused, the slowest took {slowest * 1000:.1f} ms")
    assert slowest < 5.0


BROKEN = {
    "empty": lambda raw: b"",
    "cut in the header": lambda raw: raw[:1000],
    "cut in the tensors": lambda raw: raw[: len(raw) // 2],
    "an unknown architecture": lambda raw: raw.replace(
        b"\x05\0\0\0\0\0\0\0llama", b"\x05\0\0\0\0\0\0\0nosuc", 1
    ),
    "an unknown version": lambda raw: raw[:4] + b"\x63\0\0\0" + raw[8:],
    "not a model": lambda raw: b"Once upon a time. " * 1000,
}


@pytest.mark.model
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=() if "architecture" in n else pytest.mark.slow) for n in BROKEN],
)
def test_a_broken_model_in_the_model_process(name: str, tmp_path: Path, smollm: Path) -> None:
    model = tmp_path / "broken.gguf"
    model.write_bytes(BROKEN[name](smollm.read_bytes()))
    heard = Heard(model, tmp_path / "engine.log")
    try:
        said = heard.outcome()
        assert said.state is EngineState.NO_MODEL
        assert said.reason
    finally:
        heard.client.close()


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(3600)
def test_many_mutated_models_in_the_model_process(tmp_path: Path, smollm: Path) -> None:
    loads(tmp_path, smollm, int(os.environ.get("TORTURE_LOADS", "100")))


def loads(folder: Path, smollm: Path, count: int) -> None:
    """Load `count` models with mutated headers, and ask those that load."""
    model = folder / "fuzzed.gguf"
    shutil.copyfile(smollm, model)
    with smollm.open("rb") as file:
        head = file.read(HEADER)
    ready = 0
    for seed in range(SEED, SEED + count):
        draw = random.Random(seed)
        changed = bytearray(head)
        for _ in range(draw.randint(1, 6)):  # in the first keys, the tensors' infos, or anywhere
            at = draw.randrange(draw.choice([2000, HEADER]))
            changed[at : at + 4] = struct.pack("<I", draw.choice(NUMBERS) & 0xFFFFFFFF)
        with model.open("r+b") as file:
            file.write(changed[:HEADER])
        heard = Heard(model, folder / "engine.log", hang=20.0)
        try:
            said = heard.outcome(120)
            if said.state is EngineState.READY:
                ready += 1
                heard.client.suggest(
                    "one", Context((), "Once upon a time", ""), Params(n=1, max_tokens=4)
                )
                deadline = time.monotonic() + 60
                while heard.client.state is EngineState.WRITING and time.monotonic() < deadline:
                    time.sleep(0.02)
                assert heard.client.state is not EngineState.WRITING, f"seed {seed}"
            else:
                assert said.reason, f"seed {seed}"
        finally:
            with contextlib.suppress(Exception):
                heard.client.close(0.5)
    print(f"\n{count} models, seeds {SEED} to {SEED + count - 1}: {ready} did load all the same")
