"""How long a server asks to be left alone."""

from __future__ import annotations

import email.utils

LONGEST = 999_999_999.0
"""Seconds: whatever is longer is as good as never."""


def retry_after(said: str, now: float) -> float | None:
    """Seconds by a `Retry-After` header, which has a number of them or a date; None where it has neither.

    now: seconds since 1970. Source: RFC 9110, 10.2.3.
    """
    try:
        wait = float(said)
    except ValueError:
        try:
            wait = max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - now)
        except (TypeError, ValueError, OverflowError):
            return None
    return min(wait, LONGEST) if wait >= 0 else None
