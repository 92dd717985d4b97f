"""Key reports: what an escape sequence says about the keyboard. Pure.

Understood are the kitty protocol's `CSI u` with all its fields, xterm's modifyOtherKeys
(`CSI 27;modifiers;code~`), the keys that end in a letter or a tilde with modifiers and event types, `SS3`,
and what rxvt, Konsole and the Linux console have instead. A report is understood or left out: nothing here
raises, whatever the numbers are.

What a key is, is decided in one place (`_pressed`): modifiers make a command of it, else it writes what the
terminal says it writes. A command's name has the Latin letter of the key, also on other keyboards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cowrite.tui.terminal import keynames as names
from cowrite.tui.terminal.layouts import us_key


@dataclass(frozen=True, slots=True)
class Press:
    """A key was pressed. key: Textual's name for it. text: what it writes, None for a key that doesn't.

    `text` may be several characters, which an input method wrote at once; `key` is `COMPOSED` then.
    """

    key: str
    text: str | None = None


Presses = tuple[Press, ...]

COMPOSED = "composed"
ESCAPE = Press("escape", "\x1b")

# Patterns are texts here and beside: compiled with the first key, and not before the first paint.
_KITTY = (
    r"(?a)\x1b\[(?P<code>\d{1,7})(?::(?P<shifted>\d{0,7}))?(?::(?P<base>\d{0,7}))?"
    r"(?:;(?P<modifiers>\d{0,3})(?::(?P<event>\d?))?(?:;(?P<text>[\d:]*))?)?u"
)
_OTHER = r"(?a)\x1b\[27;(?P<modifiers>\d{1,3});(?P<code>\d{1,7})~"
_TILDE = (
    r"(?a)\x1b\[(?P<number>\d{1,5})(?:;(?P<modifiers>\d{0,3})(?::(?P<event>\d))?)?(?P<end>[~^$@])"
)
_LETTER = (
    r"(?a)\x1b(?:\[(?:1?;)?(?:(?P<modifiers>\d{1,3})(?::(?P<event>\d))?)?|O(?P<ss3>\d?))"
    r"(?P<letter>[A-DFHP-SZ])"
)
_RXVT_ARROW = r"\x1b(?P<kind>[\[O])(?P<letter>[a-d])"
_PAD_CENTRE = r"(?a)\x1b\[(?:1;\d{1,3}(?::\d)?)?[EG]|\x1bOE|\x1b\[57427(?:;[\d:]*)?~"
"""The middle key of the number pad, which does nothing."""
_LINE_BREAK = (
    r"\x1b\[(?:(?P<lf>106;5|10(?:;1)?)|109;5|13(?:;1)?)u"
    r"|\x1b\[27;(?:(?P<other_lf>5;106|1;10)|5;109|1;13)~"
)
_NO_TEXT = (
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
    )
    + "]"
)
_RELEASE = "3"
_LAST_F3 = 16
"""The highest modifiers of F3 in `CSI 1;modifiers R`: a cursor's place looks alike."""
_MOST_CACHED = 32

_LEGACY_ALT = {"f": "ctrl+right", "b": "ctrl+left", "\x7f": "ctrl+w", "\t": "shift+tab"}
"""What terminals send for a word's edge (`ESC f`, `ESC b`), for its deletion, and for Shift+Tab."""
_CONTROLS = {
    "\r": Press("enter", "\r"), "\n": Press("ctrl+j", "\n"), "\t": Press("tab", "\t"), "\x1b": ESCAPE,
    "\x7f": Press("backspace", "\x7f"), "\x08": Press("backspace", "\x08"), "\x00": Press("ctrl+@", "\x00"),
    "\x1c": Press("ctrl+backslash", "\x1c"), "\x1d": Press("ctrl+right_square_bracket", "\x1d"),
    "\x1e": Press("ctrl+circumflex_accent", "\x1e"), "\x1f": Press("ctrl+underscore", "\x1f"),
}  # fmt: skip
_ALWAYS_ALIKE = {"ctrl+m": _CONTROLS["\r"], "ctrl+left_square_bracket": ESCAPE}
"""Keys that hands know as Enter and Escape, since they were until terminals told them apart."""
_PLAIN = {press.key: press for press in map(_CONTROLS.__getitem__, ("\r", "\t", "\x7f", "\x1b"))}
"""Keys that have a number and a control code."""


