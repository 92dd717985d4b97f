"""`cowrite learn evaluate`: its table, its JSON, its errors, and both books with bounds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from real_models import NAMES, model_file

from cowrite.cli.learn_evaluate import evaluate as command
from cowrite.core.chapters import chapters
from cowrite.learning.evaluation import evaluating
from cowrite.learning.evaluation.evaluating import Condition, Effort, Text, evaluate

EARLIER = "Ukridge walked along the Cob at Combe Regis with a hen under his arm. " * 12
JUDGED = (
    "Ukridge was at Combe Regis again, and there was a hen under his arm. I had not thought to see him "
    "there, and he had not thought to be seen. We walked along the Cob and said nothing for a while. "
) * 2


def call(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cowrite", "learn", "evaluate", *words],
        env={**os.environ, "COWRITE_HOME": str(home), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("{text}",), 2, "nothing to compare"),
        (("{here}/none.txt",), 1, "There is no file"),
        (("{text}", "--earlier", "{here}/none.txt"), 1, "There is no file"),
        (("{text}", "--adapter", "{here}/none.gguf"), 2, "There is no adapter"),
        (("{text}", "--points", "0"), 2, "--points must be"),
        (("{text}", "--minutes", "-1"), 2, "--minutes must be"),
        (("{text}", "--last", "-2"), 2, "--last must be"),
        (("{empty}", "--earlier", "{text}"), 2, "no text to judge"),
        (("{text}", "--earlier", "{text}", "--model", "{text}"), 1, "GGUF"),
    ],
)
def test_what_cant_be_done_is_said_with_its_exit_code(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    text, empty = tmp_path / "text.txt", tmp_path / "empty.txt"
    text.write_text(JUDGED)
    empty.write_text("")
    filled = [word.format(text=text, here=tmp_path, empty=empty) for word in words]
    done = call(*filled, home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


@pytest.mark.model
@pytest.mark.parametrize("name", NAMES)
def test_passages_that_say_what_comes_are_worth_something(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        evaluating.general, "held_out", lambda: ("It was late, and she was tired.",) * 2
    )
    ways = (Condition("base"), Condition("passages", passages=True))
    text = Text("judged", JUDGED, (("old", EARLIER),))
    report = evaluate(
        model_file(name).path, [text], ways, Effort(points=20, passages=400, threads=1)
    )
    base, passages = report.outcomes
    assert (report.texts, report.chars, report.whole) == (1, len(JUDGED), True)
    assert report.places > 10
    assert base.nats_difference.relative == base.keys_difference.relative == 0
    assert 0.3 < base.nats_per_char < 2
    assert passages.nats_difference.relative < -0.02
    assert base.keys > 0
    assert not base.verdict.promote


@pytest.mark.model
def test_json_has_every_way_with_its_intervals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        evaluating.general, "held_out", lambda: ("It was late, and she was tired.",)
    )
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    text, old = tmp_path / "text.txt", tmp_path / "old.txt"
    text.write_text(JUDGED[:200])
    old.write_text(EARLIER[:300])
    path = model_file("cut smollm2").path
    command([text], [old], model=str(path), points=5, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert set(told["ways"]) == {"base", "passages"}
    for way in told["ways"].values():
        assert set(way["nats_difference"]) == {"relative", "low", "high"}
        assert way["promote"] is False


def books() -> list[Any]:
    folder = os.environ.get("COWRITE_BOOKS")
    return sorted(Path(folder).glob("*.txt")) if folder else []


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not books(), reason="COWRITE_BOOKS names no folder with books")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("book", books(), ids=lambda path: path.stem)
def test_passages_lower_the_nats_of_both_books_and_never_cost_keys(name: str, book: Path) -> None:
    whole = book.read_text(encoding="utf-8")
    parts = [whole[chapter.start : chapter.end] for chapter in chapters(whole)]
    earlier = tuple((str(number), part) for number, part in enumerate(parts[:-4]))
    texts = [Text(str(number), part[:6500], earlier) for number, part in enumerate(parts[-4:])]
    ways = (Condition("base"), Condition("passages", passages=True))
    report = evaluate(model_file(name).path, texts, ways, Effort(points=100_000))
    passages = report.outcomes[1]
    assert passages.nats_difference.below
    assert passages.nats_difference.relative < -0.01
    assert passages.keys_difference.high > 0
