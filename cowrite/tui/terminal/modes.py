"""What a terminal is asked to send, how that is given back, and what its environment says of it. Pure.

Of the kitty protocol's flags we ask for 1 (keys that would look alike are told apart) and 4 (which key of a
US keyboard it is). Textual would ask for 25: with 8 and 16 each letter comes as a report too, and what a
terminal composes itself (input methods, dead keys) is lost where that was not thought of, as in iTerm2
(https://github.com/Textualize/textual/issues/6561). Without them text comes as text. iTerm2 is asked for 1
alone: that is what it was tried with before.
"""

from __future__ import annotations

from collections.abc import Mapping

DISAMBIGUATE, ALTERNATE_KEYS = 1, 4

_OTHER_KEYS_ON, _OTHER_KEYS_OFF = "\x1b[>4;1m", "\x1b[>4m"
"""xterm's modifyOtherKeys, which tmux has too: keys that have no code of their own are reported."""
_ALT_SENDS_ESCAPE, _ALT_AS_BEFORE = "\x1b[?1036;1039s\x1b[?1036;1039h", "\x1b[?1036;1039r"
"""xterm would write characters with Alt: it is asked for ESC and the key, once it has kept what was set."""

ESCAPE_PATIENCE, FAR_ESCAPE_PATIENCE = 0.2, 0.4
"""Seconds that ESC waits for the rest of a sequence before it is the key; far: over a network. Lines were
seen to be 150 ms late in the middle of an arrow. It is also how long a suggestion stays after Escape, where
the terminal has no protocol that tells the two apart."""

_FIRST_SHIFTED = {"linux": 1, "rxvt": 3, "Apple_Terminal": 5}
"""Terminals that send F13 and on for Shift with a function key: with which one they begin."""


def is_iterm(environ: Mapping[str, str]) -> bool:
    """Whether this is iTerm2, here or at the other end of a network."""
    return environ.get("TERM_PROGRAM") == "iTerm.app" or environ.get("LC_TERMINAL") == "iTerm2"


def is_far(environ: Mapping[str, str]) -> bool:
    """Whether the keys come over a network."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


def has_other_keys(environ: Mapping[str, str]) -> bool:
    """Whether this terminal is known to take modifyOtherKeys; others may underline all text instead."""
    return (
        bool(environ.get("XTERM_VERSION") or environ.get("TMUX"))
        or environ.get("TERM", "").startswith("tmux")
        or environ.get("TERM_PROGRAM") == "mintty"
    )


def kitty_flags(environ: Mapping[str, str]) -> int:
    """The kitty protocol's flags that we ask for."""
    return DISAMBIGUATE if is_iterm(environ) else DISAMBIGUATE | ALTERNATE_KEYS


def asked(written: str, environ: Mapping[str, str]) -> str:
    """What to write in the place of `written`: our request where it is Textual's."""
    if not (written.startswith("\x1b[>") and written.endswith("u")):
        return written
    others = _OTHER_KEYS_ON if has_other_keys(environ) else ""
    alt = _ALT_SENDS_ESCAPE if _is_xterm(environ) else ""
    return f"\x1b[>{kitty_flags(environ)}u{others}{alt}"


def given_back(environ: Mapping[str, str]) -> str:
    """What undoes that, beside the kitty protocol's flags, which are Textual's to give back."""
    others = _OTHER_KEYS_OFF if has_other_keys(environ) else ""
    return others + (_ALT_AS_BEFORE if _is_xterm(environ) else "")


def _is_xterm(environ: Mapping[str, str]) -> bool:
    """Whether this is xterm itself, and nothing runs between it and us."""
    return bool(environ.get("XTERM_VERSION")) and not environ.get("TMUX") and not environ.get("STY")


def escape_patience(environ: Mapping[str, str]) -> float | None:
    """The seconds that ESC waits, where `ESCDELAY` says so (in milliseconds, as for other programs)."""
    delay = environ.get("ESCDELAY", "")
    return int(delay) / 1000 if delay.isdecimal() and 0 < int(delay[:6]) <= 10_000 else None


def shifted_functions(environ: Mapping[str, str]) -> dict[str, str]:
    """What F13 and on stand for in a terminal that sends them for Shift: `f13` is `shift+f1`, and so on."""
    kinds = (environ.get("TERM", "").partition("-")[0], environ.get("TERM_PROGRAM", ""))
    begin = next((_FIRST_SHIFTED[kind] for kind in kinds if kind in _FIRST_SHIFTED), None)
    if begin is None:
        return {}
    return {f"f{12 + step}": f"shift+f{begin - 1 + step}" for step in range(1, 14 - begin)}
