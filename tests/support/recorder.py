"""A journal that only remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from cowrite.core.events import Body


@dataclass
class Recorder:
    """What a session journaled, in order."""

    bodies: list[Body] = field(default_factory=list)

    def append(self, body: Body, *, durable: bool = False) -> None:
        self.bodies.append(body)

    def of(self, kind: type) -> list:
        return [body for body in self.bodies if isinstance(body, kind)]
