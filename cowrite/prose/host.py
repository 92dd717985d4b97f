"""The checker's process: `python -m cowrite.prose.host DIALECT`, sentences in, what is wrong in them out.

It has a process of its own: what is written in Rust ends the whole process when it fails, and what it holds
(300 MB) goes back when grammar is switched off. It ends when its input is closed.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import msgspec

from cowrite.errors import CowriteError
from cowrite.prose.harper import Harper
from cowrite.prose.problems import Answer, line_of, question_in

NICE = 5
"""It stands back behind the window and the model."""


def main(dialect: str) -> int:
    """Answer until the input ends; returns the exit code."""
    with suppress(OSError):
        os.nice(NICE)
    out = sys.stdout.buffer

    def say(answer: Answer) -> None:
        out.write(line_of(answer))
        out.flush()

    try:
        harper = Harper(dialect)
    except CowriteError as error:
        say(Answer(-1, trouble=error.message))
        return 1
    say(Answer(-1))
    for line in sys.stdin.buffer:
        with suppress(msgspec.MsgspecError):
            question = question_in(line)
            say(Answer(question.number, harper.check(question.text)))
    return 0


if __name__ == "__main__":
    with suppress(BrokenPipeError, KeyboardInterrupt):
        sys.exit(main(sys.argv[1]))
