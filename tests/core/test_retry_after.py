"""A server's `Retry-After`, which may be anything."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from cowrite.core.retry_after import LONGEST, retry_after

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0), (" 7 ", 7.0), ("1.5", 1.5), ("0", 0.0), ("9" * 400, LONGEST), ("inf", LONGEST),
        ("-5", None), ("nan", None), ("", None), ("soon", None), ("Mon, 99 Foo 2020", None),
        (formatdate(NOW + 60, usegmt=True), 60.0), (formatdate(NOW - 60, usegmt=True), 0.0),
    ],
)  # fmt: skip
def test_seconds_a_date_or_neither(said: str, seconds: float | None) -> None:
    assert retry_after(said, NOW) == seconds
