"""A key costs little room."""

import random

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Ended, Moved, Opened, Saved, SessionInfo, Stamped

WORDS = "the of a to and in it was he she sea light over under house said that with grey morning".split()  # noqa: SIM905


def writing(characters: int):
    """Prose typed by the key: 2 % of keys are taken back, the cursor moves, a save every 2,000 keys."""
    draw = random.Random(3)
    mono, seq, at = 0, 1, 0
    yield Stamped(1, 0, 0, Opened("", (), "/a.md"))
    text: list[str] = []
    while at < characters:
        for character in draw.choice(WORDS) + " ":
            mono += draw.randrange(60, 400)
            seq += 1
            yield Stamped(seq, mono, mono, Edited(Edit(at, "", character, Origin.TYPED)))
            text.append(character)
            at += 1
            if draw.random() < 0.02:
                seq += 1
                at -= 1
                yield Stamped(seq, mono, mono, Edited(Edit(at, text.pop(), "", Origin.TYPED)))
            if draw.random() < 0.01:
                seq += 1
                yield Stamped(seq, mono, mono, Moved(at // 2, at // 2))
            if seq % 2000 == 0:
                seq += 1
                yield Stamped(seq, mono, mono, Saved("/a.md", "ab" * 32, at))
    yield Stamped(seq + 1, mono, mono, Ended(at, True))


def test_a_character_typed_takes_less_than_25_bytes(store):
    """So that 1 MB of writing takes less than 25 MB, what is taken back and moved over included."""
    empty = store.reader.stats().bytes
    store.add_session(SessionInfo("s", "d", "/a.md", 0, None, "1"), writing(25_000))
    stats = store.reader.stats()
    assert stats.inserted_characters > 25_000
    assert (stats.bytes - empty) / 25_000 < 24.5
