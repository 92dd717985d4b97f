"""Texts that harm: control codes a terminal would obey, and characters that are hard to lay out."""

from __future__ import annotations

import re

ESCAPES: dict[str, str] = {
    "title": "\x1b]0;INJECTED\x07",
    "title, ended by ST": "\x1b]2;INJECTED\x1b\\",
    "link": "\x1b]8;;http://injected.invalid/\x1b\\INJECTED\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;SU5KRUNURUQ=\x07",
    "palette": "\x1b]4;1;rgb:ff/00/00\x07",
    "clear screen": "\x1b[12J\x1b[97;98H",
    "device status": "\x1b[06n\x1b[05n\x1b[0c",
    "scroll region": "\x1b[03;05r",
    "alternate screen": "\x1b[?01049l\x1b[?047h",
    "mouse": "\x1b[?01003h",
    "paste ends": "\x1b[201~",
    "DCS": '\x1bP$q"p\x1b\\\x1bP+q544e\x1b\\',
    "APC and PM": "\x1b_INJECTED\x1b\\\x1b^INJECTED\x1b\\\x1bXINJECTED\x1b\\",
    "reset": "\x1bc",
    "charset": "\x1b(0\x0e",
    "C1 CSI": "\x9b2J\x9b31m",
    "C1 OSC": "\x9d0;INJECTED\x9c",
    "C1 DCS": "\x90INJECTED\x9c",
    "bell and backspaces": "\x07\x08\x08\x0b\x0c\x0e\x0f\x7f",
    "carriage return": "before\rafter",
}
"""Each begins something that a terminal would do."""

MARKUP = [
    "[bold]",
    "[/]",
    "[@click=app.quit]x[/]",
    "[link=http://injected.invalid]",
    "\\[",
    "{0}%s",
]

BIDI = "\u202e\u2066gnp.txt\u2069\u202c\u200f\u061c"
ZALGO = "Z" + "\u0301\u0316\u035c\u0489" * 60
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff" * 40
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7\U0001f1e9"
CJK = "春はあけぼの。「やうやう白くなりゆく山ぎは」、少しあかりて。"
KOREAN = "\u1112\u1161\u11ab\u1100\u1173\u11af 한글"
RTL = "שלום עולם مرحبا بالعالم"
INDIC = "क्षत्रिय நிலா ไทยที่"
LINES = "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg"

HARD = [
    BIDI,
    ZALGO,
    ZERO_WIDTH,
    FAMILY,
    FLAGS,
    CJK,
    KOREAN,
    RTL,
    INDIC,
    LINES,
    "\t\t x\t",
    "\ufffd\ufffe",
]
"""What layout, width and graphemes stumble over."""

EVERYTHING = "".join(ESCAPES.values()) + "".join(MARKUP) + BIDI + "é" + ZALGO + ZERO_WIDTH + LINES

FORBIDDEN = [
    "\x1b]0;INJ", "\x1b]2;INJ", "\x1b]8;;http://inj", "\x1b]52;c;SU5K", "\x1b]4;1", "\x1b[12J",
    "\x1b[97;98H", "\x1b[06n", "\x1b[05n", "\x1b[0c", "\x1b[03;05r", "\x1b[?01049l", "\x1b[?047h",
    "\x1b[?01003h", "\x1b[201~", "\x1bP$q", "\x1bP+q", "\x1b_", "\x1b^", "\x1bX", "\x1bc", "\x1b(0",
    "before\rafter", "\x07", "\x08", "\x0b", "\x0c", "\x0e", "\x0f", "\x7f", "\x85", "\x90", "\x9b",
    "\x9c", "\x9d", "\u202e", "\u2066", "\u2028", "\u2029",
]  # fmt: skip
"""What must not be among the characters that a program sends to its terminal while it shows these."""


_POINTER = re.compile("\x1b\\]22;[a-z-]+\x07")
"""Textual's own: the shape of the mouse pointer."""


def slips(sent: str) -> list[str]:
    """What of `FORBIDDEN` is in `sent`, each with what stands around it."""
    sent = _POINTER.sub("", sent)
    found = [(text, sent.find(text)) for text in FORBIDDEN]
    return [sent[max(0, at - 40) : at + len(text) + 20] for text, at in found if at >= 0]
