"""The events of a writing session: what the journal keeps, in the order it happened.

Positions are code points in the draft as it was just before the event. Every event is a frozen value; the
store gives each a number, a monotonic and a wall time when it is appended (`Stamped`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cowrite.core.edits import Edit, Origin
from cowrite.core.outcome import Closing, Why
from cowrite.core.provenance import Runs
from cowrite.core.quiet import Quiet
from cowrite.core.suggestion import Candidate, Params, Timings
from cowrite.core.task import TaskKind

GHOST, PANE = "ghost", "pane"
"""Where a candidate can be seen, and"""
DIFF, ANSWER = "diff", "answer"
"""where one of an instruction is: in the draft, as hunks, or in the pane of answers."""

RENAMING, KEEPING, SERVED = "rename", "snapshot", "serve"
"""Origins of sessions in which nobody wrote: for one `Renamed`, for one `Snapshotted`, for what another program
asked of `cowrite serve`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session began with this text. `runs` is who wrote it, as far as earlier sessions know."""

    text: str
    runs: Runs
    path: str | None
    reason: str = "open"


@dataclass(frozen=True, slots=True)
class Edited:
    edit: Edit


@dataclass(frozen=True, slots=True)
class Moved:
    """The cursor went to `head`; `anchor` differs from it while text is selected. Coalesced."""

    anchor: int
    head: int


@dataclass(frozen=True, slots=True)
class Requested:
    """The writer (or auto-suggest) asked.

    The context is kept by reference: the draft from `window_start` to `position` is the prefix, and from
    `position` to `window_end` the suffix. `head` is all that was shown besides: what stood before the draft,
    then what stood in it near the position (see `core.context`). `learned` names all that was
    learned and in use besides an adapter, divided by commas, such as `order 3`; empty where nothing was.
    """

    suggestion_id: str
    position: int
    window_start: int
    window_end: int
    params: Params
    model_name: str
    model_sha256: str
    head: str = ""
    auto: bool = False
    parent_id: str | None = None
    """The suggestion that this one asks again for, or goes on from."""
    adapter: str | None = None
    learned: str = ""


@dataclass(frozen=True, slots=True)
class Generated:
    """All candidates of a request as they ended, also those that nobody saw.

    first_ms: from the request to the first text on the UI's side. error: why there is none.
    """

    suggestion_id: str
    candidates: tuple[Candidate, ...]
    timings: Timings
    prompt_tokens: int = 0
    cached_tokens: int = 0
    first_ms: float | None = None
    total_ms: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A candidate came on screen.

    where: `GHOST`, in the draft, alone from then on; `PANE`, in a list, beside what is on screen already.
    """

    suggestion_id: str
    candidate: int
    where: str = GHOST


@dataclass(frozen=True, slots=True)
class Closed:
    """A suggestion left the screen for good. `in_pane`: the writer changed it before accepting."""

    suggestion_id: str
    closing: Closing
    candidate: int


@dataclass(frozen=True, slots=True)
class Instructed:
    """The writer told the model what to do with the draft from `start` to `end`, or asked about it.

    Its answer is a `Generated` with the same id; what of it is taken are edits with that id. instruction: as
    it was sent; preset: the preset that it is of, empty for the writer's own words. given: the passage that
    the model was shown, where it was another than the draft's: a follow-up is about a result. window_start,
    window_end: what of the draft it was shown in all. parent_id: the instruction that this one asks again
    for, or follows up. notes: what the model was to know first, such as a project's notes, as one text.
    """

    suggestion_id: str
    kind: TaskKind
    instruction: str
    start: int
    end: int
    window_start: int
    window_end: int
    params: Params
    model_name: str
    model_sha256: str
    preset: str = ""
    given: str | None = None
    parent_id: str | None = None
    adapter: str | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Arranged:
    """A request's candidates were put in order by how likely what follows is behind each.

    order: the numbers of the candidates, as they are gone through from then on. fits: of each candidate, the
    natural log-probability of what follows, in nats; None of one without text.
    """

    suggestion_id: str
    order: tuple[int, ...]
    fits: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A change of a rewrite was refused: the draft from `start` to `end` stays as it is."""

    suggestion_id: str
    candidate: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quieted:
    """Nothing was shown at `position`, for this reason: nothing was asked for, or what came is held back.

    suggestion_id: what is held back; None where nothing was asked for.
    """

    reason: Quiet
    position: int
    suggestion_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reasoned:
    """The writer said why, of a suggestion that was refused or stands in the draft, perhaps of an earlier
    session. candidate: which of its texts, None where that is not known."""

    suggestion_id: str
    reason: Why
    candidate: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft was written to `path`; `sha256` is of the bytes in the file."""

    path: str
    sha256: str
    size: int
    how: str = "save"


