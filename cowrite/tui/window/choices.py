"""Choosing a theme and a model, which are asked for by a screen."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.errors import CowriteError
from cowrite.tui.services import Window
from cowrite.tui.window import themes


def choose_theme(window: Window, chosen: Callable[[str], object] | None = None) -> None:
    """Ask for a theme, each shown while it is highlighted; Escape takes back the one that was there.

    chosen: takes the answer, in the place of the user's settings.
    """
    from cowrite.tui.screens.choosing import Choice, Chooser

    names = [themes.AUTO, themes.PAPER, themes.INK, themes.ON_DARK, themes.ON_LIGHT]
    names += sorted(set(window.available_themes) - set(names))
    about = {
        themes.AUTO: "as the terminal is",
        themes.PAPER: "light, for prose",
        themes.INK: "dark, for prose",
        themes.ON_DARK: "the terminal's own colours",
        themes.ON_LIGHT: "the terminal's own colours, on a light background",
    }
    entries = [Choice(name, name, about.get(name, "")) for name in names]
    now = window.settings.ui.theme
    start = names.index(now) if now in names else 0
    title = "Theme" if window.themed else "Theme, where the terminal can show one"
    chooser = Chooser(title, entries, start=start, highlighted=window.preview_theme)

    def answered(name: str | None) -> None:
        window.preview_theme(None)
        if name and chosen is not None:
            chosen(name)
        else:
            _change(window, "ui.theme", name)

    window.push_screen(chooser, answered)


def show_models(window: Window) -> None:
    """Say which models there are and what each would mean here; the writer may choose one."""
    from cowrite.tui.screens.models import ModelsScreen

    window.push_screen(ModelsScreen(window))


def _change(window: Window, key: str, value: str | None) -> None:
    if not value:
        return
    try:
        window.change_setting(key, value)
    except CowriteError as error:
        window.tell(error.message, error.hint, "warning")
