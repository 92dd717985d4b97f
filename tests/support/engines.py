"""What an engine is, for sessions whose engine is a stand-in."""

from __future__ import annotations

from cowrite.engine.protocol import EngineState
from cowrite.session.ports import EngineStatus

READY = EngineStatus(EngineState.READY, connected=True)
"""A model is loaded and waits."""
