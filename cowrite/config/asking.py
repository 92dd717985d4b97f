"""What the settings ask of the engine."""

from __future__ import annotations

import dataclasses

import msgspec

from cowrite.config.declaration import Settings
from cowrite.core.suggestion import PRESETS, Params, Sampling


def sampling(settings: Settings) -> Sampling:
    """The preset, with the knobs of [sampling] that were set."""
    knobs = msgspec.structs.asdict(settings.sampling)
    given = {name: value for name, value in knobs.items() if value is not None}
    return dataclasses.replace(PRESETS[settings.suggestions.preset], **given)


def params(settings: Settings, *, seed: int | None = None) -> Params:
    """The parameters of a request, as set."""
    asked = settings.suggestions
    return Params(
        n=asked.count,
        max_tokens=asked.max_tokens,
        stop=asked.stop,
        seed=seed,
        sampling=sampling(settings),
        logprobs=asked.logprobs,
        deadline_ms=asked.deadline_ms,
    )
