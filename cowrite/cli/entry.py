"""The first module of every call. `cowrite draft.md` goes straight to the screen.

That is the call of every day, and loading what parses the words of all the others takes a third as long as
a bare interface. So a single word that is plainly a draft is opened without it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cowrite.engine.remote.secret import hide


def run() -> None:
    """Run the command line of this process and exit."""
    hide()
    words = sys.argv[1:]
    if len(words) == 1 and is_plainly_a_draft(words[0]):
        sys.exit(_open(Path(words[0])))
    from cowrite.cli.main import run as run_command

    run_command()


def is_plainly_a_draft(word: str) -> bool:
    """Whether the word can be nothing but a draft's name: no command or option has a dot or a slash in it."""
    return not word.startswith("-") and ("." in word or "/" in word)


def _open(file: Path) -> int:
    from cowrite.cli.opening import open_draft

    try:
        return open_draft(file)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - told and reported where all errors are
        from cowrite.cli.main import tell
        from cowrite.cli.streams import prepare

        prepare()
        return tell(error)
