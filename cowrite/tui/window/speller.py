"""Spell-check for all drafts of a window. Words are judged in a thread of their own, each once.

The page asks what is wrong in a paragraph and gets what is known by now; words not seen before go to
the thread, and when it has judged them the page is drawn again. No key waits for a word list.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args, get_type_hints

from textual.message import Message

from cowrite.config.editor import EditorSettings
from cowrite.core.inline import Spans
from cowrite.errors import CowriteError
from cowrite.spelling import Dictionary, OwnWords, misspelling, prose_words
from cowrite.spelling.own import folded
from cowrite.tui.window.messages import Answered, Judged, SpellingFailed

OFF = "off"
_MOST_KEPT = 100_000
"""Words whose verdicts are kept."""

Job = Callable[[Dictionary], None]


class Speller:
    """The spelling of one language at a time, or of none (`OFF`). Everything but the thread is the UI's.

    post: takes messages from any thread. words: the file of the writer's own words.
    """

    def __init__(self, post: Callable[[Message], object], words: Path) -> None:
        self._post = post
        self._own = OwnWords(words)
        self._verdicts: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self.language = OFF

    @property
    def trouble(self) -> CowriteError | None:
        """Why the writer's own words can't be read, None where they can."""
        return self._own.trouble

    def use(self, language: str) -> None:
        """Go on with this language; the word list is read now, off the UI's thread."""
        if language == self.language:
            return
        self.close()
        self.language = language
        self._verdicts, self._asked = {}, set()
        if language != OFF:
            self._jobs = queue.SimpleQueue()
            args = (language, self._jobs)
            threading.Thread(target=self._work, args=args, name="speller", daemon=True).start()

    def close(self) -> None:
        """End the thread, once it is through with what it does."""
        self._jobs.put(None)

    def wrong(
        self, text: str, spans: Spans, writing_at: int | None = None
    ) -> list[tuple[int, int]]:
        """The words of a text with these spans that are known to be wrong; asks for those not judged yet.

        The word that ends at `writing_at` is left alone: it is still being written.
        """
        out: list[tuple[int, int]] = []
        fresh: list[str] = []
        for start, end, word in prose_words(text, spans):
            if end == writing_at:
                continue
            right = self._verdicts.get(word)
            if right is None:
                if word not in self._asked:
                    fresh.append(word)
            elif not right:
                out.append((start, end))
        if fresh:
            self._judge(fresh)
        return out

    def _judge(self, words: list[str]) -> None:
        if len(self._verdicts) > _MOST_KEPT:
            self._verdicts, self._asked = {}, set()
        self._asked.update(words)
        verdicts = self._verdicts

        def judge(dictionary: Dictionary) -> None:
            found = {word: dictionary.is_right(word) for word in words}
            verdicts.update(found)
            if not all(found.values()):
                self._post(Judged())

        self._jobs.put(judge)

    def find(
        self, text: str, place: int, step: int, tell: Callable[[tuple[int, int] | None], None]
    ) -> None:
        """Look for the next wrong word from `place` on, or (step -1) the one before; `tell` gets its place."""

        def look(dictionary: Dictionary) -> None:
            known: dict[str, bool] = {}

            def is_right(word: str) -> bool:
                if word not in known:
                    known[word] = dictionary.is_right(word)
                return known[word]

            found = misspelling(text, place, step, is_right)
            self._post(Answered(lambda: tell(found)))

        self._jobs.put(look)

    def suggest(self, word: str, tell: Callable[[list[str]], None]) -> None:
        """What the word may have been meant to be; `tell` gets it."""

        def look(dictionary: Dictionary) -> None:
            found = dictionary.suggest(word)
            self._post(Answered(lambda: tell(found)))

        self._jobs.put(look)

    def learn(self, word: str) -> None:
        """Put a word among the writer's own. Raises CowriteError where that can't be kept."""
        self._own.add(word)
        same = folded(word)
        for known in list(self._verdicts):  # the thread may add to it meanwhile
            if folded(known) == same:
                self._verdicts[known] = True

    # The thread

    def _work(self, language: str, jobs: queue.SimpleQueue[Job | None]) -> None:
        try:
            dictionary = Dictionary(language, self._own)
        except CowriteError as error:
            self._post(SpellingFailed(error))
            return
        while (job := jobs.get()) is not None:
            job(dictionary)


def languages() -> tuple[str, ...]:
    """The languages that can be set, in the setting's order."""
    hint = get_type_hints(EditorSettings, include_extras=True)["spelling"]
    return tuple(name for name in get_args(get_args(hint)[0]) if name != OFF)


def language_here(environ: Mapping[str, str] = os.environ) -> str:
    """The language that the environment speaks, or English where there is no word list for it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environ.get(name):
            code = environ[name][:2].lower()
            return code if code in languages() else "en"
    return "en"
