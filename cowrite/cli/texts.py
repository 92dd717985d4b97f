"""The texts that commands are given to work on: a file's, what comes on standard input, or the call's own."""

from __future__ import annotations

import sys
from pathlib import Path

from cowrite.cli.streams import read_input, text_argument
from cowrite.errors import DraftError, UsageError


def text_of_input(command: str, what: str) -> str:
    """Standard input as text. command: of cowrite. what: what it is for. Raises DraftError."""
    from cowrite.files.format import decode

    text, _, reason = decode(read_input(f"cowrite {command} FILE"))
    if reason is not None:
        raise DraftError(
            f"Standard input can't be {what}: {reason}.",
            f"Convert it on the way: cowrite convert - < FILE | cowrite {command} -",
        )
    return text


def text_of_file(file: str, what: str, hint: str = "") -> str:
    """A draft's text. what: what it is for. hint: what to do where there is none. Raises DraftError."""
    path = Path(file)
    if not path.exists():
        raise DraftError(f"There is no file {file}", hint)
    from cowrite.files import load

    draft = load(path)
    if draft.read_only is not None and draft.read_only.startswith("it is not text"):
        raise DraftError(
            f"{file} can't be {what}: {draft.read_only}.",
            draft.advice or "It holds a NUL, which no text does.",
        )
    return draft.text


def given_text(file: str, command: str, what: str) -> str:
    """The text of a file, or of standard input where it is `-`. Raises DraftError, UsageError."""
    if file == "-":
        return text_of_input(command, what)
    return text_of_file(file, what)


def text_to_go_on_with(file: str | None, text: str | None, command: str = "complete") -> str:
    """The text to go on with, without the newline at its end: a draft's, or what comes on standard input; or
    `text`, the call's own, as it is. command: of cowrite. Raises DraftError, UsageError.
    """
    if text is not None:
        if file is not None:
            raise UsageError("A file and --text were given; one of them is enough.")
        return text_argument("--text", text)
    if file is None and (sys.stdin is None or sys.stdin.isatty()):
        raise no_text()
    if file is None or file == "-":
        return _without_last_newline(text_of_input(command, "gone on with"))
    hint = "Give the text itself with --text." if command == "complete" else ""
    return _without_last_newline(text_of_file(file, "gone on with", hint))


def no_text() -> UsageError:
    """What is said where there is nothing to go on with."""
    return UsageError(
        "There is no text to go on with.",
        'Name a file with some words, or: cowrite complete --text "The sea was"',
    )


def _without_last_newline(text: str) -> str:
    """Files end with a newline that their writers do not count as a new line."""
    if text.endswith("\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith("\n") else text


def draft_path(file: str | None) -> Path | None:
    """The draft's file; None for a text from elsewhere."""
    return None if file in (None, "-") else Path(str(file))
