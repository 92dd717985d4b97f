"""Every type of event that the log keeps, registered once.

To add one: its class goes into `core.events`, its entry here. Where `plain` is enough that is all; a type
with much text, or one that is asked for by SQL, needs a table and so a new schema. The list in
`docs/log-schema.md` is made of these entries.
"""

from __future__ import annotations

import sqlite3

from cowrite.core.edits import Origin
from cowrite.core.events import (
    Arranged,
    Closed,
    Edited,
    Ended,
    EngineChanged,
    EngineLoaded,
    Focused,
    Generated,
    Instructed,
    Moved,
    Opened,
    Quieted,
    Reasoned,
    Refused,
    Renamed,
    Requested,
    Saved,
    SettingChanged,
    Shown,
    Snapshotted,
)
from cowrite.store import event_rows as rows
from cowrite.store import event_tables as tables
from cowrite.store import instructions
from cowrite.store.event_rows import plain
from cowrite.store.registry import EventType, KindRow, Registry
from cowrite.store.schema import EDIT_KINDS, MOVED

_EDITS = {
    Origin.TYPED: "Characters were typed or deleted by hand. With a `suggestion`: typed as the ghost said.",
    Origin.SUGGESTION: "Text of a suggestion was taken; `extra` has the candidate and the part.",
    Origin.PASTE: "Text was pasted.",
    Origin.CUT: "Text was cut.",
    Origin.UNDO: "An edit was taken back.",
    Origin.REDO: "An undone edit was done again.",
    Origin.REPLACE: "Find and replace.",
    Origin.RELOAD: "The file was changed by another program and loaded again.",
    Origin.RECOVER: "What a killed session had left unsaved was taken over, or a snapshot gone back to.",
}

