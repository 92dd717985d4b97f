"""The training itself: each text once, in order, in small steps that can be interrupted between any two."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from cowrite.engine.host.resources import resident_memory
from cowrite.learning.job import Job, Progress
from cowrite.learning.lora import checkpoint
from cowrite.learning.lora.adapter_file import Pairs
from cowrite.learning.lora.checkpoint import Tally
from cowrite.learning.lora.control import Control
from cowrite.learning.lora.network import Network
from cowrite.learning.lora.sequences import Kind, Part

KEPT_EVERY = 30.0
"""Seconds between two checkpoints: what kill -9 can cost."""

WARMUP = 10
"""Steps in which the rate rises."""

LEAST_RATE = 0.1
"""Of the rate, at the end: it falls by a cosine."""

LARGEST = 1.0
"""Norm that gradients are cut to."""

MEASURED = 3
"""Steps that a measurement takes; the first is not counted."""


class Trainer:
    """One training. pairs: the additions, which are changed in place."""

    def __init__(
        self,
        job: Job,
        network: Network,
        kept: NDArray[np.int64],
        steps: list[list[Part]],
        say: Callable[[Progress], None],
        control: Control,
    ) -> None:
        self._job, self._network, self._kept, self._steps = job, network, kept, steps
        self._say, self._control = say, control
        self._values = [value for pair in network.adapter.values() for value in pair]
        for value in self._values:
            value.requires_grad_(True)
        self._adam = torch.optim.Adam(self._values, lr=job.learning_rate)
        self._place = Path(job.folder) / "checkpoint.npz"
        self._identity = job.identity()
        self._full = network.scale
        self.total = sum(_own(step) for step in steps)
        self.tally = Tally()
        self._rate = 0.0

    @property
    def pairs(self) -> Pairs:
        return self._network.adapter

    @property
    def tokens_per_second(self) -> float:
        """Of the writer's text, over this run."""
        return self._rate

    def run(self) -> bool:
        """Train to the end or the limit of minutes; false where it was stopped before."""
        found = checkpoint.load(self._place, self._identity, self._values, self._adam)
        self.tally = found or self.tally
        began, first = time.perf_counter(), self.tally.tokens
        spent, kept_at = self.tally.seconds, time.perf_counter()
        while self.tally.step < len(self._steps) and not self._late():
            if self._control.paused:
                began += self._pause()
            if self._control.stopped:
                self._keep()
                return False
            self._one(self._steps[self.tally.step])
            now = time.perf_counter()
            self.tally.seconds = spent + now - began
            self._rate = (self.tally.tokens - first) / (now - began)
            self._tell()
            if now - kept_at > KEPT_EVERY:
                self._keep()
                kept_at = time.perf_counter()
        return True

    def measure(self) -> float:
        """Tokens of the writer's text a second, by a few steps whose outcome is thrown away."""
        began, tokens = 0.0, 0
        for number, step in enumerate((self._steps * MEASURED)[:MEASURED]):
            if number == 1:
                began = time.perf_counter()
            tokens += _own(step) if number else 0
            self._one(step)
        share = self.total / max(1, sum(part.learned for step in self._steps for part in step))
        read = sum(p.learned for step in (self._steps * MEASURED)[1:MEASURED] for p in step)
        return share * read / (time.perf_counter() - began)

    def _late(self) -> bool:
        return 0 < self._job.minutes * 60 <= self.tally.seconds

    def _pause(self) -> float:
        """Wait while the parent wants it. Returns the seconds that it took."""
        began = time.perf_counter()
        self._keep()
        self._tell(paused=True)
        self._control.wait()
        return time.perf_counter() - began

    def _keep(self) -> None:
        if self.tally.step:
            checkpoint.save(self._place, self._identity, self.tally, self._values, self._adam)

    def _tell(self, *, paused: bool = False) -> None:
        tally = self.tally
        left = (self.total - tally.tokens) / self._rate if self._rate else 0.0
        if self._job.minutes:
            left = min(left, max(0.0, self._job.minutes * 60 - tally.seconds))
        memory = resident_memory()
        tally.peak_memory = max(tally.peak_memory, memory)
        recent = tally.losses[-10:]
        self._say(
            Progress(
                doing="training",
                step=tally.step,
                tokens=tally.tokens,
                total=self.total,
                tokens_per_second=self._rate,
                seconds_left=left,
                loss=sum(recent) / len(recent) if recent else 0.0,
                memory=memory,
                paused=paused,
            )
        )

    # One step

    def _one(self, step: list[Part]) -> None:
        for group in self._adam.param_groups:
            group["lr"] = self._job.learning_rate * self._share_of_rate()
        self._adam.zero_grad(set_to_none=True)
        learned = sum(part.learned for part in step)
        own = 0.0
        for part in step:
            loss = self._loss(part)
            (loss / learned).backward()  # type: ignore[no-untyped-call]
            own += float(loss.detach()) if part.kind is Kind.OWN else 0.0
        torch.nn.utils.clip_grad_norm_(self._values, LARGEST)
        self._adam.step()
        tally = self.tally
        tally.step += 1
        tally.tokens += _own(step)
        if _own(step):
            tally.losses.append(own / _own(step))
        tally.seen.update({p.document: p.end for p in step if p.kind is Kind.OWN})
        if not math.isfinite(tally.losses[-1] if tally.losses else 0.0):
            raise ArithmeticError("the loss is no number any more")

    def _share_of_rate(self) -> float:
        done = self.tally.step / max(1, len(self._steps))
        if self._job.minutes:
            done = max(done, min(1.0, self.tally.seconds / (self._job.minutes * 60)))
        fall = LEAST_RATE + (1 - LEAST_RATE) * (1 + math.cos(math.pi * done)) / 2
        return min(1.0, (self.tally.step + 1) / WARMUP) * fall

    def _loss(self, part: Part) -> torch.Tensor:
        """Nats of each next token, or on others' prose the distance to the model as it came: summed."""
        places = torch.from_numpy(np.searchsorted(self._kept, np.asarray(part.tokens)))
        inputs = places[None, :-1]
        network = self._network
        if part.kind is not Kind.GENERAL:
            logits = network.logits(network.hidden(inputs))[0]
            return functional.cross_entropy(logits, places[1:], reduction="sum")
        network.scale = 0.0
        with torch.no_grad():
            before = network.logits(network.hidden(inputs))[0].log_softmax(-1)
        network.scale = self._full
        now = network.logits(network.hidden(inputs))[0].log_softmax(-1)
        return functional.kl_div(now, before, reduction="sum", log_target=True)


def _own(step: list[Part]) -> int:
    return sum(part.learned for part in step if part.kind is Kind.OWN)
