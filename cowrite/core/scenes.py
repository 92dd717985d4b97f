"""The scenes of a chapter: what stands between its headings and its scene breaks, with their words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cowrite.core.blocks import BlockKind
from cowrite.core.counting import draft_word_count
from cowrite.core.document import Document
from cowrite.core.front_matter import front_matter, front_values
from cowrite.core.reading import Reading

SCENE_SIGNS = re.compile(r"(?:[*#~\u2042\u2022\u2731\u25c6\u25c7\u2767\u2766\u25ca]\s*){1,7}")
"""What a line says that is nothing but the sign of a scene break."""

_BEGINNING = 60
"""Characters of a scene's first line that stand for a title."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene: its heading or first words, where it begins (code points), and its words."""

    title: str
    start: int
    words: int


@dataclass(frozen=True, slots=True)
class ChapterOutline:
    """What a chapter's text says of itself. goal: words that it is to have, 0 for none. status: as `draft`."""

    title: str
    words: int
    goal: int
    status: str
    scenes: tuple[Scene, ...]


def outline_of(text: str) -> ChapterOutline:
    """A chapter's title, words, goal, status and scenes.

    Goal and status are of its front matter: `goal: 2000`, `status: draft`. A chapter
    with one scene has none of its own.
    """
    document = Document(text)
    reading = Reading(document)
    front = front_matter(document.line, document.line_count)
    said = front_values([document.line(index) for index in range(1, max(1, front - 1))])
    headings = {heading.line: heading.title for heading in reading.headings()}
    first = next(iter(headings), None)
    title = said.get("title", "") or (headings[first] if first is not None else "")
    starts = _starts(document, reading, headings, front, first)
    scenes = [
        scene
        for (line, name), end in zip(
            starts, [*(line for line, _ in starts[1:]), document.line_count], strict=True
        )
        if (scene := _scene(document, line, end, name)).words or name
    ]
    return ChapterOutline(
        title.strip(),
        draft_word_count(text),
        words_of_goal(said.get("goal", "")) or 0,
        said.get("status", "").strip(),
        tuple(scenes) if len(scenes) > 1 else (),
    )


def _starts(
    document: Document, reading: Reading, headings: dict[int, str], front: int, first: int | None
) -> list[tuple[int, str]]:
    """The lines where scenes begin, with the headings that say so; the chapter's own heading is none."""
    starts = [(front, "")]
    for index in range(front, document.line_count):
        kind = reading.line(index).kind
        if headings.get(index):
            if index == first and not "".join(map(document.line, range(front, index))).strip():
                starts = [(index + 1, "")]
            else:
                starts.append((index, headings[index]))
        elif kind is BlockKind.RULE or (
            kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
            and SCENE_SIGNS.fullmatch(document.line(index).strip())
        ):
            starts.append((index + 1, ""))
    return starts


def _scene(document: Document, line: int, end: int, name: str) -> Scene:
    start = _place(document, line)
    text = document.slice(start, _place(document, end))
    if not name:
        lines = (one.strip() for one in text.splitlines())
        beginning = next((one for one in lines if one and one[0] not in "=-<"), "")
        name = beginning[:_BEGINNING] + ("…" if len(beginning) > _BEGINNING else "")
    return Scene(name, start, draft_word_count(text))


def _place(document: Document, line: int) -> int:
    return document.line_start(line) if line < document.line_count else len(document)


def words_of_goal(said: str) -> int | None:
    """`2000`, `2,000`, `2 000 words`; 0 for an empty text, None for anything else."""
    if not said.strip():
        return 0
    match = re.match(r"\d{1,3}(?:[,. \u00a0_]\d{3})+(?!\d)|\d{1,7}(?!\d)", said.strip())
    return int(re.sub(r"\D", "", match[0])) if match is not None else None
