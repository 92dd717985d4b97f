"""Spell-check: on and off, and the writer's own words. What a wrong word may be is for `corrections`."""

from __future__ import annotations

from cowrite.core.words import plain
from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.draft.word_here import word_here

_OFF = "off"


class Spelling(Feature):
    """Owns which language comes back when spell-check is turned on again; the speller is the window's."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._last_language = ""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {
            "toggle-spelling": self.toggle,
            "learn-word": self.learn,
        }

    def shown(self) -> None:
        """Underline what is wrong, where that is wanted."""
        self._apply()

    def settings_changed(self, key: str) -> None:
        """Another language, or none."""
        if key == "editor.spelling":
            self._apply()

    def _apply(self) -> None:
        """Underline wrong words, or none, as the settings have it."""
        language = self.window.settings.editor.spelling
        if language == _OFF and not self.window.spelling.made:
            return
        speller = self.window.spelling.speller
        speller.use(language)
        self.editor.set_speller(None if language == _OFF else speller.wrong)

    def toggle(self) -> None:
        """Off, or the language that was set before, or the one that the environment speaks."""
        from cowrite.tui.window.speller import language_here

        now = self.window.settings.editor.spelling
        if now != _OFF:
            self._last_language = now
        language = (self._last_language or language_here()) if now == _OFF else _OFF
        try:
            self.window.change_setting("editor.spelling", language, keep=False)
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
        else:
            self.status.flash(f"spelling: {language}")

    def learn(self) -> None:
        """Leave the word at the cursor alone from now on."""
        found = word_here(self.session, self.editor)
        if found is None:
            self.window.tell("There is no word at the cursor.")
        else:
            self._learn(found[2])

    def _learn(self, word: str) -> None:
        word = plain(word)
        try:
            self.window.spelling.speller.learn(word)
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
        else:
            self.status.flash(f"'{word}' is a word")
            self.window.spelling.draw()
