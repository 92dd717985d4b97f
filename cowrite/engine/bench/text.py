"""What the benchmark's writer writes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cowrite.errors import UsageError

PREFIX_WORDS = 1260
"""About 1,500 tokens of English."""

ROUND_WORDS = 12
"""Words typed in a round."""

_WORD = re.compile(r"\s*\S+")


def words_of(text: str) -> list[str]:
    """The words of a text, each with the white space before it: joined they are the text again."""
    return _WORD.findall(text)


@dataclass(frozen=True, slots=True)
class Text:
    """What the writer has written, and the words that come next, each with the space before it."""

    prefix: str
    words: list[str]

    @classmethod
    def cut(cls, text: str, rounds: int) -> Text:
        """Raises UsageError where the text is too short for so many rounds."""
        words = words_of(text)
        need = PREFIX_WORDS + rounds * ROUND_WORDS
        if len(words) < need:
            raise UsageError(
                f"The text has {len(words)} words, and {rounds} rounds need {need}.",
                "Give a longer one with --text, or fewer --rounds.",
            )
        return cls("".join(words[:PREFIX_WORDS]), words[PREFIX_WORDS:need])

    def round(self, number: int) -> list[str]:
        """The words that are typed in this round, 0 the first."""
        return self.words[number * ROUND_WORDS : (number + 1) * ROUND_WORDS]
