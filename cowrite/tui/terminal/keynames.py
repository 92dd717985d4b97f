"""Names of keys: what a key report's numbers and letters stand for. Tables only.

Numbers are those of the kitty keyboard protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/,
"Functional key definitions"), of xterm's `ctlseqs` and of rxvt's manual; names are Textual's.
"""

from __future__ import annotations

from functools import lru_cache

from textual.keys import _character_to_key

SHIFT, ALT, CTRL, SUPER, HYPER, META, CAPS_LOCK, NUM_LOCK = (1 << bit for bit in range(8))
COMMANDS = ALT | CTRL | SUPER | HYPER | META
"""Modifiers that make a command of a key. Shift makes another text of it, and the locks are states."""

_MODIFIERS = (
    ("alt", ALT), ("ctrl", CTRL), ("hyper", HYPER), ("meta", META), ("shift", SHIFT), ("super", SUPER),
)  # fmt: skip
"""In the order in which a key's name has them."""

NO_KEYS = frozenset(
    (*range(57358, 57361), *range(57427, 57455))  # locks; keypad's 5, media, volume, modifiers
)
"""Numbers of keys that do nothing by themselves."""

NUMBERED = {
    27: "escape", 13: "enter", 9: "tab", 127: "backspace", 8: "backspace",
    57344: "escape", 57345: "enter", 57346: "tab", 57347: "backspace", 57348: "insert", 57349: "delete",
    57350: "left", 57351: "right", 57352: "up", 57353: "down", 57354: "pageup", 57355: "pagedown",
    57356: "home", 57357: "end", 57361: "print_screen", 57362: "pause", 57363: "menu",
    **{57363 + number: f"f{number}" for number in range(1, 36)},
    57414: "enter", 57417: "left", 57418: "right", 57419: "up", 57420: "down", 57421: "pageup",
    57422: "pagedown", 57423: "home", 57424: "end", 57425: "insert", 57426: "delete",
}  # fmt: skip
"""Keys that write no text, by their number in `CSI number u`."""

KEYPAD = {
    **{57399 + digit: str(digit) for digit in range(10)},
    57409: ".", 57410: "/", 57411: "*", 57412: "-", 57413: "+", 57415: "=", 57416: ",",
}  # fmt: skip
"""Keys of the number pad that write, where the terminal doesn't say what."""

TILDE = {
    1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end",
    11: "f1", 12: "f2", 13: "f3", 14: "f4", 15: "f5", 17: "f6", 18: "f7", 19: "f8", 20: "f9", 21: "f10",
    23: "f11", 24: "f12", 25: "f13", 26: "f14", 28: "f15", 29: "f16", 31: "f17", 32: "f18", 33: "f19",
    34: "f20",
}  # fmt: skip
"""Keys by their number in `CSI number ~`."""

LETTERED = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end",
    "P": "f1", "Q": "f2", "R": "f3", "S": "f4", "Z": "tab",
}  # fmt: skip
"""Keys by the letter that ends `CSI` or `SS3`."""

SS3_PAD = {
    "M": "\r", "X": "=", " ": " ", "I": "\t", "j": "*", "k": "+", "l": ",", "m": "-", "n": ".", "o": "/",
    **{chr(ord("p") + digit): str(digit) for digit in range(10)},
}  # fmt: skip
"""The number pad in its application mode, as rxvt and the VT100 send it."""

RXVT_ENDS = {"^": CTRL, "$": SHIFT, "@": CTRL | SHIFT}
"""What rxvt puts in the place of the tilde."""

CONSOLE = {"A": "f1", "B": "f2", "C": "f3", "D": "f4", "E": "f5"}
"""The Linux console's first function keys: `CSI [ letter`."""

_US_SHIFTED = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))


def shifted(character: str) -> str:
    """What a key writes with Shift, where the terminal says its letter alone: as on a US keyboard."""
    upper = character.upper()
    return _US_SHIFTED.get(character, upper if len(upper) == 1 else character)


@lru_cache(maxsize=1024)
def name_of(character: str) -> str:
    """The name of a key that writes this character: `a` is `a`, `/` is `slash`."""
    return _character_to_key(character)


@lru_cache(maxsize=1024)
def with_modifiers(name: str, modifiers: int) -> str:
    """A key's name with its modifiers before it, in Textual's order: `ctrl+shift+left`."""
    held = [word for word, bit in _MODIFIERS if modifiers & bit]
    return "+".join([*held, name])
