"""From settings to what a session and its engine need: the one place that reads them for both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from cowrite.config import Settings
from cowrite.core.suggestion import PRESETS, Params, Sampling
from cowrite.engine.protocol import EngineOptions, RunAhead, Way
from cowrite.paths import Paths
from cowrite.session.asking import Asking

MEGABYTE = 1024 * 1024


def sampling_from(settings: Settings, card: Mapping[str, int | float] | None = None) -> Sampling:
    """The preset, with the knobs that the writer has set on top of it.

    card: what the model's card advises; it takes the place of the preset `balanced`.
    """
    knobs: dict[str, Any] = msgspec.structs.asdict(settings.sampling)
    given = {name: value for name, value in knobs.items() if value is not None}
    preset = settings.suggestions.preset
    advised = dict(card or {}) if preset == "balanced" else {}
    return replace(PRESETS[preset], **(advised | given))


def params_from(settings: Settings, card: Mapping[str, int | float] | None = None) -> Params:
    """What each request asks for. card: see `sampling_from`."""
    wanted = settings.suggestions
    return Params(
        n=wanted.count,
        max_tokens=wanted.max_tokens,
        stop=wanted.stop,
        sampling=sampling_from(settings, card),
        logprobs=wanted.logprobs,
        deadline_ms=wanted.deadline_ms,
    )


def asking_from(settings: Settings, card: Mapping[str, int | float] | None = None) -> Asking:
    """How a session asks. card: see `sampling_from`."""
    wanted = settings.suggestions
    sure = wanted.auto_threshold
    return Asking(
        params=params_from(settings, card),
        context_budget=settings.model.context,
        head=settings.model.head,
        auto=wanted.auto,
        auto_pause=wanted.auto_pause_ms / 1000,
        auto_threshold=math.log(sure) if sure > 0 else -math.inf,
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
        way=None if wanted.way == "auto" else Way(wanted.way),
        cache_folder=paths.cache,
    )
