"""How every screen and state looks: dark, light, in 60 columns and 20 rows, and with Chinese prose.

`COWRITE_UPDATE_SNAPSHOTS=1 pytest tests/tui/shell/test_snapshots.py` keeps how everything looks now; look at
what that changes before it is committed.
"""

from __future__ import annotations

import datetime
import os
import re
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from editor_bench import StillEngine
from learned_versions import MADE, learned
from scripted import Scripted
from snapshot import difference, picture
from stages import Stage
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from cowrite.catalog import cards
from cowrite.catalog.advising import Machine, advise, ordered
from cowrite.catalog.speeds import Speed
from cowrite.config import load
from cowrite.core.dates import day
from cowrite.core.diff import in_lines
from cowrite.core.edits import Part
from cowrite.core.events import SessionInfo, Snapshotted
from cowrite.core.outcome import Closing
from cowrite.core.provenance import FILE, Author, one_run
from cowrite.core.suggestion import Candidate, Timings
from cowrite.engine.protocol import Chunk, Done, EngineState
from cowrite.errors import ModelError
from cowrite.learning.corpus import add
from cowrite.learning.library import Library
from cowrite.logbook.replay.player import Player
from cowrite.logbook.snapshots import Snapshot
from cowrite.paths import Paths
from cowrite.session.engine_news import ModelMissing
from cowrite.session.tasks import Wish
from cowrite.store import LogReader, Recovery
from cowrite.store.named_places import NamedPlace
from cowrite.tui.app import CowriteApp
from cowrite.tui.replay.app import ReplayApp
from cowrite.tui.replay.screen import ReplayScreen
from cowrite.tui.screens.comparing import ComparingScreen
from cowrite.tui.screens.models import ModelsScreen
from cowrite.tui.screens.project import ProjectScreen
from cowrite.tui.screens.snapshots import ChangedSince, SinceSnapshot, SnapshotsScreen
from cowrite.tui.screens.start import RecentDraft
from cowrite.tui.window.choices import choose_theme
from cowrite.tui.window.start import take_tour

_OWN_FOLDER = re.compile(r"/tmp/cowrite-\w{8}")
KEPT = Path(__file__).parent / "snapshots"
WIDE, NARROW = (100, 30), (60, 20)
LOOKS = {
    "dark": ("cowrite-ink", WIDE),
    "light": ("cowrite-paper", WIDE),
    "narrow": ("cowrite-ink", NARROW),
}
"""What each scene is pictured in, one after the other."""
FEW = {**LOOKS, "own": ("terminal-dark", WIDE)}
"""With the terminal's own colours too, where a scene tells things by colour."""

PROSE = """\
# The harbour

It had been *raining* since noon. The boats came home early, and **nobody** spoke of what they had seen \
out past the second light, where the water turns from green to black.

> A line from the pilot's book.

## Evening

When evening came"""
LONG = PROSE.replace("## Evening", "\n\n".join(["The rain went on, and nobody came."] * 30))
CHINESE = """\
# 港口

傍晚时分，码头上的灯一盏接一盏地亮了起来。老人们坐在墙边谈论天气。“今晚要下雨。”有人说。

没有人"""
ANSWERS = (
    " the lamps were lit along the quay, one after the other, until the whole harbour shone.",
    " nobody was lighting the lamps along the quay any more.",
    " but the lamps stayed dark.",
)
CHINESE_ANSWERS = ("回答他的话，海面上只有风声。", "说话。", "相信他。")

Step = str | Callable[[Stage], Awaitable[None] | None]


@dataclass(frozen=True)
class Scene:
    """Keys and acts that lead to a picture."""

    steps: tuple[Step, ...] = ()
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    text: str | None = PROSE
    answers: tuple[str, ...] = ANSWERS
    sizes: dict[str, tuple[str, tuple[int, int]]] = field(default_factory=lambda: LOOKS)


def suggest(stage: Stage) -> None:
    stage.suggest()


def stream(stage: Stage) -> None:
    stage.stream()


REWRITTEN = (
    "It had been raining since noon. The boats came in early, and nobody spoke of what lay past the light, \
where the water is black.",
    "Since noon it had rained. The boats were home early.",
)


