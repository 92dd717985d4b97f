"""From a job to an adapter: reading, training, writing, and the check that llama.cpp agrees."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from cowrite.engine.host.resources import give_back_memory, usable_cores
from cowrite.engine.llama.model import LlamaModel, LoadError
from cowrite.engine.protocol import Way
from cowrite.errors import CowriteError, ModelError
from cowrite.learning.agreement import MOST
from cowrite.learning.job import Job, Measured, Progress, Said, Stopped, Trained
from cowrite.learning.lora.adapter_file import FRESH, Pairs, read_adapter, write_adapter
from cowrite.learning.lora.control import Control
from cowrite.learning.lora.network import Network
from cowrite.learning.lora.sequences import Cutter, Part, plan
from cowrite.learning.lora.trainer import Trainer
from cowrite.learning.lora.vocabulary import kept_rows, used_rows
from cowrite.learning.lora.weights import LAYER, Weights
from cowrite.paths import sync_folder

CHECKED = (3, 128, (7, 31, 63, 95, 127))
"""Sequences that are compared with llama.cpp, their tokens, and the places among them."""


def run(job: Job, say: Callable[[Said], None]) -> int:
    """Do a job, saying how far it is. Returns the exit code; raises CowriteError, OSError, ArithmeticError."""
    control = Control()
    control.listen()
    torch.set_num_threads(job.threads or usable_cores())
    torch.manual_seed(job.seed)
    say(Progress(doing="reading"))
    weights = Weights(Path(job.model))
    steps = _plan(job)
    if not steps:
        raise CowriteError("There is no text to learn from.", "`cowrite learn add PATH` adds some.")
    alpha, pairs = _start(job, weights)
    texts = [part.tokens for step in steps for part in step]
    kept = used_rows(texts)
    network = Network(weights, kept, pairs)
    network.scale = alpha / next(iter(pairs.values()))[0].shape[0]
    kept = kept_rows(network, weights, kept, texts)
    network.keep(weights, kept)
    trainer = Trainer(job, network, kept, steps, say, control)
    if job.measure:
        rate = trainer.measure()
        say(Measured(trainer.total, rate, trainer.total / rate, _peak()))
        return 0
    if not trainer.run():
        say(Stopped(trainer.tally.tokens, trainer.total))
        return 0
    say(Progress(doing="checking", tokens=trainer.tally.tokens, total=trainer.total))
    draft = Path(job.folder) / "adapter.gguf"
    draft.unlink(missing_ok=True)
    write_adapter(draft, weights.shape.architecture, alpha, trainer.pairs)
    file = _compared(job, network, kept, steps, draft)
    del network, pairs
    trainer_tally, total, rate = trainer.tally, trainer.total, trainer.tokens_per_second
    del trainer
    gc.collect()
    give_back_memory()
    apart = _difference(file)
    sha256 = _finish(draft, Path(job.output))
    losses = trainer_tally.losses
    say(
        Trained(
            path=job.output,
            sha256=sha256,
            tokens=trainer_tally.tokens,
            total=total,
            seen=trainer_tally.seen,
            seconds=trainer_tally.seconds,
            peak_memory=max(trainer_tally.peak_memory, _peak()),
            loss_first=_mean(losses[:5]),
            loss_last=_mean(losses[-5:]),
            difference=apart,
            tokens_per_second=rate,
        )
    )
    (Path(job.folder) / "checkpoint.npz").unlink(missing_ok=True)
    return 0


def _plan(job: Job) -> list[list[Part]]:
    """The steps, cut as the engine's own tokeniser cuts texts."""
    try:
        llama = LlamaModel(Path(job.model))
    except LoadError as error:
        raise ModelError(f"The model {job.model} can't be loaded: {error}.") from error
    try:
        return plan(job, Cutter(llama.tokenize, llama.piece, llama.start, job.sequence))
    finally:
        llama.close()


def _start(job: Job, weights: Weights) -> tuple[float, Pairs]:
    """Alpha and the pairs to begin with: those of the adapter in use, or new ones that add nothing yet."""
    shape = weights.shape
    if job.start is not None:
        return _earlier(Path(job.start), weights)
    made = torch.Generator().manual_seed(job.seed)
    pairs: Pairs = {}
    for layer in range(shape.layers):
        for part in job.projections or LAYER:
            out, into = weights.size(f"blk.{layer}.{part}")
            bound = 1 / math.sqrt(into)
            down = (torch.rand(job.rank, into, generator=made) * 2 - 1) * bound
            pairs[f"blk.{layer}.{part}"] = (down, torch.zeros(out, job.rank))
    return job.alpha, pairs


def _earlier(path: Path, weights: Weights) -> tuple[float, Pairs]:
    """An adapter to go on from. Raises ModelError where it does not fit the model."""
    alpha, pairs = read_adapter(path, weights.shape)
    known = {f"blk.{layer}.{part}" for layer in range(weights.shape.layers) for part in LAYER}
    for name, (down, up) in pairs.items():
        fits = name in known and weights.size(name) == (up.shape[0], down.shape[1])
        if not fits or down.shape[0] != up.shape[1]:
            raise ModelError(
                f"The adapter {path} is one for another model ({name} differs).", FRESH
            )
    return alpha, pairs


def _compared(
    job: Job, network: Network, kept: NDArray[np.int64], steps: list[list[Part]], adapter: Path
) -> Path:
    """Write down what torch gives for the last parts of the text, for `learning.agreement`."""
    count, length, places = CHECKED
    parts = [p.tokens for step in steps for p in step]
    longest = sorted(parts[-20 * count :], key=len)[-count:]
    width = min(length, min(map(len, longest)))
    tokens = np.asarray([part[:width] for part in longest], dtype=np.int64)
    within = np.asarray(sorted({min(place, width - 1) for place in places}))
    with torch.no_grad():
        hidden = network.hidden(torch.from_numpy(np.searchsorted(kept, tokens)))
        logits = network.logits(hidden[:, torch.from_numpy(within)]).numpy()
    paths = json.dumps({"model": job.model, "adapter": str(adapter)}).encode()
    file = Path(job.folder) / "agreement.npz"
    np.savez(
        file,
        tokens=tokens,
        places=within,
        rows=kept,
        logits=logits,
        paths=np.frombuffer(paths, dtype=np.uint8),
    )
    return file


def _difference(file: Path) -> float:
    """How far llama.cpp is from torch. Raises CowriteError where they don't agree or it can't be told."""
    try:
        for way in (Way.FULL, Way.PLAIN):
            command = (sys.executable, "-m", "cowrite.learning.agreement", str(file), way.value)
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
            if done.returncode == 0:
                break
        else:
            raise CowriteError(
                "The new adapter could not be tried in llama.cpp, so it isn't used.",
                "`cowrite doctor` shows whether the model itself works.",
            )
    finally:
        file.unlink(missing_ok=True)
    apart = float(json.loads(done.stdout.splitlines()[-1])["difference"])
    if not apart <= MOST:
        raise CowriteError(
            f"The new adapter gives other text in llama.cpp than it gave in training ({apart:.3f} nats "
            "apart), so it isn't used.",
            "Please report this with the model's name.",
        )
    return apart


def _finish(draft: Path, output: Path) -> str:
    """Let the adapter appear, whole, in its place. Returns its sha256."""
    with draft.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    draft.chmod(0o600)
    draft.replace(output)
    with contextlib.suppress(OSError):
        sync_folder(output.parent)
    return sha256


def _peak() -> int:
    """The most memory that this process has had, in bytes (Linux counts in KB)."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
