"""Ways to ask a model, measured on the same texts at the same places, and compared with the first of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cowrite.core.document import one_line_end
from cowrite.core.suggestion import Sampling
from cowrite.engine.backend import BackendError
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.process import SPINS
from cowrite.engine.protocol import Way
from cowrite.errors import EngineError, ModelError
from cowrite.learning import general
from cowrite.learning.evaluation.forced import ROWS, ForcedReader, Tell
from cowrite.learning.evaluation.measuring import Figures, Head, Measure, Read
from cowrite.learning.gate import Difference, Unit, Verdict, difference, judge, mean_interval
from cowrite.learning.passages import PassageIndex
from cowrite.learning.slot import EMPTY, look_again, searched

EVERY = 3
"""Words from one place to the next."""

NEAR = 2400
SHOWN = 6000
"""Characters before a place that are searched by, and that the model is taken to see anyway."""

GENERAL = 300
"""Tokens of each passage of general prose that are read."""

PASSAGES = 1500
"""Tokens of passages before a text, where the settings have none."""

_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Condition:
    """What is measured: the model alone, with an adapter, with passages before the text, or with both."""

    name: str
    adapter: Path | None = None
    passages: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is judged, and what the writer had written before: its documents, oldest first."""

    name: str
    text: str
    earlier: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: places at most, minutes at most (0: no limit), tokens of passages before a text.

    way: how the model is evaluated on this machine.
    """

    points: int = 2000
    minutes: float = 0.0
    passages: int = PASSAGES
    threads: int = 0
    way: Way = Way.FULL


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way brought. The differences are to the first way; keys are those saved at a place."""

    name: str
    nats_per_char: float
    keys: float
    keys_interval: tuple[float, float]
    nats_difference: Difference
    keys_difference: Difference
    general_per_char: float
    general_difference: Difference

    @property
    def verdict(self) -> Verdict:
        """Whether it may take the place of the first way."""
        return judge(self.nats_difference, self.keys_difference, self.general_difference)


@dataclass(frozen=True, slots=True)
class Report:
    """All ways on the same texts. whole: whether every text was read to its end."""

    texts: int
    chars: int
    places: int
    seconds: float
    whole: bool
    outcomes: tuple[Outcome, ...]


def evaluate(
    model: Path,
    texts: Sequence[Text],
    ways: Sequence[Condition],
    effort: Effort,
    *,
    sampling: Sampling | None = None,
    tell: Tell = lambda _done, _all: None,
) -> Report:
    """Measure the ways on the texts and on general prose; the first way is what the others are compared with.

    tell: gets the places measured so far, and how many there may be. Raises ModelError, EngineError,
    StoreError.
    """
    with ExitStack() as stack:
        measures = {
            adapter: stack.enter_context(_measure(model, adapter, effort, sampling or Sampling()))
            for adapter in dict.fromkeys(way.adapter for way in ways)
        }
        try:
            return _Evaluation(texts, ways, effort, measures, tell).run()
        except BackendError as error:
            raise EngineError(f"The text could not be read: {error}.") from error


@contextmanager
def _measure(
    path: Path, adapter: Path | None, effort: Effort, sampling: Sampling
) -> Iterator[Measure]:
    """A model of its own for each adapter; they share the file's pages."""
    os.environ.setdefault("GOMP_SPINCOUNT", SPINS)  # read when the library is loaded
    from cowrite.engine.host.resources import usable_cores
    from cowrite.engine.llama.library import keep_to_itself
    from cowrite.engine.llama.model import LlamaModel, LoadError

    keep_to_itself()

    try:
        model = LlamaModel(path, extra_buffers=effort.way.extra_buffers)
    except LoadError as error:
        raise ModelError(f"The model {path} can't be loaded: {error}.") from error
    try:
        model.open(
            min(_CONTEXT, model.trained_context or _CONTEXT),
            effort.threads or usable_cores(),
            outputs=ROWS,
            kernel=effort.way.kernel,
        )
        if adapter is not None:
            model.set_adapter(adapter)
        yield Measure(ForcedReader(model), _lazily(model), sampling, penalise_head=True)
    except LoadError as error:
        what = f"The adapter {adapter}" if adapter is not None else f"The model {path}"
        raise ModelError(f"{what} can't be used: {error}.") from error
    finally:
        model.close()


def _lazily(model: object) -> Callable[[], PieceIndex]:
    found: list[PieceIndex] = []

    def index() -> PieceIndex:
        if not found:
            found.append(PieceIndex.build(model))  # type: ignore[arg-type]
        return found[0]

    return index


def earlier_head(index: PassageIndex | None, text: str, tokens: int) -> Head:
    """What stands before a text as it is written: the slot, as the window keeps it."""
    slot = EMPTY

    def head(at: int) -> str:
        nonlocal slot
        if index is not None and look_again(slot, at):
            near, shown = text[max(0, at - NEAR) : at], text[max(0, at - SHOWN) : at]
            slot = searched(slot, [(index, tokens, None)], near, at, shown)
        return slot.head

    return head


