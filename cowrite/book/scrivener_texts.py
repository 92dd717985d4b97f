"""The texts of a Scrivener project: RTF with its own marks, synopsis, notes and comments, as Markdown."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from cowrite import small_text
from cowrite.book.arriving import Lost
from cowrite.book.links import SCHEME
from cowrite.book.pandoc import Node, tree_of
from cowrite.book.pictures import Pictures
from cowrite.book.plainer import Plainer, markdown
from cowrite.errors import CowriteError

_STYLES = re.compile(rb"<!?\$Scr[A-Za-z_]*(?:::\d+)?>")
_ANNOTATION = re.compile(rb"\{\\Scrv_annot\b.*?\\end_Scrv_annot\s*\}", re.DOTALL)
_FOOTNOTE = re.compile(rb"\{\\Scrv_fn=?(.*?)\\end_Scrv_fn\s*\}", re.DOTALL)
_NAME = re.compile(r"[0-9A-Za-z\-]+")


class Texts:
    """The texts of one project, by the names of the binder. stage: where pictures go."""

    def __init__(self, folder: Path, stage: Path, lost: Lost) -> None:
        self._folder, self._stage, self._lost = folder, stage, lost

    def has(self, name: str) -> bool:
        """Whether there is a text of this name."""
        return self._path(name, "content.rtf", ".rtf") is not None

    def of(self, name: str) -> str:
        """The text in Markdown; empty where there is none. Raises CowriteError."""
        path = self._path(name, "content.rtf", ".rtf")
        if path is None:
            return ""
        blocks = self._read(path)
        notes = self._comments(name)

        def link(node: Node) -> list[Node] | None:
            _, inlines, (target, title) = node["c"]
            if target.startswith("scrivcmt://"):
                note = notes.get(target.removeprefix("scrivcmt://"))
                if note is not None:
                    return [*inlines, {"t": "Note", "c": note}]
                self._lost.counts["comment"] += 1
                return None
            if not SCHEME.match(target) or target.startswith("scriv"):
                self._lost.counts["link* between texts (its words are there)"] += 1
                return None
            return [{"t": "Link", "c": [["", [], []], inlines, [target, title]]}]

        plain = Plainer(self._lost, link).blocks(blocks)
        Pictures(self._stage, self._lost).near(plain)
        return markdown(plain)

    def synopsis(self, name: str) -> str:
        """The synopsis in one line; empty where there is none."""
        path = self._path(name, "synopsis.txt", "_synopsis.txt")
        if path is None:
            return ""
        text = small_text.read(path, str(path), error=CowriteError, lenient=True).text
        return " ".join(text.split())

    def notes(self, name: str) -> str:
        """The notes beside a text; empty where there are none."""
        path = self._path(name, "notes.rtf", "_notes.rtf")
        return "" if path is None else markdown(Plainer(Lost()).blocks(self._read(path)))

    def _path(self, name: str, new: str, old: str) -> Path | None:
        """A file of a text's, where version 3 or version 2 keeps it."""
        if not _NAME.fullmatch(name):
            return None
        places = (
            self._folder / "Files" / "Data" / name / new,
            self._folder / "Files" / "Docs" / f"{name}{old}",
        )
        return next((path for path in places if path.is_file()), None)

    def _read(self, path: Path) -> list[Node]:
        try:
            return self._blocks(path.read_bytes())
        except OSError as error:
            raise CowriteError(f"{path} can't be read: {error.strerror or error}.") from error

    def _blocks(self, data: bytes) -> list[Node]:
        if not data.strip():
            return []
        data, count = _ANNOTATION.subn(b"", _STYLES.sub(b"", data))
        if count:
            self._lost.counts["comment"] += count
        data = _FOOTNOTE.sub(rb"{\\footnote \1}", data)
        arguments = ["-f", "rtf", "--sandbox", "--extract-media=."]
        blocks: list[Node] = tree_of(data, arguments, self._stage)["blocks"]
        return blocks

    def _comments(self, name: str) -> dict[str, list[Node]]:
        """The footnotes among the comments of a text, by their names."""
        path = self._path(name, "content.comments", ".comments")
        if path is None:
            return {}
        try:
            root = ElementTree.fromstring(path.read_bytes())
        except (OSError, ElementTree.ParseError):
            self._lost.said.append(f"The comments in {path.parent.name} can't be read.")
            return {}
        return {
            one.get("ID", ""): Plainer(Lost()).blocks(
                self._blocks((one.text or "").encode("latin-1", "replace"))
            )
            for one in root.iter("Comment")
            if one.get("Footnote") == "Yes"
        }
