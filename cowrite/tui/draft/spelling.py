"""Spell-check: on and off, from one wrong word to the next, what it may be, and the writer's own words."""

from __future__ import annotations

from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.editor.markdown import highlight

_OFF = "off"
_LEARN = "\0learn"


class Spelling(Feature):
    """Owns which language comes back when spell-check is turned on again; the speller is the window's."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._last_language = ""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {
            "toggle-spelling": self.toggle,
            "correct": self.correct,
            "next-misspelling": self.go_next,
            "previous-misspelling": self.go_back,
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

    def _is_on(self) -> bool:
        if self.window.settings.editor.spelling != _OFF:
            self._apply()
            return True
        key = self.window.keymap.label("toggle-spelling")
        self.window.tell(
            "Spell-check is off.", f"{key} turns it on." if key else "The palette has it."
        )
        return False

    def go_next(self) -> None:
        """To the next misspelling."""
        if self._is_on():
            self._find(1)

    def go_back(self) -> None:
        """To the misspelling before."""
        if self._is_on():
            self._find(-1)

    def _find(self, step: int, *, correct: bool = False) -> None:
        """Select the next wrong word (or the one before), and offer what it may be."""
        session = self.session
        start, end = session.selected
        version = session.document.version

        def found(place: tuple[int, int] | None) -> None:
            if session.document.version != version or not self.screen.is_current:
                return
            if place is None:
                self.status.flash("no misspelling found")
                return
            session.select(*place)
            if correct:
                self._offer(place)

        self.window.spelling.speller.find(
            session.document.text, end if step > 0 else start, step, tell=found
        )

    def correct(self) -> None:
        """Offer what the word at the cursor may be, or the next wrong one."""
        if not self._is_on():
            return
        place = self._word_here()
        if place is not None and place in self._wrong_here():
            self._offer(place)
        else:
            self._find(1, correct=True)

    def learn(self) -> None:
        """Leave the word at the cursor alone from now on."""
        place = self._word_here()
        if place is None:
            self.window.tell("There is no word at the cursor.")
        else:
            self._learn(self.session.document.slice(*place))

    def _learn(self, word: str) -> None:
        try:
            self.window.spelling.speller.learn(word)
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
        else:
            self.status.flash(f"'{word}' is a word")
            self.window.spelling.draw()

    def _paragraph(self) -> tuple[int, str]:
        """Where the cursor's paragraph begins, and its text."""
        document = self.session.document
        line = document.line_at(self.session.selected[0])
        return document.line_start(line), document.line(line)

    def _word_here(self) -> tuple[int, int] | None:
        """The word that the cursor touches or the selection lies in."""
        from cowrite.spelling import prose_words

        start, end = self.session.selected
        base, text = self._paragraph()
        words = [(base + low, base + high) for low, high, _ in prose_words(text, highlight)]
        return next(((low, high) for low, high in words if low <= start and end <= high), None)

    def _wrong_here(self) -> list[tuple[int, int]]:
        base, text = self._paragraph()
        return [(base + low, base + high) for low, high in self.window.spelling.speller.wrong(text)]

    def _offer(self, place: tuple[int, int]) -> None:
        """Ask the thread what the word may be, then the writer."""
        session = self.session
        word, version = session.document.slice(*place), session.document.version

        def suggested(found: list[str]) -> None:
            if session.document.version == version and self.screen.is_current:
                self._choose(place, word, found)

        self.window.spelling.speller.suggest(word, suggested)

    def _choose(self, place: tuple[int, int], word: str, found: list[str]) -> None:
        from cowrite.tui.screens.choosing import Choice, Chooser

        entries = [Choice(other, other) for other in found]
        entries.append(Choice(_LEARN, f"Add '{word}' to the dictionary", "it is not marked again"))

        def chosen(answer: str | None) -> None:
            if answer == _LEARN:
                self._learn(word)
            elif answer:
                self.session.replace_many([(*place, answer)])
                end = place[0] + len(answer)
                self.session.select(end, end)

        title = f"{word} may be" if found else f"{word} is not in the word list"
        self.window.push_screen(Chooser(title, entries, free="Replace it with"), chosen)