EVENTS = Registry(
    [
        EventType(
            Opened,
            number=0,
            kinds=(
                KindRow(
                    20,
                    "opened",
                    "The session began with a text: `openings`. Always the first event.",
                ),
            ),
            write=tables.write_opening,
            read=tables.read_opening,
        ),
        EventType(
            Edited,
            number=1,
            kinds=tuple(
                KindRow(EDIT_KINDS[origin], "edited", says, origin.value)
                for origin, says in _EDITS.items()
            ),
            write=rows.write_edit,
            read=rows.read_edit,
        ),
        EventType(
            Moved,
            number=2,
            kinds=(
                KindRow(
                    MOVED,
                    "moved",
                    "The cursor went somewhere, or a selection was made. Coalesced: the last of several.",
                ),
            ),
            write=rows.write_move,
            read=rows.read_move,
        ),
        EventType(
            Requested,
            number=3,
            kinds=(KindRow(21, "requested", "A suggestion was asked for: `requests`."),),
            write=tables.write_request,
            read=tables.read_request,
            feedback=True,
        ),
        EventType(
            Generated,
            number=4,
            kinds=(
                KindRow(
                    22,
                    "generated",
                    "All candidates of a request have ended: `generations`, `candidates`.",
                ),
            ),
            write=tables.write_generation,
            read=tables.read_generation,
            feedback=True,
        ),
        EventType(
            Shown,
            number=5,
            kinds=(
                KindRow(
                    23,
                    "shown",
                    "A candidate came on screen: as the ghost, alone from then on, (`pane`) in a list beside"
                    " what is there already, or as an instruction's: hunks in the draft (`diff`), or the answer"
                    " in its pane (`answer`). `extra`: its index, or `[index, where]` where that is not the"
                    " ghost.",
                ),
            ),
            write=rows.write_shown,
            read=rows.read_shown,
            feedback=True,
        ),
        plain(
            Closed,
            number=6,
            kind=KindRow(
                24,
                "closed",
                "A suggestion left the screen for good. `extra`: `[why, index]`; why as in"
                " `core.outcome.Closing`.",
            ),
            feedback=True,
        ),
        EventType(
            Saved,
            number=7,
            kinds=(KindRow(25, "saved", "The draft was written to a file: `saves`."),),
            write=tables.write_save,
            read=tables.read_save,
        ),
        EventType(
            Focused,
            number=8,
            kinds=(KindRow(26, "focused", "The terminal got (`extra` 1) or lost (0) the focus."),),
            write=rows.write_focus,
            read=rows.read_focus,
            feedback=True,
        ),
        EventType(
            SettingChanged,
            number=9,
            kinds=(
                KindRow(
                    27, "setting", "A setting was changed, or a recovery decided on: `settings`."
                ),
            ),
            write=tables.write_setting,
            read=tables.read_setting,
        ),
        plain(
            EngineChanged,
            number=10,
            kind=KindRow(28, "engine", "The engine's state changed. `extra`: `[state, reason]`."),
            feedback=True,
        ),
        EventType(
            Ended,
            number=11,
            kinds=(
                KindRow(
                    29,
                    "ended",
                    "The session ended by itself: `endings`. A killed session has no such event.",
                ),
            ),
            write=tables.write_ending,
            read=tables.read_ending,
        ),
        EventType(
            Instructed,
            number=14,
            kinds=(
                KindRow(
                    32,
                    "instructed",
                    "The model was told what to do with a passage, or asked about the draft: `instructions`."
                    " Its answer is a `generated`, and what of it was taken are edits.",
                ),
            ),
            write=instructions.write,
            read=instructions.read,
            feedback=True,
        ),
        plain(
            Refused,
            number=15,
            kind=KindRow(
                33,
                "refused",
                "One change of a rewrite was refused. `extra`: `[index, start, end]`, the latter in the draft.",
            ),
            feedback=True,
        ),
        plain(
            Quieted,
            number=16,
            kind=KindRow(
                34,
                "quieted",
                "Auto-suggest showed nothing here, or an answer held nothing to show. `extra`: `[why,"
                " position]`; why as in `core.quiet.Quiet`. With a `suggestion`: the one that is held back.",
            ),
            feedback=True,
        ),
        plain(
            Reasoned,
            number=17,
            kind=KindRow(
                35,
                "reasoned",
                "The writer said why, of a suggestion of this session or an earlier one. `extra`: `[why,"
                " index]`, why as in `core.outcome.Why`, the index null where it is not known.",
            ),
            feedback=True,
        ),
        plain(
            Arranged,
            number=18,
            kind=KindRow(
                36,
                "arranged",
                "A request's candidates were put in order by what follows. `extra`: `[order, fits]`: their"
                " numbers, and how likely what follows is behind each, in nats.",
            ),
        ),
        plain(
            EngineLoaded,
            number=13,
            kind=KindRow(
                31,
                "loaded",
                "How the model is evaluated, before the first answer and whenever it is another one. `extra`:"
                " `[library, way, kernel, threads, batch_threads, context, run_ahead]`.",
            ),
            feedback=True,
        ),
        plain(
            Snapshotted,
            number=19,
            kind=KindRow(
                37,
                "snapshotted",
                "The draft as it is here got a name. `extra`: `[name, snapshot_id, automatic]`, the id one for"
                " all drafts that were taken together. Of a draft that was not being written it is in a session"
                " of the origin `snapshot`, which counts for nothing else.",
            ),
        ),
        EventType(
            Renamed,
            number=12,
            kinds=(
                KindRow(
                    30,
                    "renamed",
                    "The draft's file got another name: `renames`. In a session of its own, of the origin"
                    " `rename`, which counts for nothing else.",
                ),
            ),
            write=tables.write_rename,
            read=tables.read_rename,
        ),
    ]
)


def name_kinds(db: sqlite3.Connection) -> None:
    """Bring the table `kinds` up to date: a log that is older than a type has no word for it.

    Raises sqlite3.Error.
    """
    known = {kind for (kind,) in db.execute("SELECT kind FROM kinds")}
    missing = [(row.kind, row.event, row.origin) for row in EVENTS.kinds if row.kind not in known]
    db.executemany("INSERT OR IGNORE INTO kinds VALUES (?, ?, ?)", missing)
