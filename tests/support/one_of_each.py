"""One event of each type, with each kind of edit, as a session could have them. The same for ever:
files in `tests/store/written/` hold what cowrite wrote for them."""

from __future__ import annotations

from cowrite.core import events as ev
from cowrite.core.edits import Edit, Origin, Part
from cowrite.core.outcome import Closing, Why
from cowrite.core.provenance import FILE, PASTE, WRITER, Author, Source
from cowrite.core.quiet import Quiet
from cowrite.core.suggestion import Candidate, Params, Sampling, StopReason, Timings, Token
from cowrite.core.task import TaskKind

MODEL = Source(Author.MODEL, "s1")
START_MS = 1_700_000_000_000
INFO = ev.SessionInfo("one", "d1", "a title", START_MS, None, "1.0", "test", {"a": "b"})

_BODIES: tuple[ev.Body, ...] = (
    ev.Opened("Once é ", ((7, FILE),), "/drafts/ä.md"),
    ev.Moved(7, 7),
    ev.Edited(Edit(7, "", "u", Origin.TYPED, ((1, WRITER),))),
    ev.Edited(Edit(7, "u", "", Origin.TYPED, (), ((1, WRITER),))),
    ev.Moved(0, 4),
    ev.Focused(False),
    ev.Focused(True),
    ev.EngineChanged("ready"),
    ev.Requested(
        "s1",
        7,
        0,
        7,
        Params(seed=2**63 + 1, sampling=Sampling(banned=("the sun",))),
        "gemma",
        "ab" * 32,
        head="Notes.\n",
        adapter="mine",
    ),
    ev.Requested("s2", 7, 0, 7, Params(seed=7), "gemma", "ab" * 32, auto=True, parent_id="s1"),
    ev.Generated(
        "s1",
        (
            Candidate(
                "upon a",
                (Token("upon", -0.5, ((" in", -1.25),)), Token(" a", -0.1)),
                StopReason.LENGTH,
            ),
            Candidate("in 😀", (), None),
        ),
        Timings(12.5, 20.0, 31.25),
        9,
        4,
        22.5,
        40.0,
    ),
    ev.Generated("s2", (), Timings(), error="It stopped."),
    ev.Shown("s1", 0),
    ev.Shown("s1", 1, "pane"),
    ev.Edited(Edit(7, "", "upon", Origin.SUGGESTION, ((4, MODEL),), (), "s1", 0, Part.WORD)),
    ev.Edited(Edit(11, "", " ", Origin.TYPED, ((1, MODEL),), (), "s1", 0, Part.TYPED)),
    ev.Closed("s1", Closing.TYPED, 0),
    ev.Edited(Edit(12, "", "pasted \ud800", Origin.PASTE, ((8, PASTE),))),
    ev.Edited(Edit(7, "upon", "", Origin.CUT, (), ((4, MODEL),))),
    ev.Edited(Edit(7, "", "upon", Origin.UNDO, ((4, MODEL),))),
    ev.Edited(Edit(7, "upon", "", Origin.REDO, (), ((4, MODEL),))),
    ev.Edited(Edit(0, "Once", "Twice", Origin.REPLACE, ((5, WRITER),), ((4, FILE),))),
    ev.Edited(Edit(0, "Twice", "Thrice", Origin.RELOAD, ((6, FILE),), ((5, WRITER),))),
    ev.Edited(Edit(6, "", "!", Origin.RECOVER, ((1, WRITER),))),
    ev.SettingChanged("recovery", "kept"),
    ev.Saved("a title", "cd" * 32, 20),
    ev.Ended(18, True),
    ev.EngineLoaded("9999", "full", "AVX2", 2, 2, 4096, "gentle"),
    ev.Renamed("a title", "a title", "said"),  # another one would get an id by chance
    ev.Instructed(
        "s2",
        TaskKind.REWRITE,
        "Make it shorter, é.",
        0,
        6,
        0,
        20,
        Params(seed=7),
        "gemma",
        "ab" * 32,
        preset="shorten",
        given="Thrice \ud800",
        parent_id="s1",
        notes="Notes.\n",
    ),
    ev.Refused("s2", 1, 3, 6),
    ev.Quieted(Quiet.UNLIKELY, 6, "s2"),
    ev.Quieted(Quiet.HEADING, 6),
    ev.Reasoned("s1", Why.STYLE, 1),
    ev.Reasoned("s2", Why.OWN),
    ev.Arranged("s1", (1, 0), (-3.5, -2.25)),
    ev.Snapshotted("before the end, é", "k1", automatic=True),
)

ONE_OF_EACH: tuple[ev.Stamped, ...] = tuple(
    # The wall clock is set on a little after the sixth event.
    ev.Stamped(seq, seq * 10, START_MS + seq * 10 + (500 if seq > 6 else 0), body)
    for seq, body in enumerate(_BODIES, start=1)
)
