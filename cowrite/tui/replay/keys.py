"""The player's keys, in one table: bindings, footer and documentation are read from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlayerKey:
    """keys: Textual's names. action: what they do, a method of the screen. label, title: for the footer,
    which leaves out those without a title."""

    keys: str
    action: str
    help: str
    label: str = ""
    title: str = ""


KEYS = (
    PlayerKey("space", "play_or_pause", "play, or pause", "Space", "pause"),
    PlayerKey("left", "skip(-5)", "5 seconds back", "←→", "5 s"),
    PlayerKey("right", "skip(5)", "5 seconds on"),
    PlayerKey("shift+left", "previous_stop", "to the request, decision or save before"),
    PlayerKey(
        "shift+right", "next_stop", "to the next request, decision or save", "Shift+←→", "event"
    ),
    PlayerKey("plus,equals_sign", "faster", "play faster, up to 64 times", "+-", "speed"),
    PlayerKey("minus", "slower", "play slower, down to half"),
    PlayerKey("q,escape,ctrl+q,ctrl+c", "leave", "leave", "Q", "leave"),
    PlayerKey("i", "toggle_idle", "shorten long pauses, or keep them", "I", "idle"),
    PlayerKey("home", "go_start", "to the beginning", "Home/End", "ends"),
    PlayerKey("end", "go_end", "to the end"),
    PlayerKey("o", "toggle_origins", "colour words by who wrote them, or don't", "O", "origins"),
    PlayerKey("up", "scroll(-1)", "scroll the draft up"),
    PlayerKey("down", "scroll(1)", "scroll the draft down"),
    PlayerKey("pageup", "scroll(-10)", "scroll the draft up by 10 rows"),
    PlayerKey("pagedown", "scroll(10)", "scroll the draft down by 10 rows"),
)


def footer_keys(*, playing: bool) -> list[tuple[str, str]]:
    """Label and title of the keys that the footer shows, the most wanted first."""
    shown = [(key.label, key.title) for key in KEYS if key.title]
    label, pause = shown[0]
    return [(label, pause if playing else "play"), *shown[1:]]