def rewrite(stage: Stage, *, done: bool = True) -> None:
    start = PROSE.index("It had")
    stage.session.instructions.give(Wish("plainer", start, PROSE.index("black.") + 6))
    assert stage.session.rewrite is not None
    identity = stage.session.rewrite.suggestion_id
    stage.tell(EngineState.WRITING)
    stage.session.receive(Chunk(identity, 0, REWRITTEN[0][:70]))
    if done:
        made = tuple(map(Candidate, REWRITTEN))
        stage.session.receive(Done(identity, made, 120, 100, Timings(1.0, 1.0, 2.0)))
        stage.tell(EngineState.READY)


def rewriting(stage: Stage) -> None:
    rewrite(stage, done=False)


def answered(stage: Stage) -> None:
    stage.session.questions.ask("Why does nobody speak?")
    assert stage.session.questions.answer is not None
    identity = stage.session.questions.answer.suggestion_id
    made = (Candidate("They saw something past the second light, where the water is black."),)
    stage.session.receive(Chunk(identity, 0, made[0].text))
    stage.session.receive(Done(identity, made, 120, 100, Timings(1.0, 1.0, 2.0)))


def engine(state: EngineState, reason: str = "") -> Step:
    return lambda stage: stage.tell(state, reason)


def no_model(stage: Stage) -> None:
    error = ModelError(
        "There is no model named 'gemma-3-1b'.", "cowrite models list shows which there are."
    )
    stage.app.engine.take(ModelMissing(error))


def read_only(stage: Stage) -> None:
    stage.session.buffer.read_only = "its permissions forbid writing"


def changed_outside(stage: Stage) -> None:
    assert stage.session.file.path is not None
    theirs = PROSE.replace("raining", "snowing").replace("## Evening", "## Night")
    stage.session.file.path.write_text(theirs, encoding="utf-8")


def look_at_disk(stage: Stage) -> None:
    assert stage.app.draft is not None
    stage.app.draft.files.look_at_disk()


def recovery(stage: Stage) -> None:
    text = (
        PROSE.replace("early, and **nobody** spoke", "late, and nobody spoke a word") + " at last."
    )
    stage.session.recovery.lost = Recovery(
        "lost", None, text, one_run(len(text), FILE), (0, 0), PROSE, None, 0
    )
    assert stage.app.draft is not None
    stage.app.draft.files.offer_recovery()


def progress(stage: Stage) -> None:
    assert stage.app.draft is not None
    stage.app.draft.status_line.show_progress(0.42)


def themes(stage: Stage) -> None:
    choose_theme(stage.app)


def write_much(stage: Stage) -> None:
    stage.session.paste(" Pasted words, and more of them.")
    stage.session.type(" Typed.")


def every_origin(stage: Stage) -> None:
    """A suggestion that is left as it is, one that is changed, pasted words, and a ghost."""
    session = stage.session
    session.type(" ")
    for _ in range(2):
        stage.suggest()
        session.accepting.accept(Part.ALL)
        session.type(" I had not thought of that. ")
    end = session.cursor
    session.select(end - 60, end - 53)
    session.type("slowly")
    session.select(end - 1, end - 1)
    session.paste("“Pasted words.” ")
    session.type("Then ")
    stage.suggest()


async def speller(stage: Stage) -> None:
    """Wait for the dictionary, which is read on a thread."""
    await stage.settle(1.0)


def tour(stage: Stage) -> None:
    take_tour(stage.app)


LORE = """\
## The harbour master
Keys: boats

A man of sixty who never speaks of the sea.

## The pilot

Drowned.
"""


async def in_project(stage: Stage) -> None:
    """The draft is in a project, which was read, and the cursor is at its end."""
    Path("cowrite.toml").write_text(
        '[project]\nnotes = "notes.md"\nauthor_note = "next.md"\nlore = "lore.md"\n'
        'chapters = ["one.md"]\npassages = 0\n'
    )
    Path("notes.md").write_text("Nobody dies. The lamps are never lit by hand.")
    Path("next.md").write_text("A light is seen where there is none.")
    Path("lore.md").write_text(LORE)
    Path("one.md").write_text("It was the last day of summer.")
    stories, path = stage.app.stories, stage.session.file.path
    stories._files.clear()
    stories.refresh(path)
    while stories.story_of(path) is None:
        await stage.settle(0.02)
    stage.session.select(len(stage.session.document), len(stage.session.document))
    stage.session.requests.look_for_names()


