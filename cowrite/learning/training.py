"""Training an adapter, seen from the program: what it needs, starting the process, and what came of it.

torch is in the training process alone (`learning.lora`); this module imports nothing of the extra.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from cowrite.catalog.gguf import read_header
from cowrite.engine.host.resources import free_memory
from cowrite.engine.process import open_log
from cowrite.errors import CowriteError
from cowrite.learning.breaks import Breaks as Breaks
from cowrite.learning.job import (
    LIKELY_ROWS,
    RANK,
    SEQUENCE,
    Failed,
    Job,
    Measured,
    Progress,
    Said,
    Stopped,
    Trained,
    decode,
)
from cowrite.paths import open_private, private_folder

EXTRA = ("torch", "gguf")
COMMAND = "pip install 'cowrite[learn]'"
HINT = f"Install it with `{COMMAND}`."

LIBRARIES = 450 << 20
"""Bytes of the training process before there is a model in it: torch, for the most part."""

ENDING = 30.0
"""Seconds that a training may take to stop before it is killed; its last checkpoint counts then."""


class TrainingStoppedError(CowriteError):
    """The training was stopped; the same job goes on from where it was."""

    exit_code = 130


def missing_extra() -> CowriteError | None:
    """What to say where an adapter can't be trained, None where it can."""
    lacking = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if not lacking:
        return None
    return CowriteError(f"Training an adapter needs {' and '.join(lacking)}.", HINT)


def train(
    job: Job,
    on_progress: Callable[[Progress], None],
    stop: threading.Event,
    breaks: Breaks | None = None,
) -> Trained:
    """Train an adapter in a process of its own. Returns when it is whole at `job.output`.

    Raises TrainingStoppedError after `stop`, and CowriteError for all that can go wrong; `job.output` is then
    as it was, and the job can be given again: it goes on from its last checkpoint.
    """
    said = _run(job, on_progress, stop, breaks)
    assert isinstance(said, Trained)
    return said


def measure(job: Job, stop: threading.Event | None = None) -> Measured:
    """How long a job would take here, measured by a few of its steps. Raises as `train` does."""
    quick = msgspec.structs.replace(job, measure=True)
    said = _run(quick, lambda _: None, stop or threading.Event(), None)
    assert isinstance(said, Measured)
    return said


