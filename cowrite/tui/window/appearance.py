"""Themes and settings of the window."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual import on
from textual.app import App

from cowrite import config
from cowrite.config import Settings
from cowrite.config.changing import changed
from cowrite.errors import unknown
from cowrite.tui.commands.actions import Keymap
from cowrite.tui.terminal.abilities import EVERYTHING, Abilities, abilities
from cowrite.tui.terminal.driver import CowriteDriver, TerminalBackground
from cowrite.tui.window import colours, themes
from cowrite.tui.window.base import WindowBase
from cowrite.tui.window.messages import Answered, Judged, SpellingFailed

if TYPE_CHECKING:
    from cowrite.tui.window.speller import Speller

_AT_NEXT_START = ("engine.", "log.", "ui.mouse")


class LooksSide(WindowBase):
    """How the window looks, and what is changed while it is open."""

    _light = False
    _speller: Speller | None = None
    _abilities: Abilities = EVERYTHING
    """What the terminal can show; without one of ours, as in pictures, everything."""

    def begin_looks(self) -> None:
        """Register our themes and take the one that is set, or fits the terminal."""
        for theme in themes.THEMES:
            self.register_theme(theme)
        if issubclass(self.driver_class, CowriteDriver):
            self._abilities = abilities(os.environ)
        colours.fit(self, self._abilities)
        self._light = themes.terminal_is_light(os.environ)
        self._begin_theme(self._fitting(self.settings.ui.theme))
        if self.settings.ui.reduced_motion:
            self.animation_level = "none"

    def _begin_theme(self, name: str) -> None:
        """Take a theme before anything is painted: setting `theme` would have all styles parsed twice."""
        self.set_reactive(App.theme, name)
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())
        dark = self.current_theme.dark
        classes = {f"-theme-{name}": True, "-dark-mode": dark, "-light-mode": not dark}
        self.update_classes(classes, update=False)

    def _fitting(self, name: str) -> str:
        """The theme of this name, where the terminal can show it; else, for `auto` and for unknown names, the
        one that fits the terminal."""
        theme = self.get_theme(name) if name != themes.AUTO else None
        themed = self._abilities.themed
        if theme is None or not (themed or theme.ansi):
            theme = self.available_themes[themes.fitting(light=self._light, themed=themed)]
        return theme.name

    def get_css_variables(self) -> dict[str, str]:
        """The theme's variables, so that all of its text can be read."""
        self.theme_variables = themes.legible(super().get_css_variables())
        return self.theme_variables

    def check_theme(self, name: str) -> None:
        """Raises UsageError, with the nearest name, where there is no such theme."""
        if name != themes.AUTO and name not in self.available_themes:
            raise unknown("theme", name, [themes.AUTO, *self.available_themes])

    def apply_theme(self, name: str) -> None:
        """Use this theme; `auto` and unknown names follow the terminal."""
        self.theme = self._fitting(name)

    @on(TerminalBackground)
    def _terminal_background(self, message: TerminalBackground) -> None:
        self._light = message.luminance > 0.5
        self.apply_theme(self.settings.ui.theme)

    def change_setting(self, key: str, value: object, *, keep: bool = True) -> None:
        """Change one setting, now and (keep) in the user's file. Raises CowriteError; all is then as it was."""
        fresh = changed(self.settings, key, value)
        if key == "ui.theme":
            self.check_theme(fresh.ui.theme)
        if key == "model.name":
            from cowrite.catalog import check_choice

            check_choice(fresh.model.name, self.paths)
        keymap = Keymap(fresh.keys) if key.startswith("keys.") else None
        if keep:
            config.save_user(self.paths, key, value)
        self.settings = fresh
        self._use(fresh, key)
        if keymap is not None:
            self.use_keymap(keymap)

    def _use(self, settings: Settings, key: str) -> None:
        if key == "ui.theme":
            self.apply_theme(settings.ui.theme)
        if key == "ui.reduced_motion":
            self.animation_level = "none" if settings.ui.reduced_motion else "full"
        if key.startswith(_AT_NEXT_START):
            self.tell("This takes effect when cowrite is started again.")
        self.setting_changed(settings, key)
        for draft in self.drafts:
            draft.use_settings(settings, key)

    def setting_changed(self, settings: Settings, key: str) -> None:
        """What else a setting changes in the window."""

    # Spell-check: one for all drafts

    @property
    def has_speller(self) -> bool:
        """Whether there has been any spell-check in this window."""
        return self._speller is not None

    @property
    def speller(self) -> Speller:
        """The window's spell-check, made when it is wanted first."""
        if self._speller is None:
            from cowrite.tui.window.speller import Speller

            self._speller = Speller(self.post_message, self.paths.words_file)
        return self._speller

    @on(Judged)
    def draw_spelling(self) -> None:
        """Draw what is marked in the draft on the screen again."""
        if self.draft is not None:
            self.draft.editor.settle_later()

    @on(Answered)
    def _spelling_answered(self, message: Answered) -> None:
        message.tell()

    @on(SpellingFailed)
    def _spelling_failed(self, message: SpellingFailed) -> None:
        self.change_setting("editor.spelling", "off", keep=False)
        self.tell(message.error.message, message.error.hint, "warning")

    def use_keymap(self, keymap: Keymap) -> None:
        """Go on with other keys."""
        self.keymap = keymap
        for draft in self.drafts:
            draft.use_keymap(keymap)

    def choose_theme(self) -> None:
        """Ask for a theme; it is kept in the user's settings."""
        from cowrite.tui.screens.choosing import Chooser, Entry

        names = [themes.AUTO, themes.PAPER, themes.INK, themes.ON_DARK, themes.ON_LIGHT]
        names += sorted(set(self.available_themes) - set(names))
        about = {
            themes.AUTO: "as the terminal is",
            themes.PAPER: "light, for prose",
            themes.INK: "dark, for prose",
            themes.ON_DARK: "the terminal's own colours",
            themes.ON_LIGHT: "the terminal's own colours, on a light background",
        }
        entries = [Entry(name, name, about.get(name, "")) for name in names]
        start = names.index(self.settings.ui.theme) if self.settings.ui.theme in names else 0

        def chosen(name: str | None) -> None:
            if name is not None:
                self.change_setting("ui.theme", name)

        title = "Theme" if self._abilities.themed else "Theme, where the terminal can show one"
        self.push_screen(Chooser(title, entries, start=start), chosen)
