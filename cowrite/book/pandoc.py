"""pandoc, which reads and writes the formats of books: found, asked, and its troubles told.

It runs as a process, with no data folder of the user's own, so that a book comes out alike everywhere.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cowrite.errors import CowriteError

EXTRA = (
    "pip install 'cowrite[book]' brings it; pandoc 3 from elsewhere, on the PATH, serves as well."
)
LEAST = 3
"""The first number of the oldest version that has what is asked for here."""
PATIENCE_S = 600.0

Node = dict[str, Any]
"""A block or an inline of pandoc's tree: its type `t` and what it holds, `c`. pandoc-types 1.23."""


@cache
def find_pandoc() -> Path:
    """The program: the extra's, or the one on the PATH. Raises CowriteError where there is none that serves."""
    spec = importlib.util.find_spec("pypandoc")
    own = Path(spec.origin).parent / "files" / "pandoc" if spec and spec.origin else None
    found = str(own) if own is not None and own.is_file() else shutil.which("pandoc")
    if found is None:
        raise CowriteError("Books are made by pandoc, which is not installed.", EXTRA)
    said = _run([found, "--version"], b"").decode("utf-8", "replace")
    number = re.match(r"pandoc\S* (\d+)", said)
    if number is None or int(number[1]) < LEAST:
        raise CowriteError(f"{found} is too old: it is {said.partition(chr(10))[0]}.", EXTRA)
    return Path(found)


def pandoc(arguments: Sequence[str], data: bytes = b"", folder: Path | None = None) -> bytes:
    """What pandoc makes of `data`. folder: where it runs. Raises CowriteError with its own words."""
    empty = f"--data-dir={Path(__file__).parent / 'none'}"
    return _run([str(find_pandoc()), empty, *arguments], data, folder)


def tree_of(data: bytes, arguments: Sequence[str], folder: Path | None = None) -> Node:
    """A text as pandoc's tree: `meta` and `blocks`. Raises CowriteError."""
    tree: Node = json.loads(pandoc([*arguments, "-t", "json"], data, folder))
    return tree


def tree_bytes(blocks: list[Node], meta: Node | None = None) -> bytes:
    """A tree as pandoc reads it (`-f json`)."""
    tree = {"pandoc-api-version": [1, 23], "meta": meta or {}, "blocks": blocks}
    return json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")


def _run(words: Sequence[str], data: bytes, folder: Path | None = None) -> bytes:
    try:
        done = subprocess.run(
            words, input=data, capture_output=True, cwd=folder, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CowriteError(
            f"{Path(words[0]).name} was not done after {PATIENCE_S:.0f} s and was stopped.",
            "Divide the text, or look for what is very large in it.",
        ) from error
    except OSError as error:
        raise CowriteError(f"{words[0]} can't be run: {error.strerror or error}.", EXTRA) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        name = Path(words[0]).name
        raise CowriteError(
            f"{name} failed ({done.returncode}): {' '.join(said[:4])[:500] or 'it says nothing'}",
            "What is said above comes from that program.",
        )
    return done.stdout
