"""Which actions the footer names, the most needed first: a narrow terminal shows the beginning of it."""

from __future__ import annotations

WITHOUT_GHOST = ("ask", "instruct", "save", "help", "quit", "palette", "find")
WITH_GHOST = (
    "accept",
    "reject",
    "accept-word",
    "next-candidate",
    "accept-sentence",
    "edit-ghost",
    "ask",
    "take-2",
)
IN_DIFF = (
    "take-hunk",
    "refuse-hunk",
    "next-hunk",
    "take-all-hunks",
    "refuse-all-hunks",
    "next-try",
    "try-again",
    "instruct",
)