CHAPTERS = {
    "01": ("The harbour", "goal: 2000\nstatus: revised", "It rained. " * 300),
    "02": ("", "", "Nobody came that evening, and nobody was expected. " * 40),
    "03": (
        "In which the pilot's daughter learns what her father saw beyond the second light, and says nothing",
        "goal: 900",
        "She said nothing. " * 300,
    ),
    "04": (
        "港口的灯一盏接一盏地亮了起来，老人们坐在墙边谈论天气",
        "status: 初稿",
        "没有人说话。" * 80,
    ),
}


async def project(stage: Stage) -> None:
    """A project of four chapters, with days on which words were typed."""
    Path("chapters").mkdir()
    for name, (title, front, prose) in CHAPTERS.items():
        heading = f"# {title}\n\n" if title else ""
        path = Path("chapters", f"{name}.md")
        text = f"---\n{front}\n---\n{heading}{prose}\n\n***\n\nThe lamps were lit.\n"
        path.write_text(text, encoding="utf-8")
        os.utime(path, (MADE / 1000, MADE / 1000))
    Path("cowrite.toml").write_text(
        '[project]\ntitle = "The Second Light"\nchapters = ["chapters/*.md"]\n'
        '[project.goals]\n"chapters/02.md" = 1500\n'
    )
    await stage.pilot.press("alt+7")
    screen = stage.app.screen
    assert isinstance(screen, ProjectScreen)
    while screen.table is None:
        await stage.settle(0.02)
    today = datetime.date(2026, 11, 26)
    days = {today - datetime.timedelta(days=ago): 1204 - 60 * ago for ago in (0, 1, 2, 5, 9, 16)}
    shares = ({Author.WRITER: 82, Author.MODEL: 18}, {Author.FILE: 1}, {Author.PASTE: 5}, {})
    rows = zip(screen.table.rows, shares, strict=True)
    told = tuple(replace(row, shares=share) for row, share in rows)
    screen.show(replace(screen.table, rows=told, days=days, today=today))


async def across(stage: Stage) -> None:
    """Every "evening" of four chapters, one of them left out, and what would come there."""
    await project(stage)
    await stage.pilot.press("escape", "alt+apostrophe")
    await stage.settle()
    screen = stage.app.screen
    await stage.pilot.press(*"evening", "tab", *"night", "tab")
    while "evening" not in screen.query_one("#across-find", Input).value:
        await stage.settle(0.02)
    await stage.settle(0.5)
    await stage.pilot.press("down", "space", "down", "down")


def kept(path: Path, when: str, name: str, *, automatic: bool = False, drafts: int = 1) -> Snapshot:
    started = int(datetime.datetime.fromisoformat(when).timestamp() * 1000)
    places = tuple(
        NamedPlace(
            SessionInfo("s", "d", str(path.with_name(f"{n + 1:02}.md")), started, None, "1.0"),
            1,
            Snapshotted(name, name, automatic),
        )
        for n in range(drafts)
    )
    return Snapshot(name, name[:6], name, started, automatic, places)


KEPT_NAMES = (
    ("2026-11-26 18:02", "before “evening” became “night”", True, 4),
    (
        "2026-11-25 09:30",
        "first draft, as it went to Anna, with the ending that she did not like",
        False,
        4,
    ),
    ("2026-11-20 21:14", "第一稿：港口的灯一盏接一盏地亮了起来", False, 1),
)


async def snapshots_listed(stage: Stage) -> None:
    await project(stage)
    await stage.pilot.press("escape", "alt+grave_accent")
    await stage.settle(0.5)
    screen = stage.app.screen
    assert isinstance(screen, SnapshotsScreen)
    path = Path("/home/ann/book/01.md")
    screen.show([kept(path, when, name, automatic=a, drafts=n) for when, name, a, n in KEPT_NAMES])


async def since_snapshot(stage: Stage) -> None:
    one = kept(Path("/home/ann/book/01.md"), "2026-11-25 09:30", "first draft", drafts=2)
    changed = (
        ("01.md", PROSE, PROSE.replace("raining", "snowing").replace("## Evening", "## Night")),
        ("04.md", CHINESE, CHINESE.replace("今晚要下雨", "今晚不下雨")),
    )
    shown = [ChangedSince(name, tuple(in_lines(old, new))) for name, old, new in changed]
    stage.app.push_screen(SinceSnapshot(one, shown, is_here=True, whole=True))


