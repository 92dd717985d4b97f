"""The one tree of errors that a user may meet.

Each carries a sentence that says what happened and a hint that says what to do next. The command line
prints both on stderr and exits with `exit_code`; the TUI shows a toast or a dialog.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class CowriteError(Exception):
    """Base of all errors that are told to the user.

    message: one sentence, without a final full stop where it ends in a path.
    hint: what to do next, or an empty string.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CowriteError):
    """The words of a command, a setting or a name are off; nothing was done."""

    exit_code = 2


class DraftError(CowriteError):
    """A draft can't be read or written."""


class ModelError(CowriteError):
    """A model is missing, broken, unknown or too large."""


class EngineError(CowriteError):
    """The model process can't be started or has failed."""


class StoreError(CowriteError):
    """The log can't be opened, read or written."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that is most like `word`, or None where none is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return found[0] if found else None


def unknown(what: str, word: str, known: Iterable[str]) -> UsageError:
    """The error for an unknown name: says the nearest match, or all the names where there are few."""
    names = sorted(known)
    near = nearest(word, names)
    if near is not None:
        return UsageError(f"There is no {what} '{word}'.", f"Did you mean '{near}'?")
    hint = f"Known: {', '.join(names)}." if len(names) <= 20 else ""
    return UsageError(f"There is no {what} '{word}'.", hint)
