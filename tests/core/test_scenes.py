"""A chapter's outline: what its front matter says, and where its scenes begin."""

from __future__ import annotations

import pytest

from cowrite.core.scenes import outline_of

FRONT = "---\ngoal: 2,000\nstatus: draft\n---\n"
TEXT = f"{FRONT}# One\n\nIt rained.\n\n* * *\n\nShe slept all day.\n\n## Night\n\nAnd woke.\n"


def test_a_chapter_says_what_it_is() -> None:
    found = outline_of(TEXT)
    assert (found.title, found.goal, found.status) == ("One", 2000, "draft")
    assert [scene.title for scene in found.scenes] == ["It rained.", "She slept all day.", "Night"]
    assert [TEXT[scene.start :].lstrip()[:3] for scene in found.scenes] == ["It ", "She", "## "]


@pytest.mark.parametrize(
    "text", ["", "\n", "# One", "Words.", "***", "---\ngoal: x\n---\n", "a\r\nb"]
)
def test_a_text_without_scenes_has_none(text: str) -> None:
    assert outline_of(text).scenes == ()
    assert outline_of(text).goal == 0