async def chinese_across(stage: Stage) -> None:
    await project(stage)
    await stage.pilot.press("escape", "alt+apostrophe")
    await stage.settle()
    stage.app.screen.query_one("#across-find", Input).value = "说话"
    stage.app.screen.query_one("#across-replace", Input).value = "回答他的话"
    await stage.settle(0.5)
    await stage.pilot.press("enter", "down")


def weighed_told(stage: Stage) -> None:
    """The model tells what weighed: some sentences of each part."""
    assert stage.app.draft is not None
    heavy = {
        "boats came": 2.0,
        "raining": 0.9,
        "A light": 0.4,
        "never speaks": 0.8,
    }
    for _ in range(2):
        stage.app.draft.engine_said(stage.engine.weighed(heavy))


async def learning(stage: Stage) -> None:
    """Two versions of an adapter, an earlier work, and the screen that tells of them."""
    paths = stage.app.paths
    status = stage.app.engine.status
    learned(paths, status.model_sha256, 1, 2)
    book = Path.cwd() / "an-earlier-book.md"
    book.write_text("The boats went out before it was light. " * 40)
    os.utime(book, (MADE / 1000, MADE / 1000))
    with Library.open(paths.learning) as library:
        add(library, [book], paths)
    stage.session.type(" ")
    for _ in range(400):
        with LogReader.open(paths.log_file) as log:
            if any(log.sessions()):
                break
        await stage.pilot.pause(0.02)
    await stage.pilot.press("alt+j")
    await stage.settle(1.0)


async def models(stage: Stage) -> None:
    """Two that come in packages, measured, and all that can be downloaded."""
    shipped = cards(stage.app.paths)
    measured = {
        shipped[name].sha256: Speed(shipped[name].size, first, words)
        for name, first, words in (
            ("gemma-3-270m", 42.0, 31.0),
            ("smollm2-135m-instruct", 24.0, 56.0),
        )
    }
    machine = Machine(1_500_000_000, 24_000_000_000, 0, measured)
    found = ordered(advise(stage.app.paths, machine), None)
    stage.app.push_screen(ModelsScreen(stage.app, read=lambda: (found, machine)))
    await stage.settle(0.5)
    await stage.pilot.press("down", "down", "down")


async def comparing(stage: Stage) -> None:
    screen = ComparingScreen()
    stage.app.push_screen(screen)
    await stage.settle()
    screen.ended(0, list(ANSWERS))
    screen.grow(1, 0, CHANGED)


