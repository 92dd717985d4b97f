"""What a model is shown before a draft that has hardly begun: the frame that says what kind of text it is.

Out of nothing a model writes about anything at all, so a first suggestion would be a shop's notice as likely as
a story's beginning. The frame is a line or two made of what the draft is called. It stands before the draft as
long as the window begins with the draft's first character: when the window moves, all is read again anyway, so
its going costs no evaluation; and then the draft speaks for itself. Where no name tells, it goes as soon as
there is a sentence, which is read again in no time.
"""

from __future__ import annotations

import re
from enum import StrEnum

from cowrite.core.language import spoken

ENOUGH = 1200
"""Characters of a draft that say more than a frame: one that is longer when it is opened has none."""

_A_SENTENCE = 40
"""Characters of prose that tell what a draft is, where its name does not."""


class TextKind(StrEnum):
    """What a draft is, as far as its name tells."""

    STORY = "story"
    LETTER = "letter"
    DIARY = "diary"
    POEM = "poem"
    ESSAY = "essay"
    NOTES = "notes"


_NAMES = (
    (TextKind.STORY, "story novel tale chapter fiction roman saga scene"),
    (TextKind.LETTER, "letter mail email reply brief lettre carta dear"),
    (TextKind.DIARY, "diary journal tagebuch log daily morning"),
    (TextKind.POEM, "poem poems poetry haiku sonnet verse gedicht"),
    (
        TextKind.ESSAY,
        "essay blog post article column on why how what review speech talk report paper opinion",
    ),
    (TextKind.NOTES, "notes note todo list shopping packing ideas recipe plan agenda minutes"),
)
_BESIDES = frozenset(("on", "why", "how", "what", "morning", "dear", "log", "daily"))
"""Words that tell only where a name begins with them."""

_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?\Z")
_WORDS = re.compile(r"[^\W\d_]+")
_HEADINGS = re.compile(r"(?m)^#{1,6}[ \t]+([^\n]*)\n?")

_LINES = {
    TextKind.STORY: "The following is the opening of a novel, written in plain and vivid prose.",
    TextKind.LETTER: "The following is a personal letter, warm and plain.",
    TextKind.DIARY: "The following is an entry of a diary, written in the first person.",
    TextKind.POEM: "The following is a poem.",
    TextKind.ESSAY: "The following is an essay, written in a clear and personal voice.",
}
_CHAPTER = "Chapter One"
_NO_NAMES = frozenset(
    ("untitled", "draft", "new", "document", "text", "test", "readme", "index", "tmp")
)


def kind_of(name: str) -> TextKind | None:
    """What a draft with this name, a file's without its ending or a title, is likely to be."""
    if _DATE.match(name):
        return TextKind.DIARY
    found = [word.lower() for word in _WORDS.findall(name)]
    for kind, names in _NAMES:
        known = set(names.split())
        if (known - _BESIDES) & set(found) or (found and found[0] in known):
            return kind
    return None


def title_of(name: str) -> str:
    """A file's name as a title: `the-salt-road` is `The Salt Road`; empty where it says nothing."""
    words = re.sub(r"[-_.]+", " ", name).strip()
    plain = {word.lower() for word in _WORDS.findall(words)}
    if not plain or plain <= _NO_NAMES | {kind.value for kind in TextKind}:
        return ""
    return words if words != words.lower() else words.title()


def frame_for(draft: str, name: str, project: str = "") -> str:
    """The frame of a draft: of its text, its file's name and its project's title; empty where it needs none."""
    if len(draft) > ENOUGH or spoken(draft) not in ("", "en"):
        return ""
    headings = _HEADINGS.findall(draft)
    prose = _HEADINGS.sub("", draft).strip()
    kind = kind_of(name) or next(filter(None, map(kind_of, headings)), None)
    if kind is None and len(prose) > _A_SENTENCE:
        return ""
    kind = kind or TextKind.STORY
    if kind is TextKind.NOTES:
        return ""
    title = "" if headings else project or title_of(name)
    lines = [_LINES[kind], title]
    if kind is TextKind.STORY and not headings:
        lines = [title, _CHAPTER]
    return "".join(f"{line}\n\n" for line in lines if line)
