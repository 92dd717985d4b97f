"""Learning: what cowrite learned from, what it brought, what is in use, and the switch for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Sparkline, Static

from cowrite.core.dates import day
from cowrite.core.printable import printable
from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.learning.choices import Choices
from cowrite.learning.overview import Overview
from cowrite.learning.registry import Version
from cowrite.learning.training import COMMAND
from cowrite.tui.parts import PartMessage
from cowrite.tui.screens.dialogs import Dialog
from cowrite.tui.screens.learning_tables import (
    facts_table,
    texts_table,
    versions_table,
)
from cowrite.tui.services import Window
from cowrite.tui.window.learner import Learning


@dataclass(frozen=True, slots=True)
class Facts:
    """What the screen shows: the overview, the order of candidates and phrases that are struck out, and what
    was kept of suggestions, week by week (0 to 1)."""

    overview: Overview
    choices: Choices
    kept: tuple[float, ...]


class FactsRead(PartMessage):
    """The facts were read, or could not be."""

    def __init__(self, facts: Facts | None, error: CowriteError | None) -> None:
        super().__init__()
        self.facts, self.error = facts, error


class LearningScreen(Dialog):
    """Facts in rows, two plots, versions and texts; letters switch, go back, and learn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("u", "toggle_use", "Use"),
        ("b", "back", "Back"),
        ("n", "learn", "Learn now"),
    ]
    DEFAULT_CSS = """
    LearningScreen > .box { width: 92; height: 90%; }
    LearningScreen .facts { height: 1fr; margin-top: 1; }
    LearningScreen .facts Static { height: auto; }
    LearningScreen .group { color: $text-accent; text-style: bold; margin-top: 1; }
    LearningScreen Sparkline { height: 2; width: 1fr; margin: 0 1; }
    LearningScreen .keys { height: auto; margin-top: 1; color: $foreground 60%; }
    LearningScreen.-tight > .box { height: 100%; }
    LearningScreen.-tight .facts, LearningScreen.-tight .keys { margin-top: 0; }
    """

    def __init__(self, window: Window, model: str, model_sha256: str) -> None:
        super().__init__()
        self._window, self._model, self._sha256 = window, model, model_sha256
        self._facts: Facts | None = None
        self._shown = Learning()

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static("Learning", classes="title", markup=False)
            with VerticalScroll(classes="facts"):
                yield Static("Reading the log …", id="summary", markup=False)
                yield Static(
                    "Kept of what was suggested, week by week", id="kept-title", classes="group"
                )
                yield Sparkline([], id="kept", summary_function=max)
                for name in ("versions", "texts"):
                    yield Static(name.title(), id=f"{name}-title", classes="group", markup=False)
                    yield Static("", id=name, markup=False)
            yield Static("", classes="keys", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(".facts"))
        self._let_stand(kept=False, versions=False, texts=False)
        self._renew()
        self.set_interval(1.0, self._follow)
        self._read()

    def _read(self) -> None:
        threading.Thread(target=self._read_facts, name="learning-facts", daemon=True).start()

    def _read_facts(self) -> None:
        from cowrite.learning.choices import choices
        from cowrite.learning.overview import overview

        window = self._window
        try:
            found = overview(window.paths, self._sha256)
            chosen = choices(window.paths, window.settings.sampling.banned or ())
            facts = Facts(found, chosen, tuple(_kept(window)))
        except CowriteError as error:
            self.post_message(FactsRead(None, error))
        else:
            self.post_message(FactsRead(facts, None))

    def on_facts_read(self, message: FactsRead) -> None:
        """Show them."""
        self._facts = message.facts
        if message.error is not None:
            self.query_one("#summary", Static).update(
                printable(f"{message.error.message} {message.error.hint}")
            )
            return
        self._renew()

    # What is shown

    def _follow(self) -> None:
        """A round goes on beside the window: say how far it is."""
        now = self._window.learner.now
        if now != self._shown:
            ended = self._shown.stage and not now.stage
            self._shown = now
            self._renew()
            if ended:
                self._read()

    def _renew(self) -> None:
        now, facts = self._window.learner.now, self._facts
        self.query_one(".keys", Static).update(self._keys(now))
        if facts is None:
            return
        found = facts.overview
        self.query_one("#summary", Static).update(facts_table(self._summary(facts, now)))
        self.query_one("#kept", Sparkline).data = list(facts.kept)
        self.query_one("#versions", Static).update(versions_table(found, self._sha256))
        self.query_one("#texts", Static).update(texts_table(found))
        self._let_stand(
            kept=len(facts.kept) > 1,
            versions=bool(found.versions_for(self._sha256)),
            texts=bool(found.texts),
        )

    def _let_stand(self, **shown: bool) -> None:
        """Show the parts that have something in them, with their titles."""
        for name, there in shown.items():
            self.query_one(f"#{name}").display = there
            self.query_one(f"#{name}-title").display = there

    def _summary(self, facts: Facts, now: Learning) -> Iterator[tuple[str, str]]:
        found, use = facts.overview, self._window.settings.learn.use
        number = found.in_use.get(self._sha256, 0)
        version = next((v for v in found.versions_for(self._sha256) if v.number == number), None)
        yield ("In use", _in_use(version, self._model, use=use))
        if version is not None:
            yield ("Brought", version.reason)
        learned = f"{counted(len(found.texts), 'text')}, {found.words:,} words"
        judging = sum(text.held_out for text in found.texts)
        if judging:
            learned += f"; {judging:,} more, the newest, judge"
        yield ("Learned from", learned)
        yield ("To learn", found.need.sentence)
        yield ("Order", facts.choices.sentence)
        for one in facts.choices.proposals:
            often = f"{one.struck} of {one.struck + one.kept} times"
            yield ("Struck out", f"“{one.phrase}”, {often}: sampling.banned bans it")
        if not found.can_train:
            yield ("To train", f"an adapter needs the extra: {COMMAND}")
        if now.stage:
            yield ("Going on", _progress(now))
        elif now.last:
            yield ("Last round", now.last)
        for path in found.excluded:
            yield ("Excluded", path)
        for trouble in found.troubles:
            yield ("Trouble", trouble)

    def _keys(self, now: Learning) -> str:
        use = "don't use it" if self._window.settings.learn.use else "use it"
        learn = "stop learning" if now.stage else "learn now"
        return f"u {use}   b the version before   n {learn}   esc back to the draft"

    # What its keys do

    def action_toggle_use(self) -> None:
        """Use what was learned, or the model as it came."""
        try:
            self._window.change_setting("learn.use", not self._window.settings.learn.use)
        except CowriteError as error:
            self._window.tell(error.message, error.hint, "warning")
        self._renew()

    def action_back(self) -> None:
        """Take the last version back."""
        from cowrite.learning.cycle import only_one, roll_back

        try:
            with only_one(self._window.paths):
                before, after = roll_back(self._window.paths, self._sha256)
        except CowriteError as error:
            self._window.tell(error.message, error.hint, "warning")
            return
        if before == after:
            self._window.tell("There is no version before this one.")
            return
        self._window.renew_engine()
        self._read()

    def action_learn(self) -> None:
        """Begin a round, or stop the one that goes on."""
        learner = self._window.learner
        if learner.now.stage:
            learner.stop()
        else:
            learner.start()
        self._follow()


def _in_use(version: Version | None, model: str, *, use: bool) -> str:
    if version is None:
        return f"nothing learned: {model or 'the model'} writes as it came"
    said = f"version {version.number} for {version.model_name}, of {day(version.made_ms)}"
    return said if use else f"nothing: {said} is switched off"


def _progress(now: Learning) -> str:
    share = f" {now.share:.0%}" if now.share >= 0 else ""
    left = f", {_time(now.seconds_left)} left" if now.seconds_left > 0 else ""
    return f"{now.stage}{share}{left}" + (", resting while you write" if now.resting else "")


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _kept(window: Window) -> Iterator[float]:
    """Of the characters that were suggested, the share that was taken and kept, in each week with some."""
    from cowrite.logbook.groups import grouped
    from cowrite.logbook.source import Choice
    from cowrite.logbook.statistics import read_figures
    from cowrite.store import LogReader

    if not window.paths.log_file.exists():
        return
    with LogReader.open(window.paths.log_file) as log:
        for week in grouped(
            read_figures(log, window.paths, Choice(), scratch=window.settings.log.scratch), "week"
        ):
            if week.figures.offered:
                yield week.figures.kept / week.figures.offered
