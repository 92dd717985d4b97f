"""The real window under a random writer's hands, without a terminal: does acts, checks everything after each.

What is compared after each act: the draft with a plain one kept from the journal, its authors, what the act
may have done to the text, the cursor, and the rows on the screen. Now and then also the rows of the log on
disk, what recovery would give, and the whole screen for control codes.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from plain_draft import Plain, Tee
from puppet import puppet_engine
from random_acts import Act
from textual import events
from textual.geometry import Size
from writer_checks import Expectation, check_cursor, check_draft, check_rows, check_screen, expect

from cowrite import files
from cowrite.config import Settings
from cowrite.core.events import Body, Saved
from cowrite.core.replay import Replay
from cowrite.errors import DraftError
from cowrite.paths import Paths
from cowrite.session.draft import DraftSession
from cowrite.session.stories import Stories
from cowrite.store import Store, recovery
from cowrite.store.drafts import Drafts
from cowrite.tui.app import CowriteApp
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.window.drafts import OpenDrafts

LONGEST = 1.0
"""Seconds of computing that one act may take before it counts as a hang."""

LONGEST_START = 5.0
"""The same for ending and starting the program again."""

CLOSELY = 250
"""Acts between two looks at the log on disk."""


class Clock:
    """Time as the acts tell it, so that a run is the same each time."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _watching(rig: Rig) -> Callable[[OpenDrafts, Path | None], DraftScreen]:
    """Makes drafts whose journal is watched, and that have no timer of their own that edits or asks."""
    make = OpenDrafts.make

    def watched(drafts: OpenDrafts, path: Path | None) -> DraftScreen:
        draft = make(drafts, path)
        draft._tick = lambda: None  # type: ignore[method-assign]
        rig.watch(draft.session)
        return draft

    return watched


