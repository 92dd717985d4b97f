"""The first words of a request's candidates: each shall begin with one of its own."""

from __future__ import annotations

from cowrite.core.beginnings import Beginning
from cowrite.engine.generation.stopping import first_word


class FirstWords:
    """Which candidate began with which word, as far as they are written. beginning: of the place."""

    def __init__(self, beginning: Beginning) -> None:
        self._beginning = beginning
        self._words: dict[int, str] = {}

    def said(self, text: str) -> str:
        """What a candidate says, without the marker that every item of its list has."""
        return self._beginning.without_marker(text)

    def note(self, number: int, text: str) -> None:
        """A candidate was begun with this text."""
        self._words[number] = first_word(self.said(text))

    def of_others(self, number: int) -> set[str]:
        """The words of the other candidates."""
        return {word for other, word in self._words.items() if other != number}

    def is_whole(self, text: str) -> bool:
        """Whether more than the first word is written."""
        return any(character.isspace() for character in self.said(text).strip())

    def was_taken(self, number: int, text: str) -> bool:
        """Whether a candidate before it has the word, now that it is whole."""
        word = self._words[number] = first_word(self.said(text).strip())
        return word in {w for other, w in self._words.items() if other < number}