def needed_memory(model: Path, rows: int = LIKELY_ROWS * 5 // 4) -> int:
    """Bytes that a training of this model takes, about. Raises ModelError where the file is no model."""
    header = read_header(model)
    facts = header.facts
    layers = sum(
        info.shape[0] * info.shape[1]
        for name, info in header.tensors.items()
        if name.startswith("blk.") and len(info.shape) == 2
    )
    inner = max(
        (i.shape[1] for n, i in header.tensors.items() if n.endswith("ffn_up.weight")), default=0
    )
    kept = SEQUENCE * facts.layers * (20 * facts.embedding + 8 * inner)
    return LIBRARIES + 4 * (layers + rows * facts.embedding + kept + 4 * SEQUENCE * rows)


def _check(job: Job) -> None:
    """Raises CowriteError where it would fail for what can be known before."""
    lacking = missing_extra()
    if lacking is not None:
        raise lacking
    if not any(text.strip() for _, text in job.texts):
        raise CowriteError("There is no text to learn from.", "`cowrite learn add PATH` adds some.")
    for what, path in (("model", job.model), ("adapter", job.start)):
        if path is not None and not Path(path).is_file():
            raise CowriteError(
                f"The {what} {path} is not there.", "`cowrite models list` shows what is."
            )
    needed, free = needed_memory(Path(job.model)), free_memory()
    if needed > free:
        raise CowriteError(
            f"Training needs about {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free.",
            "Close other programs, or train with a smaller model.",
        )
    texts = sum(len(text) for _, text in job.texts) + sum(map(len, (*job.earlier, *job.general)))
    room = 4 * texts + job.rank * (64 << 20) // RANK * 2
    free = shutil.disk_usage(private_folder(Path(job.folder))).free
    if room > free:
        raise CowriteError(
            f"Training needs {room / 1e6:.0f} MB on the disk of {job.folder}, "
            f"and {free / 1e6:.0f} MB are free.",
            "Free some space.",
        )


def _run(
    job: Job, on_progress: Callable[[Progress], None], stop: threading.Event, breaks: Breaks | None
) -> Trained | Measured:
    _check(job)
    folder = Path(job.folder)
    file = folder / "job.json"
    log = folder / "training.log"
    try:
        with os.fdopen(open_private(file), "wb") as sink:
            sink.write(msgspec.json.encode(job))
        process = _spawn(file, log)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise CowriteError(
            f"The training can't be started: {error.strerror or error}.", "Free some space."
        ) from error
    try:
        said = _listen(process, on_progress, stop, breaks)
    finally:
        if breaks is not None:
            breaks.connect(None)
        _end(process)
        for name in ("job.json", "agreement.npz", "adapter.gguf", "checkpoint.new"):
            (folder / name).unlink(missing_ok=True)
    match said:
        case Failed():
            raise CowriteError(said.message, said.hint)
        case Stopped():
            raise TrainingStoppedError(
                f"The training was stopped after {said.tokens:,} of {said.total:,} tokens.",
                "The next one goes on from there.",
            )
        case Measured():
            return said
        case Trained():
            return _checked(said)
        case _:
            raise _died(process, log)


def _spawn(file: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start the process. It has a group of its own: ctrl+c in the terminal is this program's to answer."""
    sink = open_log(log)
    try:
        return subprocess.Popen(
            (sys.executable, "-m", "cowrite.learning.lora", str(file)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=sink,
            start_new_session=True,
        )
    finally:
        os.close(sink)


def _listen(
    process: subprocess.Popen[bytes],
    on_progress: Callable[[Progress], None],
    stop: threading.Event,
    breaks: Breaks | None,
) -> Said | None:
    """Pass its progress on until it says how it ended; None where it died without a word."""
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def read() -> None:
        assert process.stdout is not None
        with suppress(ValueError):  # it was closed, behind the last word that counts
            for line in process.stdout:
                lines.put(line)
        lines.put(None)

    def tell(word: str) -> None:
        assert process.stdin is not None
        with suppress(OSError, ValueError):
            process.stdin.write(word.encode() + b"\n")
            process.stdin.flush()

    threading.Thread(target=read, name="training", daemon=True).start()
    if breaks is not None:
        breaks.connect(tell)
    told = False
    while True:
        if stop.is_set() and not told:
            told = True
            tell("stop")
            last = threading.Timer(ENDING, process.kill)
            last.daemon = True
            last.start()
        try:
            line = lines.get(timeout=0.2)
        except queue.Empty:
            continue
        if line is None:
            return None
        with suppress(msgspec.MsgspecError):
            said = decode(line)
            if not isinstance(said, Progress):
                return said
            on_progress(said)


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that the process is gone."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
    try:
        process.wait(ENDING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _checked(said: Trained) -> Trained:
    """The adapter on the disk is the one that the process made. Raises CowriteError where it isn't."""
    try:
        with Path(said.path).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CowriteError(f"The new adapter can't be read: {error.strerror or error}.") from error
    if found != said.sha256:
        raise CowriteError("The new adapter was changed by another program; it isn't used.")
    return said


def _died(process: subprocess.Popen[bytes], log: Path) -> CowriteError:
    """What to say of a process that ended without a word."""
    code = process.returncode
    if code == -9:
        return CowriteError(
            "The training was killed, perhaps because memory ran out.",
            "Close other programs; the next training goes on from the last checkpoint.",
        )
    return CowriteError(f"The training ended with code {code}.", f"{log} may say why.")
