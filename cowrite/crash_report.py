"""A report of a failure in cowrite itself, without a word of the draft.

Textual's own report prints the local variables of every frame, and with them what the writer typed. This
one holds the places in the code and nothing that ran through them: no locals, and no messages of
exceptions either, since those quote their input.
"""

from __future__ import annotations

import os
import platform
import time
import traceback
from pathlib import Path

import cowrite
from cowrite.errors import CowriteError
from cowrite.paths import open_private, private_folder


def describe(error: BaseException) -> str:
    """The report's text: versions, and for each error of the chain its type and frames."""
    lines = [
        f"cowrite {cowrite.__version__}",
        f"Python {platform.python_version()} on {platform.system()} {platform.release()}",
        f"TERM={os.environ.get('TERM', '')}",
        "",
    ]
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append(_name(link))
        for frame in traceback.extract_tb(link.__traceback__):
            lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
            lines.append(f"    {frame.line}")
        link = link.__cause__ or link.__context__
        if link is not None:
            lines.append("caused by")
    return "\n".join(lines) + "\n"


def _name(error: BaseException) -> str:
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}"
    return f"{name} (errno {error.errno})" if isinstance(error, OSError) else name


def write_report(error: BaseException, folder: Path) -> Path | None:
    """Write a report into `folder`; None where that can't be done."""
    try:
        private_folder(folder)
        path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
        with os.fdopen(open_private(path), "w", encoding="utf-8", errors="replace") as file:
            file.write(describe(error))
    except (OSError, CowriteError):
        return None
    return path
