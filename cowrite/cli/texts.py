"""The texts that commands are given to work on: a file's, or what comes on standard input."""

from __future__ import annotations

from pathlib import Path

from cowrite.cli.streams import read_input
from cowrite.errors import DraftError


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
