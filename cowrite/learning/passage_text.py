"""How texts are divided into passages, and what of them is looked for and compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cowrite.core import segmentation, words

SIZE = 200
"""Tokens of a passage, about."""

GRAM = 8
"""So many words in a row say that two texts are the same."""


def tokens_of(text: str) -> int:
    """How many tokens a text is, about: vocabularies have some four bytes of prose in a token."""
    return -(-len(text.encode("utf-8", "replace")) // 4)


def terms(text: str) -> Iterator[str]:
    """The words of a text in the form in which they are looked for; of scripts without spaces, letters in
    pairs."""
    for low, high in words.words(text):
        word = text[low:high].casefold()
        if not segmentation.is_ideograph(word[0]) or len(word) == 1:
            yield word
        else:
            yield from (word[at : at + 2] for at in range(len(word) - 1))


def grams(text: str, size: int = GRAM) -> Iterator[str]:
    """Every `size` words in a row, as one string."""
    found = list(terms(text))
    return (" ".join(found[at : at + size]) for at in range(len(found) - size + 1))


def divide(text: str, size: int = SIZE) -> list[str]:
    """The passages of a text: whole sentences, some `size` tokens, a paragraph's end where it is near."""
    out: list[str] = []
    held: list[str] = []
    have = 0

    def close() -> None:
        nonlocal have
        if held:
            out.append("".join(held).strip())
            held.clear()
            have = 0

    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        if not paragraph.strip():
            continue
        if have >= size * 0.6:
            close()
        lead = "\n\n" if held else ""
        for sentence in _sentences(paragraph.strip("\n"), size):
            need = tokens_of(sentence)
            if held and have + need > size * 1.25:
                close()
                lead = ""
            held.append(lead + sentence)
            lead, have = "", have + need
    close()
    return [part for part in out if part]


def _sentences(paragraph: str, size: int) -> Iterator[str]:
    """Its sentences with the white space behind them; what is far too long is cut between words."""
    at = 0
    while at < len(paragraph):
        end = segmentation.next_sentence_end(paragraph, at)
        while end < len(paragraph) and paragraph[end].isspace():
            end += 1
        end = max(end, at + 1)
        while tokens_of(paragraph[at:end]) > 2 * size:
            cut = max(at + 1, paragraph.rfind(" ", at, at + 2 * size) + 1)
            yield paragraph[at:cut]
            at = cut
        yield paragraph[at:end]
        at = end
