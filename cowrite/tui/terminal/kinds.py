"""The terminals that people write in: how one is known, what it can send, what to set in it.

The page of keys and `cowrite doctor` are made of it. What is said here is from the terminals' manuals and
their reports of faults; which of it was tried is in docs/reliability.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ALL, SOME, FEW = "all", "some", "few"
KEYS_TOLD = {
    ALL: "tells all keys apart",
    SOME: "tells keys apart that look alike, once it is asked",
    FEW: "can't tell some keys apart, such as Enter and Shift+Enter",
}
"""What `TerminalKind.keys` says, as a clause."""


@dataclass(frozen=True, slots=True)
class TerminalKind:
    """A terminal. variables: what of the environment says that it is one, `NAME` or `NAME=beginning`.

    answer: how its answer to XTVERSION begins. keys: of `KEYS_TOLD`. alt, composing: how Alt keys, and input
    methods with dead keys, do. advice: what to set, a sentence or two; what for is in it.
    """

    name: str
    variables: tuple[str, ...]
    answer: str
    keys: str
    alt: str = "yes"
    composing: str = "yes"
    advice: str = ""


KINDS = (
    TerminalKind(
        "tmux",
        ("TMUX", "TERM_PROGRAM=tmux", "TERM=tmux"),
        "tmux ",
        SOME,
        composing="as the terminal around it",
        advice="In ~/.tmux.conf: `set -s extended-keys on` and `set -as terminal-features "
        "'xterm*:extkeys'` for Shift+Enter and the like, `set -s escape-time 20` so that "
        "Escape is quick, `set -g focus-events on`.",
    ),
    TerminalKind(
        "GNU screen",
        ("STY", "TERM=screen"),
        "GNU Screen",
        FEW,
        composing="as the terminal around it",
        advice="In ~/.screenrc: `maptimeout 20`, so that Escape is quick. Where a paste comes as keys, "
        "tmux does better.",
    ),
    TerminalKind(
        "kitty",
        ("TERM=xterm-kitty", "KITTY_WINDOW_ID"),
        "kitty(",
        ALL,
        advice="Ctrl+Shift with a letter or an arrow is kitty's own until `map ctrl+shift+k no_op` and "
        "the like give it back. On a Mac `macos_option_as_alt yes` makes Alt of Option; without it Option "
        "writes characters.",
    ),
    TerminalKind("foot", ("TERM=foot",), "foot(", ALL),
    TerminalKind(
        "Ghostty",
        ("TERM_PROGRAM=ghostty", "TERM=xterm-ghostty"),
        "ghostty ",
        ALL,
        advice="On a Mac `macos-option-as-alt = true` makes Alt of Option.",
    ),
    TerminalKind(
        "WezTerm",
        ("TERM_PROGRAM=WezTerm",),
        "WezTerm ",
        FEW,
        composing="yes, without `enable_kitty_keyboard`",
        advice="Leave `enable_kitty_keyboard` off, as it is: with it some versions drop what input "
        "methods write.",
    ),
    TerminalKind(
        "iTerm2",
        ("TERM_PROGRAM=iTerm.app", "LC_TERMINAL=iTerm2"),
        "iTerm2 ",
        ALL,
        alt="with Option as Esc+",
        composing="yes: cowrite does not ask for reports of all keys here, which lose them",
        advice="Settings > Profiles > Keys: `Left Option key: Esc+` makes Alt of it.",
    ),
    TerminalKind(
        "Alacritty",
        ("TERM=alacritty", "ALACRITTY_WINDOW_ID"),
        "Alacritty",
        ALL,
        advice='On a Mac `option_as_alt = "Both"` under `[window]` makes Alt of Option.',
    ),
    TerminalKind(
        "VS Code",
        ("TERM_PROGRAM=vscode",),
        "xterm.js",
        ALL,
        advice="`terminal.integrated.sendKeybindingsToShell: true` gives cowrite the keys that VS Code "
        "would take (Ctrl+P, F1); on a Mac `terminal.integrated.macOptionIsMeta: true` makes Alt "
        "of Option.",
    ),
    TerminalKind(
        "Windows Terminal",
        ("WT_SESSION",),
        "Windows Terminal",
        FEW,
        advice="Ctrl+V and Ctrl+C with a selection are its own, and paste and copy; F11 is full screen.",
    ),
    TerminalKind(
        "Konsole",
        ("KONSOLE_VERSION",),
        "Konsole ",
        FEW,
        advice="Hide the menu bar (Ctrl+Shift+M), which takes Alt with a letter.",
    ),
    TerminalKind(
        "GNOME Terminal and others with VTE",
        ("VTE_VERSION",),
        "VTE(",
        FEW,
        advice="Preferences > General: switch the menu accelerator key off, or F10 opens the menu, and "
        "mnemonics, or Alt with a letter does. F1 and F11 are its own, and so is Alt with a digit where it has "
        "as many tabs: Preferences > Shortcuts gives them back.",
    ),
    TerminalKind(
        "Terminal.app",
        ("TERM_PROGRAM=Apple_Terminal",),
        "Apple",
        FEW,
        alt="with Option as Meta",
        advice="Settings > Profiles > Keyboard: `Use Option as Meta key` makes Alt of it. macOS keeps "
        "Ctrl with an arrow to itself: Ctrl+T takes a word.",
    ),
    TerminalKind(
        "xterm",
        ("XTERM_VERSION",),
        "XTerm(",
        SOME,
        advice="Inside tmux it writes characters for Alt keys; `XTerm*metaSendsEscape: true` in "
        "~/.Xresources ends that.",
    ),
    TerminalKind("mintty", ("TERM_PROGRAM=mintty",), "mintty ", SOME),
    TerminalKind(
        "rxvt",
        ("TERM=rxvt",),
        "rxvt",
        FEW,
        advice="Ctrl+Enter and Shift+Enter are Enter here; Ctrl+J begins a line as well.",
    ),
    TerminalKind(
        "Linux console",
        ("TERM=linux",),
        "linux",
        FEW,
        composing="no input methods",
        advice="It has neither bracketed paste nor Ctrl with arrows: Ctrl+T takes a word. Keys with F "
        "and a number all work, with Shift up to F8.",
    ),
)


def _is(variable: str, environ: Mapping[str, str]) -> bool:
    name, _, begins = variable.partition("=")
    return bool(environ.get(name)) and environ[name].startswith(begins)


def kind_of(environ: Mapping[str, str], answer: str = "") -> TerminalKind | None:
    """The terminal that this is: by its own answer to XTVERSION, else by the environment; None if unknown.

    What runs inside a terminal, such as tmux, comes before the terminal around it: that is who sends the keys.
    """
    for kind in KINDS if answer else ():
        if answer.startswith(kind.answer):
            return kind
    for kind in KINDS:
        if any(_is(variable, environ) for variable in kind.variables):
            return kind
    return None