@lru_cache(maxsize=4096)
def press_of(character: str) -> Presses:
    """The key of a character that comes as itself; none for a control code that no key has."""
    if is_text(character):
        return (_writing(character),)
    if character in _CONTROLS:
        return (_CONTROLS[character],)
    if character < " ":
        return (Press(f"ctrl+{chr(ord(character) + 96)}", character),)
    return ()


def alt(character: str) -> Presses:
    """The key of `ESC character`, as terminals send Alt without any protocol."""
    if character in _LEGACY_ALT:
        return (Press(_LEGACY_ALT[character]),)
    if character < " ":
        return press_of(
            character
        )  # few terminals can send Alt with Enter or Ctrl, and none says which it is
    shift = names.SHIFT if character.isupper() else 0
    return _pressed(ord(character), names.ALT | shift)


def presses(sequence: str) -> Presses | None:
    """The keys of a whole sequence: none for a key that does nothing, None where it isn't a key's."""
    return _short(sequence) if len(sequence) <= _MOST_CACHED else _read(sequence)


def is_text(text: str) -> bool:
    """Whether a key may write this: spaces of every kind, joiners, marks, what is newer than Python's tables.

    Not control codes, halves of characters, what will never be a character, and Unicode's line separators,
    which no key has.
    """
    return bool(text) and re.search(_NO_TEXT, text) is None


def unwrapped(paste: str) -> str:
    """A paste with the line breaks that tmux made key reports of. All else in it is untouched."""
    if "\x1b[" not in paste:
        return paste
    return re.sub(
        _LINE_BREAK, lambda found: "\n" if found["lf"] or found["other_lf"] else "\r", paste
    )


def is_line_break(sequence: str) -> bool:
    """Whether this report stands for a line break in a paste."""
    return re.fullmatch(_LINE_BREAK, sequence) is not None


def _read(sequence: str) -> Presses | None:
    if sequence.endswith("u"):
        return _kitty(sequence)
    found = re.fullmatch(_OTHER, sequence)
    if found is not None:
        return _pressed(int(found["code"]), _bits(found["modifiers"]))
    for form in (_numbered, _lettered, _odd):
        known = form(sequence)
        if known is not None:
            return known
    return None


_short = lru_cache(maxsize=1024)(_read)
"""Reports of the length that most have. Longer ones hold what an input method wrote, and aren't kept."""


def _kitty(sequence: str) -> Presses | None:
    found = re.fullmatch(_KITTY, sequence)
    if found is None:
        return None
    if found["event"] == _RELEASE:
        return ()
    return _pressed(
        int(found["code"]),
        _bits(found["modifiers"]),
        told="".join(map(_character, (found["text"] or "").split(":"))),
        shifted=_character(found["shifted"] or ""),
        base=_character(found["base"] or ""),
    )


def _numbered(sequence: str) -> Presses | None:
    found = re.fullmatch(_TILDE, sequence)
    name = names.TILDE.get(int(found["number"])) if found is not None else None
    if found is None or name is None:
        return None
    if found["event"] == _RELEASE:
        return ()
    return (_named(name, _bits(found["modifiers"]) | names.RXVT_ENDS.get(found["end"], 0)),)


def _lettered(sequence: str) -> Presses | None:
    found = re.fullmatch(_LETTER, sequence)
    if found is None:
        return None
    letter, modifiers = found["letter"], _bits(found["modifiers"] or found["ss3"])
    if letter == "R" and modifiers >= _LAST_F3:
        return None
    if found["event"] == _RELEASE:
        return ()
    return (_named(names.LETTERED[letter], modifiers | (names.SHIFT if letter == "Z" else 0)),)


