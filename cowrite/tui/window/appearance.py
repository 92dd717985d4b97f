"""How the window looks: its theme, which may follow the terminal, and whether things move."""

from __future__ import annotations

import os

from textual.app import App

from cowrite.config import Settings
from cowrite.tui.terminal.abilities import EVERYTHING, Abilities, abilities
from cowrite.tui.terminal.driver import CowriteDriver
from cowrite.tui.window import colours, themes
from cowrite.tui.window.settings import SettingsHub


class Appearance:
    """Owns what the terminal can show and whether it is light; puts the app into the theme that fits."""

    def __init__(self, app: App[None], hub: SettingsHub) -> None:
        self._app, self._hub = app, hub
        self._light = themes.terminal_is_light(os.environ)
        ours = issubclass(
            app.driver_class, CowriteDriver
        )  # none in pictures, which show everything
        self._abilities: Abilities = abilities(os.environ) if ours else EVERYTHING
        colours.fit(app, self._abilities)
        for theme in themes.THEMES:
            app.register_theme(theme)
        self._begin_theme(self._fitting(hub.now.ui.theme))
        if hub.now.ui.reduced_motion:
            app.animation_level = "none"
        hub.check("ui.theme", self._check)
        hub.subscribe("ui.theme", self._theme_chosen)
        hub.subscribe("ui.reduced_motion", self._motion_chosen)

    def _begin_theme(self, name: str) -> None:
        """Take a theme before anything is painted: setting `theme` would have all styles parsed twice."""
        app = self._app
        app.set_reactive(App.theme, name)
        app._refresh_truecolor_filter(app.ansi_theme)
        app.stylesheet.set_variables(app.get_css_variables())
        dark = app.current_theme.dark
        classes = {f"-theme-{name}": True, "-dark-mode": dark, "-light-mode": not dark}
        app.update_classes(classes, update=False)

    def _fitting(self, name: str) -> str:
        """The theme of this name, where the terminal can show it; else, for `auto` and for unknown names, the
        one that fits the terminal."""
        app = self._app
        theme = app.get_theme(name) if name != themes.AUTO else None
        themed = self._abilities.themed
        if theme is None or not (themed or theme.ansi):
            theme = app.available_themes[themes.fitting(light=self._light, themed=themed)]
        return theme.name

    def check_theme(self, name: str) -> None:
        """Raises UsageError, with the nearest name, where there is no such theme."""
        themes.check_name(name, self._app.available_themes)

    @property
    def themed(self) -> bool:
        """Whether the terminal can show a theme's colours."""
        return self._abilities.themed

    def terminal_background(self, luminance: float) -> None:
        """The terminal has said how bright it is, 0 to 1."""
        self._light = luminance > 0.5
        self._apply()

    def preview(self, name: str | None) -> None:
        """Show a theme for a moment, without choosing it; None: the chosen one again."""
        self._app.theme = self._fitting(name or self._hub.now.ui.theme)

    def _apply(self) -> None:
        self._app.theme = self._fitting(self._hub.now.ui.theme)

    def _check(self, settings: Settings) -> None:
        self.check_theme(settings.ui.theme)

    def _theme_chosen(self, _key: str) -> None:
        self._apply()

    def _motion_chosen(self, _key: str) -> None:
        self._app.animation_level = "none" if self._hub.now.ui.reduced_motion else "full"
