"""The text that a command goes on with: a draft's, standard input's, or one that the call gives."""

from __future__ import annotations

import sys
from pathlib import Path

from cowrite.cli.streams import read_input, text_argument
from cowrite.errors import DraftError, UsageError


def text_to_go_on_with(file: str | None, text: str | None) -> str:
    """The text to go on with."""
    if text is not None:
        if file is not None:
            raise UsageError("A file and --text were given; one of them is enough.")
        return text_argument("--text", text)
    if file is None or file == "-":
        if file is None and (sys.stdin is None or sys.stdin.isatty()):
            raise no_text()
        return _without_last_newline(_decoded(read_input("cowrite complete FILE")))
    path = Path(file)
    if not path.exists():
        raise DraftError(f"There is no file {file}", "Give the text itself with --text.")
    from cowrite.files import load

    draft = load(path)
    if draft.read_only is not None and draft.read_only.startswith("it is not text"):
        raise DraftError(
            f"{file} can't be gone on with: {draft.read_only}.",
            draft.advice or "It holds a NUL, which no text does.",
        )
    return _without_last_newline(draft.text)


def no_text() -> UsageError:
    """What is said where there is nothing to go on with."""
    return UsageError(
        "There is no text to go on with.",
        'Name a file with some words, or: cowrite complete --text "The sea was"',
    )


def _decoded(data: bytes) -> str:
    from cowrite.files.format import decode

    text, _, reason = decode(data)
    if reason is not None:
        raise DraftError(
            f"Standard input can't be gone on with: {reason}.",
            "Convert it on the way: cowrite convert - < FILE | cowrite complete -",
        )
    return text


def _without_last_newline(text: str) -> str:
    """Files end with a newline that their writers do not count as a new line."""
    if text.endswith("\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith("\n") else text


def draft_path(file: str | None) -> Path | None:
    """The draft's file; None for a text from elsewhere."""
    return None if file in (None, "-") else Path(str(file))
