"""Spell-check: on and off, from one wrong word to the next, what it may be, and the writer's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.core.inline import LONGEST, Spans
from cowrite.core.words import plain
from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature, Host

if TYPE_CHECKING:
    from cowrite.spelling import Found

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
                self._offer()

        self.window.spelling.speller.find(
            session.document.text, end if step > 0 else start, step, tell=found
        )

    def correct(self) -> None:
        """Offer what the word at the cursor may be, or the next wrong one."""
        if not self._is_on():
            return
        word = self._word_here()
        if word is not None and self._is_wrong(word):
            self._offer()
        else:
            self._find(1, correct=True)

    def learn(self) -> None:
        """Leave the word at the cursor alone from now on."""
        found = self._word_here()
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

    def _around(self) -> tuple[int, str, Spans]:
        """The text around the cursor (its paragraph, where that isn't very long), where it is, its spans."""
        document = self.session.document
        line, column = document.locate(self.session.selected[0])
        text = document.line(line)
        low = max(0, column - LONGEST // 2) if len(text) > LONGEST else 0
        high = min(len(text), low + LONGEST)
        spans = self.editor.page_layers.reading.spans(line, low, high)
        near = tuple((start - low, end - low, kind) for start, end, kind in spans)
        return document.line_start(line) + low, text[low:high], near

    def _word_here(self) -> Found | None:
        """The word that the cursor touches or the selection lies in, by offsets of the draft."""
        from cowrite.spelling import prose_words

        start, end = self.session.selected
        base, text, spans = self._around()
        for low, high, word in prose_words(text, spans):
            if base + low <= start and end <= base + high:
                return base + low, base + high, word
        return None

    def _is_wrong(self, found: Found) -> bool:
        base, text, spans = self._around()
        wrong = self.window.spelling.speller.wrong(text, spans)
        return (found[0] - base, found[1] - base) in wrong

    def _offer(self) -> None:
        """Ask the thread what the word at the cursor may be, then the writer."""
        session, found = self.session, self._word_here()
        if found is None:
            return
        version = session.document.version

        def suggested(others: list[str]) -> None:
            if session.document.version == version and self.screen.is_current:
                self._choose(found, others)

        self.window.spelling.speller.suggest(found[2], suggested)

    def _choose(self, word: Found, others: list[str]) -> None:
        from cowrite.spelling import exchanged
        from cowrite.tui.screens.choosing import Choice, Chooser

        start, end, name = word
        entries = [Choice(other, other) for other in others]
        entries.append(Choice(_LEARN, f"Add '{name}' to the dictionary", "it is not marked again"))

        def chosen(answer: str | None) -> None:
            if answer == _LEARN:
                self._learn(name)
            elif answer:
                size = len(self.session.document)
                raw = self.session.document.slice(start, end)
                self.session.replace_many(exchanged(raw, start, name, answer))
                behind = end + len(self.session.document) - size
                self.session.select(behind, behind)

        title = f"{name} may be" if others else f"{name} is not in the word list"
        self.window.push_screen(Chooser(title, entries, free="Replace it with"), chosen)
