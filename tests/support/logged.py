"""A log on disk with known sessions, for tests that go through the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from scripted import Scripted

from cowrite.core.edits import Part
from cowrite.core.outcome import Closing
from cowrite.store import Store

PRIVATE = "Mail jo@example.org or call +49 30 1234567."


def a_session(number: int = 1, document: str = "/drafts/story.md") -> Scripted:
    """Edited, rejected, ignored, regenerated and accepted, in this order."""
    script = Scripted("The old man", number=number, document_path=document)

    def name(letter: str) -> str:
        return f"{letter}{number}"

    a, b, c, d, e = map(name, "abcde")
    script.ask(a, " walked down to the river.", " slept.").show(a).show(a, 1).show(a, 0)
    script.take(a, " walked", Part.WORD)
    script.take(a, " down to the river.")
    script.close(a, Closing.TAKEN).type(f" It was cold. {PRIVATE}").change("river", "lake")
    script.ask(b, " Snow fell.").show(b).close(b, Closing.REJECTED).type(" Rain fell. Then")
    script.ask(c, " it stopped.").show(c).close(c, Closing.TYPED).type(" sun.")
    script.ask(d, " it stopped.").show(d).close(d, Closing.REGENERATED)
    script.ask(e, " All was well.", parent=d, model="large", latency=1500).accept(e)
    return script.wait(20).save().end()


def write_log(home: Path, *scripts: Scripted) -> None:
    """Put sessions into the log under `home`; each begins a week after the one before."""
    folder = home / "data"
    folder.mkdir(parents=True, exist_ok=True)
    with Store.open(folder / "log.sqlite3") as store:
        for number, script in enumerate(scripts):
            shift = number * 7 * 86_400_000
            info = replace(script.info, started_ms=script.info.started_ms + shift)
            events = [replace(one, wall_ms=one.wall_ms + shift) for one in script.events]
            store.add_session(info, events)
