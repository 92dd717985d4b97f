"""Results that are kept for texts seen of late, as long as these are not too long together.

`functools.lru_cache` counts entries: a thousand texts of a line that is being written are megabytes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps what was made of texts. most: characters of these together; a longer one is kept until the next."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[tuple[str, object], T] = OrderedDict()

    def get(self, text: str, make: Callable[[], T], *, with_: object = None) -> T:
        """What `make` made of a text (and of what comes with it, which is compared as well)."""
        key = (text, with_)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        made = make()
        self._kept[key] = made
        self._size += len(text)
        while self._size > self._most and len(self._kept) > 1:
            (old, _), _ = self._kept.popitem(last=False)
            self._size -= len(old)
        return made
