"""What tests of other editors share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is cowrite's home, and the test's own."""
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    return tmp_path
