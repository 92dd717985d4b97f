"""P(accept): learned from decisions, judged on the newest, shrunk towards the prior."""

from __future__ import annotations

import errno
import math
import os
import random
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.errors import CowriteError
from cowrite.learning.decisions import Decision
from cowrite.learning.features import NAMES
from cowrite.learning.order import KEPT, Order, OrderFile, prior
from cowrite.learning.ranking import LEAST, MOST_ERROR, calibration_error, learn
from cowrite.learning.timing import Timing, timing_of

TRUE = {"odds": 1.4, "inside_word": 0.8, "heading": -2.0, "refused_word": -1.0}


def writer(
    count: int, weights: dict[str, float], constant: float = -1.0, seed: int = 1
) -> list[Decision]:
    """Decisions of a writer who takes a candidate with a probability that these weights say."""
    rng = random.Random(seed)
    binary = {"inside_word", "sentence", "heading", "capital", "mark", "refused_word"}
    found = []
    for _ in range(count):
        features = {
            name: float(rng.random() < 0.2) if name in binary else rng.gauss(0, 1) for name in NAMES
        }
        z = constant + sum(weight * features[name] for name, weight in weights.items())
        took = rng.random() < 1 / (1 + math.exp(-z))
        found.append(Decision(tuple(features.values()), took, 1.0, True))
    return found


def test_it_finds_what_the_writer_takes_and_its_probabilities_hold() -> None:
    found = writer(4000, TRUE)
    made = learn(found, number=3)
    assert made.order is not None
    assert made.order.number == 3
    assert made.order.label == "order 3"
    assert made.order.error <= MOST_ERROR
    assert made.order.loss < made.order.prior_loss
    assert made.order.decisions == 3600
    weights = dict(zip(NAMES, made.order.weights[1:], strict=True))
    for name, true in TRUE.items():
        assert weights[name] == pytest.approx(true, abs=0.5)
    later = writer(4000, TRUE, seed=2)
    said = [made.order.probability(one.features) for one in later]
    assert calibration_error(said, [one.took for one in later]) <= 0.04


def test_it_does_not_pass_the_gate_where_the_prior_says_as_much() -> None:
    usual = dict(zip(NAMES, prior().weights[1:], strict=True))
    for seed in range(4):
        made = learn(writer(2000, usual, prior().weights[0], seed))
        assert made.order is None, made.says
        assert "No better" in made.says
        assert not made.dropped


def test_it_must_beat_what_is_in_use() -> None:
    found = writer(4000, TRUE)
    first = learn(found)
    assert first.order is not None
    again = learn(found, first.order, 2)
    assert again.order is None
    assert not again.dropped


def test_what_is_in_use_goes_where_it_has_become_worse_than_the_prior() -> None:
    wrong = Order(1, NAMES, (2.0, *(-2.0 if name == "mean" else 0.0 for name in NAMES)))
    usual = dict(zip(NAMES, prior().weights[1:], strict=True))
    made = learn(writer(1500, usual, prior().weights[0]), wrong, 2)
    assert made.dropped is (made.order is None)
    better = learn(writer(4000, TRUE), wrong, 2)
    assert better.order is not None


def test_a_few_decisions_change_nothing() -> None:
    made = learn(writer(LEAST - 1, TRUE))
    assert made.order is None
    assert f"{LEAST - 1} decisions" in made.says


def test_one_kind_of_decisions_alone_is_no_trouble() -> None:
    """All taken, or none: the weights stay finite, since they are held near the prior."""
    for took in (True, False):
        same = [Decision(one.features, took, 1.0, True) for one in writer(600, TRUE)]
        made = learn(same)
        assert made.order is None or made.order.usable


def test_what_the_prior_says_of_a_new_writer() -> None:
    usual = prior()
    assert usual.usable
    features = dict.fromkeys(NAMES, 0.0)
    low = usual.probability(list((features | {"mean": -2.0}).values()))
    high = usual.probability(list((features | {"mean": 2.0}).values()))
    assert 0.0 < low < 0.25 < high < 1.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=300))
def test_the_calibration_error_is_a_share(pairs: list[tuple[float, bool]]) -> None:
    error = calibration_error([p for p, _ in pairs], [took for _, took in pairs])
    assert 0 <= error <= 1


def test_the_calibration_error_of_known_ones() -> None:
    said = [0.2] * 500 + [0.8] * 500
    took = [index % 5 == 0 for index in range(500)] + [index % 5 != 0 for index in range(500)]
    assert calibration_error(said, took) == pytest.approx(0, abs=0.01)
    assert calibration_error([0.9] * 1000, took) == pytest.approx(0.4, abs=0.01)


