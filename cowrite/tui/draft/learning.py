"""What was learned: the screen about it."""

from __future__ import annotations

from cowrite.tui.draft.feature import Actions, Feature


class LearningFeature(Feature):
    """Opens the screen, imported when it is wanted first."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"learning": self.show}

    def show(self) -> None:
        """What was learned from, what it brought, and the switch."""
        from cowrite.tui.screens.learning import LearningScreen

        status = self.session.engine.status
        screen = LearningScreen(self.window, status.model_name, status.model_sha256)
        self.window.push_screen(screen)
