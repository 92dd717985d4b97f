"""What of a story the model is shown at a place of a draft: parts with reserved budgets, and why each is in
or out.

Notes and summaries follow from the story alone. Lore follows from the last words; what is there stays while
there is room for what is named anew, so that little is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cowrite.core.context import ORDER, ContextPart, PartKind, whole_sentences
from cowrite.memory.lore import Entry
from cowrite.memory.naming import LoreIndex
from cowrite.memory.story import Chapter, Story

LAST_WORDS = 1500
"""Characters before the place whose names bring lore in."""

_ENTRY = 700
"""Characters of an entry that are told at most."""

_NAMED = 64
"""Entries that are looked at, at most: a place that names more of them names none in particular."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """Characters that are reserved for each kind, whatever it has at the moment. 0: the story has none of
    it.
    """

    notes: int = 0
    summaries: int = 0
    lore: int = 0
    author_note: int = 0

    @property
    def reserved(self) -> int:
        """All of them together."""
        return self.notes + self.summaries + self.lore + self.author_note


def budgets(story: Story, total: int) -> Budgets:
    """What is reserved of a window of `total` characters: less than half of it, and what is enough."""
    project = story.project
    return Budgets(
        min(1200, total // 8) if project.notes else 0,
        min(1000, total // 8) if len(story.chapters) > 1 else 0,
        min(1000, total // 8) if len(story.lore) else 0,
        min(300, total // 24) if project.author_note is not None else 0,
    )


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the model could be shown. text: as it is sent, empty where it is out. why: a clause."""

    kind: PartKind
    source: str
    text: str
    why: str
    path: Path | None = None

    @property
    def part(self) -> ContextPart:
        """It as a part of the context."""
        return ContextPart(self.kind, self.text, self.source)


def steady(story: Story, draft: Path | None, room: Budgets) -> Iterator[Item]:
    """Notes, other chapters and the author's note: what does not depend on the last words."""
    left = room.notes
    for note in story.notes:
        source = note.path.name
        if note.path == draft:
            yield Item(PartKind.NOTES, source, "", "this is the draft itself", note.path)
            continue
        item = _within(PartKind.NOTES, source, note.text, left, "always in view", note.path)
        left -= len(item.text)
        yield item
    yield from _chapters(story, draft, room.summaries)
    author = story.author_note
    if author is not None and author.path != draft:
        source, why = author.path.name, "always near the cursor"
        item = _within(PartKind.AUTHOR, source, author.text, room.author_note, why, author.path)
        yield replace(item, text=f"[{item.text}]") if item.text else item


def _chapters(story: Story, draft: Path | None, left: int) -> Iterator[Item]:
    """What happens in the chapters before this one; the nearest are the last to give way."""
    here = story.chapter_of(draft)
    if here is None:
        return
    before = story.chapters[:here]
    items: list[Item] = []
    for number in range(here - 1, -1, -1):
        item = _chapter(before[number], number, left, nearest=number == here - 1)
        left -= len(item.text)
        items.append(item)
    yield from reversed(items)
    for chapter in story.chapters[here + 1 :]:
        yield Item(PartKind.SUMMARY, chapter.path.name, "", "it comes later", chapter.path)


def _chapter(chapter: Chapter, number: int, left: int, *, nearest: bool) -> Item:
    kind, path = PartKind.SUMMARY, chapter.path
    if chapter.summary:
        text = f"{chapter.title}: {chapter.summary}"
        since = ", and changed since it was summed up" if chapter.stale else ""
        why = f"chapter {number + 1}, before this one{since}"
        return _within(kind, chapter.source, text, left, why, path)
    source = f"{path.name}, its end"
    if nearest and chapter.ending:
        return _within(
            kind, source, chapter.ending, left, "the chapter before, which has no summary", path
        )
    return Item(kind, source, "", "it has no summary", path)


def _within(kind: PartKind, source: str, text: str, left: int, why: str, path: Path) -> Item:
    """The text, or as many of its sentences as there is room for."""
    if not text:
        return Item(kind, source, "", "it is empty", path)
    short = whole_sentences(text, max(0, left))
    if not short:
        return Item(kind, source, "", "there is no room", path)
    if short != text:
        why = f"{why}, as far as there is room"
    return Item(kind, source, short, why, path)


def chosen(
    story: Story,
    draft: Path | None,
    room: Budgets,
    held: Sequence[int],
    last_words: str,
    instruction: str,
) -> tuple[tuple[int, ...], tuple[Item, ...]]:
    """The entries that stand there, and all that could, in the order of a context; see `lore`."""
    stands, entries = lore(story.lore, held, last_words, instruction, room.lore)
    items = [*steady(story, draft, room), *entries]
    return stands, tuple(sorted(items, key=lambda item: ORDER[item.kind]))


# Lore


def lore(
    index: LoreIndex,
    held: Sequence[int],
    last_words: str,
    instruction: str,
    room: int,
) -> tuple[tuple[int, ...], list[Item]]:
    """The entries that stand there now, by number and in order, and all that was named.

    held: those that stood there. What an entry names comes behind all that the writer has named, and no entry
    comes twice, so entries that name one another are no trouble.
    """
    reasons = _reasons(index, last_words, instruction)
    chosen: list[int] = []
    left = room
    for number in reasons:
        size = len(shown(index.entries[number]))
        if 0 < size <= left:
            chosen.append(number)
            left -= size
    kept = set(chosen)
    for number in reversed(held):  # what came in first is the first to give way
        size = len(shown(index.entries[number]))
        if number not in kept and size <= left:
            kept.add(number)
            left -= size
    stays = tuple(number for number in held if number in kept)
    stands = (*stays, *(number for number in reversed(chosen) if number not in stays))
    items = [
        _item(index.entries[n], reasons.get(n, "named a while ago"), inside=True) for n in stands
    ]
    out = [number for number in reasons if number not in stands]
    items += [_item(index.entries[n], reasons[n], inside=False) for n in out]
    return stands, items


def _reasons(index: LoreIndex, last_words: str, instruction: str) -> dict[int, str]:
    """The entries that are named, the most wanted first, and where."""
    out: dict[int, str] = {}
    for named in index.named(instruction, loose=True):
        key = instruction[named.start : named.end]
        out.setdefault(named.entry, f"\u201c{key}\u201d stands in the instruction")
    for named in reversed(index.named(last_words)):
        key = last_words[named.start : named.end]
        out.setdefault(named.entry, f"\u201c{key}\u201d stands in the last words")
    for number in list(out)[:_NAMED]:
        entry = index.entries[number]
        for named in index.named(entry.text):
            out.setdefault(named.entry, f"the entry \u201c{entry.name}\u201d names it")
    return dict(list(out.items())[:_NAMED])


def shown(entry: Entry) -> str:
    """An entry as it is sent; empty where it says nothing."""
    text = whole_sentences(entry.text, _ENTRY)
    return f"[{entry.name}: {text}]" if text else ""


def _item(entry: Entry, why: str, *, inside: bool) -> Item:
    text = shown(entry) if inside else ""
    if not inside:
        why += "; there is no room" if shown(entry) else "; it is empty"
    return Item(PartKind.LORE, f"{entry.path.name}, {entry.name}", text, why, entry.path)
