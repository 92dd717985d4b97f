"""How the window looks: its theme, which may follow the terminal, and whether things move."""

from __future__ import annotations

import os

from textual.app import App

from cowrite.config import Settings
from cowrite.errors import unknown
from cowrite.tui.window import themes
from cowrite.tui.window.settings import SettingsHub


class Appearance:
    """Owns whether the terminal is light, and puts the app into the theme that is set or fits."""

    def __init__(self, app: App[None], hub: SettingsHub) -> None:
        self._app, self._hub = app, hub
        self._light = themes.terminal_is_light(os.environ)
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
        app.stylesheet.set_variables(app.get_css_variables())
        dark = app.current_theme.dark
        classes = {f"-theme-{name}": True, "-dark-mode": dark, "-light-mode": not dark}
        app.update_classes(classes, update=False)

    def _fitting(self, name: str) -> str:
        """The theme of this name; for `auto` and unknown names, the one that fits the terminal."""
        return name if name in self._app.available_themes else themes.fitting(light=self._light)

    def check_theme(self, name: str) -> None:
        """Raises UsageError, with the nearest name, where there is no such theme."""
        if name != themes.AUTO and name not in self._app.available_themes:
            raise unknown("theme", name, [themes.AUTO, *self._app.available_themes])

    def terminal_background(self, luminance: float) -> None:
        """The terminal has said how bright it is, 0 to 1."""
        self._light = luminance > 0.5
        if self._hub.now.ui.theme == themes.AUTO:
            self._apply()

    def _apply(self) -> None:
        self._app.theme = self._fitting(self._hub.now.ui.theme)

    def _check(self, settings: Settings) -> None:
        self.check_theme(settings.ui.theme)

    def _theme_chosen(self, _key: str) -> None:
        self._apply()

    def _motion_chosen(self, _key: str) -> None:
        self._app.animation_level = "none" if self._hub.now.ui.reduced_motion else "full"
