"""From one wrong word or problem of grammar to the next, and what may stand in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cowrite.core.language import language_at
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.draft.word_here import is_wrong, word_here

if TYPE_CHECKING:
    from cowrite.prose.searching import Placed
    from cowrite.spelling import Found

_OFF = "off"
_LEARN, _RULE = "\0learn", "\0rule"
_OUT = "\0out"
_TOGGLES = ("toggle-spelling", "toggle-grammar")


class Corrections(Feature):
    """Owns the search that goes on. What is wrong the window's spell-check and grammar know."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._search = 0

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {
            "correct": self.correct,
            "next-misspelling": self.go_next,
            "previous-misspelling": self.go_back,
        }

    @property
    def _spelling(self) -> bool:
        return self.window.settings.editor.spelling != _OFF

    @property
    def _grammar(self) -> bool:
        return self.editor.page_layers.grammar is not None

    def _is_on(self) -> bool:
        if self._spelling or self._grammar:
            if self._spelling:
                self.window.spelling.speller.use(self.window.settings.editor.spelling)
            return True
        keys = [self.window.keymap.label(toggle) for toggle in _TOGGLES]
        hint = f"{keys[0]} turns it on, {keys[1]} grammar." if all(keys) else "The palette has it."
        self.window.tell("Spell-check is off.", hint)
        return False

    def go_next(self) -> None:
        """To the next misspelling or problem."""
        if self._is_on():
            self._find(1)

    def go_back(self) -> None:
        """To the one before."""
        if self._is_on():
            self._find(-1)

    def changed(self, *_lines: int) -> None:
        """What is looked for in another text is of no use."""
        self._search += 1

    # Looking for the next one

    def _find(self, step: int, *, correct: bool = False) -> None:
        """Select the nearest wrong word or problem, and offer what may stand there."""
        self._search += 1
        number, session = self._search, self.session
        start, end = session.selected
        text, place = session.document.text, end if step > 0 else start

        def stopped() -> bool:
            return number != self._search

        def found(word: tuple[int, int] | None, problem: Placed | None) -> None:
            if stopped() or not self.screen.is_current:
                return
            spot = _nearest(word, problem, place, step, len(text))
            if spot is None:
                what = "misspelling" if not self._grammar else "problem"
                self.status.flash(f"no {what} found")
                return
            session.select(*spot)
            if correct:
                self._offer()

        def word_found(word: tuple[int, int] | None) -> None:
            if not self._grammar or stopped():
                found(word, None)
                return
            if word is None:
                self.status.flash("looking for the next problem …")
            self.window.grammar.find(
                text,
                place,
                step,
                language_at(session.document, place),
                until=word[0] if word is not None else None,
                stopped=stopped,
                tell=lambda problem: found(word, problem),
            )

        if self._spelling:
            self.window.spelling.speller.find(text, place, step, tell=word_found)
        else:
            word_found(None)

    # What may stand there

    def correct(self) -> None:
        """Offer what may stand at the cursor, or at the next place that is wrong."""
        if self._is_on() and not self._offer():
            self._find(1, correct=True)

    def _offer(self) -> bool:
        """Show what may stand at the cursor; false where nothing is wrong there."""
        problem = self._problem_here()
        if problem is not None:
            self._mend(problem)
            return True
        word = word_here(self.session, self.editor) if self._spelling else None
        speller = self.window.spelling.speller if self._spelling else None
        if (
            word is None
            or speller is None
            or not is_wrong(word, self.session, self.editor, speller)
        ):
            return False
        version = self.session.document.version

        def suggested(others: list[str]) -> None:
            if self.session.document.version == version and self.screen.is_current:
                self._choose(word, others)

        speller.suggest(word[2], suggested)
        return True

    def _problem_here(self) -> Placed | None:
        if not self._grammar:
            return None
        from cowrite.prose.passages import passage_at
        from cowrite.prose.searching import problems_in

        document = self.session.document
        start, end = self.session.selected
        line, column = document.locate(start)
        found = passage_at(document, self.editor.page_layers.reading, line, column, column + 1)
        if found is None:
            return None
        near = problems_in(found, language_at(document, start), self.window.grammar.known)
        return next((p for p in near if p.start <= start and end <= p.end), None)

    def _choose(self, word: Found, others: list[str]) -> None:
        from cowrite.tui.screens.choosing import Choice, Chooser

        start, end, name = word
        entries = [Choice(other, other) for other in others]
        entries.append(Choice(_LEARN, f"Add '{name}' to the dictionary", "it is not marked again"))

        def chosen(answer: str | None) -> None:
            if answer == _LEARN:
                self._perform("learn-word")
            elif answer:
                self._exchange(start, end, name, answer)

        title = f"{name} may be" if others else f"{name} is not in the word list"
        self.window.push_screen(Chooser(title, entries, free="Replace it with"), chosen)

    def _mend(self, placed: Placed) -> None:
        from cowrite.tui.screens.choosing import Choice, Chooser

        problem, rule = placed.problem, placed.problem.rule
        entries = [
            Choice(fix, fix) if fix else Choice(_OUT, "Leave it out") for fix in problem.fixes
        ]
        about = f"the rule {rule}, in every draft"
        entries.append(Choice(_RULE, "Don't mark such places", about))
        version = self.session.document.version

        def chosen(answer: str | None) -> None:
            if answer == _RULE:
                self.session.select(placed.start, placed.end)
                self._perform("rule-off")
            elif answer and self.session.document.version == version:
                fix = "" if answer == _OUT else answer
                self._exchange(placed.start, placed.end, placed.text, fix)

        title = f"{placed.text}: {problem.says}"
        self.window.push_screen(Chooser(title, entries, free="Replace it with"), chosen)

    def _perform(self, action: str) -> None:
        from cowrite.tui.commands.actions import BY_ID

        self.screen.call_later(self.window.perform, BY_ID[action])

    def _exchange(self, start: int, end: int, text: str, fresh: str) -> None:
        """Put `fresh` in the place of what is read as `text`; marks of emphasis in it stay."""
        from cowrite.spelling import exchanged

        size = len(self.session.document)
        raw = self.session.document.slice(start, end)
        self.session.replace_many(exchanged(raw, start, text, fresh))
        behind = end + len(self.session.document) - size
        self.session.select(behind, behind)


def _nearest(
    word: tuple[int, int] | None, problem: Placed | None, place: int, step: int, size: int
) -> tuple[int, int] | None:
    """The one of the two that comes first from `place` on, round the draft's end."""
    spots = [spot for spot in (word, problem and (problem.start, problem.end)) if spot]
    far: Callable[[tuple[int, int]], int] = (
        (lambda spot: (spot[0] - place) % (size + 1))
        if step > 0
        else (lambda spot: (place - spot[1]) % (size + 1))
    )
    return min(spots, key=far, default=None)
