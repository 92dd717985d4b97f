"""Time between a key and its paint, measured from outside through a real pseudo-terminal.

    python tests/bench/pty_latency.py                   # the table: editor and bare TextArea, several sizes
    python tests/bench/pty_latency.py --app cowrite     # the whole program in the place of the editor alone

Standard library only. What is measured is what a writer waits for: the program gets the key's bytes, and
the clock stops when the glyph comes back among what it sends to the terminal.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).resolve().parent
RARE = "ĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĴĶĹĻĽĿŁŃŅŇŌŎŐŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŹŻŽ"
"""Letters that the sample texts don't have, so that one of them in the output is the key's paint."""

ANSWERS = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[c": b"\x1b[?62;c", b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
"""What a terminal answers to what a program asks."""

NOT_OURS = {"PYTHONDONTWRITEBYTECODE"}
"""Variables that a program does not inherit: one that is installed has its bytecode."""


class Terminal:
    """A program in a pseudo-terminal of its own. A context manager: leaving kills it."""

    def __init__(
        self,
        command: list[str],
        *,
        rows: int = 40,
        columns: int = 100,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.seen = bytearray()
        self.started = self.painted = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
            inherited = {key: value for key, value in os.environ.items() if key not in NOT_OURS}
            try:
                os.execvpe(command[0], command, {**inherited, **own, **(environment or {})})
            finally:
                os._exit(127)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End the program, whatever it does."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)

    def pump(self, seconds: float) -> bool:
        """Take what the program writes within `seconds`, answering its questions; false where nothing came."""
        ready, _, _ = select.select([self.fd], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        self.seen += data
        for question, answer in ANSWERS.items():
            if question in data:
                os.write(self.fd, answer)
        return bool(data)

    def wait_for(self, needle: bytes, seconds: float = 10.0) -> float | None:
        """The time on the clock at which `needle` was there, or None. Looks at what is `seen` from now on."""
        begin = max(0, len(self.seen) - len(needle))
        until = time.perf_counter() + seconds
        while needle not in self.seen[begin:]:
            if time.perf_counter() > until:
                return None
            self.pump(until - time.perf_counter())
        return time.perf_counter()

    def settle(self, still: float = 0.3, seconds: float = 15.0) -> None:
        """Wait until nothing was written for `still` seconds."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and self.pump(still):
            pass

    def watch(self, seconds: float) -> None:
        """Take what the program writes for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.pump(min(left, 0.1))

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self.fd, keys.encode())

    def cpu(self) -> float:
        """Seconds of processor time of the program so far, its children left out."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def keystrokes(self, count: int, pause: float = 0.06) -> Iterator[float]:
        """Seconds from key to paint, for `count` keys with `pause` seconds of quiet between them."""
        letters = cycle(RARE)
        for _ in range(count):
            letter = next(letters)
            begin = time.perf_counter()
            self.send(letter)
            painted = self.wait_for(letter.encode(), 5.0)
            yield (painted - begin) if painted is not None else 5.0
            self.settle(pause, 1.0)
            self.seen.clear()


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one program with one text."""

    first_paint: float
    median: float
    p95: float


def median(values: list[float]) -> float:
    """The middle one."""
    return sorted(values)[len(values) // 2]


def p95(values: list[float]) -> float:
    """The one that 95 of 100 don't reach."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


FIRST_WORDS = b"river lay"
PROSE = (
    "The river lay wide and grey under the bridge, and nobody who crossed it that morning looked down. "
    "A man with a ladder asked the way to the mill; the baker told him, twice, and went in again. "
)