@dataclass(frozen=True, slots=True)
class Focused:
    """The terminal got (or lost) the focus."""

    focused: bool


@dataclass(frozen=True, slots=True)
class SettingChanged:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class EngineChanged:
    """The engine's state, as the status line says it."""

    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EngineLoaded:
    """How the model is evaluated, as the next answers were: what besides the request decides on their text.

    library: llama.cpp's version. way: one of `engine.protocol.Way`. kernel: the instructions of our own
    products, empty where llama.cpp makes them all. threads, batch_threads: those that write and that read.
    context: tokens. run_ahead: how much was prepared before it was asked for, as the setting was then.
    """

    library: str
    way: str
    kernel: str
    threads: int
    batch_threads: int
    context: int
    run_ahead: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """The draft that was known as `was` is known as `now`: its file got another name or place.

    Both are names as the log has them: paths with all links followed. how: `content` or `likeness`, by which
    it was known again, `said`, by the writer, or `replaced`, where another draft came to be at its path.
    """

    was: str
    now: str
    how: str


@dataclass(frozen=True, slots=True)
class Snapshotted:
    """The draft as it is here has a name, to be gone back to. snapshot_id: one for all drafts that were taken
    together. automatic: taken by cowrite before a change of much at once, which the name says."""

    name: str
    snapshot_id: str
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """The session ended by itself. `length` is the draft's, in code points."""

    length: int
    saved: bool
    how: str = "quit"


Body = (
    Opened | Edited | Moved | Requested | Generated | Shown | Closed | Instructed | Arranged | Refused
    | Quieted | Reasoned | Saved | Focused | SettingChanged | EngineChanged | EngineLoaded | Renamed
    | Snapshotted | Ended
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamped:
    """An event of the journal. `seq` counts from 1 in its session; `mono_ms` from the session's start."""

    seq: int
    mono_ms: int
    wall_ms: int
    body: Body


@dataclass(frozen=True, slots=True)
class Burst:
    """Plain typing, read in one piece: insertions of the writer's, each where the one before it ended.

    Or, `back`, letters that they took back, each the one before the cursor. `start` is where the cursor was;
    texts, mono_ms: of the single events, in order. Nearly all events are such, so whoever reads a million of
    them takes them so.
    """

    start: int
    texts: list[str]
    mono_ms: list[int]
    back: bool = False

    def edit(self, at: int, first: int, stop: int) -> Edit:
        """The events from `first` up to `stop`, that have the cursor at `at`, as one edit."""
        if self.back:
            gone = "".join(reversed(self.texts[first:stop]))
            return Edit(at - len(gone), gone, "", Origin.TYPED)
        return Edit(at, "", "".join(self.texts[first:stop]), Origin.TYPED)


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """Where a session's events come from."""

    session_id: str
    document_id: str
    document: str
    """The draft's path as the writer gave it, or its title."""
    started_ms: int
    ended_ms: int | None
    app_version: str
    origin: str = "cowrite"
    """`cowrite`, or the name of the format that the session was imported from."""
    extra: dict[str, str] = field(default_factory=dict)
