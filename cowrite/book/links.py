"""Where links lead within texts: headings by the names that Markdown's readers give them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:|//")
"""How an address begins that is no file's name."""
_NO_PART = re.compile(r"[^\w\- ]")


def heading_identifiers(titles: Iterable[str]) -> Iterator[str]:
    """What a link must say to lead to each of these headings of one text, as GitHub has it."""
    counts: Counter[str] = Counter()
    for title in titles:
        bare = _NO_PART.sub("", title.strip().lower()).replace(" ", "-")
        yield f"{bare}-{counts[bare]}" if counts[bare] else bare
        counts[bare] += 1