def sample(size: int, *, paragraph: int = 180) -> str:
    """Prose of about `size` characters in paragraphs of about `paragraph`, an empty line between them."""
    if paragraph >= size:
        return "Beginning. " + (PROSE * (size // len(PROSE) + 1))[: size - 11]
    one = (PROSE * (paragraph // len(PROSE) + 1))[:paragraph].rstrip() + "\n\n"
    return "Beginning. " + (one * (size // len(one) + 1))[: size - 11]


def programs() -> dict[str, list[str]]:
    """How each program is started; the draft's path comes behind."""
    python = sys.executable
    return {
        "bare": [python, str(HERE / "apps" / "bare.py")],
        "editor": [python, str(HERE / "apps" / "editor.py")],
        "cowrite": [python, "-m", "cowrite"],
    }


@contextmanager
def running(program: str, text: str, rows: int = 40, columns: int = 100) -> Iterator[Terminal]:
    """A program that has painted a text, in a home of its own. It is killed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="cowrite-bench-"))
    try:
        draft = folder / "draft.md"
        draft.write_text(text, encoding="utf-8")
        home = {"COWRITE_HOME": str(folder / "home")}
        command = [*programs()[program], str(draft)]
        with Terminal(command, rows=rows, columns=columns, environment=home) as terminal:
            painted = terminal.wait_for(FIRST_WORDS, 30.0)
            if painted is None:
                raise SystemExit(f"{program} did not paint the draft:\n{terminal.seen!r}")
            terminal.painted = painted
            yield terminal
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def first_paints(names: Sequence[str], text: str, *, starts: int = 7) -> list[float]:
    """Milliseconds from exec to the draft on the screen, for each program the least of some starts.

    The programs take turns, so that a machine whose speed changes is as quick for all of them, and the least
    counts, since whatever else a machine does only adds. One start goes before, which leaves the modules'
    bytecode behind where there was none.
    """
    times: list[list[float]] = [[] for _ in names]
    for _ in range(1 + starts):
        for name, own in zip(names, times, strict=True):
            with running(name, text) as terminal:
                own.append((terminal.painted - terminal.started) * 1000)
    return [min(own[1:]) for own in times]


def measure(
    names: Sequence[str], text: str, *, keys: int = 40, rows: int = 40, columns: int = 100
) -> list[Timing]:
    """Start each of the programs with a text, and press keys at the text's beginning."""
    out = []
    for name, first in zip(names, first_paints(names, text), strict=True):
        with running(name, text, rows, columns) as terminal:
            terminal.settle(1.0)
            times = [seconds * 1000 for seconds in terminal.keystrokes(keys)]
        out.append(Timing(first, median(times), p95(times)))
    return out


def measure_streaming(text: str, *, seconds: float = 5.0) -> float:
    """The share of one core that the editor uses while a ghost grows by 50 tokens a second."""
    with tempfile.TemporaryDirectory(prefix="cowrite-bench-") as folder:
        draft = Path(folder) / "draft.md"
        draft.write_text(text, encoding="utf-8")
        with Terminal([*programs()["editor"], str(draft), "--stream"]) as terminal:
            terminal.wait_for(FIRST_WORDS, 30.0)
            terminal.watch(2.0)
            before, begin = terminal.cpu(), time.perf_counter()
            terminal.watch(seconds)
            return (terminal.cpu() - before) / (time.perf_counter() - begin)


@contextmanager
def busy_cores(nice: int = 5) -> Iterator[None]:
    """Every core busy with what yields as the model process does."""
    count = os.cpu_count() or 1
    spin = f"import os; os.nice({nice})\nwhile True: pass"
    spinning = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(count)]
    try:
        yield
    finally:
        for process in spinning:
            process.kill()
            process.wait()


SIZES = {
    "6 kB": lambda: sample(6_000),
    "1 MB": lambda: sample(1_000_000),
    "one paragraph of 100,000": lambda: sample(100_000, paragraph=100_000),
}


def main() -> int:
    """Print the table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--app", default="editor", choices=["editor", "cowrite"])
    parser.add_argument("--keys", type=int, default=40)
    parser.add_argument("--size", choices=[*SIZES], action="append")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    for name in options.size or SIZES:
        text = SIZES[name]()
        names = ("bare", options.app)
        for program, timing in zip(names, measure(names, text, keys=options.keys), strict=True):
            rows.append({"text": name, "program": program, **vars(timing)})
            if not options.json:
                print(
                    f"{name:26}{program:10}first paint {timing.first_paint:7.0f} ms"
                    f"   key to paint: median {timing.median:6.1f} ms, p95 {timing.p95:6.1f} ms",
                    flush=True,
                )
    text = SIZES["1 MB"]()
    (idle,) = measure([options.app], text, keys=options.keys)
    with busy_cores():
        (busy,) = measure([options.app], text, keys=options.keys)
    share = measure_streaming(text)
    rows.append(
        {"text": "1 MB", "busy_p95_over_idle": busy.p95 - idle.p95, "streaming_share": share}
    )
    if not options.json:
        print(
            f"1 MB, all cores busy: p95 {busy.p95 - idle.p95:+.1f} ms over idle;"
            f" a ghost at 50 tokens/s: {share:.0%} of a core"
        )
    if options.json:
        print(json.dumps(rows, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
