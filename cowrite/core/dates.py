"""Moments as a reader says them, in the time zone of the machine. They are milliseconds since 1970."""

from __future__ import annotations

from datetime import datetime


def minute(when_ms: int) -> str:
    """`2026-11-26 19:40`."""
    return _local(when_ms).strftime("%Y-%m-%d %H:%M")


def day(when_ms: int) -> str:
    """`2026-11-26`."""
    return _local(when_ms).strftime("%Y-%m-%d")


def _local(when_ms: int) -> datetime:
    return datetime.fromtimestamp(when_ms / 1000).astimezone()
