"""What is really sent to terminals with few colours or none: what they know, and enough to tell things by."""

from __future__ import annotations

from pathlib import Path

import pytest
from sgr import codes_of, colours_in, signs_in, signs_of
from terminal import Terminal
from windows import Open

pytestmark = pytest.mark.pty

FEW = {
    "xterm": {"TERM": "xterm", "COLORTERM": ""},
    "screen": {"TERM": "screen", "COLORTERM": ""},
    "linux": {"TERM": "linux", "COLORTERM": ""},
    "rxvt": {"TERM": "rxvt", "COLORTERM": ""},
}
NONE = {
    "vt100": {"TERM": "vt100", "COLORTERM": ""},
    "NO_COLOR": {"NO_COLOR": "1"},
    "NO_COLOR in xterm": {"NO_COLOR": "1", "TERM": "xterm", "COLORTERM": ""},
    "NO_COLOR in screen": {"NO_COLOR": "yes", "TERM": "screen-256color", "COLORTERM": ""},
}
NO_ITALICS = ("screen", "linux", "rxvt", "vt100", "NO_COLOR in screen")
TEXTS = [[" a quiet sea.", " a loud crowd."], [" a quiet sea."], [" of grey water."]]


def write_and_take(screen: Terminal) -> None:
    """Type, take a suggestion, change a word of it, paste, ask again: all that F12 tells apart."""
    screen.wait("ready stand-in")
    screen.press("ctrl+end")
    screen.type("It was")
    screen.press("f2")
    screen.wait("a quiet sea.")
    screen.press("tab")
    screen.settle()
    screen.press("ctrl+left", "ctrl+left")
    screen.type("very ")
    screen.press("ctrl+end")
    screen.type(" Then ")
    screen.paste("Pasted words.")
    screen.wait("Pasted words.")


def origins(screen: Terminal) -> dict[str, set[str]]:
    """What the classes are told by, with the legend's help."""
    del screen.sent[:]
    screen.press("f12")
    screen.wait("pasted")
    screen.settle()
    sent = bytes(screen.sent)
    named = {name: signs_of(sent, f" {name} ") for name in ("model's", "changed", "pasted")}
    assert signs_of(sent, "Pasted words.") == named["pasted"]
    assert signs_of(sent, "very") == named["changed"]
    return named


KINDS = [
    kind
    if kind in ("xterm", "linux", "vt100", "NO_COLOR")
    else pytest.param(kind, marks=pytest.mark.slow)
    for kind in (*FEW, *NONE)
]
"""The everyday run takes one of a kind."""


@pytest.mark.parametrize("kind", KINDS)
def test_the_ghost_and_origins_have_signs_without_colour(
    kind: str, window: Open, tmp_path: Path
) -> None:
    environment = {**FEW, **NONE}[kind]
    screen = window(tmp_path / "new.md", texts=TEXTS, env=environment)
    screen.wait("ready stand-in")
    screen.type("There was")
    screen.press("f2")
    screen.wait("a quiet sea.")
    screen.settle()
    ghost = signs_of(bytes(screen.sent), "a quiet sea.")
    assert {"dim", "underline"} <= ghost
    assert ("italic" in ghost) == (kind not in NO_ITALICS)
    assert not signs_of(bytes(screen.sent), "There was")
    screen.press("escape")
    write_and_take(screen)
    named = origins(screen)
    assert len({frozenset(signs) for signs in named.values()} - {frozenset()}) == 3
    del screen.sent[:]
    screen.type(" And ")
    screen.press("f2")
    screen.wait("of grey water.")
    screen.settle()
    among = signs_of(bytes(screen.sent), "of grey water.")
    assert among not in named.values()
    assert among - {"dim"} not in [signs - {"dim"} for signs in named.values()] or kind != "vt100"


@pytest.mark.parametrize("kind", KINDS)
def test_no_colour_is_sent_that_the_terminal_has_not(
    kind: str, window: Open, tmp_path: Path
) -> None:
    """Through every screen: also under a theme that was chosen for another terminal."""
    file = tmp_path / "new.md"
    file.write_text("# One\n\nThe cat *sat* on the `mat`, teh end. [a](b)\n")
    settings = {"ui.theme": "nord", "editor.spelling": "en", "editor.word_goal": "5"}
    environment = {**FEW, **NONE}[kind]
    screen = window(file, texts=TEXTS, settings=settings, env=environment)
    write_and_take(screen)
    screen.press("f2")
    screen.press("alt+t", "f5", "escape", "f12", "ctrl+f")
    screen.wait("Whole word")
    screen.type("the")
    screen.wait("of")
    screen.press("escape", "shift+left", "alt+p")
    screen.wait("Settings")
    screen.press("down", "escape", "ctrl+p")
    screen.type("theme")
    screen.settle()
    screen.press("escape", "f1")
    screen.wait("Keys")
    screen.press("escape", "f7", "alt+i")
    screen.settle()
    sent = bytes(screen.sent)
    assert colours_in(sent) <= ({"eight"} if kind in FEW else set())
    if kind in FEW:
        assert colours_in(sent) == {"eight"}
    if kind in NO_ITALICS:
        assert "italic" not in signs_in(sent)


def test_an_empty_no_color_is_none(window: Open, tmp_path: Path) -> None:
    screen = window(tmp_path / "new.md", env={"NO_COLOR": ""})
    screen.wait("ready stand-in")
    assert colours_in(bytes(screen.sent)) == {"more"}


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": ""}, (48, 5)),
        ({"TERM": "alacritty", "COLORTERM": ""}, (48, 5)),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, (48, 2)),
        ({"TERM": "xterm-direct", "COLORTERM": ""}, (48, 2)),
        ({"TERM": "xterm", "COLORTERM": "", "TEXTUAL_COLOR_SYSTEM": "256"}, (48, 5)),
    ],
)
def test_a_theme_is_sent_in_as_many_colours_as_there_are(
    environment: dict[str, str], wanted: tuple[int, int], window: Open, draft: Path
) -> None:
    screen = window(draft, settings={"ui.theme": "nord"}, env=environment)
    screen.wait("ready stand-in")
    codes = codes_of(bytes(screen.sent), "The dog slept.")
    at = codes.index(48)
    assert codes[at : at + 2] == wanted
    if wanted == (48, 5):  # a grey for Nord's dark grey, where Rich would send teal
        assert codes[at + 2] >= 232


def test_the_terminals_own_colours_are_a_theme(window: Open, draft: Path) -> None:
    screen = window(draft, settings={"ui.theme": "terminal-dark"})
    screen.wait("ready stand-in")
    assert colours_in(bytes(screen.sent)) <= {"eight"}
    assert codes_of(bytes(screen.sent), "The dog slept.") == (39, 49)


@pytest.mark.parametrize(("background", "class_of"), [("0000", (30, 46)), ("ffff", (37, 44))])
def test_blocks_fit_the_terminals_background(
    background: str, class_of: tuple[int, int], window: Open, tmp_path: Path
) -> None:
    """Black on cyan can't be seen on white paper, nor white on blue on black."""
    screen = window(
        tmp_path / "new.md",
        texts=TEXTS,
        env=FEW["xterm"],
        background=f"rgb:{background}/{background}/{background}",
    )
    screen.wait("ready stand-in")
    screen.press("f2")
    screen.wait("a quiet sea.")
    screen.press("tab", "f12")
    screen.wait("pasted")
    screen.settle()
    assert codes_of(bytes(screen.sent), "a quiet sea.")[-2:] == class_of
