"""How texts are cut for a training, and in which order it sees them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cowrite.learning import general
from cowrite.learning.job import Job, read_job
from cowrite.learning.lora.sequences import Cutter, Kind, plan

START = 1


def bytewise(text: str) -> list[int]:
    return [10 + byte for byte in text.encode()]


def cutter(size: int = 16, start: int | None = START) -> Cutter:
    return Cutter(bytewise, lambda token: bytes([token - 10]), start, size)


def job(**values: object) -> Job:
    given: dict[str, object] = {
        "model": "m.gguf",
        "texts": (("a", "x" * 400), ("b", "y" * 200)),
        "folder": "f",
        "output": "o",
        "sequence": 64,
    }
    return Job(**{**given, **values})  # type: ignore[arg-type]


@given(st.text(min_size=1, max_size=300), st.sampled_from([None, START]))
def test_a_text_is_cut_without_losing_a_token(text: str, start: int | None) -> None:
    parts = list(cutter(48, start).cut(text, Kind.OWN, "d"))
    lead = 0 if start is None else 1
    tokens = [token for part in parts for token in part.tokens[lead:]]
    if lead + len(bytewise(text)) > 1:
        assert tokens == bytewise(text)
        assert [part.end for part in parts] == sorted(part.end for part in parts)
        assert parts[-1].end == len(text)
    assert all(part.tokens[0] == START for part in parts if lead)


def test_the_rest_of_a_text_goes_with_what_is_before_it() -> None:
    assert [len(part.tokens) for part in cutter(64).cut("x" * 130, Kind.OWN)] == [64, 68]
    assert [len(part.tokens) for part in cutter(64).cut("x" * 160, Kind.OWN)] == [64, 64, 35]


def test_the_writers_text_is_seen_once_and_in_order_and_the_rest_by_its_share() -> None:
    wanted = job(
        general=("g" * 100, "h" * 100), general_share=0.5, earlier=("e" * 60,), earlier_share=0.2
    )
    steps = plan(wanted, cutter(64))
    parts = [part for step in steps for part in step]
    own = [part for part in parts if part.kind is Kind.OWN]
    assert [part.document for part in own] == sorted(part.document for part in own)
    assert sum(part.learned for part in own) == 600
    others = sum(part.learned for part in parts if part.kind is Kind.GENERAL)
    assert 200 <= others <= 300
    assert any(part.kind is Kind.EARLIER for part in parts)
    assert all(sum(p.learned for p in step) >= 63 for step in steps[:-1])
    assert (
        steps == plan(wanted, cutter(64)) != plan(job(general=wanted.general, seed=2), cutter(64))
    )


def test_a_job_is_the_same_on_the_disk_and_named_by_what_is_learned(tmp_path: Path) -> None:
    import msgspec

    (tmp_path / "job.json").write_bytes(msgspec.json.encode(job(minutes=2.0)))
    assert read_job(tmp_path / "job.json") == job(minutes=2.0)
    assert job(minutes=2.0).identity() == job(folder="g", threads=2).identity()
    assert job().identity() != job(seed=2).identity()
    assert job().identity() != job(texts=(("a", "z"),)).identity()


def test_what_judges_was_never_trained_on() -> None:
    def grams(texts: tuple[str, ...]) -> set[tuple[str, ...]]:
        words = [text.split() for text in texts]
        return {tuple(w[at : at + 8]) for w in words for at in range(len(w) - 7)}

    assert len(general.replay()) > 5
    assert len(general.held_out()) > 5
    assert all(len(text) > 1000 for text in (*general.replay(), *general.held_out()))
    assert not grams(general.replay()) & grams(general.held_out())
