"""Files that make no text, and parts of models: refused before they are read, in a sentence that says why."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from make_gguf import PLAIN, gguf, write_gguf

from cowrite import catalog
from cowrite.catalog import add, cards, ready, resolve
from cowrite.catalog.fitness import _ARCHITECTURES, size_of
from cowrite.catalog.gguf import read_facts
from cowrite.errors import ModelError
from cowrite.paths import Paths


def of(architecture: str, **more: Any) -> bytes:
    """A file of this architecture; `__` in a name of `more` is a dot."""
    values = {name.replace("llama.", f"{architecture}."): value for name, value in PLAIN.items()}
    values["general.architecture"] = ("text", architecture)
    return gguf(values | {name.replace("__", "."): value for name, value in more.items()})


def part(number: int, count: int, **more: Any) -> bytes:
    """Part `number`, from 1 on, as `gguf-split` makes them: the header of the model is in the first alone."""
    own = {"split.no": ("u16", number - 1), "split.count": ("u16", count)}
    return gguf((PLAIN if number == 1 else {}) | own | more)


def refused(path: Path, paths: Paths) -> ModelError:
    """What each way to a model says of it; nothing is kept."""
    with pytest.raises(ModelError) as added:
        add(path, paths)
    with pytest.raises(ModelError) as used:
        resolve(str(path), paths, default="x")
    assert added.value.args == used.value.args
    assert not any(card.added for card in cards(paths).values())
    assert re.fullmatch(r"[^.]*/[^:]*(: |, | is )[^\n]*\.", added.value.message), (
        added.value.message
    )
    return added.value


@pytest.mark.parametrize("architecture", sorted(_ARCHITECTURES))
def test_g1_architectures_that_make_no_text(
    paths: Paths, tmp_path: Path, architecture: str
) -> None:
    error = refused(write_gguf(tmp_path / "m.gguf", of(architecture)), paths)
    assert "m.gguf makes no text: " in error.message
    assert "models list" in error.hint


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (of("bert"), "turns texts into vectors"),
        (of("clip", general__type=("text", "mmproj")), "sees or hears"),
        (of("llama", general__type=("text", "adapter"), adapter__type=("text", "lora")), "adapter"),
        (of("llama", general__type=("text", "mmproj")), "sees or hears"),
        (gguf({"general.type": ("text", "imatrix")}), "smaller"),
        (of("qwen3", qwen3__pooling_type=("u32", 3)), "vectors"),
        (of("llama", llama__attention__causal=("bool", False)), "in any order"),
        (gguf(tensors=()), "no weights"),
    ],
)
def test_g1_headers_that_say_what_the_file_is_for(
    paths: Paths, tmp_path: Path, data: bytes, reason: str
) -> None:
    assert reason in refused(write_gguf(tmp_path / "m.gguf", data), paths).message


@pytest.mark.parametrize(
    "data",
    [
        gguf(),
        of("qwen3", qwen3__pooling_type=("u32", 0)),
        of("llama", general__type=("text", "model"), llama__attention__causal=("bool", True)),
        of("gemma3", split__count=("u16", 1), split__no=("u16", 0)),
    ],
)
def test_g1_models_that_write_are_taken(paths: Paths, tmp_path: Path, data: bytes) -> None:
    assert add(write_gguf(tmp_path / "m.gguf", data), paths).name == "m"


def test_g1_a_later_part_names_the_first(paths: Paths, tmp_path: Path) -> None:
    for data in (part(2, 2), part(2, 2, **PLAIN)):
        error = refused(write_gguf(tmp_path / "m-00002-of-00002.gguf", data), paths)
        assert error.message.endswith("m-00002-of-00002.gguf is part 2 of 2 of a model.")
        assert error.hint == "Give the first part: m-00001-of-00002.gguf"
    error = refused(write_gguf(tmp_path / "renamed.gguf", part(3, 9)), paths)
    assert "part 3 of 9" in error.message
    assert "00001-of-" in error.hint


def test_g1_a_first_part_needs_the_others_beside_it(paths: Paths, tmp_path: Path) -> None:
    error = refused(write_gguf(tmp_path / "m.gguf", part(1, 2)), paths)
    assert error.hint == "Call it m-00001-of-00002.gguf, and the others likewise."
    first = write_gguf(tmp_path / "m-00001-of-00003.gguf", part(1, 3))
    write_gguf(tmp_path / "m-00002-of-00003.gguf", part(2, 3))
    error = refused(first, paths)
    assert "part 3 is not beside it" in error.message
    assert error.hint == "Put it there: m-00003-of-00003.gguf"
    last = write_gguf(tmp_path / "m-00003-of-00003.gguf", part(3, 3))
    facts = read_facts(first)
    assert size_of(7, facts, first) == 7 + 2 * last.stat().st_size
    assert add(first, paths).path == str(first)


def test_g1_what_was_added_before_is_refused_when_it_is_to_write(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_gguf(tmp_path / "old.gguf", of("bert"))
    with monkeypatch.context() as older:
        older.setattr("cowrite.catalog.adding.check_fit", lambda *_: None)
        add(path, paths)
    for choice in ("old", str(path)):
        with pytest.raises(ModelError, match="makes no text"):
            resolve(choice, paths, default="x")
        with pytest.raises(ModelError, match="makes no text"):
            ready(choice, paths)


def test_g1_names_are_spelt_as_llama_cpp_has_them() -> None:
    for name in (
        "bert",
        "clip",
        "nomic-bert",
        "jina-bert-v2",
        "t5",
        "t5encoder",
        "gemma-embedding",
    ):
        assert name in _ARCHITECTURES
        assert catalog.knows_architecture(name)
