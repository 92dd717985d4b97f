"""What `cowrite learn` learns of the writer's choices, with a line in the log for each change."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from scripted import Scripted

from cowrite.core.events import Generated
from cowrite.core.outcome import Closing
from cowrite.core.suggestion import Candidate, StopReason, Timings, Token
from cowrite.learning.choices import choices, forget_order, renew_order, roll_back_order
from cowrite.learning.order import Order, OrderFile, prior
from cowrite.paths import Paths
from cowrite.store import LogReader, Store


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths(*(tmp_path / name for name in ("config", "data", "cache", "state")))
    found.data.mkdir(mode=0o700)
    return found


def write(paths: Paths, sessions: int = 10, each: int = 30) -> None:
    """Sessions of a writer who takes what begins with a likely word, whatever the rest is like."""
    rng = random.Random(1)
    with Store.open(paths.log_file) as store:
        for number in range(sessions):
            script = Scripted("The sea was wide and", number=number)
            for index in range(each):
                name, sure = f"{number}-{index}", rng.random() < 0.5
                text = f" word{index} and more"
                script.ask(name, text)
                tokens = (
                    Token(f" word{index}", -0.1 if sure else -4.0),
                    Token(" and", rng.uniform(-4, 0)),
                    Token(" more", rng.uniform(-4, 0)),
                )
                script.events[-1] = replace(
                    script.events[-1],
                    body=Generated(
                        name, (Candidate(text, tokens, StopReason.SENTENCE),), Timings(1, 1, 2)
                    ),
                )
                if sure:
                    script.accept(name)
                else:
                    script.show(name).close(name, Closing.TYPED).type(" other")
            store.add_session(script.end().info, script.events)


def test_an_order_is_learned_used_taken_back_and_forgotten_and_the_log_tells(paths: Paths) -> None:
    write(paths)
    made = renew_order(paths)
    assert made.order is not None, made.says
    found = choices(paths)
    assert found.order == made.order
    assert found.sentence.startswith("Candidates come in order 1, learned from 200 decisions")
    assert roll_back_order(paths) is None
    assert choices(paths).sentence == "Candidates come in the order in which they are written."
    assert roll_back_order(paths, 1) == made.order
    again = renew_order(paths)
    assert again.order is None, "no better than the one that was learned from the same"
    forget_order(paths)
    assert choices(paths).order is None
    with LogReader.open(paths.log_file) as log:
        told = [(one.what, one.was, one.version, one.why) for one in log.promotions()]
    assert sorted(told) == sorted(
        [
            ("order", 0, 1, "gate"),
            ("order", 1, 0, "rollback"),
            ("order", 0, 1, "rollback"),
            ("order", 1, 0, "forgotten"),
        ]
    )


def test_an_empty_home_is_no_trouble(paths: Paths) -> None:
    assert choices(paths).proposals == ()
    assert renew_order(paths).order is None
    assert roll_back_order(paths) is None
    forget_order(paths)
    assert list(paths.data.iterdir()) == []


def test_a_broken_order_is_said_and_can_be_learned_anew(paths: Paths) -> None:
    write(paths)
    OrderFile(paths.ranking).use(numbered(7))
    OrderFile(paths.ranking).path.write_text("{")
    found = choices(paths)
    assert found.order is None
    assert "can't be used" in str(found.trouble)
    made = renew_order(paths)
    assert made.order is not None
    assert made.order.number == 8
    assert choices(paths).trouble is None


def numbered(number: int) -> Order:

    return msgspec.structs.replace(prior(), number=number)
