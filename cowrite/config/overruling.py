"""Which settings come from a place that goes before the user's own file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cowrite.config.loading import load_explained
from cowrite.errors import CowriteError
from cowrite.paths import Paths


@dataclass(frozen=True, slots=True)
class Overruler:
    """Where a setting is from. name: as it can be found; short: for a narrow column."""

    name: str
    short: str


def overruling(
    paths: Paths, draft: Path | None, environ: Mapping[str, str] | None = None
) -> dict[str, Overruler]:
    """`section.name` -> the project's file or the variable that sets it for this draft.

    Settings that can't be read (they could at the start) overrule nothing.
    """
    try:
        sources = load_explained(paths, draft, os.environ if environ is None else environ).sources
    except CowriteError:
        return {}
    own = str(paths.config_file)
    return {
        key: Overruler(name, "the environment" if name.startswith("$") else Path(name).name)
        for key, name in sources.items()
        if name != own
    }
