"""The grammar of a window's drafts: the checker's process, begun when it is wanted first, and what it told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.message import Message

from cowrite.errors import CowriteError
from cowrite.tui.parts import PartMessage
from cowrite.tui.window.messages import Answered

if TYPE_CHECKING:
    from cowrite.config.grammar import GrammarSettings
    from cowrite.prose.grammar import Grammar
    from cowrite.prose.problems import Problem
    from cowrite.prose.searching import Placed

OFF = "off"


class GrammarTold(PartMessage):
    """Sentences were judged: what is on the screen may look different now."""


class GrammarFailed(PartMessage):
    """There can be no grammar."""

    def __init__(self, error: CowriteError) -> None:
        super().__init__()
        self.error = error


class GrammarCheck:
    """Owns the checker, and brings what its thread says to the screen.

    post: takes messages from any thread. settings: as they are now. draw: draws what is marked again. failed:
    there can be none. command: of the checker's process, where it isn't the real one.
    """

    def __init__(
        self,
        post: Callable[[Message], object],
        settings: Callable[[], GrammarSettings],
        *,
        draw: Callable[[], None],
        failed: Callable[[CowriteError], None],
        command: tuple[str, ...] = (),
    ) -> None:
        self._post, self._settings, self._failed, self.draw = post, settings, failed, draw
        self.command = command
        self._grammar: Grammar | None = None
        self._english = OFF

    def use(self) -> bool:
        """Go on as the settings have it; whether grammar is on now. Raises CowriteError without the extra."""
        english = self._settings().english
        if english != self._english:
            self.close()
            if english != OFF:
                self._begin(english)
            self._english = english
        return self._grammar is not None

    def _begin(self, english: str) -> None:
        from cowrite.prose.grammar import EXTRA, Checker, Grammar, is_there

        if not self.command and not is_there():
            raise CowriteError("Grammar can't be checked: harper-py is not installed.", EXTRA)
        self._grammar = Grammar(
            Checker(english, self.command),
            told=lambda: self._post(GrammarTold()),
            failed=lambda error: self._post(GrammarFailed(error)),
        )

    def close(self) -> None:
        """End the process, where there is one."""
        grammar, self._grammar, self._english = self._grammar, None, OFF
        if grammar is not None:
            grammar.close()

    def known(self, sentence: str) -> tuple[Problem, ...] | None:
        """What is wrong in a sentence by the rules that are on; None where nobody has looked yet."""
        found = self._grammar.known(sentence) if self._grammar is not None else ()
        return self._by_rules(found) if found else found

    def _by_rules(self, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
        off = self._settings().rules_off
        return tuple(problem for problem in found if problem.rule not in off)

    def want(self, sentences: Iterable[str]) -> None:
        """Judge these next, and nothing else that waited."""
        if self._grammar is not None:
            self._grammar.want(sentences)

    def find(
        self,
        text: str,
        place: int,
        step: int,
        language: str,
        *,
        until: int | None,
        stopped: Callable[[], bool],
        tell: Callable[[Placed | None], None],
    ) -> None:
        """Look for the next problem from `place` on (see `problem_from`); `tell` gets it, on the UI thread."""
        from cowrite.prose.searching import problem_from

        if self._grammar is None:
            tell(None)
            return

        def look(judge: Callable[[str], tuple[Problem, ...]]) -> None:
            found = problem_from(
                text,
                place,
                step,
                language,
                lambda sentence: self._by_rules(judge(sentence)),
                until=until,
                stopped=stopped,
            )
            self._post(Answered(lambda: tell(found)))

        self._grammar.search(look)

    def on_grammar_told(self, _message: GrammarTold) -> None:
        """Something is known to be wrong that was not before."""
        self.draw()

    def on_grammar_failed(self, message: GrammarFailed) -> None:
        """The process can't be started, or dies."""
        self._failed(message.error)
