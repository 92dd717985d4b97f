"""A window in the tests' own process takes the signals that end a program; here they are given back."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from cowrite.tui.terminal.signals import ENDING_SIGNALS


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """After each test what ends a program ends the tests again."""
    before = {number: signal.getsignal(number) for number in ENDING_SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