CHANGED = " the lights came on along the"
END = "ctrl+end"
GHOST: tuple[Step, ...] = (END, suggest)
GOAL = {"editor": {"word_goal": 4}}
SPELLING = {"editor": {"spelling": "en"}}
MISSPELLED: tuple[Step, ...] = (lambda stage: stage.session.type(" the lampz were"), speller)
SCENES: dict[str, Scene] = {
    # The draft
    "empty": Scene(text=""),
    "draft": Scene(),
    "draft-long": Scene((END,), text=LONG),
    "typing": Scene((END, " ", "i", "t"), GOAL),
    "goal-reached": Scene((END, lambda stage: stage.session.type(" one two three four")), GOAL),
    "selection": Scene((END, "ctrl+shift+left", "ctrl+shift+up")),
    "focus": Scene((END,), {"editor": {"focus": "paragraph"}}),
    "focus-sentence": Scene(("down", "down", "end"), {"editor": {"focus": "sentence"}}),
    "typewriter": Scene((END,), {"editor": {"typewriter": True}}, LONG),
    "full-screen": Scene(("alt+z",)),
    "read-only": Scene((read_only, "x")),
    # The ghost
    "ghost": Scene(GHOST, sizes=FEW),
    "streaming": Scene((END, stream)),
    "middle": Scene(("down", "down", "end", suggest)),
    "second": Scene((*GHOST, "ctrl+n")),
    "word": Scene((*GHOST, "ctrl+t")),
    "pane": Scene((*GHOST, "f4")),
    "candidates": Scene((*GHOST, "f5"), sizes=FEW),
    "candidates-none": Scene(("f5",)),
    "tokens": Scene((*GHOST, "alt+t", "right"), sizes=FEW),
    "tokens-of-a-span": Scene((*GHOST, "tab", "ctrl+left", "alt+t")),
    "candidates-growing": Scene((END, stream, "f5")),
    "origins": Scene((END, every_origin, "f12"), sizes=FEW),
    "earlier": Scene((*GHOST, "escape", suggest, "ctrl+n", "escape", "alt+h")),
    # The project
    "project": Scene((project,), sizes=FEW),
    "project-scenes": Scene((project, "s", "down", "down")),
    "across": Scene((across,), sizes=FEW),
    "snapshots": Scene((snapshots_listed, "down")),
    "snapshot-since": Scene((since_snapshot,), sizes=FEW),
    "chinese-across": Scene((chinese_across,), sizes={"narrow": ("cowrite-paper", NARROW)}),
    # Memory
    "model-sees": Scene((in_project, "alt+comma", weighed_told)),
    "model-sees-weighed": Scene(
        (in_project, suggest, "alt+comma", weighed_told, "w", weighed_told), sizes=FEW
    ),
    "weighed": Scene((in_project, suggest, "alt+full_stop", weighed_told), sizes=FEW),
    "no-entry": Scene((in_project, "alt+m")),
    # Instructions
    "instruct": Scene(("down", "down", "ctrl+k"), sizes=FEW),
    "instruct-typed": Scene(("down", "down", "ctrl+k", "p", "l")),
    "rewriting": Scene((rewriting,)),
    "rewrite": Scene((rewrite, "ctrl+down"), sizes=FEW),
    "rewrite-part": Scene((rewrite, "tab", "ctrl+r")),
    "rewrite-elsewhere": Scene((rewrite, END)),
    "ask": Scene((END, "alt+q", answered), sizes=FEW),
    # The engine
    "loading": Scene((engine(EngineState.LOADING),)),
    "joining": Scene((engine(EngineState.LOADING), progress)),
    "no-model": Scene((no_model,)),
    "restarting": Scene((engine(EngineState.RESTARTING, "The model's process ended."),)),
    # Lines and dialogs
    "find": Scene(("ctrl+f", "t", "h", "e"), sizes=FEW),
    "find-none": Scene(("ctrl+f", "q", "q")),
    "replace": Scene(("alt+r", "t", "h", "e", "tab", "a")),
    "outline": Scene(("ctrl+g",)),
    "counts": Scene((*GHOST, "tab", write_much, "alt+i"), GOAL),
    "help": Scene(("f1",)),
    "palette": Scene(("ctrl+p",), sizes=FEW),
    "palette-found": Scene(("ctrl+p", "s", "a", "v")),
    "settings": Scene(("alt+p",)),
    "themes": Scene((themes,)),
    "tour": Scene((tour,)),
    "learning": Scene((learning,)),
    "comparing": Scene((comparing,)),
    "models": Scene((models,), sizes=FEW),
    "models-download": Scene((models, "d")),
    "misspelled": Scene((END, *MISSPELLED), SPELLING),
    "correct": Scene((END, *MISSPELLED, "left", "alt+e"), SPELLING),
    "save-as": Scene(("alt+s",)),
    "unsaved": Scene(("x", "ctrl+q")),
    "changed-outside": Scene(("x", changed_outside, look_at_disk)),
    "conflict": Scene(("x", changed_outside, "ctrl+s")),
    "conflict-own": Scene(("x", changed_outside, "ctrl+s"), sizes={"": ("terminal-dark", WIDE)}),
    "recovery": Scene((recovery,)),
    # Without a file
    "start": Scene(text=None),
    "start-first": Scene(text=None),
    # Sizes and scripts of their own
    "low": Scene(GHOST, sizes={"": ("cowrite-ink", (40, 9))}),
    "small": Scene(sizes={"": ("cowrite-ink", (18, 5))}),
    **{
        f"chinese-{name}": Scene(
            steps,
            text=CHINESE,
            answers=CHINESE_ANSWERS,
            sizes={"": ("cowrite-ink", WIDE), "narrow": ("cowrite-paper", NARROW)},
        )
        for name, steps in {
            "draft": (),
            "ghost": GHOST,
            "word": (*GHOST, "ctrl+t"),
            "candidates": (*GHOST, "f5"),
            "selection": (END, "shift+up"),
            "find": ("ctrl+f", "灯"),
        }.items()
    },
}


