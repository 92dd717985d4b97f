"""Grammar: on and off, what is underlined, and why, said when the cursor comes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

from cowrite.core.language import language_at
from cowrite.core.printable import printable
from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature, Host

if TYPE_CHECKING:
    from cowrite.prose.problems import Problem
    from cowrite.prose.searching import Placed

OFF, USUAL = "off", "american"
_CALM = 0.4
"""Seconds after the last key when what is on the screen is checked."""
_MOST_ASKED = 400
"""Sentences of a screen that are asked for at once."""


class Grammar(Feature):
    """Owns which English comes back when grammar is turned on again, and the sentences to ask for."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._last_english = ""
        self._unknown: dict[str, None] = {}
        self._timer: Timer | None = None
        self._language = ""
        self._told: Placed | None = None

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"toggle-grammar": self.toggle, "rule-off": self.rule_off}

    def shown(self) -> None:
        """Underline what is wrong, where that is wanted."""
        if self.window.settings.grammar.english != OFF:
            self._apply()

    def settings_changed(self, key: str) -> None:
        """Another English, none, or another rule that is off."""
        if key == "grammar.english":
            self._apply()
        elif key.startswith("grammar."):
            self.editor.settle_later()

    def _apply(self) -> bool:
        """Underline what is wrong, or nothing, as the settings have it; whether it is on."""
        try:
            on = self.window.grammar.use()
        except CowriteError as error:
            self.window.change_setting("grammar.english", OFF, keep=False)
            self.window.tell(error.message, error.hint, "warning")
            return False
        self._look()
        self.editor.set_grammar(self.marks if on else None)
        return on

    def _look(self) -> None:
        self._language = language_at(self.session.document, self.session.cursor)

    def toggle(self) -> None:
        """Off, or the English that was set before."""
        now = self.window.settings.grammar.english
        if now != OFF:
            self._last_english = now
        english = (self._last_english or USUAL) if now == OFF else OFF
        self.window.change_setting("grammar.english", english, keep=False)
        if self.window.settings.grammar.english != english:
            return  # the extra isn't there, which was told
        self.status.flash(f"grammar: {english}")
        if english != OFF and self._language.partition("-")[0] not in ("", "en"):
            self.window.tell(
                f"Grammar is checked in English alone; this draft seems to be in '{self._language}'.",
                "Its English paragraphs are checked.",
            )

    # What is underlined

    def marks(self, index: int, low: int, high: int) -> list[tuple[int, int]]:
        """The places of what is wrong in a line, as columns; asks for what isn't known, in the next pause."""
        start, end = self.session.selected
        base = self.session.document.line_start(index)
        size = len(self.session.document.line(index))
        out = []
        for placed in self._problems(index, low, high):
            written = start == end == placed.end
            if not written and placed.start < base + size and placed.end > base:
                out.append((max(0, placed.start - base), min(size, placed.end - base)))
        if self._unknown and self._timer is None:
            self._timer = self.screen.set_timer(_CALM, self._ask)
        return out

    def _problems(self, index: int, low: int = 0, high: int | None = None) -> list[Placed]:
        from cowrite.prose.passages import passage_at
        from cowrite.prose.searching import problems_in

        reading = self.editor.page_layers.reading
        found = passage_at(self.session.document, reading, index, low, high)
        return list(problems_in(found, self._language, self._judge)) if found is not None else []

    def _judge(self, sentence: str) -> tuple[Problem, ...] | None:
        found = self.window.grammar.known(sentence)
        if found is None and len(self._unknown) < _MOST_ASKED:
            self._unknown[sentence] = None
        return found

    def changed(self, *_lines: int) -> None:
        """Wait for the next pause."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._unknown.clear()

    def _ask(self) -> None:
        self._timer = None
        self._look()
        wanted, self._unknown = list(self._unknown), {}
        self.window.grammar.want(wanted)

    # Why

    def here(self) -> Placed | None:
        """The problem that the cursor is at, or that is selected."""
        if self.editor.page_layers.grammar is None:
            return None
        start, end = self.session.selected
        line, column = self.session.document.locate(start)
        near = self._problems(line, column, column + 1)
        return next((p for p in near if p.start <= start and end <= p.end), None)

    def moved(self) -> None:
        """Say what is wrong where the cursor has come to."""
        if self.editor.page_layers.grammar is None:
            return
        here = self.here()
        if here is not None and here != self._told:
            self.status.flash(((printable(here.problem.says), ""),))
        self._told = here

    def rule_off(self) -> None:
        """Leave the rule alone that marks the place at the cursor, from now on."""
        here = self.here()
        if here is None:
            self.window.tell("The cursor is at nothing that a rule of grammar marks.")
            return
        rule = here.problem.rule
        rules = self.window.settings.grammar.rules_off
        self.window.change_setting("grammar.rules_off", (*rules, rule))
        self.window.tell(f"The rule {rule} is left alone from now on.", "grammar.rules_off has it.")
