"""Harper, the grammar checker, behind one class: the only module that imports it. It is an extra.

Spans of its lints are code points already. A sentence at a time is asked, as plain text, so that its rules for
Markdown and for whole paragraphs have nothing to say.
"""

from __future__ import annotations

from cowrite.errors import CowriteError
from cowrite.prose.grammar import EXTRA
from cowrite.prose.passages import GAP
from cowrite.prose.problems import Problem

_QUIET = """
    SpellCheck SplitWords CompoundNouns DisjointPrefixes OrthographicConsistency SentenceCapitalization
    UnclosedQuotes LongSentences Spaces Dashes OxfordComma
    AvoidCurses AvoidAndAlso DiscourseMarkers Excellent FindOut MassNouns MissingPreposition RedundantThat
"""
QUIET = frozenset(_QUIET.split())
"""Rules that are never asked: what spell-check looks for; what needs more than one sentence, or is typography;
what is a choice of style, or was wrong more often than right in published prose (docs/prose.md)."""

_MOST_FIXES = 6


class Harper:
    """A checker for one kind of English. Made in a second, in which it takes 300 MB.

    dialect: american, british, australian, canadian or indian. Raises CowriteError where harper isn't there.
    """

    def __init__(self, dialect: str) -> None:
        try:
            from harper import Dialect, Linter
        except ImportError as error:
            raise CowriteError("Grammar can't be checked.", EXTRA) from error
        self._linter = Linter(Dialect[dialect.upper()])
        self._linter.set_lint_config(
            {**self._linter.get_lint_config(), **dict.fromkeys(QUIET, False)}
        )

    def check(self, text: str) -> tuple[Problem, ...]:
        """What is wrong in a sentence, in its order; nothing that touches a gap."""
        flat = text.replace("\n", " ").replace("\r", " ")
        out = []
        for rule, lints in self._linter.organized_lints(flat, language="plaintext").items():
            for lint in lints:
                start, end = lint.span.start, lint.span.end
                if not 0 <= start < end <= len(flat) or GAP in flat[start:end]:
                    continue
                fixes = dict.fromkeys(_fixed(flat[start:end], each) for each in lint.suggestions)
                kept = tuple(fix for fix in fixes if fix != flat[start:end])
                out.append(
                    Problem(
                        start, end, rule, lint.lint_kind_pretty, lint.message, kept[:_MOST_FIXES]
                    )
                )
        return tuple(sorted(out, key=lambda problem: (problem.start, problem.end)))


def _fixed(text: str, suggestion: object) -> str:
    """The problem's text as a suggestion of harper's has it."""
    kind, new = int(suggestion.kind), str(suggestion.replacement_text)  # type: ignore[attr-defined]
    return {0: new, 1: ""}.get(kind, text + new)
