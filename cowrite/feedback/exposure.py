"""How long a suggestion's candidates were on screen while the terminal had the focus."""

from __future__ import annotations

from collections.abc import Collection


class Exposure:
    """The time on screen of each candidate of one suggestion, in milliseconds. `order` is as they came."""

    __slots__ = ("_all_since", "_all_total", "_since", "_total", "order")

    def __init__(self) -> None:
        self.order: list[int] = []
        self._total: dict[int, int] = {}
        self._since: dict[int, int] = {}
        self._all_total = 0
        self._all_since: int | None = None

    def note(self, candidate: int) -> None:
        """A candidate came on screen, whether anybody looks or not."""
        if candidate not in self._total:
            self.order.append(candidate)
            self._total[candidate] = 0

    def see(self, candidates: Collection[int], now: int) -> None:
        """From now on these are seen, and no others."""
        for candidate in [one for one in self._since if one not in candidates]:
            self._total[candidate] += now - self._since.pop(candidate)
        for candidate in candidates:
            self._since.setdefault(candidate, now)
        if candidates and self._all_since is None:
            self._all_since = now
        elif not candidates and self._all_since is not None:
            self._all_total += now - self._all_since
            self._all_since = None

    @property
    def total(self) -> int:
        """Milliseconds that any of them was on screen: at least 1 where one was."""
        return max(1, self._all_total) if self.order else 0

    def of(self, candidate: int) -> int:
        """Milliseconds that this candidate was on screen."""
        return self._total.get(candidate, 0)
