"""What the torture shares: windows in a real pty, and a real model."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_signals import own_signals
from real_models import model_file
from windows import home, window

__all__ = ["home", "own_signals", "smollm", "window"]


@pytest.fixture(scope="session")
def smollm() -> Path:
    """The small model's file."""
    return model_file("smollm2").path
