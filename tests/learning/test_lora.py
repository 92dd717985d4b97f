"""Training a little on real models: torch, llama.cpp, and what becomes of a training that is cut off.

Each test has the first layers of a model alone; the whole models are trained where the slow tests run.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess
import threading
from pathlib import Path

import msgspec.structs
import pytest
from real_models import CUT, NAMES, model_file

from cowrite.catalog.gguf import read_header
from cowrite.errors import CowriteError
from cowrite.learning import general, training
from cowrite.learning.job import Job, Progress, Trained
from cowrite.learning.training import TrainingStoppedError, train

pytest.importorskip("torch")
pytestmark = pytest.mark.model

TEXT = (
    "The ferryman had a habit, when the river was low, of walking down to the last of the piles and "
    "counting them aloud, as though one might have gone in the night. There were eleven. There had "
    "always been eleven, he said, except in the year of the flood, when for a week there were none. "
)


def job(folder: Path, name: str = "smollm2", **values: object) -> Job:
    given: dict[str, object] = {
        "model": str(model_file(CUT + name).path),
        "texts": (("a", 3 * TEXT), ("b", TEXT.upper())),
        "general": (general.replay()[0][:400],),
        "general_share": 0.5,
        "folder": str(folder),
        "output": str(folder / "out.gguf"),
        "sequence": 32,
        "learning_rate": 1e-2,
        "rank": 4,
        "nice": 0,
    }
    return Job(**{**given, **values})  # type: ignore[arg-type]


def trained(wanted: Job) -> Trained:
    return train(wanted, lambda _: None, threading.Event())


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return trained(job(tmp_path_factory.mktemp("whole")))


def check(found: Trained) -> None:
    assert found.tokens == found.total > 100
    assert found.seen == {"a": 3 * len(TEXT), "b": len(TEXT)}
    assert math.isfinite(found.loss_first)
    assert math.isfinite(found.loss_last)
    assert 0 <= found.difference < 0.02
    assert Path(found.path).stat().st_mode & 0o777 == 0o600
    assert read_header(Path(found.path)).facts.type == "adapter"
    left = {path.name for path in Path(found.path).parent.iterdir()}
    assert left == {"out.gguf", "training.log"}


def test_the_small_model_is_trained_and_llama_agrees(whole: Trained) -> None:
    check(whole)


def test_the_default_model_is_trained_and_llama_agrees(tmp_path: Path) -> None:
    check(trained(job(tmp_path, "gemma")))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_whole_model_is_trained_and_llama_agrees(name: str, tmp_path: Path) -> None:
    found = trained(job(tmp_path, name, model=str(model_file(name).path)))
    check(found)
    assert found.loss_last < 5, "the network is the model"


def test_a_training_that_was_killed_or_stopped_leaves_nothing_half_and_goes_on_to_the_same_adapter(
    whole: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    spawn = training._spawn

    def noted(file: Path, log: Path) -> subprocess.Popen[bytes]:
        started.append(spawn(file, log))
        return started[-1]

    def kill(progress: Progress) -> None:
        if progress.step:
            os.kill(started[-1].pid, signal.SIGKILL)

    monkeypatch.setattr(training, "_spawn", noted)
    with pytest.raises(CowriteError, match="killed"):
        train(job(tmp_path), kill, threading.Event())
    assert {path.name for path in tmp_path.iterdir()} <= {"training.log", "checkpoint.npz"}

    stop, heard = threading.Event(), list[Progress]()
    with pytest.raises(TrainingStoppedError):
        train(job(tmp_path), lambda progress: progress.step and stop.set(), stop)
    assert {path.name for path in tmp_path.iterdir()} == {"training.log", "checkpoint.npz"}

    found = train(job(tmp_path), heard.append, threading.Event())
    assert heard[1].step > 1
    assert (found.sha256, found.seen) == (whole.sha256, whole.seen)


def test_a_training_goes_on_from_an_adapter_and_a_limit_of_minutes_keeps_what_was_seen(
    whole: Trained, tmp_path: Path
) -> None:
    wanted = job(tmp_path, start=str(Path(whole.path)), minutes=0.001)
    found = trained(wanted)
    assert 0 < found.tokens < found.total
    assert found.seen == {"a": found.seen["a"]}
    assert 0 < found.seen["a"] < 3 * len(TEXT)
    assert found.sha256 != whole.sha256


def test_what_cannot_be_trained_is_said_in_a_sentence(whole: Trained, tmp_path: Path) -> None:
    data = model_file(CUT + "smollm2").path.read_bytes()
    other = tmp_path / "other.gguf"
    other.write_bytes(data.replace(b"llama", b"lloma"))
    with pytest.raises(CowriteError, match="architecture 'lloma' can't be trained"):
        trained(job(tmp_path, model=str(other)))
    wrong = msgspec.structs.replace(job(tmp_path, "gemma"), start=str(Path(whole.path)))
    with pytest.raises(CowriteError, match="one for another model"):
        trained(wrong)
