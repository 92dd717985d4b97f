"""Versions of what was learned: kept, used, taken back and forgotten, whole or not at all."""

import hashlib

import pytest

from cowrite.errors import CowriteError, UsageError
from cowrite.learning.registry import BASE, KEPT, Registry, Version

MODEL, OTHER = "a1" * 32, "b2" * 32


def add(registry, *, documents=("d1",), model=MODEL, parent=0, promoted=True, folder=None):
    number = registry.next_number(model)
    data = b"GGUF adapter " * 100 + bytes([number])
    path = registry.folder / f"fresh-{number}"
    registry.folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    version = Version(
        number, "gemma", model, 1000 + number, parent, {one: f"{one}.md" for one in documents},
        frozenset({"aa"}), 900, 1.5, hashlib.sha256(data).hexdigest(), promoted=promoted,
    )  # fmt: skip
    registry.add(version, path)
    return number


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "learning" / "adapters")


def test_nothing_is_used_before_it_is_told(registry):
    number = add(registry)
    assert registry.in_use(MODEL) is None
    assert registry.use(MODEL, number) == BASE
    found = registry.in_use(MODEL)
    assert found is not None
    assert registry.check(found)
    assert found.path.stat().st_mode & 0o077 == 0 or found.path.parent.stat().st_mode & 0o077 == 0
    assert registry.in_use(OTHER) is None


def test_back_leads_to_what_it_was_trained_from_and_then_to_the_model_itself(registry):
    first = add(registry)
    registry.use(MODEL, first)
    second = add(registry, parent=first)
    registry.use(MODEL, second)
    assert registry.before(MODEL) == first
    registry.use(MODEL, first)
    assert registry.before(MODEL) == BASE


def test_a_number_is_not_given_twice_and_versions_are_bounded(registry):
    numbers = [add(registry) for _ in range(2)]
    registry.use(MODEL, numbers[0])
    numbers += [add(registry) for _ in range(KEPT + 2)]
    assert len(set(numbers)) == len(numbers)
    kept = [version.number for version in registry.versions(MODEL)]
    assert numbers[0] in kept
    assert kept[-1] == numbers[-1]
    assert len(kept) == KEPT + 1


def test_forgetting_a_document_takes_the_adapters_that_saw_it(registry):
    first = add(registry, documents=("d1",))
    second = add(registry, documents=("d1", "d2"), parent=first)
    registry.use(MODEL, second)
    before = (registry.folder / MODEL[:16] / str(second) / f"learned-{second}.gguf").stat().st_ino
    gone = registry.forget("d2")
    assert [version.number for version in gone] == [second]
    used = registry.in_use(MODEL)
    assert used is not None
    assert used.version.number == first
    assert before
    assert [version.number for version in registry.forget()] == [first]
    assert registry.in_use(MODEL) is None
    assert not list(registry.folder.rglob("*.gguf"))


def test_what_is_deleted_was_overwritten(registry, monkeypatch):
    """The blocks are zeros before the name goes: looked at through a second name."""
    number = add(registry)
    adapter = registry.folder / MODEL[:16] / str(number) / f"learned-{number}.gguf"
    second = registry.folder.parent / "second-name"
    second.hardlink_to(adapter)
    registry.forget()
    assert set(second.read_bytes()) == {0}


def test_an_adapter_that_was_changed_is_noticed(registry):
    number = add(registry)
    registry.use(MODEL, number)
    found = registry.in_use(MODEL)
    assert found is not None
    found.path.write_bytes(b"something else")
    assert not registry.check(found)


def test_damage_costs_the_version_and_is_told(registry):
    number = add(registry)
    registry.use(MODEL, number)
    (registry.folder / MODEL[:16] / str(number) / "version.json").write_text("{")
    assert registry.in_use(MODEL) is None
    assert registry.troubles
    (registry.folder / MODEL[:16] / "in-use").write_text("many")
    assert registry.in_use(MODEL) is None


def test_a_version_that_is_not_there_is_a_sentence(registry):
    add(registry)
    with pytest.raises(UsageError) as told:
        registry.use(MODEL, 7)
    assert "Kept: 1" in told.value.hint


def test_a_folder_that_can_not_be_written_is_a_sentence(registry):
    registry.folder.parent.mkdir()
    registry.folder.write_text("a file stands here")
    with pytest.raises(CowriteError):
        registry.use(MODEL, BASE)
