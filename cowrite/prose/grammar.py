"""The window's side of the checker's process: sentences are asked, one at a time, and the answers kept.

One thread asks and waits. A sentence is asked once; what waits and isn't wanted any more is dropped. A process
that dies is begun anew, without the sentence that it died of.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import msgspec

from cowrite.errors import CowriteError
from cowrite.prose.problems import Answer, Problem, Question, answer_in, line_of

Problems = tuple[Problem, ...]

EXTRA = "Grammar is checked by an extra of cowrite's: pip install 'cowrite[grammar]'"
LONGEST = 2000
"""Characters of a sentence that is checked; a longer one is no sentence."""
_MOST_KEPT = 20_000
"""Sentences whose answers are kept: some 2 MB."""
_MOST_DEATHS = 3
"""Processes that may die, one after the other, before it is given up."""


def is_there() -> bool:
    """Whether the extra is installed."""
    with suppress(ImportError, ValueError):
        return importlib.util.find_spec("harper._harper") is not None
    return False


class CheckerError(CowriteError):
    """The checker's process can't be started, or has died too often."""


class Checker:
    """One process that checks sentences. `check` waits for it, so it is called from one thread at a time.

    command: of the process, where it isn't the real one.
    """

    def __init__(self, dialect: str, command: Sequence[str] = ()) -> None:
        self._command = tuple(command) or (
            *(sys.executable, "-P", "-m", "cowrite.prose.host"),
            dialect,
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._deaths = 0
        self._closed = False
        self._starting = threading.Lock()

    def check(self, text: str) -> Problems:
        """What is wrong in a sentence. Raises CheckerError where there is no process to ask, or no more."""
        if not text.strip() or len(text) > LONGEST:
            return ()
        while not self._closed:
            process = self._begun()
            self._number += 1
            try:
                return self._answer(process, Question(self._number, text))
            except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
                self._end()
                self._deaths += 1
                if self._deaths >= _MOST_DEATHS and not self._closed:
                    raise CheckerError(
                        "Grammar can't be checked: its process ends by itself.", "It is off now."
                    ) from error
                return ()
        return ()

    def close(self) -> None:
        """End the process, also one that checks at this moment. From any thread."""
        with self._starting:
            self._closed = True
            process = self._process
            if process is not None:
                process.kill()

    def _answer(self, process: subprocess.Popen[bytes], question: Question) -> Problems:
        assert process.stdin is not None
        process.stdin.write(line_of(question))
        process.stdin.flush()
        while True:
            answer = self._next(process)
            if answer.number == question.number:
                self._deaths = 0
                return tuple(p for p in answer.problems if p.start < p.end <= len(question.text))

    @staticmethod
    def _next(process: subprocess.Popen[bytes]) -> Answer:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise EOFError
        return answer_in(line)

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._process is not None:
            return self._process
        with self._starting:
            if self._closed:
                raise CheckerError("Grammar is off.")
            try:
                self._process = process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    process_group=0,
                )
            except OSError as error:
                raise CheckerError(
                    f"Grammar can't be checked: {error.strerror or error}.", "It is off now."
                ) from error
        try:
            first = self._next(process)
        except (EOFError, OSError, ValueError, msgspec.MsgspecError) as error:
            self._end()
            raise CheckerError(
                "Grammar can't be checked: its process doesn't begin.", EXTRA
            ) from error
        if first.trouble:
            self._end()
            raise CheckerError(first.trouble, EXTRA)
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


class Grammar:
    """What is known to be wrong in sentences, and the thread that finds out about others.

    told: sentences were judged. failed: there can be no more answers. Both are called from the thread.
    """

    def __init__(
        self,
        checker: Checker,
        *,
        told: Callable[[], object],
        failed: Callable[[CowriteError], object],
    ) -> None:
        self._checker, self._told, self._failed = checker, told, failed
        self._known: OrderedDict[str, Problems] = OrderedDict()
        self._waiting: list[str] = []
        self._search: Callable[[Callable[[str], Problems]], None] | None = None
        self._wake = threading.Condition()
        self._closed = False
        threading.Thread(target=self._work, name="grammar", daemon=True).start()

    def known(self, sentence: str) -> Problems | None:
        """What is wrong in it; None where nobody has looked yet."""
        return self._known.get(sentence)

    def want(self, sentences: Iterable[str]) -> None:
        """Judge these next; what waited before and isn't among them is let go."""
        with self._wake:
            self._waiting = [s for s in dict.fromkeys(sentences) if s not in self._known][::-1]
            self._wake.notify()

    def search(self, look: Callable[[Callable[[str], Problems]], None]) -> None:
        """Let `look` ask for sentence after sentence in the thread, before all that waits."""
        with self._wake:
            self._search = look
            self._wake.notify()

    def close(self) -> None:
        """End the thread and its process; nothing is told after it."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._checker.close()

    # The thread

    def _work(self) -> None:
        try:
            while self._take():
                pass
        except CowriteError as error:
            if not self._closed:
                self._failed(error)

    def _take(self) -> bool:
        with self._wake:
            while not (self._closed or self._waiting or self._search):
                self._wake.wait()
            if self._closed:
                return False
            look, self._search = self._search, None
            sentence = "" if look else self._waiting.pop()
        if look is not None:
            look(self._judge)
        elif self._judge(sentence) or not self._waiting:
            self._told()
        return True

    def _judge(self, sentence: str) -> Problems:
        if self._closed:
            raise CheckerError("Grammar is off.")
        found = self._known.get(sentence)
        if found is None:
            found = self._known[sentence] = self._checker.check(sentence)
            while len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        return found
