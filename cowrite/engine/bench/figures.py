"""The figures of the benchmark, what each must be, and what to reach for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    value: cowrite's, in `unit`. other: what it is held against, in the same unit, None where nothing is.
    score: what `must` and `reach` limit: value / other where there is an other, else the value.
    more: true where the score must be at least that.
    """

    name: str
    value: float
    unit: str
    other: float | None
    other_name: str
    must: float
    reach: float | None
    more: bool = False
    rounds: int = 1
    note: str = ""

    @property
    def score(self) -> float:
        return self.value if self.other is None else self.value / self.other

    @property
    def verdict(self) -> str:
        """`reached`, `met` or `missed`."""
        if self.reach is not None and self._within(self.reach):
            return "reached"
        return "met" if self._within(self.must) else "missed"

    def _within(self, limit: float) -> bool:
        return self.score >= limit if self.more else self.score <= limit

    def as_dict(self) -> dict[str, Any]:
        """The JSON twin of the line."""
        return {**asdict(self), "score": round(self.score, 4), "verdict": self.verdict}


def middle(values: list[float]) -> float:
    """The median."""
    return median(values)
