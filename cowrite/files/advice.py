"""What to do with a draft that is in another encoding than those that cowrite edits."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from cowrite.files.detection import readings
from cowrite.files.format import FileFormat


def conversion_advice(path: Path, data: bytes, form: FileFormat) -> str | None:
    """How to make a copy in UTF-8 of a file that can only be read. form: what `decode` said of `data`.

    None where no copy would help: what is in the way is a NUL in its text.
    """
    found = readings(data)
    if not found and form.lossless:
        return None
    command = f"cowrite convert {as_typed(path)}"
    if not found:
        return f"If it is a text, name its encoding: `{command} --from ENCODING`."
    ways = " or ".join(one.shown for one in found)
    return f"It looks like {ways}. `{command}` makes a copy in UTF-8 to edit."


def as_typed(path: Path) -> str:
    """A path as a writer would type it in the folder where the program was started."""
    return shlex.quote(shown_path(path))


def shown_path(path: Path) -> str:
    """A path from the folder where the program was started, as lists of files and lines have it."""
    near = os.path.relpath(path)
    return str(path) if near.startswith("..") else near
