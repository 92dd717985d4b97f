"""What `cowrite complete` is asked for: its options, for one text and for each row of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cowrite.config import Settings
from cowrite.core.suggestion import PRESETS, Params, StopAt
from cowrite.errors import UsageError, unknown

MOST_CANDIDATES = 64
MOST_LOGPROBS = 50


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options as they were given; None where one was not."""

    n: int = 1
    max_tokens: int | None = None
    stop: str | None = None
    seed: int | None = None
    temperature: float | None = None
    preset: str | None = None
    logprobs: int = 0

    def params(
        self,
        settings: Settings,
        card: Mapping[str, int | float] | None = None,
        *,
        dashes: bool = True,
    ) -> Params:
        """What is asked for: options over settings over the model's card. Raises UsageError for nonsense.

        dashes: how options are called in errors, as the command line has them or as the keys of a row.
        """
        from cowrite.session.options import request_options

        self._check(dashes)
        params = replace(request_options(settings).params_with(card or {}), deadline_ms=0)
        given: dict[str, Any] = {"n": self.n, "logprobs": self.logprobs}
        given |= {
            name: value
            for name, value in (("max_tokens", self.max_tokens), ("seed", self.seed))
            if value is not None
        }
        if self.stop is not None:
            given["stop"] = StopAt(self.stop)
        sampling = params.sampling
        if self.preset is not None:
            sampling = replace(PRESETS[self.preset], banned=sampling.banned)
        if self.temperature is not None:
            sampling = replace(sampling, temperature=self.temperature)
        return replace(params, **given, sampling=sampling)

    def _check(self, dashes: bool) -> None:
        def named(name: str) -> str:
            if not dashes:
                return name
            return "-n" if name == "n" else "--" + name.replace("_", "-")

        if not 1 <= self.n <= MOST_CANDIDATES:
            said = f"{named('n')} must be 1 to {MOST_CANDIDATES}, not {self.n}."
            raise UsageError(said, "For instance: -n 3" if dashes else "")
        if self.max_tokens is not None and self.max_tokens < 1:
            said = f"{named('max_tokens')} must be at least 1, not {self.max_tokens}."
            raise UsageError(said, "For instance: --max-tokens 48" if dashes else "")
        if not 0 <= self.logprobs <= MOST_LOGPROBS:
            said = f"{named('logprobs')} must be 0 to {MOST_LOGPROBS}, not {self.logprobs}."
            raise UsageError(said)
        if self.temperature is not None and not 0 <= self.temperature <= 5:
            said = f"{named('temperature')} must be 0 to 5, not {self.temperature:g}."
            raise UsageError(said, "The usual is 0.8.")
        if self.stop is not None and self.stop not in list(StopAt):
            raise unknown("stop", self.stop, [str(kind) for kind in StopAt])
        if self.preset is not None and self.preset not in PRESETS:
            raise unknown("preset", self.preset, PRESETS)