# The file


def an_order(number: int = 1) -> Order:
    return msgspec.structs.replace(
        prior(), number=number, decisions=400, timing=Timing(0.7, 12), error=0.03
    )


@given(st.lists(st.floats(-9, 9), min_size=len(NAMES) + 1, max_size=len(NAMES) + 1), st.integers(1))
def test_an_order_comes_back_from_its_file(weights: list[float], number: int) -> None:
    order = Order(number, NAMES, tuple(weights), timing=Timing(1.5, 8))
    assert msgspec.json.decode(msgspec.json.encode(order), type=Order) == order


def test_it_is_private_and_followed(tmp_path: Path) -> None:
    file, other = OrderFile(tmp_path / "ranking"), OrderFile(tmp_path / "ranking")
    assert file.current() is None
    assert file.take_trouble() is None
    other.use(an_order(1))
    assert file.current() == an_order(1)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    other.use(an_order(2))
    assert file.current() == an_order(2)
    other.forget()
    assert file.current() is None
    assert list(file.path.parent.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        msgspec.json.encode(msgspec.structs.replace(an_order(), format=2)),
        msgspec.json.encode(msgspec.structs.replace(an_order(), names=NAMES[1:])),
        msgspec.json.encode(msgspec.structs.replace(an_order(), weights=(1.0,))),
        msgspec.json.encode(an_order()).replace(b"0.6", b"1e999"),
        msgspec.json.encode(an_order())[:-20],
    ],
)
def test_one_that_is_broken_or_of_another_version_is_said_and_not_used(
    tmp_path: Path, content: bytes
) -> None:
    file = OrderFile(tmp_path / "ranking")
    file.use(an_order())
    file.path.write_bytes(content)
    assert file.current() is None
    told = file.take_trouble()
    assert told is not None
    assert "can't be used" in told
    assert file.current() is None
    assert file.take_trouble() is None, "told once"
    file.use(an_order(2))
    assert file.current() == an_order(2)


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    file = OrderFile(tmp_path)
    file.path.mkdir()
    assert file.current() is None
    assert "can't be used" in str(file.take_trouble())


def test_one_is_taken_back_and_the_versions_are_bounded(tmp_path: Path) -> None:
    file = OrderFile(tmp_path / "ranking")
    for number in range(1, KEPT + 4):
        assert file.next_number() == number
        file.use(an_order(number))
    assert [one.number for one in file.versions()] == list(range(KEPT + 3, 3, -1))
    back = file.before()
    assert back is not None
    assert back.number == KEPT + 2
    file.use(back)
    assert file.current() == back
    assert file.next_number() == KEPT + 4, "no number is given twice"
    file.use(file.before(4))
    assert file.current() == an_order(4)
    assert file.before() is None
    file.use(None)
    assert file.current() is None
    with pytest.raises(CowriteError, match="no order 77"):
        file.before(77)
    assert file.before(0) is None


def test_a_full_disk_leaves_what_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = OrderFile(tmp_path / "ranking")
    file.use(an_order(1))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CowriteError, match="No space left"):
        file.use(an_order(2))
    assert file.current() == an_order(1)
    assert not list(file.path.parent.glob("*.new"))
    assert not list(file.path.parent.glob(".*"))


# Timing


def timed(took: int, count: int, tokens: int = 3) -> list[Decision]:
    features = (0.0,) * len(NAMES)
    return [
        Decision(features, index < took, 1.0, True, tokens if index < took else None)
        for index in range(count)
    ]


def test_who_takes_much_waits_less_and_who_refuses_waits_longer() -> None:
    assert timing_of(timed(10, 20)) == Timing()
    assert timing_of(timed(60, 100)).pause == 0.5
    assert timing_of(timed(30, 100)).pause == 1.0
    assert timing_of(timed(0, 100)).pause == 2.0
    assert timing_of(timed(20, 100)).pause == 1.5


def test_the_length_is_what_is_taken_and_never_more_than_was_set() -> None:
    assert timing_of(timed(60, 100, tokens=9)).tokens == 18
    assert timing_of(timed(60, 100, tokens=1)).tokens == 8
    assert Timing(1.0, 18).most(48) == 18
    assert Timing(1.0, 18).most(12) == 12
    assert Timing().most(48) == 48
    assert Timing(0.5).seconds(0.9) == pytest.approx(0.45)
