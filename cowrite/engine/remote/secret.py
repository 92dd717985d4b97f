"""The key of a server: from the environment or a file, and known to nobody who needn't.

Variables of the environment are handed on to every child and are seen by `ps e`. So the one that holds the key
is taken out of it as the program begins, and the one child that needs it gets it through its pipe.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cowrite.errors import ModelError
from cowrite.paths import ExposedError, read_secret

VARIABLE = "COWRITE_REMOTE_KEY"

_LONGEST = 8192


class _Held:
    """The key that this process began with."""

    key: str = ""


def hide() -> None:
    """Take the key out of the environment, so that no child gets it there. `given` knows it from then on."""
    _Held.key = os.environ.pop(VARIABLE, _Held.key)


def given() -> str:
    """The key that the environment had; empty where it had none."""
    hide()
    return _Held.key


def key_in(path: Path) -> str:
    """The key in a file. Raises ModelError where others can read it too, or where it is none."""
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ModelError(f"{path} is not a file, so no key can be in it.")
            data = read_secret(file, _LONGEST + 1)
    except ExposedError:
        raise ModelError(
            f"The key in {path} can be read by others on this machine.",
            f"Make it yours alone: chmod 600 {path}",
        ) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelError(
            f"The key in {path} can't be read: {reason}.", "engine.remote_key_file says which file."
        ) from None
    return checked(data.decode("utf-8", "replace"), f"The key in {path}")


def checked(key: str, what: str) -> str:
    """A key without the white space around it. Raises ModelError for what can't be one; it is not repeated."""
    key = key.strip()
    if not key:
        raise ModelError(f"{what} is empty.")
    if len(key) > _LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        raise ModelError(f"{what} is no key: one word of plain letters is expected.")
    return key