class Rig:
    """One home, one log, one draft; windows are opened and closed as the acts have it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        home = folder / "home"
        self.paths = Paths(home / "config", home / "data", home / "cache", home / "state")
        self.draft_file = folder / "draft.md"
        self.clock = Clock()
        self.plain: dict[int, tuple[DraftSession, Plain]] = {}
        self.done = 0
        self.slowest = (0.0, "")
        self.kinds: dict[str, int] = {}
        self._free: Expectation | None = None

    # Windows

    async def open(self) -> None:
        """Start the program on the draft."""
        self.store = Store.open(self.paths.log_file)
        self.plain.clear()
        _make_project(self.folder)
        self._stack = AsyncExitStack()
        self._stack.enter_context(patch.object(OpenDrafts, "make", _watching(self)))
        self._stack.enter_context(patch.object(Stories, "refresh", _read_at_once))
        app = CowriteApp(self.draft_file, settings=Settings(), paths=self.paths, store=self.store)
        puppet_engine(app)
        self.app = app
        await self._stack.enter_async_context(app.run_test(size=(100, 30), notifications=True))
        while (
            not app.engine.status.connected
        ):  # the link is started by a timer: with it, each run is the same
            await asyncio.sleep(0.005)
        await self.settle()

    async def close(self) -> None:
        """End the program, in order."""
        self.check_disk()
        self.app.close_sessions("quit")
        await self._stack.aclose()
        self.store.close()

    async def abandon(self) -> None:
        """End what may still run after a failure, whatever it says."""
        with contextlib.suppress(Exception):
            self.app.exit()
            await self._stack.aclose()
        with contextlib.suppress(Exception):
            self.store.close()

    async def _again(self, how: str) -> None:
        """End the program in a way that nobody chose, and start it again on the same draft."""
        self.check_disk()
        session, plain = self.main()
        self.app.close_sessions(how)
        self.app.exit()
        await self._stack.aclose()
        self.store.close()
        lost = plain.text if session.file.path == self.draft_file else None
        await self.open()
        fresh, _ = self.main()
        if (
            lost is not None
            and lost not in (plain.saved_text, fresh.document.text)
            and session.buffer.dirty
        ):
            assert fresh.recovery.lost is not None, "what was not saved is offered"
            assert fresh.recovery.lost.text == lost, "recovery gives what was in the window"
            assert fresh.recovery.lost.runs == plain.runs, "and who wrote it"

    def watch(self, session: DraftSession) -> None:
        """Follow a session from its beginning."""
        session.answers._clock = session.pauses._clock = self.clock
        session.pauses.end()
        plain = Plain(session.document.text, session.provenance)
        self.plain[id(session)] = (session, plain)

        def seen(body: Body) -> None:
            plain.apply(body)
            if isinstance(body, Saved):
                on_disk = files.load(Path(body.path)).text
                assert on_disk == plain.text, "the file holds the draft after a save"

        session.log._log = Tee(session.log._log, seen)

    def main(self) -> tuple[DraftSession, Plain]:
        """The session on the screen, and its plain draft."""
        draft = self.app.draft
        assert draft is not None
        return self.plain[id(draft.session)]

    # Acts

    async def run(self, acts: Iterable[Act]) -> None:
        """Do these acts, checking after each. AssertionError says what was wrong."""
        for act in acts:
            await self.do(act)

    async def do(self, act: Act) -> None:
        self.done += 1
        self.clock.now += 0.01
        session, plain = self.main()
        expected = expect(self.app, act, plain.text)
        before = (session.cursor, session.document.version)
        kind = str(act[0])
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        began = time.thread_time()
        await self._carry_out(act)
        await self.settle()
        used = time.thread_time() - began
        if used > self.slowest[0] and kind != "end":
            self.slowest = (used, repr(act)[:120])
        self._look_for_failures()
        assert used < (LONGEST if kind != "end" else LONGEST_START), f"it took {used:.2f} s"
        if not self.app.is_running or self.app._exit:
            await self._stack.aclose()
            self.store.close()
            await self.open()
            return
        expected.check(session, plain)
        self.check(act, before)
        if self.done % CLOSELY == 0:
            self.check_disk()

    async def settle(self) -> None:
        """Wait until nothing is left to do but timers."""
        loop: Any = asyncio.get_running_loop()
        for _ in range(2):
            quiet = 0
            for _ in range(5000):
                await asyncio.sleep(0)
                quiet = 0 if loop._ready else quiet + 1
                if quiet >= 2:
                    break
            if self.app.is_running and self.app.screen_stack:
                self.app.screen._on_timer_update()

    def _look_for_failures(self) -> None:
        error = self.app._exception
        if error is not None:
            raise error
        assert not self.app.crashed, "the window has failed"

    async def _carry_out(self, act: Act) -> None:
        match act:
            case ("key", str(name), character):
                self._post(events.Key(name, character))  # type: ignore[arg-type]
            case ("paste", str(text)):
                self._post(events.Paste(text))
            case ("mouse", str(verb), float(x), float(y), bool(shift)):
                self._mouse(verb, x, y, shift=shift)
            case ("resize", int(columns), int(rows)):
                driver: Any = self.app._driver
                driver._size = (columns, rows)
                size = Size(columns, rows)
                self.app.post_message(events.Resize(size, size))
            case ("engine", "type", int(count)):
                for character in self.main()[0].ghost[:count].replace("/", ""):
                    if character.isprintable():
                        self._post(events.Key(_name(character), character))
                        await self.settle()
            case ("engine", str(verb), str(text)):
                self.app.engine._client.obey(verb, text)
            case ("disk", str(verb), str(text)):
                self._disk(verb, text)
            case ("tick", float(seconds)):
                self.clock.now += seconds
                for draft in self.app.drafts:
                    draft.session.pauses.tick()
            case ("trim", int(most)):
                if len(self.main()[0].document) > most and isinstance(self.app.screen, DraftScreen):
                    self._post(events.Key("f7", None))
                    self._post(events.Key("delete", None))
            case ("end", str(how)):
                await self._again(how)

    def _post(self, event: events.Event) -> None:
        event.set_sender(self.app)
        event.time = self.clock()
        self.app.post_message(event)

    def _mouse(self, verb: str, x: float, y: float, *, shift: bool) -> None:
        width, height = self.app.size
        place = {"x": int(x * width), "y": int(y * height)}
        kinds: dict[str, tuple[type[events.MouseEvent], int]] = {
            "down": (events.MouseDown, 1), "up": (events.MouseUp, 1), "move": (events.MouseMove, 0),
            "right": (events.MouseDown, 3), "right up": (events.MouseUp, 3),
            "wheel up": (events.MouseScrollUp, 0), "wheel down": (events.MouseScrollDown, 0),
        }  # fmt: skip
        kind, button = kinds[verb]
        more = {"screen_x": place["x"], "screen_y": place["y"], "delta_x": 0, "delta_y": 0}
        self._post(kind(None, **place, **more, button=button, shift=shift, meta=False, ctrl=False))

    def _disk(self, verb: str, text: str) -> None:
        path = self.main()[0].file.path or self.draft_file
        if verb == "write":
            path.write_text(text.replace("\ufeff", ""), encoding="utf-8", newline="")
        elif verb == "remove":
            path.unlink(missing_ok=True)
        elif verb == "look" and self.app.draft is not None:
            self.app.draft.files.look_at_disk()
        elif path.exists():
            if verb == "touch":
                os.utime(path)
            else:
                path.chmod(0o400 if verb == "read-only" else 0o600)

    # Checks

    def check(self, act: Act, before: tuple[int, int]) -> None:
        """Compare everything with what it should be after an act."""
        for session, plain in self.plain.values():
            check_draft(session, plain)
        draft = self.app.draft
        if draft is not None and self.app.screen is draft:
            check_rows(draft)
            check_cursor(draft, act, before)
        if self.done % 20 == 0:
            check_screen(self.app)

    def check_disk(self) -> None:
        """Compare the log on disk with the drafts in the window."""
        for session, plain in list(self.plain.values()):
            if session.journal is None or session._closed:
                continue
            session.log.flush_moves()
            assert session.journal.flush(30.0), "the journal is written"
            replay = Replay()
            for stamped in self.store.reader.events(session.journal.session_id):
                replay.apply(stamped.body)
            assert replay.text == plain.text, "replay of the log"
            assert replay.runs == plain.runs, "provenance from the log"
            self._check_recovery(session, plain)

    def _check_recovery(self, session: DraftSession, plain: Plain) -> None:
        if session.file.path is None or plain.text == plain.saved_text:
            return
        assert session.journal is not None
        identity = session.journal.session_id
        found = self.store.reader.read(
            lambda db: recovery.unsaved(
                Drafts(db), db, str(session.file.path), lambda known: known != identity
            )
        )
        assert found is not None, "recovery knows the draft"
        assert found.text == plain.text, "recovery would give the draft"
        assert found.runs == plain.runs, "and who wrote it"


def _make_project(folder: Path) -> None:
    """Make the folder a project whose lore is named by what a random writer types."""
    if (folder / "cowrite.toml").exists():
        return
    (folder / "cowrite.toml").write_text(
        '[project]\nchapters = ["draft.md"]\nnotes = "notes.md"\nlore = "lore.md"\n'
    )
    (folder / "notes.md").write_text("Nobody dies.")
    (folder / "lore.md").write_text("## word\n\nA word.\n\n## he\nKeys: she, the\n\nHe is word.\n")


def _read_at_once(stories: Stories, draft: Path | None) -> None:
    """A project is read when it is looked for, and not again: with a thread, no run would be like another."""
    file = stories._file_of(draft)
    if file is not None and file not in stories._keepers and file not in stories._wrong:
        stories._look(file)


async def played(acts: list[Act], folder: Path) -> Rig:
    """Do the acts in a fresh home; an error's note says in which one it came."""
    folder.mkdir()
    rig = Rig(folder)
    await rig.open()
    gc.collect()
    gc.freeze()  # as the program does: what other tests have left behind is no cost of a key
    try:
        for done, act in enumerate(acts):
            try:
                await rig.do(act)
            except Exception as error:
                error.add_note(f"act {done}: {act!r:.300}")
                raise
        check_screen(rig.app)
        await rig.close()
    finally:
        gc.unfreeze()
        await rig.abandon()
    return rig


def _name(character: str) -> str:
    from textual.keys import _character_to_key

    return _character_to_key(character)


def keep_to(folder: Path) -> None:
    """Let no save leave the folder, whatever name a random writer types."""
    real = files.save

    def save(path: Path, *args: Any, **more: Any) -> Any:
        if not path.absolute().is_relative_to(folder):
            raise DraftError("Not there.", "A random writer stays in its folder.")
        return real(path, *args, **more)

    files.save = save