@dataclass(slots=True)
class _Evaluation:
    texts: Sequence[Text]
    ways: Sequence[Condition]
    effort: Effort
    measures: dict[Path | None, Measure]
    tell: Tell
    figures: dict[tuple[str, int], Figures] = field(default_factory=dict)
    general: dict[tuple[str, int], Figures] = field(default_factory=dict)

    def run(self) -> Report:
        began = time.monotonic()
        deadline = began + self.effort.minutes * 60 if self.effort.minutes else float("inf")
        self._read_general()
        whole = self._read_texts(deadline)
        first = self.ways[0]
        outcomes = tuple(self._outcome(way, first) for way in self.ways)
        return Report(
            texts=len(self.texts),
            chars=self._total(first, self.figures, "chars"),
            places=self._total(first, self.figures, "places"),
            seconds=time.monotonic() - began,
            whole=whole,
            outcomes=outcomes,
        )

    # Reading

    @property
    def _before(self) -> int:
        return self.effort.passages if any(way.passages for way in self.ways) else 0

    def _read_general(self) -> None:
        """General prose, with the newest of the writer's passages before it where a way has passages."""
        index = _indexed(self.texts[-1].earlier) if self.texts else None
        for way in self.ways:  # one after the other, so that what stands before them is read once
            measure = self.measures[way.adapter]
            for number, text in enumerate(general.held_out()):
                head = earlier_head(index if way.passages else None, text, self.effort.passages)
                read = measure.read(text, every=0, seed=number)
                into = self.general.setdefault((way.name, number), Figures())
                measure.window(read, head, (0, 0, min(GENERAL, len(read.tokens))), into)

    def _read_texts(self, deadline: float) -> bool:
        """Read window by window, the first of each text before the second of any; all ways at each."""
        reads: list[Read] = []
        heads: dict[tuple[str, int], Head] = {}
        index: PassageIndex | None = None
        had: tuple[tuple[str, str], ...] | None = None
        for number, text in enumerate(self.texts):
            body = one_line_end(text.text)
            reads.append(next(iter(self.measures.values())).read(body, every=EVERY, seed=number))
            if index is None or text.earlier != had:
                index, had = _indexed(text.earlier), text.earlier
            for way in self.ways:
                shown = index if way.passages else None
                heads[way.name, number] = earlier_head(shown, body, self.effort.passages)
        first = self.measures[self.ways[0].adapter]
        rounds = [first.windows(read, self._before) for read in reads]
        order = [
            (turn, number)
            for turn in range(max(map(len, rounds), default=0))
            for number in range(len(rounds))
            if turn < len(rounds[number])
        ]
        for turn, number in order:
            done = self._total(self.ways[0], self.figures, "places")
            if turn + number and (done >= self.effort.points or time.monotonic() > deadline):
                return False
            for way in self.ways:
                into = self.figures.setdefault((way.name, number), Figures())
                self.measures[way.adapter].window(
                    reads[number], heads[way.name, number], rounds[number][turn], into
                )
            self.tell(min(done, self.effort.points), self.effort.points)
        return True

    # Figures

    def _outcome(self, way: Condition, first: Condition) -> Outcome:
        nats = self._total(way, self.figures, "nats")
        keys = [
            (group, saved)
            for (name, number), found in self.figures.items()
            if name == way.name
            for group, saved in found.spot_keys(number)
        ]
        return Outcome(
            way.name,
            nats / max(1, self._total(way, self.figures, "chars")),
            sum(saved for _, saved in keys) / max(1, len(keys)),
            mean_interval(keys),
            self._compared(way, first, self.figures, "nats"),
            self._compared(way, first, self.figures, "keys"),
            self._total(way, self.general, "nats")
            / max(1, self._total(way, self.general, "chars")),
            self._compared(way, first, self.general, "nats"),
        )

    def _compared(
        self, way: Condition, first: Condition, figures: dict[tuple[str, int], Figures], what: str
    ) -> Difference:
        units = []
        for (name, number), found in figures.items():
            if name == way.name:
                base = getattr(figures[first.name, number], what)
                units += [
                    Unit((number, group), base.get(group, 0.0), value)
                    for group, value in getattr(found, what).items()
                ]
        return difference(units)

    def _total(self, way: Condition, figures: dict[tuple[str, int], Figures], what: str) -> int:
        return sum(
            sum(getattr(found, what).values())
            for (name, _), found in figures.items()
            if name == way.name
        )


def _indexed(earlier: Sequence[tuple[str, str]]) -> PassageIndex:
    index = PassageIndex(None)
    for number, (name, text) in enumerate(earlier):
        index.replace(name, one_line_end(text), float(number))
    return index
