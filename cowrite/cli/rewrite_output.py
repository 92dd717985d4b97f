"""What has become of a text that was rewritten, and how it is printed."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass, field
from typing import Any

from cowrite.cli.instructor import Answer, Instructor, not_done
from cowrite.cli.rewrite_job import Job
from cowrite.core.pieces import Piece
from cowrite.core.printable import printable
from cowrite.errors import EngineError


@dataclass(slots=True)
class Output:
    """What has become of the pieces, and how it is printed."""

    job: Job
    n: int
    single: bool
    anyway: bool
    stream: bool
    versions: list[list[str]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    bad: list[tuple[Piece, Answer]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.versions = [[] for _ in range(self.n)]

    def take(self, piece: Piece, answers: list[Answer]) -> None:
        """A piece is done."""
        was = self.job.of(piece)
        if answers:
            start, end = piece.start, piece.end
            self.told.append(
                {"range": [start, end], "before": was, "candidates": [a.told() for a in answers]}
            )
            if not any(answer.good for answer in answers):
                self.bad.append((piece, answers[0]))
        usable = [answer for answer in answers if answer.good or self.anyway]
        for number, version in enumerate(self.versions):
            answer = answers[number] if number < len(answers) else None
            if answer is not None and not (answer.good or self.anyway):
                answer = usable[0] if usable else None
            version.append(was if answer is None else self.job.like_this(answer.text))
        if self.stream and not self.single:
            self._write(self.versions[0][-1])

    def _write(self, text: str) -> None:
        sys.stdout.write(printable(text, keep="\n\t") if sys.stdout.isatty() else text)
        sys.stdout.flush()

    def print_rest(self) -> None:
        """Print what was not printed while it came."""
        if self.single and self.bad and not self.anyway and self.n == 1:
            return
        if self.stream and not self.single:
            if not self.versions[0][-1].endswith("\n"):
                self._write(self._line_end)
            return
        if self.single and self.n == 1 and sys.stdout.isatty():
            return  # it was seen as it was written
        seen = dict.fromkeys("".join(version) for version in self.versions)
        texts = [text for text in seen if text != self._was()] or list(seen)
        if self.bad and not self.anyway and texts == [self._was()]:
            return
        end = self._line_end
        whole = (text if text.endswith("\n") else text + end for text in texts)
        self._write(f"---{end}".join(whole))

    @property
    def _line_end(self) -> str:
        return self.job.like_this("\n")

    def _was(self) -> str:
        return self.job.text[self.job.start : self.job.end]

    def print_diffs(self) -> None:
        """Print each version as a diff against the text."""
        text = self.job.text
        for version in self.versions:
            new = text[: self.job.start] + "".join(version) + text[self.job.end :]
            for line in difflib.unified_diff(
                text.splitlines(keepends=True), new.splitlines(keepends=True), "before", "after"
            ):
                self._write(
                    line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"
                )

    def print_json(self, who: Instructor) -> None:
        """Print all that is known."""
        from cowrite.cli.output import as_json

        preset = self.job.preset
        as_json(
            {
                "model": who.told(),
                "instruction": self.job.words if preset is None else preset.instruction,
                "preset": None if preset is None else preset.name,
                "range": [self.job.start, self.job.end],
                "versions": ["".join(version) for version in self.versions],
                "pieces": self.told,
            }
        )

    def raise_if_not_done(self) -> None:
        """Raises EngineError where a piece was not done, with the reason."""
        from cowrite.cli.output import note

        if not self.bad:
            return
        if self.single:
            raise not_done(self.bad[0][1])
        kept = "is printed all the same" if self.anyway else "is left as it was"
        for piece, answer in self.bad:
            line = self.job.text.count("\n", 0, piece.start) + 1
            note(f"cowrite: the paragraph at line {line} {kept}: {answer.trouble}.")
        count = sum(piece.prose for piece in self.job.parts)
        raise EngineError(
            f"The model could not do it for {len(self.bad)} of {count} paragraphs.",
            "Try these again with --range and another --seed, or with another --model.",
        )
