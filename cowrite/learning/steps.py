"""The long steps of a round: training in a process of its own, and judging with the engine."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from cowrite.engine.protocol import ModelFile, Way
from cowrite.learning import general, training
from cowrite.learning.beside import Going
from cowrite.learning.cycle import Judged, TrainedAdapter
from cowrite.learning.evaluation.evaluating import Condition, Effort, Outcome, Text, evaluate
from cowrite.learning.job import Job, Progress
from cowrite.learning.split import Piece
from cowrite.paths import Paths, private_folder

POINTS = 4000
"""Places at which keys are measured, at most: intervals over fewer are wider than what an adapter brings."""

JUDGING_MINUTES = 6.0

_BETWEEN = len("\n\n")


class RealSteps:
    """Trains and judges on this machine.

    minutes: of training, 0 for no limit. way: how the model is evaluated on this machine. tell: hears how far
    it is. stop, breaks: end it, and let it rest.
    """

    def __init__(
        self,
        model: ModelFile,
        paths: Paths,
        *,
        minutes: float = 0.0,
        threads: int = 0,
        way: Way = Way.FULL,
        tell: Callable[[Going], None] = lambda _going: None,
        stop: threading.Event | None = None,
        breaks: training.Breaks | None = None,
    ) -> None:
        self._model, self._paths, self._minutes, self._threads = model, paths, minutes, threads
        self._tell, self._way = tell, way
        self._stop = stop or threading.Event()
        self._breaks = breaks

    def train(
        self, fresh: Sequence[Piece], earlier: Sequence[Piece], start: Path | None
    ) -> TrainedAdapter:
        """Train on `fresh`, each once, from the adapter `start` on. Raises CowriteError."""
        folder = private_folder(self._paths.learning / "work")
        job = Job(
            model=str(self._model.path),
            model_sha256=self._model.sha256,
            texts=tuple((piece.document_id, piece.text) for piece in fresh),
            earlier=tuple(piece.text for piece in earlier),
            general=general.replay(),
            start=str(start) if start is not None else None,
            folder=str(folder),
            output=str(folder / "trained.gguf"),
            minutes=self._minutes,
        )
        made = training.train(job, self._progress, self._stop, self._breaks)
        seen = {
            piece.document_id: paragraphs_in(piece, made.seen.get(piece.document_id, 0))
            for piece in fresh
        }
        return TrainedAdapter(Path(made.path), made.sha256, made.tokens, made.seconds, seen)

    def judge(self, held_out: Sequence[Piece], before: Path | None, after: Path) -> Judged:
        """Compare two adapters on text that neither has seen. Raises CowriteError."""
        texts = [Text(piece.title, piece.text) for piece in held_out]
        ways = Condition("before", before), Condition("after", after)
        effort = Effort(POINTS, JUDGING_MINUTES, 0, self._threads, self._way)
        report = evaluate(self._model.path, texts, ways, effort, tell=self._judging)
        after_it = report.outcomes[1]
        verdict = after_it.verdict
        return Judged(verdict.promote, verdict.reason, _figures(report.outcomes[0], after_it))

    def _progress(self, said: Progress) -> None:
        share = said.tokens / said.total if said.total else -1.0
        self._tell(Going(said.doing, share, said.seconds_left))

    def _judging(self, done: int, whole: int) -> None:
        self._tell(Going("judging", done / whole if whole else -1.0))


def paragraphs_in(piece: Piece, characters: int) -> int:
    """How many paragraphs of a piece are within its first `characters`."""
    ends = accumulate(len(text) + _BETWEEN for text in piece.paragraphs)
    return sum(end - _BETWEEN <= characters for end in ends)


def _figures(before: Outcome, after: Outcome) -> dict[str, float]:
    """Those that are known, by name."""
    figures = {
        "nats": after.nats_per_char,
        "nats_before": before.nats_per_char,
        "nats_change": after.nats_difference.relative,
        "keys": after.keys,
        "keys_before": before.keys,
        "keys_change": after.keys_difference.relative,
        "general_change": after.general_difference.relative,
    }
    return {name: value for name, value in figures.items() if math.isfinite(value)}
