"""From a name or a path to a model: identity, memory, and what is said where it can't be had."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from make_gguf import PLAIN, gguf, write_gguf

from cowrite import catalog
from cowrite.catalog import ModelState, UnknownModelError, add, cards, remove, resolve, verify
from cowrite.catalog import resolving as resolving_module
from cowrite.catalog.cards import Card, read_card, shipped_folder
from cowrite.catalog.memory import estimate
from cowrite.catalog.resolving import knows_architecture
from cowrite.errors import ModelError, UsageError
from cowrite.paths import Paths

GEMMA, SMOL = "gemma-3-270m", "smollm2-135m-instruct"


def choose(choice: str | None, paths: Paths, **how: Any) -> catalog.ResolvedModel:
    return resolve(choice, paths, default=GEMMA, **how)


@pytest.fixture
def shipped(packaged: Any, monkeypatch: pytest.MonkeyPatch) -> Card:
    """A card as if it were shipped, its model in two packages."""
    card: Card = packaged(2)
    for module in (resolving_module,):
        monkeypatch.setattr(module, "cards", lambda _: {card.name: card})
    return card


def test_the_shipped_cards_are_valid_and_complete(paths: Paths) -> None:
    files = list(shipped_folder().glob("*.toml"))
    assert (
        {read_card(path).name for path in files} == {path.stem for path in files} >= {GEMMA, SMOL}
    )
    for card in cards(paths).values():
        assert card.terms
        assert card.notes
        assert card.install
        assert card.sampling
        assert card.parts


def test_a_name_is_found_in_any_case_and_a_slip_gets_the_nearest(
    paths: Paths, shipped: Card
) -> None:
    assert choose("TINY", paths).card == shipped
    with pytest.raises(UnknownModelError) as caught:
        choose("tinny", paths)
    assert caught.value.exit_code == 2
    assert "'tiny'" in caught.value.hint


def test_a_file_is_read_from_end_to_end_only_when_it_changed(paths: Paths, shipped: Card) -> None:
    calls: list[int] = []

    def count(done: int, _total: int) -> None:
        calls.append(done)

    first = choose("tiny", paths, progress=count)
    assert calls
    calls.clear()
    assert choose("tiny", paths, progress=count) == first
    assert not calls
    os.utime(first.path, (1, 1))
    assert choose("tiny", paths, progress=count).sha256 == shipped.sha256
    assert calls


def test_a_damaged_copy_in_the_cache_is_joined_again(paths: Paths, shipped: Card) -> None:
    path = choose("tiny", paths).path
    path.write_bytes(gguf(PLAIN | {"general.name": ("text", "Evil")}))
    assert choose("tiny", paths).sha256 == shipped.sha256
    assert path.read_bytes() == gguf()


@pytest.mark.parametrize("junk", [b"", b"no model at all", gguf()[:-64]])
def test_junk_in_the_cache_is_joined_over(paths: Paths, shipped: Card, junk: bytes) -> None:
    path = choose("tiny", paths).path
    path.write_bytes(junk)
    assert choose("tiny", paths).sha256 == shipped.sha256


def test_verify_reads_again_though_nothing_seems_changed(paths: Paths, shipped: Card) -> None:
    path = choose("tiny", paths).path
    verify(shipped, paths)
    before = path.stat()
    changed = gguf(PLAIN | {"general.name": ("text", "Evil")})
    path.write_bytes(changed)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelError, match="sha256"):
        verify(shipped, paths)


def test_any_file_by_its_path(paths: Paths, tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "My Own.gguf")
    model = choose(str(path), paths)
    assert (model.name, model.path, model.card) == ("My Own", path, None)
    assert model.base
    assert model.facts.architecture == "llama"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"hello", "not a GGUF file"),
        (gguf()[:-100], "truncated"),
        (gguf({"general.architecture": ("text", "nosucharch")}), "does not know"),
        (gguf({"general.architecture": ("text", "\x1b[31m")}), "does not know"),
    ],
)
def test_files_that_can_not_be_run(paths: Paths, tmp_path: Path, data: bytes, says: str) -> None:
    path = write_gguf(tmp_path / "bad.gguf", data)
    for attempt in (lambda: choose(str(path), paths), lambda: add(path, paths)):
        with pytest.raises(ModelError, match=says) as caught:
            attempt()
        assert caught.value.hint
        assert caught.value.exit_code == 1
    assert not paths.models.exists()


def test_a_model_larger_than_the_free_memory(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_gguf(tmp_path / "m.gguf")
    monkeypatch.setattr(resolving_module, "free_memory", lambda: 50_000_000)
    with pytest.raises(ModelError, match=r"needs 0\.1 GB of memory, 0\.1 GB are free") as caught:
        choose(str(path), paths)
    assert "smaller" in caught.value.hint
    monkeypatch.setattr(resolving_module, "free_memory", lambda: None)
    assert choose(str(path), paths).name == "m"


def test_the_estimate_grows_with_the_context_as_far_as_the_model_goes(
    paths: Paths, tmp_path: Path
) -> None:
    facts = choose(str(write_gguf(tmp_path / "m.gguf")), paths).facts
    small, large = estimate(100, facts, 256), estimate(100, facts, 512)
    assert large.kv == 2 * small.kv == 512 * facts.kv_bytes_per_token
    assert estimate(100, facts, 100_000).context == 512
    assert large.total == 100 + large.kv + large.overhead


def test_add_use_and_forget(paths: Paths, tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "My Own (1).gguf")
    card = add(path, paths)
    assert (card.name, card.kind, card.licence) == ("my-own-1", "base", "mit")
    model = choose("my-own-1", paths)
    assert (model.path, model.card) == (path, card)
    assert choose(str(path), paths).name == "my-own-1"
    with pytest.raises(UsageError, match="already"):
        add(path, paths)
    with pytest.raises(UsageError, match="already"):
        add(path, paths, GEMMA)
    with pytest.raises(UsageError, match="can't be"):
        add(path, paths, "../evil")
    assert remove("my-own-1", paths) == (card, None)
    assert path.exists()
    with pytest.raises(UnknownModelError):
        choose("my-own-1", paths)


def test_an_added_file_that_changed_or_went_is_told(paths: Paths, tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf")
    card = add(path, paths)
    write_gguf(path, gguf(PLAIN | {"general.name": ("text", "Other")}))
    with pytest.raises(ModelError, match="changed since it was added"):
        choose("m", paths)
    path.unlink()
    assert catalog.state_of(card, paths) is ModelState.MISSING
    with pytest.raises(ModelError, match="is gone"):
        choose("m", paths)


def test_what_a_header_says_reaches_a_card_without_controls(paths: Paths, tmp_path: Path) -> None:
    evil = PLAIN | {
        "general.name": ("text", "a\x1b]0;x\x07\u202e"),
        "general.license": ("text", "\x9b2J"),
    }
    card = add(write_gguf(tmp_path / "m.gguf", gguf(evil)), paths)
    assert card.title == "a␛]0;x␇\ufffd"
    assert card.licence == "\ufffd2J"
    assert read_card(paths.models / "m.toml") == card


def test_a_broken_card_hides_no_other(paths: Paths, tmp_path: Path) -> None:
    card = add(write_gguf(tmp_path / "m.gguf"), paths)
    (paths.models / "broken.toml").write_text("name = 3")
    (paths.models / "worse.toml").write_bytes(b"\xff")
    strange = msgspec.to_builtins(card) | {"sha256": "short"}
    (paths.models / "strange.toml").write_text(f"name = 'x'\nsha256 = '{strange['sha256']}'")
    assert "m" in cards(paths)
    assert [
        str(paths.models / name) in error.message
        for name, error in zip(
            ("broken.toml", "strange.toml", "worse.toml"), catalog.broken(paths), strict=True
        )
    ] == [True] * 3


def test_a_cache_that_can_not_be_written_costs_time_only(paths: Paths, tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf")
    paths.cache.parent.mkdir()
    paths.cache.write_text("a file where the folder should be")
    assert choose(str(path), paths).name == "m"


def test_architectures_are_read_from_the_installed_library() -> None:
    assert knows_architecture("llama")
    assert knows_architecture("gemma3")
    assert not knows_architecture("nosucharch")
    assert not knows_architecture("")
    assert not knows_architecture("llama\0x")


def test_the_real_instruct_model_is_used_in_place_without_importing_its_package(
    paths: Paths,
) -> None:
    if catalog.state_of(cards(paths)[SMOL], paths) is ModelState.MISSING:
        pytest.skip("the extra smollm2 is not installed")
    import sys

    model = choose(SMOL, paths)
    assert model.sha256 == cards(paths)[SMOL].sha256
    assert not model.base
    assert not paths.model_cache.joinpath(model.path.name).exists()
    assert "llm" not in sys.modules


@pytest.mark.model
def test_the_real_default_model_is_joined_from_its_packages(paths: Paths) -> None:
    model = choose(None, paths)
    assert model.sha256 == cards(paths)[GEMMA].sha256
    assert model.base
    assert (model.facts.architecture, model.facts.vocabulary) == ("gemma3", 262_144)
    assert model.path.parent == paths.model_cache
    verify(cards(paths)[GEMMA], paths)
