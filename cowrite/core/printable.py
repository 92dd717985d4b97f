"""Text from a file, a model or a name, made safe to show.

A terminal obeys control codes wherever they come from, so none of them may reach it. Each is
replaced by a visible sign for the screen; the text itself keeps it. One code point gives one code
point, so that offsets and columns stay what they are.
"""

from __future__ import annotations

import re
from functools import cache

_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
"""C0 controls and DEL as Unicode's Control Pictures."""

_REPLACED = {
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),  # C1 controls: 0x9B is CSI to many terminals
    **dict.fromkeys((0x2028, 0x2029), 0x2424),  # line and paragraph separators
    **dict.fromkeys(range(0x202A, 0x202F), 0xFFFD),  # bidi embeddings and overrides
    **dict.fromkeys(range(0x2066, 0x206A), 0xFFFD),  # bidi isolates
    **dict.fromkeys(range(0xFFF9, 0xFFFC), 0xFFFD),  # interlinear annotation
}

_TABLE = _PICTURES | _REPLACED
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def printable(text: str, keep: str = "") -> str:
    """`text` with controls, ESC, bidi overrides and lone surrogates replaced, one to one.

    keep: controls to leave as they are, such as a line feed and a tab where prose is printed.
    """
    if not _UNSAFE.search(text):
        return text
    return _SURROGATES.sub("\ufffd", text.translate(_table(keep)))


@cache
def _table(keep: str) -> dict[int, int]:
    return {code: sign for code, sign in _TABLE.items() if chr(code) not in keep}