def file_for(name: str, look: str) -> Path:
    return KEPT / (f"{name}-{look}.svg" if look else f"{name}.svg")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose name has the same length each time, so that nothing breaks at another place."""
    with tempfile.TemporaryDirectory(prefix="cowrite-", dir="/tmp") as name:
        yield Path(name)


async def pictures(
    app: App[None], pilot: Pilot[None], name: str, sizes: dict[str, tuple[str, tuple[int, int]]]
) -> None:
    """Compare a scene in each of its looks; all that is different is told at once."""
    told = []
    for look, (theme, size) in sizes.items():
        app.theme = theme
        if app.size != size:
            await pilot.resize_terminal(*size)
            await pilot.pause(0.2)
        for _ in range(2):
            await pilot.pause()
        drawn = _OWN_FOLDER.sub("/home/ann/drafts/quay", picture(app))
        drawn = drawn.replace(day(time.time_ns() // 1_000_000), "2023-11-16")
        told.append(difference(drawn, file_for(name, look)))
    assert not any(told), "\n".join(filter(None, told))


@pytest.mark.parametrize("name", SCENES)
async def test_it_looks_as_it_did(
    name: str, make_app: Callable[..., CowriteApp], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = SCENES[name]
    monkeypatch.setattr("cowrite.tui.draft.files.LOOK_AT_DISK", 3600.0)  # a scene says when
    monkeypatch.setattr(
        CowriteApp, "NOTIFICATION_TIMEOUT", 3600.0
    )  # what is told stays in every look
    monkeypatch.chdir(folder)
    file = Path("harbour.md")
    if scene.text is not None:
        file.write_text(scene.text, encoding="utf-8")
    recent = [
        RecentDraft(Path.home() / folder / draft, time.time() - seconds)
        for folder, draft, seconds in (
            ("drafts", "harbour.md", 90),
            ("drafts/novel", "chapter-07.md", 7300),
            ("letters", "to-anna.txt", 400_000),
        )
    ]
    monkeypatch.setattr(
        "cowrite.tui.window.start.recent_drafts",
        lambda _: [] if name == "start-first" else recent,
    )
    theme, size = next(iter(scene.sizes.values()))
    settings = {**scene.settings, "ui": {"theme": theme, "reduced_motion": True}}
    app = make_app(file if scene.text is not None else None, settings=settings)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        stage = Stage(app, pilot, StillEngine(), scene.answers)
        stage.begin()
        for step in scene.steps:
            if isinstance(step, str):
                await pilot.press(step)
            else:
                waiting = step(stage)
                if waiting is not None:
                    await waiting
            await pilot.pause()
        await stage.settle()
        await pictures(app, pilot, name, scene.sizes)


def evening() -> Scripted:
    """A session to play again."""
    made = Scripted("# Quay\n\n").wait(1).type("It was dark when we came.").wait(1)
    made.ask("s", " The lamps were lit.", " Nobody came.").wait(0.4).show("s", 0, 1.0)
    made.take("s", " The", Part.WORD)
    made.wait(1).close("s", Closing.REJECTED).wait(1).save().wait(1)
    return made.type(" door stood open.").wait(12).type(" So I went in.").end()


@pytest.mark.parametrize("moment", [2.6, 18.0])
async def test_a_session_played_again_looks_as_it_did(moment: float, tmp_path: Path) -> None:
    made = evening()
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    player = Player(made.events)
    settings = load(paths, None, environ={})
    app = ReplayApp(player, made.info, settings=settings, paths=paths, driver_class=None)
    async with app.run_test(size=WIDE) as pilot:
        player.playing = False
        player.go(moment * 1000)
        assert isinstance(app.screen, ReplayScreen)
        app.screen._show()
        await pilot.pause(0.2)
        await pictures(app, pilot, f"replay-{moment:.0f}", LOOKS)


def test_every_kept_picture_is_of_a_scene() -> None:
    looked = {file_for(name, look) for name, scene in SCENES.items() for look in scene.sizes}
    looked |= {file_for(f"replay-{moment}", look) for moment in (3, 18) for look in LOOKS}
    assert looked == set(KEPT.glob("*"))
