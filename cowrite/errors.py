"""The one tree of errors that a user may meet.

Each carries a sentence that says what happened and a hint that says what to do next. The command line
prints both on stderr and exits with `exit_code`; the TUI shows a toast or a dialog.
"""

from __future__ import annotations

from collections.abc import Iterable

from cowrite.slips import distance


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


_LONGEST_NAME = 100
_LEAST_PART = 3
"""Letters of a name that is found by its beginning, or by one of its words."""


def nearest(word: str, known: Iterable[str], *, share: int = 3, parts: bool = True) -> str | None:
    """The known name that `word` is a slip of, or None where none is near.

    Near is a name of the same letters and digits; one that differs in a letter of each `share` at most, as
    rustc has it for names in programs (a letter is wrong, missing, too much, or in its neighbour's place);
    and with `parts` one that begins so, or has a word much like it. Dashes in front, and what is before the
    last `.` or `_` that both begin with, are no likeness: else `--no-log` were near to each option, and each
    setting to all of its section.
    """
    best: tuple[int, int, str] | None = None
    if len(word) <= _LONGEST_NAME:
        for name in known:
            found = _likeness(*_own(word.strip(), name), share, parts=parts)
            if found is not None and (best is None or (*found, name) < best):
                best = (*found, name)
    return best[2] if best else None


def _own(word: str, name: str) -> tuple[str, str]:
    """What is to be compared: without what both begin with by rule, and in small letters."""
    word, name = word.casefold(), name.casefold()
    at = 0
    for place, (one, other) in enumerate(zip(word, name, strict=False), 1):
        if one != other:
            break
        at = place if one in "._" else at
    return word[at:].lstrip("-"), name[at:].lstrip("-")


def _likeness(word: str, name: str, share: int, *, parts: bool) -> tuple[int, int] | None:
    """How near a name is, the smaller the nearer; None where it is not."""
    squeezed = ["".join(filter(str.isalnum, one)) for one in (word, name)]
    if squeezed[0] and squeezed[0] == squeezed[1]:
        return 0, 0
    most = max(len(word), 3) // share
    apart = distance(word, name, most)
    if apart <= most and apart < len(word):
        return 1, apart
    if parts and len(word) >= _LEAST_PART:
        if name.startswith(word):
            return 2, len(name)
        words = "".join(c if c.isalnum() else " " for c in name).split()
        if any(distance(word, part, len(word) // 4) <= len(word) // 4 for part in words):
            return 3, len(name)
    return None


_FEW = 30


def unknown(
    what: str, word: str, known: Iterable[str], near: str | None = None, *, listed: str = ""
) -> UsageError:
    """The error for an unknown name: says the nearest match, or all the names where there are few.

    near: the match where the caller knows better, empty where there is none. listed: a sentence that says
    where all of them are shown, for many.
    """
    names = sorted(known)
    near = nearest(word, names) if near is None else near
    if near:
        return UsageError(f"There is no {what} '{word}'.", f"Did you mean '{near}'?")
    hint = f"Known: {', '.join(names)}." if len(names) <= _FEW else listed
    return UsageError(f"There is no {what} '{word}'.", hint)
