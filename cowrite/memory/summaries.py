"""The summaries of a project's chapters: where each is kept, and whether its chapter is another by now.

One that a model made ends in a comment, which names the chapter's text and the summary's own as they were then.
So it is seen when the chapter has changed since, and what the writer has changed is never written over.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite.memory.lore import told
from cowrite.memory.project import Project

_MARK = re.compile(r"<!-- cowrite: of ([0-9a-f]{16}), said ([0-9a-f]{16})\b.*?-->", re.DOTALL)
_SAYS = "Change the summary as you like: what you have written stays."


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary as its file has it. text: what the model is told. own: whether the writer has written or
    changed it. of: the chapter that it was made of, as `fingerprint` has it; empty where nothing says so.
    """

    text: str
    own: bool
    of: str = ""

    def is_stale(self, chapter: str) -> bool:
        """Whether the chapter's text is another by now."""
        return bool(self.of) and self.of != fingerprint(chapter)


def summary_of(source: str) -> Summary:
    """The summary that a file's text holds."""
    text, mark = told(source), _MARK.search(source)
    if mark is None:
        return Summary(text, own=True)
    return Summary(text, fingerprint(text) != mark[2], mark[1])


def with_mark(summary: str, chapter: str) -> str:
    """The text of a file for a summary that a model made of a chapter."""
    text = told(summary)
    mark = f"<!-- cowrite: of {fingerprint(chapter)}, said {fingerprint(text)}. {_SAYS} -->"
    return f"{text}\n\n{mark}\n"


def fingerprint(text: str) -> str:
    """Names what a model is told of a text."""
    return hashlib.sha256(told(text).encode("utf-8", "replace")).hexdigest()[:16]


def summary_files(project: Project, chapters: Sequence[Path]) -> dict[Path, Path]:
    """Where each chapter's summary is kept: a text that is called as the chapter is, or as its path is where
    chapters of several folders are called alike. Empty where the project names no folder.
    """
    folder = project.summaries
    if folder is None:
        return {}
    alike = Counter(path.stem for path in chapters)
    return {
        path: folder / f"{path.stem if alike[path.stem] == 1 else _long_name(project, path)}.md"
        for path in chapters
    }


def _long_name(project: Project, path: Path) -> str:
    below = path.is_relative_to(project.folder)
    parts = path.relative_to(project.folder).parts if below else path.parts[1:]
    return "-".join((*parts[:-1], path.stem))
