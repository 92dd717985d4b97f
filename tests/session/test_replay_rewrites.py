"""A session with an instruction, played again: the diff stands in the draft as the writer saw it."""

from __future__ import annotations

from scripted import Scripted

from cowrite.core.events import Instructed, Refused, Shown
from cowrite.core.instruction import Rewrite
from cowrite.logbook.replay.scene import Scene, offered
from cowrite.logbook.replay.timeline import EntryKind, timeline


def test_the_diff_is_there_from_its_first_word_to_its_end() -> None:
    script = Scripted("The old man slept long. ")
    script.tell("t1", "Shorter!", "The old man slept long.", "The man slept.").wait(2).type(
        "He woke."
    )
    scene = Scene(offered(script.events))
    seen: list[Rewrite | None] = []
    for event in script.events:
        scene.apply(event.body)
        if isinstance(event.body, Instructed | Shown):
            seen.append(scene.rewrite)
            if scene.rewrite is not None:
                assert [hunk.gone for hunk in scene.rewrite.hunks] == ["old ", " long"]
                state = scene.state()
    assert [one is not None for one in seen] == [False, True]
    assert scene.rewrite is None
    assert scene.document.text == "The man slept. He woke."
    scene.become(state)
    assert scene.rewrite is not None
    assert scene.document.text == "The old man slept long. "


def test_it_is_told_in_the_list_of_what_happened() -> None:
    script = Scripted("The old man slept long.")
    script.tell("t1", "Shorter!", "slept long", "slept")
    script._log(Refused("t1", 0, 0, 3))
    said = [(one.kind, one.said, one.quoted) for one in timeline(script.events, {})]
    assert (EntryKind.ASKED, "told the model", "Shorter!") in said
    assert (EntryKind.TOOK, "took a change", "slept") in said
    assert any(kind is EntryKind.REFUSED and text == "refused a change" for kind, text, _ in said)
