"""Keys as real terminals have sent them, through the decoder: each alone, and all in one, byte by byte."""

from __future__ import annotations

import pytest
from sent_by_terminals import SENT
from typist import said

ESCAPE = "\x1b"


@pytest.mark.parametrize("terminal", SENT)
def test_each_key_means_what_it_meant(terminal: str) -> None:
    found = {sent: said(sent) for sent in SENT[terminal]}
    assert found == SENT[terminal]


@pytest.mark.parametrize("terminal", SENT)
def test_many_keys_cut_anywhere_mean_the_same(terminal: str) -> None:
    keys = {sent: meant for sent, meant in SENT[terminal].items() if sent not in _OPEN}
    # A line feed behind a carriage return would be one line break with it.
    ordered = sorted(keys, key=lambda sent: sent == "\n")
    sent, wanted = "".join(ordered), "".join(keys[key] for key in ordered)
    assert said(sent) == wanted
    assert said(*sent) == wanted


_OPEN = (ESCAPE, "\x1b[")
"""Keys that begin others: what they are is known by what doesn't follow."""
