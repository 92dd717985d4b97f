"""Values as JSON, whatever their texts hold.

JSON is UTF-8, which has no form for a lone surrogate. Those come in with names of files that are not UTF-8, and
with what a terminal or a model broke.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

_SURROGATE = re.compile("[\ud800-\udfff]")


def encoded(value: object) -> bytes:
    """The value as JSON; what has no UTF-8 (a lone surrogate) becomes U+FFFD."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return msgspec.json.encode(scrubbed(msgspec.to_builtins(value)))


def scrubbed(value: Any) -> Any:
    """The value with lone surrogates, which have no UTF-8, as U+FFFD."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {scrubbed(key): scrubbed(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed(one) for one in value]
    return value
