"""A Scrivener project (2 and 3, of macOS and Windows) as chapters, lore and research.

Its binder is XML, each text RTF in a folder of its own, with synopsis, notes and comments beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from cowrite import small_text
from cowrite.book.arriving import Arrived, NewText
from cowrite.book.nwd import comment
from cowrite.book.scrivener_texts import Texts
from cowrite.errors import CowriteError

_MOST = 50_000_000
_LORE = re.compile(
    r"characters?|people|places?|locations?|figuren|orte|personajes|lugares|personnages|lieux", re.I
)
"""What the novel's template calls the folders that tell of people and places."""
_NOTE = re.compile(r"^\[\^(\d+)\]: ", re.MULTILINE)
_MARK = re.compile(r"(?<!\\)\[\^(\d+)\]")
_LEFT = re.compile(r"template sheets|vorlagen|templates", re.I)


@dataclass(frozen=True, slots=True)
class _Item:
    """A line of the binder."""

    name: str
    kind: str
    title: str
    included: str
    children: tuple[_Item, ...]

    def below(self) -> Iterator[_Item]:
        """It and all below it, in order."""
        yield self
        for child in self.children:
            yield from child.below()


def binder_of(folder: Path) -> Path | None:
    """A project's binder, None where the folder is no project."""
    found = sorted(path for path in folder.glob("*.scrivx") if not path.name.startswith("."))
    return found[0] if found else None


def from_scrivener(folder: Path, stage: Path) -> Arrived:
    """The book of a project's folder. Raises CowriteError."""
    binder = binder_of(folder)
    if binder is None:
        raise CowriteError(f"There is no binder (.scrivx) in {folder}.")
    roots = _items(_parsed(binder).find("Binder"))
    draft = next((item for item in roots if item.kind == "DraftFolder"), None)
    if draft is None:
        raise CowriteError(f"{binder} has no draft folder.", "Is it a project of Scrivener's?")
    arrived = Arrived(folder.stem)
    texts = Texts(folder, stage, arrived.lost)
    if (folder / "user.lock").exists() or (folder / "Files" / "user.lock").exists():
        arrived.lost.said.append("It is open in Scrivener: what is not saved there is not here.")
    _Draft(draft, texts, arrived).take()
    for item in roots:
        if item is not draft:
            _beside(item, texts, arrived)
    arrived.lost.said.append("Labels, states, keywords, targets and snapshots stay in Scrivener.")
    return arrived


def _parsed(path: Path) -> ElementTree.Element:
    text = small_text.read(path, f"The binder {path}", error=CowriteError, most=_MOST).text
    try:
        return ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ElementTree.ParseError as error:
        raise CowriteError(
            f"The binder {path} can't be read: {error}.", "Open it in Scrivener and save it anew."
        ) from error


def _items(parent: ElementTree.Element | None, depth: int = 0) -> tuple[_Item, ...]:
    if parent is None or depth > 60:
        return ()
    return tuple(
        _Item(
            one.get("UUID") or one.get("ID") or "",
            one.get("Type", ""),
            " ".join((one.findtext("Title") or "").split()),
            (one.findtext("MetaData/IncludeInCompile") or "").strip(),
            _items(one.find("Children"), depth + 1),
        )
        for one in parent.findall("BinderItem")
    )


class _Draft:
    """The draft folder on its way to chapters: a folder of folders is a part, one of texts a chapter."""

    def __init__(self, draft: _Item, texts: Texts, arrived: Arrived) -> None:
        self._draft, self._texts, self._arrived = draft, texts, arrived
        self._marked = any(item.included == "Yes" for item in draft.below())
        self._parts = any(_is_part(item) for item in draft.children)
        self._part = ""

    def take(self) -> None:
        """Bring all chapters."""
        self._children(self._draft)

    def _children(self, folder: _Item) -> None:
        for item in folder.children:
            if _is_part(item):
                self._part = item.title
                if self._texts.has(item.name):
                    self._chapter(item, [item])
                self._children(item)
            else:
                self._chapter(item, list(item.below()))

    def _chapter(self, chapter: _Item, items: list[_Item]) -> None:
        scenes, synopses = [], []
        for item in items:
            if item.kind not in ("Text", "Folder"):
                self._arrived.lost.said.append(f"“{item.title}” ({item.kind}) stays in Scrivener.")
                continue
            text = self._texts.of(item.name)
            self._note(item)
            if self._is_out(item):
                if text:
                    self._arrived.research.append(NewText(item.title, text))
                    said = f"“{item.title}” is not compiled: research/ has it."
                    self._arrived.lost.said.append(said)
                continue
            synopses.append(self._texts.synopsis(item.name))
            if text:
                named = item is not chapter and item.title
                scenes.append(f"{comment(item.title)}\n\n{text}" if named else text)
        if not scenes and not chapter.title:
            return
        if self._is_out(chapter) and not scenes:
            return
        head = [f"# {self._part}"] if self._part else []
        self._part = ""
        if chapter.title:
            head.append(f"{'##' if self._parts else '#'} {chapter.title}")
        body = joined(scenes)
        summary = synopses[0] if synopses and synopses[0] else " ".join(filter(None, synopses))
        text = "\n\n".join([*head, body] if body else head)
        self._arrived.chapters.append(NewText(chapter.title, text, summary))

    def _is_out(self, item: _Item) -> bool:
        """Whether Scrivener would leave a text out; where none says that it is in, all are."""
        return item.included == "No" or (self._marked and item.included != "Yes")

    def _note(self, item: _Item) -> None:
        note = self._texts.notes(item.name)
        if note:
            self._arrived.research.append(NewText(f"Notes on {item.title}", note))


def _is_part(item: _Item) -> bool:
    return item.kind == "Folder" and any(child.children for child in item.children)


def joined(scenes: list[str]) -> str:
    """Scenes as one chapter, whose footnotes, each scene's numbered from one, are numbered through."""
    count = 0
    bodies, notes = [], []
    for scene in scenes:
        names: dict[str, int] = {}
        for found in _NOTE.finditer(scene):
            count += 1
            names[found[1]] = count

        def other(found: re.Match[str], names: dict[str, int] = names) -> str:
            return f"[^{names.get(found[1], found[1])}]"

        first = _NOTE.search(scene)
        place = first.start() if first else len(scene)
        bodies.append(_MARK.sub(other, scene[:place]).rstrip("\n"))
        notes.append(_MARK.sub(other, scene[place:]).strip("\n"))
    return "\n\n".join(["\n\n***\n\n".join(bodies), *filter(None, notes)])


def _beside(root: _Item, texts: Texts, arrived: Arrived) -> None:
    """What stands beside the draft: people and places are lore, other texts research."""
    if root.kind == "TrashFolder":
        thrown = sum(texts.has(item.name) for item in root.below())
        if thrown:
            arrived.lost.counts["text* of the trash or the templates"] += thrown
        return
    if _LEFT.fullmatch(root.title):
        return
    lore = _LORE.fullmatch(root.title) is not None
    for item in root.below():
        if item.kind not in ("Text", "Folder", "ResearchFolder"):
            arrived.lost.said.append(f"“{item.title}” ({item.kind}) stays in Scrivener.")
            continue
        text = texts.of(item.name)
        said = texts.synopsis(item.name) if lore else ""
        whole = "\n\n".join(part for part in (said, text) if part)
        if whole:
            (arrived.lore if lore else arrived.research).append(NewText(item.title, whole))
