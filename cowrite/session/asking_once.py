"""What a model is shown when a command asks once, without a session: the same as in a window that has
rested.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cowrite.config import Settings
from cowrite.core.context import Context, ContextPart, PartKind, context_at
from cowrite.core.document import Document
from cowrite.paths import Paths
from cowrite.session.earlier_passages import EarlierPassages, KeptPassages
from cowrite.session.frame import Frame
from cowrite.session.memory import Memory, StoryPort


@dataclass(frozen=True, slots=True)
class Asked:
    """A context, the memory that it was made with, and what the writer should be told of the project's
    files.
    """

    context: Context
    memory: Memory
    troubles: tuple[str, ...] = ()


def context_once(
    document: Document,
    cursor: int,
    settings: Settings,
    paths: Paths,
    draft: Path | None,
    window: int,
    instruction: str = "",
) -> Asked:
    """The context at a place of a text. draft: its file, None where it has none, and so no project.

    window: characters of it. Raises UsageError where the draft's project is wrong.
    """
    memory, troubles = memory_once(draft)
    earlier = EarlierPassages(KeptPassages(paths.passages))
    memory.look(document, cursor, window, instruction)
    tokens = settings.learn.passages if settings.learn.use else 0
    earlier.look(document, cursor, tokens, window, memory.passages(), memory.told)
    head = settings.model.head
    frame = Frame()
    frame.use(lambda: draft, lambda: memory.title)
    # Text from a pipe has no frame: a script gives what the model shall see.
    beside = (
        () if head or draft is None else frame.parts(document, cursor, window - memory.reserved)
    )
    first = (ContextPart(PartKind.HEAD, head, "model.head of the settings"),) if head else ()
    context = context_at(
        document,
        cursor,
        budget=window,
        parts=(*first, *earlier.parts, *beside, *memory.parts),
        reserved=len(head) + memory.reserved,
    )
    return Asked(context, memory, troubles)


def memory_once(draft: Path | None) -> tuple[Memory, tuple[str, ...]]:
    """A draft's memory, and what the writer should be told of its project's files.

    Raises UsageError where the project is wrong.
    """
    memory = Memory()
    port = _story(draft) if draft is not None else None
    memory.use(port, lambda: draft.absolute() if draft is not None else None)
    story = port.story if port is not None else None
    return memory, story.troubles if story is not None else ()


def _story(draft: Path) -> StoryPort | None:
    """The draft's project as it is now, None where it is in none."""
    from cowrite.config import project_file

    if project_file(draft) is None:
        return None
    from cowrite.memory.project import find_project
    from cowrite.memory.story import ReadOnce, read_story

    project = find_project(draft)
    return None if project is None else ReadOnce(read_story(project))
