"""Remarks on a draft's prose, without a model: what a second reader would point at. Pure.

They are found on demand, from the whole draft, and each says where it stands. Thresholds are set so that
published prose gets few of them; docs/prose.md has the figures.
"""

from __future__ import annotations

from collections.abc import Callable

from cowrite.prose.lengths import lengths
from cowrite.prose.names import name_slips
from cowrite.prose.remarks import Prose, Remark
from cowrite.prose.repeats import doubled, near
from cowrite.prose.tenses import tense_slips


def proofread(text: str, stopped: Callable[[], bool] = lambda: False) -> list[Remark]:
    """All remarks on a draft, by where they stand. Raises StoppedError where `stopped` says so meanwhile."""
    prose = Prose(text, stopped)
    each = (doubled, near, lengths, tense_slips, name_slips)
    return sorted(remark for find in each for remark in find(prose))
