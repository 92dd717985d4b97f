"""The ways from a draft to the screens that are not about it: help, settings, the palette."""

from __future__ import annotations

from cowrite.tui.draft.feature import Actions, Feature


class Menus(Feature):
    """Opens screens, each imported when it is wanted first."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"help": self.help, "settings": self.settings, "palette": self.palette}

    def help(self) -> None:
        """All keys."""
        from cowrite.tui.screens.help import HelpScreen

        self.window.push_screen(HelpScreen(self.window.keymap))

    def settings(self) -> None:
        """All settings."""
        from cowrite.tui.screens.settings import SettingsScreen

        self.window.push_screen(SettingsScreen())

    def palette(self) -> None:
        """All commands."""
        from cowrite.tui.screens.palette import show_palette

        show_palette(self.window)
