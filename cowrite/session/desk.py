"""What the newer parts of a session share: the draft, its log, who draws it and who is asked."""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.session.buffer import Buffer
from cowrite.session.ports import EnginePort, Listener
from cowrite.session.session_log import SessionLog


@dataclass(frozen=True, slots=True)
class Desk:
    """One draft's. Each of them changes only what it owns."""

    buffer: Buffer
    log: SessionLog
    listener: Listener
    engine: EnginePort
