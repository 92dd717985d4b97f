"""Spelling: word lists, the writer's own words, and what a word may have been meant to be."""

from cowrite.spelling.dictionary import Dictionary
from cowrite.spelling.own import OwnWords
from cowrite.spelling.prose import Found, exchanged, line_words, misspelling, prose_words

__all__ = [
    "Dictionary",
    "Found",
    "OwnWords",
    "exchanged",
    "line_words",
    "misspelling",
    "prose_words",
]
