"""The list of events in docs/log-schema.md: `python -m cowrite.store.documenting docs/log-schema.md`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from cowrite.store.event_types import EVENTS

_HEAD = "| event | origin | kind | what happened, and where its details are |\n|---|---|---|---|\n"


def renewed(page: str) -> str:
    """The page with the list as the registered types have it."""
    rows = "".join(
        f"| {row.event} |{f' {row.origin}' if row.origin else ''} | {row.kind} | {row.says} |\n"
        for row in EVENTS.kinds
    )
    return re.sub(re.escape(_HEAD) + r"(\|.*\n)*", lambda _: _HEAD + rows, page, count=1)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(renewed(path.read_text("utf-8")), "utf-8")
