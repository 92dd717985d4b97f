"""Learning beside the window: a process of its own, which rests while the writer types."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.message import Message

from cowrite.config import Settings
from cowrite.tui.parts import PartMessage

if TYPE_CHECKING:
    from cowrite.learning.beside import Told

REST_S = 3.0
"""Seconds without a key after which it goes on."""

IDLE_S = 180.0
"""Seconds without a key after which it looks by itself whether something is due."""

AGAIN_S = 3600.0
"""Seconds between two such looks."""


class LearnerTold(PartMessage):
    """The process has said something; None: it is gone."""

    bubble = False

    def __init__(self, told: Told | None) -> None:
        super().__init__()
        self.told = told


@dataclass(frozen=True, slots=True)
class Learning:
    """What is going on. stage: in a few words, empty while nothing is. last: what came of the last round."""

    stage: str = ""
    share: float = -1.0
    seconds_left: float = 0.0
    resting: bool = False
    last: str = ""


class Learner:
    """Owns the process. `now` says what is going on.

    post: takes messages from any thread. idle: seconds since the writer did something. tell: a toast.
    changed: something else is in use now. model: the model that the window writes with.
    """

    def __init__(
        self,
        post: Callable[[Message], object],
        settings: Callable[[], Settings],
        idle: Callable[[], float],
        model: Callable[[], str],
        *,
        tell: Callable[[str, str, str], None],
        changed: Callable[[], None],
    ) -> None:
        self._post, self._settings, self._idle, self._model = post, settings, idle, model
        self._tell, self._changed = tell, changed
        self.now = Learning()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_for = False
        """Whether the writer has begun it: then its end is told, whatever came of it."""
        self._looked_at = time.monotonic()

    def start(self, *, asked: bool = True) -> None:
        """Begin a round where none goes on. asked: by the writer, who need not have written much."""
        if self._process is not None:
            return
        words = [sys.executable, "-m", "cowrite", "learn", "--beside"]
        words += ["--now"] if asked else []
        words += ["--model", self._model()] if self._model() else []
        try:
            process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            self._tell(f"Learning can't be begun: {error.strerror or error}.", "", "warning")
            return
        self._process, self._asked_for = process, asked
        self.now = Learning("beginning", last=self.now.last)
        threading.Thread(target=self._listen, args=(process,), name="learner", daemon=True).start()

    def stop(self) -> None:
        """End the round; the next one goes on from there."""
        self._say("stop")

    def close(self) -> None:
        """The window ends: the process sees its pipe closed, and stops."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def tick(self) -> None:
        """Rest while the writer types, and look by itself in a long pause. To be called each second."""
        idle = self._idle()
        if self._process is not None:
            resting = idle < REST_S
            if resting is not self.now.resting:
                self._say("pause" if resting else "go")
                self.now = replace(self.now, resting=resting)
            return
        wanted = self._settings().learn.when
        since = time.monotonic() - self._looked_at
        if wanted != "never" and idle >= IDLE_S and since >= AGAIN_S:
            self._looked_at = time.monotonic()
            self.start(asked=False)

    def on_learner_told(self, message: LearnerTold) -> None:
        """The process has said something."""
        from cowrite.learning.beside import Ended, Going

        match message.told:
            case Going(stage, share, seconds_left):
                self.now = replace(self.now, stage=stage, share=share, seconds_left=seconds_left)
            case Ended(sentence, changed, failed, hint):
                self.now = Learning(last=sentence)
                if self._asked_for or changed or (not failed and hint):
                    self._tell(sentence, hint, "warning" if failed else "information")
                if changed:
                    self._changed()
            case None:
                if self._process is not None:
                    self._process.wait()
                    self._process = None
                if self.now.stage:
                    self.now = Learning(
                        last="Learning was cut off; the next round goes on from there."
                    )

    def _say(self, word: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.write(f"{word}\n".encode())
                self._process.stdin.flush()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """The thread that reads what the process says."""
        from cowrite.learning.beside import decode

        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in process.stdout:
                told = decode(line)
                if told is not None:
                    self._post(LearnerTold(told))
        self._post(LearnerTold(None))
