"""How a session asks and its engine runs: from settings, which are read for both in this one place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import msgspec

from cowrite.config import Settings
from cowrite.config.describing import NEVER
from cowrite.core.events import EngineLoaded
from cowrite.core.quiet import Judge
from cowrite.core.suggestion import PRESETS, Params, Sampling
from cowrite.engine.protocol import EngineOptions, Loaded, RunAhead, Way
from cowrite.paths import Paths
from cowrite.session.suggestions import Bar

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """How a session asks: from the settings, and changed by the writer as the session goes on.

    context_budget: the most characters of draft that the model is shown, 0 for what the model can take.
    head: frozen text before it. advisable: knobs of sampling that nobody has set, so that the card of the
    model may. auto: ask by itself after `auto_pause` seconds without a key; ghosts whose mean
    log-probability is below `auto_threshold` stay away or, with an order learned of the writer, those of
    which something is taken with a probability below `likely`. order: whether a learned order is used.
    timing: whether pause and length follow what is taken and refused. run_ahead: whether new text is
    evaluated while the writer pauses. passages: tokens of earlier passages before the draft.
    """

    params: Params = field(default_factory=Params)
    context_budget: int = 0
    head: str = ""
    advisable: frozenset[str] = frozenset()
    auto: bool = False
    auto_pause: float = 0.9
    auto_threshold: float = -2.5
    likely: float = 0.25
    order: bool = True
    timing: bool = True
    run_ahead: bool = True
    passages: int = 0

    def bar(self, judge: Judge, *, learned: bool) -> Bar:
        """What a ghost that nobody asked for must reach. Who wants to see all sees all that says something."""
        all_of_them = self.auto_threshold == -math.inf
        probability = (0.0 if all_of_them else self.likely) if learned else None
        return Bar(self.auto_threshold, probability, judge)

    def params_with(self, advice: Mapping[str, int | float]) -> Params:
        """What a request asks for of a model whose card advises this."""
        taken: dict[str, Any] = {name: advice[name] for name in self.advisable & advice.keys()}
        return replace(self.params, sampling=replace(self.params.sampling, **taken))


def request_options(settings: Settings) -> RequestOptions:
    """How a session asks. The preset, with the knobs that the writer has set on top of it.

    What a model's card advises takes the place of the preset `balanced`, and of no other.
    """
    wanted = settings.suggestions
    knobs: dict[str, Any] = msgspec.structs.asdict(settings.sampling)
    given = {name: value for name, value in knobs.items() if value is not None}
    advisable = {knob.name for knob in fields(Sampling)} if wanted.preset == "balanced" else set()
    sure = wanted.auto_threshold
    sent = settings.engine.remote not in (
        "",
        NEVER,
    )  # earlier drafts may be of a project that says never
    return RequestOptions(
        params=Params(
            n=wanted.count,
            max_tokens=wanted.max_tokens,
            stop=wanted.stop,
            sampling=replace(PRESETS[wanted.preset], **given),
            logprobs=wanted.logprobs,
            deadline_ms=wanted.deadline_ms,
        ),
        context_budget=settings.model.context,
        head=settings.model.head,
        advisable=frozenset(advisable - given.keys()),
        auto=wanted.auto,
        auto_pause=wanted.auto_pause_ms / 1000,
        auto_threshold=math.log(sure) if sure > 0 else -math.inf,
        likely=settings.learn.likely,
        order=settings.learn.use and settings.learn.order,
        timing=settings.learn.timing,
        passages=settings.learn.passages if settings.learn.use and not sent else 0,
        run_ahead=wanted.run_ahead != "off",
    )


def engine_options_from(settings: Settings, paths: Paths) -> EngineOptions:
    """How the model's process runs on this machine."""
    wanted = settings.engine
    return EngineOptions(
        threads=wanted.threads,
        context=wanted.context_tokens,
        nice=wanted.nice,
        run_ahead=RunAhead(settings.suggestions.run_ahead),
        kv_folder=paths.kv_cache if wanted.kv_cache_mb else None,
        kv_bytes=wanted.kv_cache_mb * MEGABYTE,
        kernel=wanted.kernel,
        gpu=wanted.gpu == "auto",
        way=None if wanted.way == "auto" else Way(wanted.way),
        cache_folder=paths.cache,
    )


def how_loaded(said: Loaded, settings: Settings) -> EngineLoaded:
    """How the model is evaluated, as the log keeps it."""
    return EngineLoaded(
        said.library,
        said.way.value,
        said.kernel,
        said.threads,
        said.batch_threads,
        said.context,
        settings.suggestions.run_ahead,
    )
