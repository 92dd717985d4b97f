"""What the engine's threads tell, for `EngineService.take`, and who is told of it then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cowrite.engine.protocol import HostMessage
from cowrite.errors import CowriteError
from cowrite.session.found_model import FoundModel

if TYPE_CHECKING:
    from cowrite.engine.client import EngineClient


@dataclass(frozen=True, slots=True)
class ModelPrepared:
    """A model is being made ready: `share` is how far, 0 to 1."""

    share: float


@dataclass(frozen=True, slots=True)
class ModelFound:
    """There is a model, and a client whose process may be started."""

    model: FoundModel
    client: EngineClient


@dataclass(frozen=True, slots=True)
class ModelMissing:
    """There is no model to start."""

    error: CowriteError


@dataclass(frozen=True, slots=True)
class EngineSaid:
    """A message of the model process."""

    message: HostMessage
    client: EngineClient


@dataclass(frozen=True, slots=True)
class InstructFound:
    """The other model, which follows instructions, is there, and its client. choice: what was looked for."""

    choice: str
    model: FoundModel
    client: EngineClient


@dataclass(frozen=True, slots=True)
class InstructMissing:
    """There is no such model. choice: the one that was looked for."""

    choice: str
    error: CowriteError


EngineNews = (
    ModelPrepared | ModelFound | ModelMissing | EngineSaid | InstructFound | InstructMissing
)


class EngineListener(Protocol):
    """Who is told of the engine, on the thread that calls `take`."""

    def engine_prepared(self, share: float | None) -> None:
        """A model is made ready, so far; None: no longer."""

    def engine_changed(self) -> None:
        """The status is another one."""

    def engine_said(self, message: HostMessage) -> None:
        """A request goes on."""

    def engine_leaves(self) -> None:
        """Its process ends, since another one takes over: what was asked is not answered any more."""

    def engine_missing(self, error: CowriteError) -> None:
        """There is no model, for this reason."""

    def engine_noted(self, note: str) -> None:
        """There is one, but not all is as it should be."""


class Unheard:
    """A listener that does nothing, until there is another one."""

    def engine_prepared(self, share: float | None) -> None:
        """Nothing is shown."""

    def engine_changed(self) -> None:
        """Nobody looks."""

    def engine_said(self, message: HostMessage) -> None:
        """Nobody has asked."""

    def engine_leaves(self) -> None:
        """Nobody waits."""

    def engine_missing(self, error: CowriteError) -> None:
        """Nobody is told."""

    def engine_noted(self, note: str) -> None:
        """Nobody is told."""
