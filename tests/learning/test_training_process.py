"""The program's side of a training, with a process that only talks like one."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from real_models import model_file

from cowrite.errors import CowriteError
from cowrite.learning import training
from cowrite.learning.breaks import Breaks
from cowrite.learning.job import Failed, Job, Measured, Progress, Stopped, Trained, encode
from cowrite.learning.training import TrainingStoppedError, needed_memory, train

PROGRESS = Progress(doing="training", step=1, tokens=10, total=20)


def job(folder: Path, **values: object) -> Job:
    given: dict[str, object] = {
        "model": str(model_file("smollm2").path),
        "texts": (("a", "Some text."),),
        "folder": str(folder),
        "output": str(folder / "out.gguf"),
    }
    return Job(**{**given, **values})  # type: ignore[arg-type]


def talking(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a script stand for the training process."""

    def spawn(file: Path, log: Path) -> subprocess.Popen[bytes]:
        assert file.stat().st_mode & 0o777 == 0o600
        return subprocess.Popen(
            (sys.executable, "-c", script), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    monkeypatch.setattr(training, "_spawn", spawn)


def saying(*messages: object, then: str = "") -> str:
    lines = b"".join(encode(message) for message in messages)  # type: ignore[arg-type]
    return f"import sys, os; sys.stdout.buffer.write({lines!r}); sys.stdout.flush()\n{then}"


def test_what_ended_well_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.gguf"
    out.write_bytes(b"adapter")
    sha256 = hashlib.sha256(b"adapter").hexdigest()
    ended = Trained(str(out), sha256, 20, 20, {"a": 10}, 1.0, 5, 3.0, 2.0, 0.01, 20.0)
    talking(monkeypatch, saying(PROGRESS, ended))
    heard: list[Progress] = []
    found = train(job(tmp_path), heard.append, threading.Event())
    assert heard == [PROGRESS]
    assert (found.path, found.seen, found.difference) == (str(out), {"a": 10}, 0.01)
    assert not (tmp_path / "job.json").exists()
    out.write_bytes(b"another")
    with pytest.raises(CowriteError, match="changed by another program"):
        train(job(tmp_path), heard.append, threading.Event())


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (saying(PROGRESS, Failed("It broke.", "Mend it.")), "It broke"),
        (saying(PROGRESS, then="os._exit(3)"), "ended with code 3"),
        (saying(PROGRESS, then="os.kill(os.getpid(), 9)"), "memory ran out"),
        ("print('nonsense')", "ended with code 0"),
    ],
)
def test_a_failure_is_a_sentence_and_leaves_no_text_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    talking(monkeypatch, script)
    with pytest.raises(CowriteError, match=said):
        train(job(tmp_path), lambda _: None, threading.Event())
    assert sorted(path.name for path in tmp_path.iterdir()) in ([], ["training.log"])


def test_a_stop_and_a_pause_reach_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = saying(
        then="""
words = [sys.stdin.readline().strip()]
sys.stdout.buffer.write({progress!r}); sys.stdout.flush()
while not words or words[-1] != "stop":
    words.append(sys.stdin.readline().strip())
open({place!r}, "w").write(" ".join(words))
sys.stdout.buffer.write({line!r}); sys.stdout.flush()
""".format(place=str(tmp_path / "words"), line=encode(Stopped(5, 20)), progress=encode(PROGRESS))
    )
    talking(monkeypatch, script)
    stop, breaks = threading.Event(), Breaks()
    breaks.pause()

    def go_and_stop(_: Progress) -> None:
        breaks.go()
        breaks.go()
        stop.set()

    with pytest.raises(TrainingStoppedError, match="5 of 20"):
        train(job(tmp_path), go_and_stop, stop, breaks)
    assert (tmp_path / "words").read_text() == "pause go stop"


def test_a_measurement_is_asked_of_the_same_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talking(monkeypatch, saying(Measured(100, 50.0, 2.0, 9)))
    assert training.measure(job(tmp_path)).seconds == 2.0


def test_without_the_extra_a_sentence_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "torch" else found(name)
    )
    with pytest.raises(CowriteError, match="needs torch") as raised:
        train(job(tmp_path), lambda _: None, threading.Event())
    assert "pip install 'cowrite[learn]'" in raised.value.hint


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"texts": (("a", "  \n"),)}, "no text"),
        ({"model": "/nowhere/m.gguf"}, "is not there"),
        ({"start": "/nowhere/a.gguf"}, "is not there"),
    ],
)
def test_what_can_be_known_before_is_said_before(
    tmp_path: Path, values: dict[str, object], said: str
) -> None:
    with pytest.raises(CowriteError, match=said):
        train(job(tmp_path, **values), lambda _: None, threading.Event())


def test_too_little_memory_or_disk_is_said_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "free_memory", lambda: 1 << 30)
    with pytest.raises(CowriteError, match=r"about \d\.\d GB of memory"):
        train(job(tmp_path), lambda _: None, threading.Event())
    monkeypatch.undo()
    monkeypatch.setattr(training, "free_memory", lambda: 1 << 40)
    full = type("Usage", (), {"free": 1 << 20})
    monkeypatch.setattr(training.shutil, "disk_usage", lambda _: full)
    with pytest.raises(CowriteError, match="on the disk"):
        train(job(tmp_path), lambda _: None, threading.Event())


def test_the_larger_model_needs_more_memory() -> None:
    small, large = (needed_memory(model_file(name).path) for name in ("smollm2", "gemma"))
    assert 1 << 30 < small < 3 << 30
    assert 1 << 30 < large < 3 << 30
