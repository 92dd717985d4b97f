"""How the draft is looked at: focus, typewriter, origins, full screen."""

from __future__ import annotations

from dataclasses import replace

from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature
from cowrite.tui.editor.display import look_of
from cowrite.tui.widgets.status import Pieces

_LEGEND = (
    (" yours ", ""),
    (" model's ", "origin-model"),
    (" changed ", "origin-edited"),
    (" pasted ", "origin-paste"),
)
"""The classes of origins, and their layers; what is the writer's own looks as ever."""
_FOCUS = {"off": "paragraph", "paragraph": "sentence", "sentence": "off"}


class Modes(Feature):
    """Changes the screen and not the draft. What is on is in the settings, for all drafts of the window."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {
            "toggle-focus": self.toggle_focus,
            "toggle-typewriter": self.toggle_typewriter,
            "toggle-origins": self.toggle_origins,
            "toggle-zen": self.toggle_zen,
        }

    def settings_changed(self, key: str) -> None:
        """Show the draft as the settings have it; whether tokens are coloured is no setting."""
        if key.startswith("editor."):
            look = look_of(self.window.settings)
            self.editor.set_look(replace(look, tokens=self.editor.look.tokens))

    def _switch(self, key: str, value: object, said: str | Pieces) -> None:
        """Change a setting for this window, and say so."""
        try:
            self.window.change_setting(key, value, keep=False)
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
        else:
            self.status.flash(said)

    def toggle_focus(self) -> None:
        """Off, paragraph, sentence, off."""
        focus = _FOCUS[self.window.settings.editor.focus]
        self._switch("editor.focus", focus, f"focus: {focus}")

    def toggle_typewriter(self) -> None:
        """Keep the cursor's row in the middle, or not."""
        on = not self.window.settings.editor.typewriter
        self._switch("editor.typewriter", on, f"typewriter {'on' if on else 'off'}")

    def toggle_origins(self) -> None:
        """Colour words by who wrote them, or not."""
        on = not self.window.settings.editor.show_origins
        self._switch("editor.show_origins", on, self._legend() if on else "origins off")

    def _legend(self) -> Pieces:
        """What the looks of origins mean."""
        look = self.editor.look_of_layer
        return tuple((text, look(layer) if layer else "") for text, layer in _LEGEND)

    def toggle_zen(self) -> None:
        """Hide status line and footer, or show them again."""
        self.screen.toggle_class("-zen")
        if self.screen.has_class("-zen"):
            key = self.window.keymap.label("toggle-zen")
            self.window.tell(f"{key} brings everything back.")
