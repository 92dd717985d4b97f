"""Who wrote which characters of a draft, and the sentence that says so to its readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cowrite import files
from cowrite.core.counting import draft_word_count
from cowrite.core.provenance import Author, Runs
from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.logbook.renaming import known_again
from cowrite.logbook.source import Choice
from cowrite.logbook.statistics import read_figures, report, summed_up
from cowrite.paths import Paths
from cowrite.store import LogReader


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A draft's text with its authors, and the figures of how it came about.

    characters: by author. models: those whose text was taken. requests, taken, edited: suggestions asked
    for, those of which something was taken, and those changed afterwards. instructed, obeyed: instructions and
    questions, and those of whose answers something was taken. kind: what it is called.
    """

    name: str
    text: str
    runs: Runs
    characters: dict[Author, int]
    words: int
    models: tuple[str, ...]
    sessions: int
    requests: int
    taken: int
    edited: int
    instructed: int = 0
    obeyed: int = 0
    kind: str = "draft"

    @property
    def statement(self) -> str:
        """What a reader of the draft should know, in two or three sentences."""
        length = sum(self.characters.values())
        if not length:
            return f"The {self.kind} is empty."
        shares = [
            f"{_percent(self.characters[author], length)} {said}"
            for author, said in _SAID
            if self.characters[author]
        ]
        size = f"{counted(length, 'character')} ({counted(self.words, 'word')})"
        first = f"Of the {size} of this {self.kind}, {_listed(shares)}."
        if not self.requests and not self.instructed:
            return f"{first} No language model was asked for anything."
        models = f" ({_listed(list(self.models))})" if self.models else ""
        return (
            f"{first} The writer worked with a language model{models} on their own computer: in "
            f"{counted(self.sessions, 'session')} {'; '.join(self._asked())}."
        )

    def _asked(self) -> Iterator[str]:
        """What the model was asked for, and what came of it."""
        if self.requests:
            yield f"it was asked for {counted(self.requests, 'suggestion')}"
            yield (
                f"something was taken of {self.taken}, and {self.edited} of those "
                f"{'was' if self.edited == 1 else 'were'} changed by the writer"
            )
        if self.instructed:
            yield f"it was told what to do with a passage, or asked about the draft, {_times(self.instructed)}"
            yield f"something was taken of {self.obeyed}"


_SAID = (
    (Author.WRITER, "were typed by the writer"),
    (Author.MODEL, "were written by the model and kept"),
    (Author.PASTE, "were pasted"),
    (Author.FILE, "were there before or came from elsewhere"),
)


def disclose(log: LogReader, paths: Paths, path: Path) -> Disclosure:
    """Read a draft and what the log knows of it. Raises DraftError, and CowriteError for an unknown draft."""
    if not path.exists():
        raise CowriteError(f"There is no file {path}.")
    loaded = files.load(path)
    name = str(path.absolute())
    before = known_again(log, path)
    # A copy says of itself what its original says, until something is written in it.
    told_by = name if before is None or before.moved else before.path
    runs = log.provenance_for(told_by, loaded.text)
    if runs is None:
        raise CowriteError(
            f"The log knows nothing of {path}.",
            "It knows drafts that were written with cowrite, by their path and their last text. "
            f"If this one had another name before: cowrite log move OLD {path}",
        )
    figures = read_figures(log, paths, Choice(document=told_by))
    told = report(summed_up(figures))
    taken = {model for one in figures for model, _, group in one.groups if group.took}
    taken.update(model for one in figures for model in one.obeyed)
    outcomes = told["outcomes"]
    characters = dict.fromkeys(Author, 0)
    for length, source in runs:
        characters[source.author] += length
    return Disclosure(
        path.name,
        loaded.text,
        runs,
        characters,
        draft_word_count(loaded.text),
        tuple(sorted(taken)),
        told["sessions"],
        told["requests"],
        outcomes["accepted"] + outcomes["accepted_partial"] + outcomes["edited"],
        outcomes["edited"],
        told["instructions"]["given"],
        told["instructions"]["taken"],
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def together(found: Sequence[Disclosure], unknown: Sequence[str] = ()) -> Disclosure:
    """What several drafts say together, as a book. unknown: texts that the log knows nothing of, which then
    came from elsewhere. Sessions are counted for each draft that was written in."""
    characters = {author: sum(one.characters[author] for one in found) for author in Author}
    characters[Author.FILE] += sum(map(len, unknown))
    return Disclosure(
        "",
        "",
        (),
        characters,
        sum(one.words for one in found) + sum(map(draft_word_count, unknown)),
        tuple(sorted({model for one in found for model in one.models})),
        sum(one.sessions for one in found),
        sum(one.requests for one in found),
        sum(one.taken for one in found),
        sum(one.edited for one in found),
        sum(one.instructed for one in found),
        sum(one.obeyed for one in found),
        "book",
    )


def _percent(part: int, whole: int) -> str:
    share = 100 * part / whole
    return "less than 0.1 %" if share < 0.1 else f"{share:.1f} %"


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]
