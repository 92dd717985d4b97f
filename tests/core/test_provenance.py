"""Runs against a list with one source for each character."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.provenance import (
    FILE,
    PASTE,
    WRITER,
    Author,
    Provenance,
    Run,
    Source,
    joined,
    one_run,
)

SOURCES = [WRITER, FILE, PASTE, Source(Author.MODEL, "s1"), Source(Author.MODEL, "s2")]
RUN = st.tuples(st.integers(0, 4), st.sampled_from(SOURCES))
RUNS = st.lists(RUN, max_size=6)


def spread(runs: object) -> list[Source]:
    return [source for length, source in runs for _ in range(length)]  # type: ignore[attr-defined]


@settings(max_examples=300, deadline=None)
@given(RUNS, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9), RUNS), max_size=20))
def test_runs_are_what_each_character_says(
    first: list[Run], steps: list[tuple[int, int, list[Run]]]
) -> None:
    runs, model = Provenance(first), spread(first)
    for place, length, inserted in steps:
        start = place % (len(model) + 1)
        end = min(len(model), start + length)
        gone = runs.replace(start, end, iter(inserted))
        assert spread(gone) == model[start:end]
        model[start:end] = spread(inserted)
        held = list(runs)
        assert spread(held) == model
        assert len(runs) == len(model)
        assert held == joined(held), "neighbours differ, and none is empty"
        assert spread(runs.slice(start, len(model))) == model[start:]
        assert runs.shares() == {
            author: sum(s.author is author for s in model) for author in Author
        }


@settings(max_examples=200, deadline=None)
@given(RUNS, st.integers(0, 30), st.integers(0, 30))
def test_slices(first: list[Run], start: int, end: int) -> None:
    runs, model = Provenance(first), spread(first)
    part = runs.slice(min(start, len(model)), min(end, len(model)))
    assert spread(part) == model[start:end]
    assert list(part) == joined(part)


@settings(max_examples=200, deadline=None)
@given(RUNS, st.integers(0, 30), st.integers(0, 5), RUNS)
def test_what_was_deleted_can_be_put_back(
    first: list[Run], place: int, length: int, inserted: list[Run]
) -> None:
    runs = Provenance(first)
    before = list(runs)
    start = place % (len(runs) + 1)
    end = min(len(runs), start + length)
    gone = runs.replace(start, end, inserted)
    runs.replace(start, start + sum(length for length, _ in inserted), gone)
    assert list(runs) == before


def test_joining() -> None:
    assert one_run(0, WRITER) == ()
    assert one_run(3, WRITER) == ((3, WRITER),)
    assert joined([(1, WRITER), (0, FILE), (2, WRITER), (1, FILE)]) == [(3, WRITER), (1, FILE)]
    assert joined([(1, SOURCES[3]), (1, SOURCES[4])]) == [(1, SOURCES[3]), (1, SOURCES[4])]
