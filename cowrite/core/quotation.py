"""The quotation marks of languages: which signs a typed quote becomes.

After Unicode's Common Locale Data Repository (delimiters), and where books of a language have others than
its data, as in Swedish and Danish, after these.
"""

from __future__ import annotations

from typing import NamedTuple


class Quotes(NamedTuple):
    """The signs around a quotation, and around one within it."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


ENGLISH = Quotes("\u201c", "\u201d", "\u2018", "\u2019")

STYLES: dict[str, Quotes] = {
    "english": ENGLISH,
    "german": Quotes("\u201e", "\u201c", "\u201a", "\u2018"),
    "polish": Quotes("\u201e", "\u201d", "\u201a", "\u2019"),
    "swedish": Quotes("\u201d", "\u201d", "\u2019", "\u2019"),
    "guillemets": Quotes("\u00ab", "\u00bb", "\u2039", "\u203a"),
    "french": Quotes("\u00ab\u202f", "\u202f\u00bb", "\u201c", "\u201d"),
    "spanish": Quotes("\u00ab", "\u00bb", "\u201c", "\u201d"),
    "russian": Quotes("\u00ab", "\u00bb", "\u201e", "\u201c"),
    "danish": Quotes("\u00bb", "\u00ab", "\u203a", "\u2039"),
    "japanese": Quotes("\u300c", "\u300d", "\u300e", "\u300f"),
}
"""The styles that can be chosen by name (`editor.quotes`)."""

_LANGUAGES = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "lt", "et", "bg", "is", "ka"), "german"),
    **dict.fromkeys(("pl", "ro", "hu", "hr", "sr", "bs"), "polish"),
    **dict.fromkeys(("sv", "fi"), "swedish"),
    **dict.fromkeys(("de-ch", "de-li", "fr-ch", "it-ch", "ar", "fa", "hy"), "guillemets"),
    "fr": "french",
    **dict.fromkeys(("es", "it", "ca", "eu", "gl", "pt-pt", "el", "no", "nb", "nn"), "spanish"),
    **dict.fromkeys(("ru", "uk", "be"), "russian"),
    "da": "danish",
    **dict.fromkeys(("ja", "zh-hant", "zh-tw", "zh-hk"), "japanese"),
}


def of_language(code: str) -> Quotes:
    """The quotes of a language, by its code (`de`, `de-ch`); the English ones where it isn't known."""
    while code and code not in _LANGUAGES:
        code = code.rpartition("-")[0]
    return STYLES[_LANGUAGES.get(code, "english")]
