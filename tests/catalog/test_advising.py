"""What models would mean here: kept speeds, what they foretell, the order, and the sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_gguf import gguf

from cowrite import catalog
from cowrite.catalog.advising import READING, Advice, Machine, advise, ordered, pace, sentences
from cowrite.catalog.known import PURPOSES, known_models
from cowrite.catalog.memory import estimate, estimate_by, total_memory
from cowrite.catalog.speeds import FILE, Speed, SpeedBook, foretold, speed_of
from cowrite.paths import Paths

GB = 10**9
ROOM = Machine(8 * GB, 16 * GB)
GEMMA = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "c", tmp_path / "d", tmp_path / "cache", tmp_path / "s")


def named(found: list[Advice]) -> dict[str, Advice]:
    return {one.name: one for one in found}


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_twice_the_bytes_are_half_the_words(size: int, other: int) -> None:
    found = foretold(other, [Speed(size, 100.0, 20.0)])
    assert found is not None
    assert not found.measured
    assert found.words * other == pytest.approx(20.0 * size)
    assert found.first_ms / other == pytest.approx(100.0 / size)


def test_the_nearest_in_size_foretells_and_what_was_foretold_does_not() -> None:
    near, far = Speed(300, 10.0, 30.0), Speed(1000, 40.0, 9.0)
    found = foretold(900, [near, far, Speed(900, 1.0, 1.0, measured=False)])
    assert found is not None
    assert found.words == pytest.approx(10.0)
    assert foretold(900, []) is None
    measured = {"a": near, "b": far}
    assert speed_of("a", 900, measured) == near


def test_speeds_are_kept_for_one_machine(home: Paths) -> None:
    book = SpeedBook(home, "this")
    assert book.all() == {}
    book.keep("a", Speed(1, 2.0, 3.0))
    book.keep("a", Speed(1, 2.0, 4.0))
    assert SpeedBook(home, "this").all() == {"a": Speed(1, 2.0, 4.0)}
    assert SpeedBook(home, "another").all() == {}
    for number in range(100):
        book.keep(str(number), Speed(1, 1.0, 1.0))
    assert len(book.all()) <= 64
    assert (home.cache / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("raw", [b"", b"\xff\x00", b"[]", b'{"x": {"size": 0}}', b"{" * 9000])
def test_a_damaged_book_remembers_nothing(home: Paths, raw: bytes) -> None:
    home.cache.mkdir()
    (home.cache / FILE).write_bytes(raw)
    book = SpeedBook(home, "this")
    assert book.all() == {}
    book.keep("a", Speed(1, 1.0, 1.0))
    assert book.all()


def test_a_book_that_cannot_be_written_is_no_trouble(home: Paths) -> None:
    home.cache.write_text("a file where the folder should be")
    SpeedBook(home, "this").keep("a", Speed(1, 1.0, 1.0))
    assert SpeedBook(home, "this").all() == {}


def test_all_models_are_told_of_once_and_a_pulled_one_by_its_card(
    home: Paths, tmp_path: Path
) -> None:
    before = advise(home, ROOM)
    assert {*known_models(), "gemma-3-270m", "smollm2-135m-instruct"} == {*named(before)}
    assert len(before) == len(named(before))
    one = named(before)["lfm2-350m"]
    assert (one.here, one.get) == (False, "cowrite models pull lfm2-350m")
    (tmp_path / "a.gguf").write_bytes(gguf())
    catalog.add(tmp_path / "a.gguf", home, "lfm2-350m")
    found = advise(home, ROOM)
    assert len(found) == len(before)
    now = named(found)["lfm2-350m"]
    assert now.here
    assert now.size == (tmp_path / "a.gguf").stat().st_size
    assert now.good_for == one.good_for, "what its card of the known ones says still holds"
    (tmp_path / "a.gguf").unlink()
    assert not named(advise(home, ROOM))["lfm2-350m"].here


def test_memory_is_told_with_what_is_here(home: Paths) -> None:
    one = named(advise(home, replace(ROOM, context=2048)))["lfm2-1.2b"]
    known = known_models()["lfm2-1.2b"]
    assert one.memory == estimate_by(known.size, known.kv, known.vocabulary, 2048)
    assert one.memory.kv == known.kv * 2048
    assert one.fits
    said = " ".join(sentences(one, ROOM))
    assert "Needs 840 MB of the 16.0 GB here." in said
    tight = Machine(100, 16 * GB)
    small = named(advise(home, tight))["lfm2-1.2b"]
    assert small.fits is False
    assert "Does not fit" in " ".join(sentences(small, tight))
    blind = Machine(None, None)
    assert named(advise(home, blind))["lfm2-1.2b"].fits is None
    assert (total_memory() or GB) > 0


def test_an_estimate_from_a_card_is_that_of_a_header(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(gguf())
    facts = catalog.read_facts(tmp_path / "a.gguf")
    said = estimate_by(1000, facts.kv_bytes_per_token, facts.vocabulary, 256)
    assert said == estimate(1000, facts, 256)


def test_a_broken_file_is_told_of(home: Paths, tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(gguf())
    catalog.add(path, home, "mine")
    path.write_bytes(b"GGUF")
    one = named(advise(home, ROOM))["mine"]
    assert one.refused
    assert one.refused in list(sentences(one, ROOM))


def test_the_quick_and_large_come_first_and_what_cannot_run_last(home: Paths) -> None:
    measured = {GEMMA: Speed(253_113_024, 40.0, 16.0)}
    machine = Machine(1_200_000_000, 16 * GB, 0, measured)
    found = ordered(advise(home, machine), "ghost")
    names = [one.name for one in found]
    assert names[:2] == ["gemma-3-1b", "gemma-3-270m"], "both quicker than one reads"
    slower = replace(machine, free=1_300_000_000, measured={GEMMA: Speed(253_113_024, 40.0, 11.0)})
    names = [one.name for one in ordered(advise(home, slower), "ghost")]
    assert names[:3] == ["qwen3-0.6b-base", "gemma-3-270m", "gemma-3-1b"], "4, 11 and 3 words"
    meant = [one for one in found if "ghost" in one.good_for]
    assert found[: len(meant)] == meant
    runs = [one.fits is not False for one in meant]
    assert runs == sorted(runs, reverse=True)
    quick = [one for one in meant if one.fits and one.speed and one.speed.words >= READING]
    assert [one.size for one in quick] == sorted((one.size for one in quick), reverse=True)
    unmeasured = ordered(advise(home, ROOM), None)
    assert [one.size for one in unmeasured] == sorted(one.size for one in unmeasured)


def test_sentences_say_how_a_figure_is_known(home: Paths) -> None:
    measured = {GEMMA: Speed(253_113_024, 40.0, 40.0)}
    found = named(advise(home, replace(ROOM, measured=measured)))
    own = " ".join(sentences(found["gemma-3-270m"], ROOM))
    assert "Good at going on with your text." in own
    assert "Writes much faster than one reads; first word after less than 0.1 s." in own
    other = " ".join(sentences(found["qwen3-1.7b-base"], ROOM))
    assert "faster than one reads; first word after about 0.2 s (foretold)" in other
    assert "tends to answer" in " ".join(sentences(found["gemma-3-1b-it"], ROOM))
    assert [pace(words) for words in (0.5, 1.5, 2.5, 4.0, 10.0, 50.0)] == [
        "slower than one types",
        "about as fast as one types",
        "about as fast as one speaks",
        "about as fast as one reads",
        "faster than one reads",
        "much faster than one reads",
    ]


def test_the_known_models_say_no_more_than_is_known() -> None:
    models = known_models()
    assert 6 <= len(models) <= 12
    assert {purpose for model in models.values() for purpose in model.good_for} == {*PURPOSES}
    for model in models.values():
        assert (model.size % 1_000_000 == 0) is not bool(model.sha256), "about, or exact"
        assert model.revision == "main" or len(model.revision) == 40
        assert ("ghost" in model.good_for) == (model.kind == "base")
        assert catalog.knows_architecture(model.architecture)
        assert (model.chat is not None) == (model.kind == "instruct")
        assert model.chat is None or model.chat.valid()
