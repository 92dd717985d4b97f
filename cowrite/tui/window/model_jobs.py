"""What takes its time with a model, beside the window: downloading and measuring, each a command of its own.

The window itself opens no connection: `cowrite models pull` does, in a process that is begun only when the
writer has said yes, and that ends with the window. What has come is kept, and gone on with.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from textual.message import Message

from cowrite.core.printable import printable
from cowrite.tui.parts import PartMessage


class ModelJobTold(PartMessage):
    """The process has said a line; `ended` is its exit code once it is gone."""

    bubble = False

    def __init__(self, line: str, ended: int | None = None) -> None:
        super().__init__()
        self.line, self.ended = line, ended


@dataclass(frozen=True, slots=True)
class ModelJob:
    """What is going on, and with which model. line: what was said last."""

    name: str
    doing: str
    line: str = ""


class ModelJobs:
    """Owns the process, one at a time. `now` says what is going on, None while nothing is.

    post: takes messages from any thread. tell: a toast. ended: counts jobs, so that who shows models reads them
    anew.
    """

    def __init__(
        self, post: Callable[[Message], object], tell: Callable[[str, str, str], None]
    ) -> None:
        self._post, self._tell = post, tell
        self.now: ModelJob | None = None
        self.ended = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._said: list[str] = []

    def download(self, name: str) -> None:
        """Begin `cowrite models pull`, or go on with it."""
        self._start(ModelJob(name, "downloading"), ["pull", name])

    def measure(self, name: str) -> None:
        """Begin `cowrite models advise`, which measures it."""
        self._start(ModelJob(name, "measuring"), ["advise", name, "--measure"])

    def stop(self) -> None:
        """End what goes on; a download keeps what has come."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.send_signal(signal.SIGINT)

    def close(self) -> None:
        """The window ends, and the process with it."""
        self.stop()

    def _start(self, job: ModelJob, words: list[str]) -> None:
        if self._process is not None:
            return
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "cowrite", "models", *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            self._tell(f"It can't be begun: {error.strerror or error}.", "", "warning")
            return
        self._process, self.now, self._said = process, job, []
        threading.Thread(target=self._listen, args=(process,), name="model", daemon=True).start()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """The thread that reads what the process says."""
        assert process.stderr is not None
        with contextlib.suppress(OSError, ValueError):
            for raw in process.stderr:
                line = printable(raw.decode("utf-8", "replace").rstrip("\r\n"))
                if line:
                    self._post(ModelJobTold(line))
        self._post(ModelJobTold("", process.wait()))

    def on_model_job_told(self, message: ModelJobTold) -> None:
        """The process has said something, or is gone."""
        job = self.now
        if job is None:
            return
        if message.ended is None:
            self._said = [*self._said[-1:], message.line]
            self.now = replace(job, line=message.line)
            return
        self._process, self.now = None, None
        self.ended += 1
        if message.ended == 0 and job.doing == "downloading":
            self._tell(
                f"{job.name} is here.",
                "Choose a model, in the palette, lets it write.",
                "information",
            )
        elif message.ended not in (0, 130):
            said = self._said or [f"{job.name}: {job.doing} has failed."]
            first = next((line for line in said if line.startswith("cowrite: ")), said[0])
            rest = " ".join(line for line in said if line != first)
            self._tell(first.removeprefix("cowrite: "), rest, "warning")