def _odd(sequence: str) -> Presses | None:
    """What single terminals have: rxvt's arrows, the console's function keys, number pads."""
    arrow = re.fullmatch(_RXVT_ARROW, sequence)
    if arrow is not None:
        modifier = names.CTRL if arrow["kind"] == "O" else names.SHIFT
        return (_named(names.LETTERED[arrow["letter"].upper()], modifier),)
    if sequence.startswith("\x1b[[") and sequence[3:] in names.CONSOLE:
        return (Press(names.CONSOLE[sequence[3:]]),)
    if sequence.startswith("\x1bO") and sequence[2:] in names.SS3_PAD:
        return press_of(names.SS3_PAD[sequence[2:]])
    return () if re.fullmatch(_PAD_CENTRE, sequence) else None


def _pressed(
    code: int, modifiers: int, *, told: str = "", shifted: str = "", base: str = ""
) -> Presses:
    """The key with this number. told: what the terminal says that it writes, control codes and all.

    shifted, base: what it writes with Shift, and what a US keyboard has there; empty where it isn't said.
    """
    text = "".join(filter(is_text, told))
    if code in names.NO_KEYS:
        return ()
    own = names.KEYPAD.get(code) or _character(code)
    name = names.NUMBERED.get(code)
    if modifiers & names.COMMANDS and not _is_fifth_level(text, own, shifted, modifiers):
        text = ""
    elif not text and name is None:
        text = own if code in names.KEYPAD else _cased(own, shifted, modifiers)
    if text:
        return (_writing(text),) if is_text(text) else _control(code, modifiers)
    if name is None and not is_text(own):
        return _control(code, modifiers)
    press = _named(name or names.name_of(_latin(own, base)), modifiers)
    return (_ALWAYS_ALIKE.get(press.key, press),)


def _is_fifth_level(text: str, own: str, shifted: str, modifiers: int) -> bool:
    """Whether Alt, or Ctrl with Alt, chose another character on the key (AltGr, macOS' Option)."""
    others = modifiers & names.COMMANDS & ~names.CTRL
    if not text or others != names.ALT:
        return False
    return text not in (own, own.upper(), own.lower(), shifted, names.shifted(own))


def _cased(own: str, shifted: str, modifiers: int) -> str:
    """What a key writes whose text the terminal doesn't say."""
    shift, caps = bool(modifiers & names.SHIFT), bool(modifiers & names.CAPS_LOCK)
    if own.isalpha():
        return names.shifted(own) if shift is not caps else own
    return (shifted if is_text(shifted) else names.shifted(own)) if shift else own


def _latin(own: str, base: str) -> str:
    """The character that a command is called by: Latin letters as they are, else the US keyboard's."""
    if own.isascii() and own.isalnum():
        return own.lower()
    return base.lower() if is_text(base) else us_key(own)


def _control(code: int, modifiers: int) -> Presses:
    """A key whose number is a control code: a line feed breaks the line, no other means anything."""
    return (_CONTROLS["\n"],) if code == ord("\n") and not modifiers & names.COMMANDS else ()


def _writing(text: str) -> Press:
    return Press(names.name_of(text) if len(text) == 1 else COMPOSED, text)


def _named(name: str, modifiers: int) -> Press:
    held = modifiers & ~(names.CAPS_LOCK | names.NUM_LOCK)
    return Press(names.with_modifiers(name, held)) if held or name not in _PLAIN else _PLAIN[name]


def _bits(modifiers: str | None) -> int:
    """The modifiers of a report, which counts them from one."""
    return max(0, int(modifiers or 1) - 1) & 0xFF


def _character(code: str | int) -> str:
    """The character of this number, or an empty string where there is none."""
    number = int(code or 0) if len(str(code)) <= 7 else 0
    return chr(number) if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else ""
