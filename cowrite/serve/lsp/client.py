"""The editor at the other end, as its drafts see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from cowrite.session.mirrored_ghost import Given


@dataclass(frozen=True, slots=True)
class Manners:
    """What an editor does besides what the protocol says, by its `initializationOptions`.

    tells_shown: it says what of the candidates is on its screen. draws: it shows a candidate while that is
    being written, by `cowrite/ghost`.
    """

    tells_shown: bool = False
    draws: bool = False

    @classmethod
    def of(cls, options: Any) -> Manners:
        """Of what an editor sent, which may be anything."""
        return cls(member(options, "tellsShown") is True, member(options, "draws") is True)


class LanguageClient(Protocol):
    """What a draft tells the editor."""

    manners: Manners

    def tell(self, message: str, hint: str = "", severity: str = "information") -> None:
        """Tell the writer something."""

    def draw(self, uri: str, given: Given) -> None:
        """A candidate as far as it is written."""


def member(value: Any, *names: str) -> Any:
    """What is under these names in a message's part, one in the other; None where it isn't there.

    pygls makes objects of some parts and leaves others as they came.
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return value
